/** A site at one look: both circuits, why the traffic goes where it goes, and how it has done. */
import { get, part } from './api.js';
import { full } from './circuit.js';
import { h, icon } from './dom.js';
import { duration, empty, facts, percent, state, time, title } from './format.js';
import { card, lastFailover, table, timeline } from './parts.js';
import { link, sitePath } from './route.js';

const NEWS = 'circuit,bgp-session,lan-monitoring';

export async function load(route) {
  const [analytics, lan, { events }] = await Promise.all([
    get(`/sites/${part(route.site)}/analytics`).catch((failure) => ({ failure })),
    get('/lan-monitoring', { site: route.site }),
    get('/events', { site: route.site, 'sub-type': NEWS, limit: 10 }),
  ]);
  return { analytics, hosts: lan.hosts, events };
}

export function render(site, { analytics, hosts, events }, route, refresh) {
  return [
    site.warnings.map((text) => h('p', { class: 'banner warn' }, icon('warn'), ` ${text}`)),
    h(
      'div',
      { class: 'pair' },
      site.circuits.map((circuit) => full(site, circuit, refresh)),
    ),
    h(
      'div',
      { class: 'columns' },
      card(
        'Why',
        h('p', {}, why(site)),
        h('p', {}, h('span', { class: 'muted' }, 'Last failover: '), lastFailover(site)),
      ),
      sla(site, analytics),
    ),
    lanMonitoring(site, hosts),
    card(
      'Events of this site',
      timeline(events, empty('No event of this site is kept.')),
      h('p', {}, h('a', { href: link('/events', { site: site.name }) }, 'All events of this site')),
    ),
  ];
}

function why(site) {
  const active = site.circuits.find((circuit) => circuit.active);
  if (!active) {
    return site.state === 'disconnected'
      ? 'No circuit is up, so no traffic gets to the cloud.'
      : 'A circuit is up, but no route of the cloud is in use: nothing goes there.';
  }
  const other = site.circuits.find((circuit) => !circuit.active);
  if (!other) {
    return `Traffic goes by the ${active.role}, the only circuit.`;
  }
  const reason =
    other['bgp-session'] !== 'Established'
      ? `because the ${other.role} is down`
      : other.drain && other.drain !== 'none'
        ? `because the ${other.role} is drained`
        : active.metric < other.metric
          ? `because its metric ${active.metric} is better than ${other.metric}; the ${other.role} stands by`
          : `although its metric is ${active.metric} and the other's ${other.metric}: explain a prefix in the routing table to see what decides`;
  return `Traffic goes by the ${active.role} (${active.pop}), ${reason}.`;
}

function sla(site, analytics) {
  if (analytics.failure) {
    return card('Service level', empty(analytics.failure.message));
  }
  return card(
    'Service level',
    h('p', {}, state(analytics.state, title(analytics.sla))),
    facts(
      analytics.windows.map(({ window, site: figures }) => [
        `Last ${window}`,
        [
          percent(figures['availability-percent']),
          figures['disconnected-seconds'] > 0 && `${duration(figures['disconnected-seconds'])} disconnected`,
          figures['unknown-seconds'] > 60 && `watched for ${duration(watched(figures))}`,
        ]
          .filter(Boolean)
          .join(', '),
      ]),
    ),
    h('p', {}, h('a', { href: link(sitePath(site.name, 'history')) }, 'History and limits')),
  );
}

const watched = (figures) =>
  figures['connected-seconds'] + figures['disconnected-seconds'] + figures['stopped-seconds'];

const PAUSES = { disconnected: ' (paused: no session is up)', schedule: ' (paused: outside of its schedule)' };

function lanMonitoring(site, hosts) {
  return card(
    'LAN monitoring',
    table({
      caption: 'Monitored hosts',
      rows: hosts,
      columns: [
        { label: 'Host', cell: (host) => [host.name, ' ', h('span', { class: 'muted' }, host.address)] },
        {
          label: 'State',
          cell: (host) => [state(host.state), h('span', { class: 'muted' }, PAUSES[host.paused] ?? '')],
        },
        { label: 'Since', cell: (host) => time(host.since) },
        {
          label: 'Round trip',
          cell: (host) => (host['round-trip-ms'] === undefined ? '–' : `${host['round-trip-ms']} ms`),
        },
        {
          label: 'Lost',
          cell: (host) => `${host.lost} of ${host.answered + host.lost}${host.detail ? `: ${host.detail}` : ''}`,
        },
      ],
      none: empty(
        'No host is monitored. Add ',
        h('code', {}, 'lan-monitoring'),
        ` to ${site.name} in the configuration.`,
      ),
    }),
  );
}
