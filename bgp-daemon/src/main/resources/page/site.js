/** One site: what is common to its parts, and the part that is chosen. */
import { get, part } from './api.js';
import { h } from './dom.js';
import { state } from './format.js';
import { tabs } from './parts.js';
import { link, sitePath } from './route.js';
import * as overview from './site-overview.js';
import * as bgp from './site-bgp.js';
import * as history from './site-history.js';
import * as whatIf from './site-what-if.js';

const PARTS = {
  '': ['Overview', overview],
  bgp: ['BGP status', bgp],
  history: ['History', history],
  'what-if': ['What if', whatIf],
};

export const heading = (route) => route.site;

export async function load(route) {
  const shown = (PARTS[route.tab] ?? PARTS[''])[1];
  const [site, data] = await Promise.all([get(`/sites/${part(route.site)}`), shown.load(route)]);
  return { site, data };
}

export function render({ site, data }, route, refresh) {
  const tab = PARTS[route.tab] ? route.tab : '';
  return [
    h(
      'p',
      { class: 'summary' },
      state(site.state),
      h('span', { class: 'muted' }, [site.description, site.provider, site.sku].filter(Boolean).join(' · ')),
    ),
    tabs(
      'Parts of the site',
      Object.entries(PARTS).map(([name, [text]]) => [text, link(sitePath(site.name, name)), name === tab]),
    ),
    PARTS[tab][1].render(site, data, route, refresh),
  ];
}
