/** How a site has done: availability, state and prefixes over time, limits and when they are reached, failovers with their stages. */
import { get, part } from './api.js';
import { bands, bars, lines } from './chart.js';
import { h, icon } from './dom.js';
import { count, duration, empty, micros, percent, state, time, title } from './format.js';
import { card, table, tabs } from './parts.js';
import { changed } from './route.js';

const WINDOWS = [
  ['1h', '1 hour'],
  ['24h', '24 hours'],
  ['7d', '7 days'],
  ['30d', '30 days'],
];

const chosen = (route) => route.params.get('window') ?? '24h';

export async function load(route) {
  const site = `/sites/${part(route.site)}`;
  const window = chosen(route);
  const [analytics, whole, config] = await Promise.all([
    get(`${site}/analytics`),
    get(`${site}/series`, { window }),
    get(site),
  ]);
  const roles = config.circuits.map((circuit) => circuit.role);
  const circuits = await Promise.all(roles.map((circuit) => get(`${site}/series`, { window, circuit })));
  return { analytics, whole, circuits };
}

export function render(site, { analytics, whole, circuits }, route) {
  return [
    tabs(
      'Time',
      WINDOWS.map(([window, text]) => [text, changed(route, { window }), window === chosen(route)]),
    ),
    stateChart(whole, circuits),
    prefixChart(circuits),
    h('div', { class: 'columns' }, budgets(analytics.budgets), availability(analytics)),
    failovers(analytics.failovers),
  ];
}

const tooFew = () =>
  empty('Nothing is known of this time yet. The first point is drawn a minute after the daemon has started.');

function stateChart(whole, circuits) {
  const series = [
    { label: 'Site connected', series: whole, key: 'up-percent' },
    ...circuits.map((each) => ({ label: `${title(each.circuit)} up`, series: each, key: 'up-percent' })),
    ...circuits.map((each) => ({ label: `${title(each.circuit)} active`, series: each, key: 'active-percent' })),
  ];
  return card(
    'State over time',
    bands({
      key: 'state',
      label: 'Share of each stretch of time in which the site was connected, and each circuit up and active',
      series,
      none: tooFew(),
    }),
  );
}

function prefixChart(circuits) {
  const series = circuits.flatMap((each) => [
    { label: `${title(each.circuit)}, from the cloud`, series: each, key: 'received' },
    { label: `${title(each.circuit)}, to the cloud`, series: each, key: 'advertised' },
  ]);
  return card(
    'Prefixes over time',
    lines({ key: 'prefixes', label: 'Prefixes received and advertised by circuit', unit: '', series, none: tooFew() }),
  );
}

const WAYS = { in: 'from the cloud', out: 'to the cloud' };

function budgets(all) {
  return card(
    'Limits',
    all.length === 0 && empty('No circuit has a limit.'),
    all.map((budget) => {
      const used = budget['used-percent'];
      const [drawn, colour] =
        used >= 100
          ? ['bad', 'bad']
          : used >= 80 || budget['reached-in-seconds'] !== undefined
            ? ['warn', 'warn']
            : ['ok', 'ok'];
      const name = `${title(budget.circuit)}, ${WAYS[budget.direction] ?? budget.direction}`;
      return h(
        'div',
        { class: 'budget' },
        h(
          'div',
          { class: 'budget-head' },
          h('span', {}, name),
          h('span', {}, `${count(budget.count)} of ${count(budget.limit)} (${percent(Math.round(used * 10) / 10)})`),
        ),
        h('meter', {
          min: 0,
          max: budget.limit,
          high: budget.limit * 0.8,
          low: 0,
          optimum: 0,
          value: Math.min(budget.count, budget.limit),
          'aria-label': name,
        }),
        h('p', { class: `state ${colour}` }, icon(drawn), title(budget.estimate)),
      );
    }),
  );
}

function availability(analytics) {
  const rows = analytics.windows.flatMap(({ window, site, circuits }) => [
    { window, who: 'Site', figures: site, down: site['disconnected-seconds'], flaps: site.outages },
    ...Object.entries(circuits).map(([role, figures]) => ({
      window,
      who: title(role),
      figures,
      down: figures['down-seconds'],
      flaps: figures.flaps,
    })),
  ]);
  return card(
    'Availability',
    table({
      caption: 'Availability of the site and its circuits',
      rows,
      columns: [
        { label: 'Last', cell: (row) => row.window },
        { label: 'Of', cell: (row) => row.who },
        { label: 'Available', cell: (row) => percent(row.figures['availability-percent']) },
        { label: 'Down', cell: (row) => duration(row.down) },
        { label: 'Failures', cell: (row) => count(row.flaps) },
        { label: 'Not known', cell: (row) => duration(row.figures['unknown-seconds']) },
      ],
    }),
  );
}

function failovers(events) {
  const measured = events.filter((event) => event.detection_to_switch_us !== undefined);
  return card(
    'Failovers',
    measured.length > 0 &&
      bars({
        key: 'failovers',
        label: 'Time from detection until the last prefix had moved, of each failover, oldest first',
        unit: 'ms',
        values: measured
          .map((event) => ({ time: Date.parse(event.time) / 1000, value: Number(event.detection_to_switch_us) / 1000 }))
          .reverse(),
      }),
    table({
      caption: 'The last failovers, with the times of their stages',
      rows: events,
      columns: [
        { label: 'When', cell: (event) => time(event.time) },
        {
          label: 'What',
          cell: (event) => state(event.action.startsWith('No active') ? 'down' : 'active', event.action),
        },
        { label: 'To', cell: (event) => event.circuit ?? '–' },
        { label: 'Cause', cell: (event) => event.trigger ?? event.event_message },
        { label: 'Told after', cell: (event) => micros(number(event.detection_to_event_us)) },
        { label: 'All switched after', cell: (event) => micros(number(event.detection_to_switch_us)) },
        { label: 'Prefixes', cell: (event) => event.prefix_count ?? '–' },
      ],
      none: empty('No failover is kept. Each appears here with its cause and how long its stages took.'),
    }),
  );
}

const number = (text) => (text === undefined ? undefined : Number(text));
