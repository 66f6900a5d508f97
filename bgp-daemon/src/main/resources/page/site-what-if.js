/** What would be if a circuit went down now. */
import { get, part } from './api.js';
import { h, icon } from './dom.js';
import { count, empty, plural, state, title } from './format.js';
import { card, table, tabs } from './parts.js';
import { changed, link } from './route.js';

const SHOWN = 500;

const chosen = (route) => route.params.get('down') ?? 'primary';

export function load(route) {
  return get(`/sites/${part(route.site)}/what-if`, { down: chosen(route) });
}

export function render(site, answer, route) {
  const lost = answer['without-backup'];
  return [
    tabs(
      'What goes down',
      site.circuits.map((each) => [
        `${title(each.role)} down`,
        changed(route, { down: each.role }),
        each.role === answer.down,
      ]),
    ),
    card(
      `If the ${answer.down} went down now`,
      h('p', {}, 'The site would be ', state(answer.state), '.'),
      h(
        'p',
        {},
        answer.prefixes === 0
          ? 'It carries the traffic of no prefix now.'
          : lost === 0
            ? state('connected', `All ${plural(answer.prefixes, 'prefix', 'prefixes')} have another way.`)
            : state(
                'disconnected',
                `${count(lost)} of ${plural(answer.prefixes, 'prefix', 'prefixes')} could not be reached any more.`,
              ),
      ),
      h(
        'ul',
        { class: 'notes' },
        answer.notes.map((note) => h('li', {}, icon('warn'), ` ${title(note)}.`)),
      ),
    ),
    card(
      'Prefixes of the cloud',
      table({
        caption: 'Where the traffic of each prefix would go',
        rows: answer.moves.slice(0, SHOWN),
        columns: [
          {
            label: 'Prefix',
            cell: (row) => h('a', { href: link('/routes', { prefix: row.prefix, explain: row.prefix }) }, row.prefix),
          },
          {
            label: 'Would go by',
            cell: (row) => (row['next-peer'] ? state('active', row['next-peer']) : state('down', 'No other way')),
          },
        ],
        none: empty(`No prefix is reached by the ${answer.down} now.`),
      }),
      answer.moves.length > SHOWN && h('p', { class: 'muted' }, `The first ${SHOWN} of ${count(answer.moves.length)}.`),
    ),
    answer.unadvertised.length > 0 &&
      card(
        'Prefixes of ours that the cloud would lose',
        table({
          caption: 'Prefixes that the cloud could not reach',
          rows: answer.unadvertised.slice(0, SHOWN),
          columns: [
            { label: 'Prefix', cell: (row) => row.prefix },
            { label: 'Why', cell: (row) => row.reason },
          ],
        }),
      ),
  ];
}
