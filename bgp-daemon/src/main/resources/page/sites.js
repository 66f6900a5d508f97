/** All sites, those in trouble first. */
import { get } from './api.js';
import { brief } from './circuit.js';
import { h, icon } from './dom.js';
import { plural, state } from './format.js';
import { card, filters, lastFailover, timeline } from './parts.js';
import { link, sitePath } from './route.js';

const MANY = 6;
const URGENCY = ['disconnected', 'degraded', 'connected'];
const NEWS = 'circuit,bgp-session,lan-monitoring,configuration,system';

export const heading = () => 'Sites';

export async function load() {
  const [{ sites }, { events }] = await Promise.all([get('/sites'), get('/events', { 'sub-type': NEWS, limit: 8 })]);
  return { sites, events };
}

export function render({ sites, events }, route) {
  if (sites.length === 0) {
    return [noSites(), news(events)];
  }
  const text = (route.params.get('find') ?? '').toLowerCase();
  const shown = sites
    .filter((site) =>
      `${site.name} ${site.description} ${site.circuits.map((each) => each.pop).join(' ')}`
        .toLowerCase()
        .includes(text),
    )
    .sort((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state) || a.name.localeCompare(b.name));
  return [
    summary(sites),
    (sites.length > MANY || text) &&
      filters(route, 'Find a site', [{ name: 'find', label: 'Find', hint: 'name, description or PoP' }]),
    h('div', { class: 'cards' }, shown.map(site)),
    news(events),
  ];
}

function summary(sites) {
  const counted = URGENCY.map((name) => [name, sites.filter((site) => site.state === name).length]).filter(
    ([, number]) => number > 0,
  );
  return h(
    'p',
    { class: 'summary' },
    counted.map(([name, number]) => state(name, `${number} ${name}`)),
  );
}

function site(each) {
  const up = each.circuits.filter((circuit) => circuit['bgp-session'] === 'Established').length;
  return h(
    'article',
    { class: `panel site ${each.state}`, 'data-key': each.name, 'aria-label': each.name },
    h('h2', {}, h('a', { href: link(sitePath(each.name)) }, each.name), state(each.state)),
    h(
      'p',
      { class: 'muted' },
      [each.description, `${up} of ${plural(each.circuits.length, 'circuit')} up`].filter(Boolean).join(' · '),
    ),
    h('div', { class: 'pair' }, each.circuits.map(brief)),
    h('p', { class: 'last' }, h('span', { class: 'muted' }, 'Last failover: '), lastFailover(each)),
    each.warnings.map((text) => h('p', { class: 'why' }, icon('warn'), ` ${text}`)),
  );
}

const news = (events) =>
  card(
    'What happened last',
    timeline(
      events,
      h(
        'p',
        { class: 'empty' },
        'Nothing yet. Sessions that come up or go down, failovers and changes appear here by themselves.',
      ),
    ),
    h('p', {}, h('a', { href: link('/events') }, 'All events')),
  );

const EXAMPLE = `sites:
  - name: azure-site-1
    md5-key: {file: azure-md5.key}
    circuits:
      - {pop: New York, subnet: 169.254.10.0/30, vlan: 100}
      - {pop: Ashburn, subnet: 169.254.20.0/30, vlan: 200}`;

function noSites() {
  return card(
    'No site is configured',
    h('p', {}, 'A site is one cloud behind one or two circuits. These six lines in the configuration file make one:'),
    h('pre', {}, EXAMPLE),
    h(
      'p',
      {},
      'Then ',
      h('code', {}, 'popbgp check'),
      ' tells what is wrong with it, and ',
      h('code', {}, 'popbgp reload'),
      ' brings it up. All keys are in docs/configuration.md. Peers that are no circuits are under ',
      h('a', { href: link('/peers') }, 'Peers'),
      '.',
    ),
  );
}
