/** What stands around every view: where one can go, whether it is live, who we are, and which daemon it is. */
import { token } from './api.js';
import { h, icon, patch } from './dom.js';
import { time } from './format.js';
import { link } from './route.js';

const NAV = [
  ['Sites', '/sites'],
  ['Routes', '/routes'],
  ['Events', '/events'],
  ['Peers', '/peers'],
  ['Monitoring', '/monitoring'],
];

const element = (id) => document.getElementById(id);

export function showNav(path) {
  patch(
    element('nav'),
    NAV.map(([text, each]) =>
      h('a', { href: link(each), 'aria-current': path.startsWith(each) ? 'page' : null }, text),
    ),
  );
}

/** What is shown is up to date. */
export function showLive() {
  document.body.classList.remove('stale');
  patch(element('live'), h('span', { class: 'state ok' }, icon('ok'), 'Live'));
  patch(element('notice'));
}

/** It may not be, since when and why. onConnect is called when the operator does not want to wait. */
export function showLost(since, reason, onConnect) {
  document.body.classList.add('stale');
  patch(element('live'), h('span', { class: 'state bad' }, icon('bad'), 'Not live'));
  patch(
    element('notice'),
    h(
      'p',
      { class: 'banner bad' },
      icon('bad'),
      h('span', {}, 'Not live since ', time(since), `: ${reason}. What is shown may be from then.`),
      h('button', { type: 'button', onclick: onConnect }, 'Connect now'),
    ),
  );
}

export function showIdentity(who) {
  patch(element('who'), [
    who.role !== 'operator' && h('span', { class: 'tag' }, 'Read-only'),
    token.get() && [
      h('span', { class: 'tag' }, who.name),
      h('button', { type: 'button', onclick: signOut }, 'Sign out'),
    ],
  ]);
}

function signOut() {
  token.clear();
  location.reload();
}

export function showDaemon(status) {
  patch(
    element('footer'),
    `PopBGP ${status.version} · AS ${status['local-as']} · router id ${status['router-id']} · started `,
    time(status['started-at']),
  );
}

/** For whom the daemon does not know yet. */
export function showNothing() {
  document.body.classList.remove('stale');
  ['nav', 'live', 'who', 'notice', 'footer'].forEach((id) => patch(element(id)));
}
