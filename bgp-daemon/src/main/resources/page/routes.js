/** The routing table of the point of presence, a page at a time, and why a prefix goes where it goes. */
import { get } from './api.js';
import { h } from './dom.js';
import { empty, plural, state, title } from './format.js';
import { card, filters, siteOptions, table } from './parts.js';
import { changed, link, sitePath } from './route.js';

const ROWS = 100;
const ASKED = ['prefix', 'site', 'circuit', 'kind', 'state', 'sort', 'order', 'cursor'];

export const heading = () => 'Routing table';

export async function load(route) {
  const params = Object.fromEntries(ASKED.map((name) => [name, route.params.get(name) ?? '']));
  const explained = route.params.get('explain');
  const [page, { sites }, explanation] = await Promise.all([
    get('/routing-table', { ...params, limit: ROWS }),
    get('/sites'),
    explained ? get('/explain', { prefix: explained }).catch((failure) => ({ failure })) : null,
  ]);
  return { page, sites, explanation };
}

export function render({ page, sites, explanation }, route) {
  const rows = page.routes;
  return [
    explanation && explain(explanation, route),
    filters(route, 'Filter the routing table', [
      { name: 'prefix', label: 'Prefix or address', hint: '10.0.0.0/8 or 10.1.2.3' },
      { name: 'site', label: 'Site', options: siteOptions(sites) },
      {
        name: 'circuit',
        label: 'Circuit',
        options: [
          ['', 'Both'],
          ['primary', 'Primary'],
          ['secondary', 'Secondary'],
        ],
      },
      {
        name: 'kind',
        label: 'Kind',
        options: [
          ['', 'All'],
          ['static', 'Static'],
          ['dynamic', 'Dynamic'],
        ],
      },
      {
        name: 'state',
        label: 'State',
        options: [
          ['', 'All'],
          ['active', 'Active'],
          ['passive', 'Passive'],
          ['multipath', 'Multipath'],
          ['down', 'Down'],
        ],
      },
    ]),
    total(page),
    card(
      null,
      table({
        caption: 'Routes',
        route,
        rows,
        row: (each) => ({ class: each.selected ? null : 'passive' }),
        columns: columns(route),
        none: empty(
          ASKED.some((name) => route.params.get(name))
            ? 'No route is like this.'
            : 'There is no route yet: no session is up and nothing is announced.',
        ),
      }),
      paging(page, route),
    ),
  ];
}

function total(page) {
  const [least, exact] = [page['total-at-least'], page.total];
  const number = exact ?? least;
  return (
    number > 0 && h('p', { class: 'muted' }, `${exact === undefined ? 'At least ' : ''}${plural(number, 'route')}`)
  );
}

function columns(route) {
  return [
    { label: 'Subnet', sort: 'prefix', cell: (row) => row.subnet },
    { label: 'Type', cell: (row) => title(row.type) },
    {
      label: 'Site',
      sort: 'site',
      cell: (row) => (row.site ? h('a', { href: link(sitePath(row.site)) }, row.site) : row.peer || '–'),
    },
    { label: 'Circuit', cell: (row) => title(row.circuit) || '–' },
    { label: 'Next hop', sort: 'next-hop', cell: (row) => row['next-hop'] || '–' },
    { label: 'PoP', cell: (row) => row.pop || '–' },
    { label: 'Metric', sort: 'metric', cell: (row) => row.metric },
    { label: 'State', cell: (row) => state(row.state) },
    {
      label: 'Why',
      cell: (row) =>
        row.type === 'dynamic' &&
        h('a', { href: changed(route, { explain: row.subnet }), 'aria-label': `Explain ${row.subnet}` }, 'Explain'),
    },
  ];
}

function paging(page, route) {
  const next = page['next-cursor'];
  const begun = route.params.get('cursor');
  return (
    (next || begun) &&
    h(
      'nav',
      { class: 'buttons', 'aria-label': 'Pages' },
      begun && h('a', { class: 'button', href: changed(route, { cursor: '' }) }, 'First page'),
      next && h('a', { class: 'button', href: changed(route, { cursor: next }) }, 'Next page'),
    )
  );
}

/** All candidates for a prefix, and what decided between them. */
function explain(explanation, route) {
  const close = h('a', { class: 'button', href: changed(route, { explain: '' }) }, 'Close');
  const prefix = route.params.get('explain');
  if (explanation.failure) {
    return h(
      'section',
      { class: 'panel explain', 'data-key': 'explain', 'data-focus': prefix, tabindex: '-1' },
      h('h2', {}, prefix),
      h('p', { class: 'error' }, explanation.failure.message),
      close,
    );
  }
  return h(
    'section',
    {
      class: 'panel explain',
      'data-key': 'explain',
      'data-focus': prefix,
      tabindex: '-1',
      'aria-label': `Why ${prefix} goes where it goes`,
    },
    h('h2', {}, `Why ${explanation.prefix} goes where it goes`),
    h(
      'p',
      {},
      explanation.candidates.length === 0
        ? 'There is no route for exactly this prefix.'
        : ['Decided by: ', h('strong', {}, words(explanation['decided-by']))],
    ),
    table({
      caption: `Candidates for ${explanation.prefix}`,
      rows: [...explanation.candidates].sort((a, b) => rank(a) - rank(b)),
      row: (each) => ({ class: each.status === 'best' || each.status === 'multipath' ? null : 'passive' }),
      columns: [
        { label: 'Peer', cell: (each) => each.peer },
        { label: 'State', cell: (each) => state(STATUS[each.status] ?? 'passive', title(each.status)) },
        { label: 'Metric', cell: (each) => each.metric },
        { label: 'Lost at', cell: (each) => words(each['lost-at']) || '–' },
        { label: 'Policy', cell: (each) => each.verdict || '–' },
        { label: 'AS path', cell: (each) => each.received['as-path'] || '–' },
        { label: 'Next hop', cell: (each) => each.received['next-hop'] ?? '–' },
        { label: 'Other attributes', cell: (each) => attributes(each.received) },
      ],
      none: null,
    }),
    close,
  );
}

const STATUS = { best: 'active', multipath: 'multipath', rejected: 'down' };
/** The best first, what is not even a candidate last. */
const rank = (each) => ['best', 'multipath'].indexOf(each.status) + 1 || (each.status === 'rejected' ? 9 : 5);

/** A step of the Decision Process, as LOCAL_PREF. */
const words = (step) => (step ?? '').toLowerCase().replaceAll('_', ' ');

const SHOWN = ['as-path', 'next-hop'];

function attributes(received) {
  return Object.entries(received)
    .filter(([name]) => !SHOWN.includes(name))
    .map(([name, value]) => `${name} ${[value].flat().join(' ')}`)
    .join(', ');
}
