/** Parts that several views are made of. */
import { h, icon } from './dom.js';
import { ago, plural, time, title } from './format.js';
import { changed, go } from './route.js';

/**
 * A table; on a narrow screen each row becomes a list of its cells with their labels. Columns are {label, cell, sort?}, where cell makes the
 * content of a row's cell, and sort is the parameter by which the daemon sorts.
 */
export function table({ caption, columns, rows, row = () => ({}), route, none }) {
  if (rows.length === 0) {
    return none;
  }
  return h(
    'div',
    { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    h(
      'table',
      {},
      h('caption', { class: 'hidden' }, caption),
      h(
        'thead',
        {},
        h(
          'tr',
          {},
          columns.map((column) => heading(column, route)),
        ),
      ),
      h(
        'tbody',
        {},
        rows.map((each) =>
          h(
            'tr',
            row(each),
            columns.map((column) => h('td', { 'data-label': column.label }, h('div', {}, column.cell(each)))),
          ),
        ),
      ),
    ),
  );
}

function heading(column, route) {
  if (!column.sort) {
    return h('th', { scope: 'col' }, column.label);
  }
  const chosen = route.params.get('sort') === column.sort;
  const descending = chosen && route.params.get('order') === 'desc';
  const ascending = chosen && !descending;
  const next = descending ? { sort: '', order: '' } : { sort: column.sort, order: ascending ? 'desc' : '' };
  return h(
    'th',
    { scope: 'col', 'aria-sort': ascending ? 'ascending' : descending ? 'descending' : 'none' },
    h(
      'a',
      { href: changed(route, { ...next, cursor: '' }), title: `Sort by ${column.label.toLowerCase()}` },
      column.label,
      h('span', { 'aria-hidden': 'true' }, ascending ? ' ▲' : descending ? ' ▼' : ''),
    ),
  );
}

/**
 * A form whose fields are parameters of the address. Fields are {name, label, options} to choose from, each option [value, text], or {name,
 * label, hint} to type into.
 */
export function filters(route, label, fields) {
  const apply = (form) => {
    const values = Object.fromEntries(new FormData(form));
    go(changed(route, { ...values, cursor: '', before: '' }));
  };
  return h(
    'form',
    {
      class: 'filters',
      role: 'search',
      'aria-label': label,
      onsubmit: (event) => {
        event.preventDefault();
        apply(event.currentTarget);
      },
      onchange: (event) => apply(event.currentTarget),
    },
    fields.map((field) => h('label', {}, h('span', {}, field.label), input(field, route.params.get(field.name) ?? ''))),
    h('button', { type: 'submit' }, 'Filter'),
    fields.some((field) => route.params.get(field.name)) &&
      h('a', { class: 'button', href: changed(route, cleared(fields)) }, 'Clear'),
  );
}

const cleared = (fields) => ({
  ...Object.fromEntries(fields.map((field) => [field.name, ''])),
  cursor: '',
  before: '',
});

function input(field, value) {
  if (!field.options) {
    return h('input', {
      name: field.name,
      value,
      placeholder: field.hint,
      type: 'search',
      autocomplete: 'off',
      spellcheck: 'false',
    });
  }
  return h(
    'select',
    { name: field.name },
    field.options.map(([each, text]) => h('option', { value: each, selected: each === value }, text)),
  );
}

/** Options to choose a site by. */
export const siteOptions = (sites) => [['', 'All sites'], ...sites.map((site) => [site.name, site.name])];

/** Links between the parts of a view. */
export function tabs(label, entries) {
  return h(
    'nav',
    { class: 'tabs', 'aria-label': label },
    entries.map(([text, href, chosen]) => h('a', { href, 'aria-current': chosen ? 'page' : null }, text)),
  );
}

const KINDS = {
  'BGP Session': 'active',
  'BGP Routing': 'route',
  'LAN Monitoring': 'host',
  Circuit: 'active',
  Configuration: 'gear',
  System: 'info',
};

const GOOD =
  /^(Connected|Host Reachable|Failback( completed)?|Limit cleared|Circuit active|Site Connected|Drain ended|Event store recovered)$/;
const BAD =
  /^(Disconnected|Connect failed|Host Unreachable|No active circuit|Limit hit|Site Disconnected|Events lost|Event store failed)$/;
const NOTABLE = /^(Failover( completed)?|Site Degraded|Limit warning|Drain|Configuration Refused|Lagged)$/;

function mark(event) {
  const { action } = event;
  return BAD.test(action)
    ? ['bad', 'bad']
    : NOTABLE.test(action)
      ? ['warn', 'warn']
      : GOOD.test(action)
        ? ['ok', 'ok']
        : [KINDS[event.event_sub_type] ?? 'info', 'muted'];
}

/** What has happened, newest first. */
export function timeline(events, none) {
  if (events.length === 0) {
    return none;
  }
  return h('ol', { class: 'timeline' }, events.map(entry));
}

function entry(event) {
  const [drawn, colour] = mark(event);
  const where = [event.src_site_name, event.circuit, event.src_site_name ? '' : event.peer].filter(Boolean).join(' · ');
  return h(
    'li',
    { 'data-key': event.event_id, class: colour },
    h('span', { class: 'when' }, time(event.time), h('span', { class: 'muted' }, ago(event.time))),
    h(
      'span',
      { class: 'what' },
      h('span', { class: `state ${colour}` }, icon(drawn), event.action || event.event_sub_type),
      h('span', { class: 'tag' }, event.event_sub_type),
      where && h('span', { class: 'tag' }, where),
      event.user_name && h('span', { class: 'tag' }, `by ${event.user_name}`),
      Number(event.event_count) > 1 && h('span', { class: 'tag' }, `× ${event.event_count}`),
      h('span', { class: 'message' }, event.event_message),
    ),
  );
}

/** Why the traffic goes where it goes: the last change of the active circuit. */
export function lastFailover(site) {
  const failover = site['last-failover'];
  if (!failover) {
    return h(
      'span',
      {},
      site.circuits.length > 1 ? 'No failover since the daemon started.' : 'There is one circuit: it cannot fail over.',
    );
  }
  const name = (peer) => peer.replace(`${site.name}-`, '');
  const move =
    failover.to === ''
      ? [name(failover.from), ' lost the traffic']
      : failover.from === ''
        ? ['Traffic on ', name(failover.to)]
        : [title(name(failover.from)), ' → ', name(failover.to)];
  return h(
    'span',
    {},
    h('strong', {}, ...move),
    ' ',
    time(failover['detected-at']),
    ` (${ago(failover['detected-at'])}): `,
    failover.trigger,
    failover.prefixes ? `; ${plural(failover.prefixes, 'prefix', 'prefixes')}` : '',
  );
}

export const card = (heading, ...content) =>
  h('section', { class: 'panel' }, heading && h('h2', {}, heading), ...content);
