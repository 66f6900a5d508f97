/** The page: which view is shown, that it stays up to date, whether it is live, and who we are. */
import { setRole, toast } from './actions.js';
import { get, token, whoami } from './api.js';
import { drawAll } from './chart.js';
import { h, patch } from './dom.js';
import { showDaemon, showIdentity, showLive, showLost, showNav, showNothing } from './frame.js';
import { Live } from './live.js';
import { loginForm } from './login.js';
import { current, link } from './route.js';
import * as events from './events.js';
import * as monitoring from './monitoring.js';
import * as peer from './peer.js';
import * as peers from './peers.js';
import * as routes from './routes.js';
import * as site from './site.js';
import * as sites from './sites.js';

const VIEWS = [
  [/^\/sites$/, sites, []],
  [/^\/sites\/([^/]+)(?:\/([^/]+))?$/, site, ['site', 'tab']],
  [/^\/routes$/, routes, []],
  [/^\/events$/, events, []],
  [/^\/peers$/, peers, []],
  [/^\/peers\/([^/]+)$/, peer, ['peer']],
  [/^\/monitoring$/, monitoring, []],
];

/** After an event the view is asked for at once, but not more often than this; figures without events come with the slow refresh. */
const LEAST_MS = 1000;
const SLOW_MS = 10_000;

const main = document.getElementById('main');

let shown = { view: null, route: null };
let data = null;
let loading = null;
let dirty = false;
let lostAt = null;
let asked = true;

function resolve() {
  const route = current();
  for (const [pattern, view, names] of VIEWS) {
    const match = pattern.exec(route.path);
    if (match) {
      names.forEach((name, i) => (route[name] = decodeURIComponent(match[i + 1] ?? '')));
      return { view, route };
    }
  }
  return {
    view: {
      heading: () => 'There is no such view',
      load: () => null,
      render: () => h('p', {}, h('a', { href: link('/sites') }, 'All sites')),
    },
    route,
  };
}

/** Shows what the address says. A new view gets the focus, so that a keyboard or a screen reader goes on there. */
function navigate() {
  const before = shown;
  shown = resolve();
  const other = before.view !== shown.view || before.route.path !== shown.route.path;
  if (other) {
    data = null;
    patch(
      main,
      h('h1', { tabindex: '-1' }, shown.view.heading(shown.route)),
      h('p', { class: 'muted loading' }, 'Loading…'),
    );
    window.scrollTo(0, 0);
    if (before.view) {
      main.querySelector('h1').focus();
    }
  }
  showNav(shown.route.path);
  document.title = `${shown.view.heading(shown.route)} – PopBGP`;
  loading = null;
  refresh();
}

/** Asks for the view's data again and shows it. While an answer is under way, one more is asked for after it at most. */
async function refresh() {
  if (loading) {
    dirty = true;
    return;
  }
  const mine = (loading = {});
  const { view, route } = shown;
  const started = performance.now();
  try {
    const answer = await view.load(route);
    if (mine === loading) {
      data = answer;
      show();
    }
  } catch (failure) {
    if (mine === loading) {
      failed(failure);
    }
  }
  if (mine === loading) {
    setTimeout(() => done(mine), Math.max(0, LEAST_MS - (performance.now() - started)));
  }
}

function done(mine) {
  if (mine === loading) {
    loading = null;
    if (dirty) {
      dirty = false;
      refresh();
    }
  }
}

function show() {
  patch(
    main,
    h('h1', { tabindex: '-1' }, shown.view.heading(shown.route)),
    shown.view.render(data, shown.route, update),
  );
  main.dataset.shown = shown.route.hash;
  drawAll(main).catch((failure) => toast(`The charts cannot be drawn: ${failure.message}`));
  const target = main.querySelector('[data-focus]');
  const wanted = target?.dataset.focus;
  if (wanted && wanted !== shown.focused) {
    target.focus();
  }
  shown.focused = wanted;
}

/** Shows what has changed in the page itself at once, and asks for the rest. */
function update() {
  if (data) {
    show();
  }
  refresh();
}

function failed(failure) {
  if (failure.status === 401) {
    login(failure.message);
    return;
  }
  if (failure.status === undefined) {
    console.error(failure); // a fault of the page itself
  }
  if (failure.status === 0) {
    lost(failure.message);
    stream.start(); // tells when it is over
  }
  if (failure.status !== 0 || !data) {
    patch(
      main,
      h('h1', { tabindex: '-1' }, shown.view.heading(shown.route)),
      h(
        'div',
        { class: 'panel', role: 'alert' },
        h('p', { class: 'error' }, failure.message),
        h(
          'div',
          { class: 'buttons' },
          h('button', { type: 'button', onclick: refreshNow }, 'Try again'),
          h('a', { class: 'button', href: link(shown.route.path) }, 'Without filters'),
        ),
      ),
    );
    data = null;
  }
}

function refreshNow() {
  loading = null;
  refresh();
}

function live() {
  const again = lostAt !== null;
  lostAt = null;
  showLive();
  if (again) {
    refreshNow();
  }
}

function lost(reason) {
  lostAt ??= new Date().toISOString();
  showLost(lostAt, reason, () => stream.start());
}

const stream = new Live({
  onLive: live,
  onLost: lost,
  onEvents: refresh,
  onRefused: (failure) => login(failure.message),
});

function login(message) {
  stream.stop();
  loading = null;
  asked = false;
  data = null;
  showNothing();
  patch(
    main,
    loginForm(message, (text) => {
      token.set(text);
      begin();
    }),
  );
  main.querySelector('input')?.focus();
}

async function begin() {
  asked = true;
  try {
    const who = await whoami();
    setRole(who.role);
    showIdentity(who);
    showDaemon(await get('/status'));
  } catch (failure) {
    if (failure.status === 401 || failure.status === 403) {
      login(failure.message);
      return;
    }
  }
  stream.start();
  shown = { view: null, route: null };
  navigate();
}

/** A tab in the background needs no stream: a browser has six connections for all tabs together, the daemon 32 streams. */
function visibilityChanged() {
  if (asked && document.hidden) {
    stream.stop();
  } else if (asked) {
    stream.start();
    refresh();
  }
}

document.addEventListener('visibilitychange', visibilityChanged);
window.addEventListener('hashchange', () => asked && navigate());
window.addEventListener('resize', () => data && drawAll(main));
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => data && drawAll(main));
document.querySelector('.skip').addEventListener('click', (event) => {
  event.preventDefault(); // the hash is the address of the view
  main.focus();
});
setInterval(() => asked && !document.hidden && refresh(), SLOW_MS);

begin();
