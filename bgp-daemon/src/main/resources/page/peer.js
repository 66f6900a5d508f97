/** One peer, with everything that is known of it. */
import { ask, isOperator, toast } from './actions.js';
import { get, part, post } from './api.js';
import { h } from './dom.js';
import { ago, count, duration, facts, state, title } from './format.js';
import { card, table } from './parts.js';

export const heading = (route) => route.peer;

export function load(route) {
  return get(`/peers/${part(route.peer)}`);
}

export function render(peer, route, refresh) {
  const negotiated = peer.negotiated;
  return [
    h(
      'p',
      { class: 'summary' },
      peer.enabled ? state(peer.state) : state('stopped'),
      h('span', { class: 'muted' }, `for ${duration(peer['state-seconds'])}`),
    ),
    card(
      'Session',
      facts([
        ['Description', peer.description],
        ['Address', `${peer['local-address'] ? `${peer['local-address']} → ` : ''}${peer.address}`],
        ['AS', peer['remote-as']],
        ['Metric', peer.metric],
        ['Diagnosis', peer.diagnosis],
        ['Last end', peer['last-down-at'] && `${peer['last-down']}, ${ago(peer['last-down-at'])}`],
        ['Times Established', count(peer['established-count'])],
        ['Drain', peer.drain],
        ['Router id', negotiated?.['router-id']],
        ['Hold / keepalive', negotiated && `${negotiated['hold-time']} / ${negotiated['keepalive-time']}`],
        ['Families', negotiated?.families.join(', ')],
      ]),
      isOperator() &&
        h(
          'div',
          { class: 'buttons' },
          actions(peer).map(([name, action, body]) =>
            h(
              'button',
              {
                type: 'button',
                'data-action': action,
                class: body ? 'danger' : '',
                onclick: () => confirm(peer, name, action, body, refresh),
              },
              name,
            ),
          ),
        ),
    ),
    card(
      'Prefixes',
      table({
        caption: 'Prefixes by address family',
        rows: Object.entries(peer.prefixes),
        columns: [
          { label: 'Family', cell: ([family]) => family },
          ...['received', 'accepted', 'best', 'advertised', 'withheld'].map((name) => ({
            label: title(name),
            cell: ([, counts]) => count(counts[name]),
          })),
          {
            label: 'Limit',
            cell: ([, counts]) =>
              counts['limit-exceeded']
                ? state('down', 'Exceeded')
                : counts['limit-warning']
                  ? state('degraded', 'Near')
                  : state('connected', 'Within'),
          },
        ],
        none: null,
      }),
    ),
    card(
      'Messages',
      facts(Object.entries(peer.counters).map(([name, value]) => [title(name.replaceAll('-', ' ')), count(value)])),
    ),
    card(
      null,
      h('details', {}, h('summary', {}, 'Everything, as REST tells it'), h('pre', {}, JSON.stringify(peer, null, 2))),
    ),
  ];
}

/** Name, action, and whether traffic may be lost. */
function actions(peer) {
  const drained = peer.drain === 'commanded';
  return peer.enabled
    ? [
        drained ? ['End drain', 'undrain', false] : ['Drain', 'drain', false],
        ['Reset session', 'reset', true],
        ['Stop', 'stop', true],
      ]
    : [['Start', 'start', false]];
}

const WORDS = {
  drain: 'The other side prefers other ways, without loss; the session stays.',
  undrain: 'Both sides prefer this peer again as its metric says.',
  reset: 'The session ends and is made again. What goes by it is interrupted if there is no other way.',
  stop: 'The session ends and stays down until it is started again or the daemon restarts.',
  start: 'The session is made.',
};

function confirm(peer, name, action, disturbs, refresh) {
  ask({
    heading: `${name}: ${peer.name}?`,
    text: WORDS[action],
    action: name,
    reason: disturbs ? 'Reason, sent to the peer (optional)' : '',
    run: async (reason) => {
      await post(`/peers/${part(peer.name)}/${action}`, disturbs && reason ? { reason } : {});
      toast(`${peer.name}: ${name.toLowerCase()} done.`);
      refresh();
    },
  });
}
