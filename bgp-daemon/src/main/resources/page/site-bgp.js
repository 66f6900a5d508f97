/** The BGP status of a circuit: structured, the routes both ways with what was rejected, and raw. */
import { get, part } from './api.js';
import { h } from './dom.js';
import { circuitState, count, duration, empty, facts, plural, state, time, title } from './format.js';
import { card, table, tabs } from './parts.js';
import { changed, link } from './route.js';

const SHOWN = 500;

const chosen = (route) => route.params.get('circuit') ?? 'primary';

export async function load(route) {
  const circuit = `/sites/${part(route.site)}/circuits/${part(chosen(route))}`;
  const [status, raw] = await Promise.all([get(`${circuit}/status`), get(`${circuit}/raw-status`)]);
  return { status, raw };
}

export function render(site, { status, raw }, route) {
  return [
    tabs(
      'Circuit',
      site.circuits.map((each) => [
        `${title(each.role)} (${each.pop})`,
        changed(route, { circuit: each.role }),
        each.role === status.role,
      ]),
    ),
    h('div', { class: 'columns' }, session(status.circuit, raw), policy(status.circuit)),
    routes('Routes from the cloud', status['routes-from-peer'], 'The cloud has sent no route that is accepted.', [
      {
        label: 'State',
        cell: (row) =>
          state(
            row.status === 'best'
              ? 'active'
              : row.status === 'rejected'
                ? 'down'
                : row.status === 'multipath'
                  ? 'multipath'
                  : 'passive',
            title(row.status),
          ),
      },
    ]),
    routes('Routes to the cloud', status['routes-to-peer'], 'Nothing is advertised over this circuit.', [
      { label: 'State', cell: (row) => state(row.status === 'withheld' ? 'degraded' : 'connected', title(row.status)) },
      { label: 'Advertised', cell: (row) => (row['add-time'] ? time(row['add-time']) : '–') },
      { label: 'Last update', cell: (row) => (row['last-update-time'] ? time(row['last-update-time']) : '–') },
    ]),
    routes('Rejected routes from the cloud', status['rejected-routes-from-peer'], 'No route is rejected.', [
      { label: 'Rule', cell: (row) => h('code', {}, row.rule) },
    ]),
    card(
      null,
      h('details', { 'data-key': 'raw' }, h('summary', {}, 'Raw status'), h('pre', {}, JSON.stringify(raw, null, 2))),
    ),
  ];
}

function session(circuit, raw) {
  const negotiated = raw.Negotiated ?? {};
  const on = Object.entries(negotiated.Capabilities ?? {}).filter(([, value]) => value === 'true' || value === true);
  const disconnect = circuit.disconnect;
  return card(
    'Session',
    facts([
      ['State', circuitState(circuit)],
      ['For', circuit['state-seconds'] !== undefined && duration(circuit['state-seconds'])],
      ['Cloud', `${raw.Remote_IP}, AS ${raw.Remote_ASN}`],
      ['Ours', `${raw.Local_IP}, AS ${raw.Local_ASN}, router id ${raw.Router_ID}`],
      [
        'Connection',
        [raw.Outgoing_Connection, raw.Incoming_Connection]
          .map((each) => each.Transport)
          .filter((each) => each !== 'none')
          .join(', '),
      ],
      ['Hold / keepalive', negotiated.Hold_Time && `${negotiated.Hold_Time} s / ${negotiated.Keepalive_Period} s`],
      ['Capabilities', on.map(([name]) => name).join(', ')],
      [
        'Last end',
        disconnect &&
          [disconnect.bgp_error_code, disconnect.bgp_suberror_code, disconnect.cause].filter(Boolean).join(' · '),
      ],
      ['Diagnosis', circuit['bgp-session'] !== 'Established' && circuit.diagnosis],
    ]),
  );
}

function policy(circuit) {
  const { advertise, accept, ...neighbor } = circuit.neighbor;
  const exclusions = accept.exclusions.map(
    (each) => each.prefix ?? each.community ?? `without ${each['not-community']}`,
  );
  return card(
    'Configuration',
    facts([
      ['Metric', `${circuit.metric} (lower wins)`],
      ['MD5', neighbor.md5 ? 'yes' : 'no'],
      [
        'Advertise',
        [
          advertise['default-route'] && 'default route',
          advertise['all-routes'] && 'all routes',
          ...advertise['summary-routes'].map((each) => each.subnet),
        ]
          .filter(Boolean)
          .join(', ') || 'nothing',
      ],
      ['Prepended', neighbor.prepend > 0 && plural(neighbor.prepend, 'time')],
      [
        'Accept',
        [accept['dynamic-routes'] ? 'dynamic routes' : 'no dynamic routes', accept['default-route'] && 'default route']
          .filter(Boolean)
          .join(', '),
      ],
      ['Exclusions', exclusions.join(', ')],
      ['Prefix limit', `${count(neighbor['prefix-limit'])} from the cloud`],
      [
        'Tracked',
        circuit.neighbor.track.enabled
          ? `${circuit.neighbor.track.frequency}, to ${[...circuit.neighbor.track['mailing-lists'], ...circuit.neighbor.track.webhooks].join(', ') || 'nobody'}`
          : 'no',
      ],
    ]),
  );
}

function routes(heading, rows, none, more) {
  return card(
    `${heading} (${count(rows.length)})`,
    table({
      caption: heading,
      rows: rows.slice(0, SHOWN),
      columns: [
        {
          label: 'Subnet',
          cell: (row) => h('a', { href: link('/routes', { prefix: row.subnet, explain: row.subnet }) }, row.subnet),
        },
        ...more,
        { label: 'Next hop', cell: (row) => row['next-hop'] ?? '–' },
        { label: 'AS path', cell: (row) => row['as-path'] || '–' },
        { label: 'Communities', cell: (row) => row.community.join(' ') || '–' },
      ],
      none: empty(none),
    }),
    rows.length > SHOWN &&
      h(
        'p',
        { class: 'muted' },
        `The first ${SHOWN}. All are in the `,
        h('a', { href: link('/routes') }, 'routing table'),
        '.',
      ),
  );
}
