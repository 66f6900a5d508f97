/** What has happened, newest first, with filters. */
import { get } from './api.js';
import { h } from './dom.js';
import { empty } from './format.js';
import { card, filters, siteOptions, timeline } from './parts.js';
import { changed } from './route.js';

const ROWS = 100;
const ASKED = ['sub-type', 'site', 'preset', 'since', 'text', 'before'];
const SUB_TYPES = ['BGP Session', 'BGP Routing', 'LAN Monitoring', 'Circuit', 'Configuration', 'System'];
const TIMES = [
  ['', 'Any time'],
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
];

export const heading = () => 'Events';

export async function load(route) {
  const params = Object.fromEntries(ASKED.map((name) => [name, route.params.get(name) ?? '']));
  const [page, { sites }, { presets }] = await Promise.all([
    get('/events', { ...params, limit: ROWS }),
    get('/sites'),
    get('/events/presets'),
  ]);
  return { page, sites, presets };
}

export function render({ page, sites, presets }, route) {
  const filtered = ASKED.some((name) => route.params.get(name));
  const before = route.params.get('before');
  return [
    page.alarm && h('p', { class: 'banner bad', role: 'alert' }, `${page.alarm.action}: ${page.alarm.event_message}`),
    filters(route, 'Filter the events', [
      {
        name: 'sub-type',
        label: 'Sub-type',
        options: [['', 'All'], ...SUB_TYPES.map((name) => [name.toLowerCase().replaceAll(' ', '-'), name])],
      },
      { name: 'site', label: 'Site', options: siteOptions(sites) },
      { name: 'since', label: 'Time', options: TIMES },
      {
        name: 'preset',
        label: 'Only',
        options: [['', 'Everything'], ...presets.map((each) => [each.name, each.title])],
      },
      { name: 'text', label: 'Text', hint: 'a word in the message' },
    ]),
    card(
      null,
      timeline(page.events, empty(filtered ? 'No event is like this.' : 'Nothing has happened yet.')),
      h(
        'nav',
        { class: 'buttons', 'aria-label': 'Pages' },
        before && h('a', { class: 'button', href: changed(route, { before: '' }) }, 'Newest'),
        page.more && h('a', { class: 'button', href: changed(route, { before: page['next-cursor'] }) }, 'Older'),
      ),
    ),
  ];
}
