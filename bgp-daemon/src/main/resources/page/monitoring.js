/** What is watched besides BGP: monitored hosts, and the alerts that tell people. */
import { get, post } from './api.js';
import { ask, isOperator, toast } from './actions.js';
import { h } from './dom.js';
import { count, empty, state, time } from './format.js';
import { card, table } from './parts.js';
import { link, sitePath } from './route.js';

export const heading = () => 'Monitoring';

export async function load() {
  const [{ hosts }, alerts] = await Promise.all([get('/lan-monitoring'), get('/alerts')]);
  return { hosts, alerts };
}

export function render({ hosts, alerts }) {
  return [hostsCard(hosts), alertsCard(alerts), waiting(alerts), lost(alerts)];
}

function hostsCard(hosts) {
  return card(
    'LAN monitoring',
    table({
      caption: 'Monitored hosts of all sites',
      rows: hosts,
      columns: [
        { label: 'Site', cell: (host) => h('a', { href: link(sitePath(host.site)) }, host.site) },
        { label: 'Host', cell: (host) => [host.name, ' ', h('span', { class: 'muted' }, host.address)] },
        { label: 'State', cell: (host) => state(host.state) },
        { label: 'Since', cell: (host) => time(host.since) },
        { label: 'Every', cell: (host) => host.interval },
        { label: 'Missed in a row', cell: (host) => `${host.missed} of ${host['fault-threshold']}` },
        {
          label: 'Round trip',
          cell: (host) => (host['round-trip-ms'] === undefined ? '–' : `${host['round-trip-ms']} ms`),
        },
      ],
      none: empty(
        'No host is monitored. ',
        h('code', {}, 'lan-monitoring'),
        ' of a site in the configuration names hosts to probe.',
      ),
    }),
  );
}

function alertsCard(alerts) {
  const good = !alerts.trouble && alerts.lost === 0;
  const idle = good && alerts.queued === 0 && alerts.windows.length === 0;
  return card(
    'Alerts',
    h(
      'p',
      {},
      alerts.trouble
        ? [state('degraded', 'Trouble'), ` ${alerts.trouble}`]
        : alerts.lost > 0
          ? state('disconnected', `${count(alerts.lost)} messages were given up`)
          : state('connected', 'Nothing is stuck'),
      h(
        'span',
        { class: 'muted' },
        ` ${count(alerts.sent)} of ${count(alerts.queued)} messages sent, ${count(alerts['failed-attempts'])} attempts failed.`,
      ),
    ),
    idle &&
      empty(
        'Nobody has been told of anything. ',
        h('code', {}, 'alerts'),
        ' in the configuration has mailing lists and webhooks, and ',
        h('code', {}, 'track'),
        ' of a circuit says who is told what.',
      ),
    isOperator() &&
      h(
        'div',
        { class: 'buttons' },
        h('button', { type: 'button', 'data-action': 'alert-test', onclick: sendTest }, 'Send a test alert'),
      ),
    table({
      caption: 'Open windows: what is collected until they end',
      rows: alerts.windows,
      columns: [
        { label: 'Site', cell: (row) => row.site },
        { label: 'About', cell: (row) => row.subject },
        { label: 'Frequency', cell: (row) => row.frequency },
        { label: 'Ends', cell: (row) => time(row.ends) },
        { label: 'Events so far', cell: (row) => count(row.count) },
      ],
      none: null,
    }),
  );
}

function sendTest() {
  ask({
    heading: 'Send a test alert',
    text: 'A message that says it is a test goes to every address of a mailing list, or to a webhook.',
    action: 'Send',
    reason: 'Name of the mailing list or webhook',
    run: async (name) => {
      const answer = await post('/alerts/test', { name });
      const failed = answer.results.filter((each) => !each.delivered);
      if (failed.length > 0) {
        throw new Error(failed.map((each) => `${each.recipient}: ${each.answer}`).join('\n'));
      }
      toast(`Delivered to ${answer.results.map((each) => each.recipient).join(', ')}.`);
    },
  });
}

function waiting(alerts) {
  return (
    alerts.messages.length > 0 &&
    card(
      'Messages that wait',
      table({
        caption: 'Messages that wait to be sent',
        rows: alerts.messages,
        columns: [
          { label: 'To', cell: (row) => row.recipient },
          { label: 'Subject', cell: (row) => row.subject },
          { label: 'Made', cell: (row) => time(row.created) },
          { label: 'Attempts', cell: (row) => row.attempts },
          { label: 'Next attempt', cell: (row) => time(row['next-attempt']) },
          { label: 'Last error', cell: (row) => row.error || '–' },
        ],
      }),
    )
  );
}

function lost(alerts) {
  return (
    alerts['lost-messages'].length > 0 &&
    card(
      'Messages given up',
      table({
        caption: 'Messages that were given up',
        rows: alerts['lost-messages'],
        columns: [
          { label: 'When', cell: (row) => time(row.at) },
          { label: 'To', cell: (row) => row.recipient },
          { label: 'Subject', cell: (row) => row.subject },
          { label: 'Why', cell: (row) => row.reason },
        ],
      }),
    )
  );
}
