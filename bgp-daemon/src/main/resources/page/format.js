/** Values as an operator reads them. */
import { h, icon } from './dom.js';

/** Of each state the icon, the class of its colour and the word. */
const STATES = {
  connected: ['ok', 'ok', 'Connected'],
  degraded: ['warn', 'warn', 'Degraded'],
  disconnected: ['bad', 'bad', 'Disconnected'],
  stopped: ['off', 'muted', 'Stopped'],
  Established: ['ok', 'ok', 'Established'],
  Idle: ['bad', 'bad', 'Idle'],
  Connect: ['wait', 'warn', 'Connect'],
  Active: ['wait', 'warn', 'Active'],
  OpenSent: ['wait', 'warn', 'OpenSent'],
  OpenConfirm: ['wait', 'warn', 'OpenConfirm'],
  active: ['active', 'ok', 'Active'],
  multipath: ['active', 'ok', 'Multipath'],
  passive: ['passive', 'muted', 'Passive'],
  down: ['bad', 'bad', 'Down'],
  Success: ['ok', 'ok', 'Success'],
  Failed: ['bad', 'bad', 'Failed'],
  Error: ['warn', 'warn', 'Error'],
  reachable: ['ok', 'ok', 'Reachable'],
  unreachable: ['bad', 'bad', 'Unreachable'],
  unknown: ['wait', 'muted', 'Unknown'],
};

/** A state as icon and word; the colour only repeats them. */
export function state(name, word) {
  const [drawn, colour, text] = STATES[name] ?? ['info', 'muted', name];
  return h('span', { class: `state ${colour}` }, icon(drawn), word ?? text);
}

export const circuitState = (circuit) =>
  circuit.enabled ? state(circuit['bgp-session']) : state('stopped', 'Disabled');

const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const FULL = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const COUNT = new Intl.NumberFormat('en-US');

/** A point in time: the clock today, with the day otherwise, everything on hover. */
export function time(text) {
  const date = new Date(text);
  const today = date.toDateString() === new Date().toDateString();
  const shown = today ? CLOCK.format(date) : `${DAY.format(date)} ${CLOCK.format(date)}`;
  return h('time', { datetime: text, title: FULL.format(date) }, shown);
}

/** Seconds as 45 s, 12 min, 5 h 10 min, 3 d 4 h. */
export function duration(seconds) {
  const s = Math.round(seconds);
  if (s < 60) {
    return seconds > 0 && seconds < 1 ? '< 1 s' : `${s} s`;
  }
  const [minutes, hours, days] = [Math.floor(s / 60), Math.floor(s / 3600), Math.floor(s / 86400)];
  if (minutes < 60) {
    return `${minutes} min`;
  }
  return days > 0 ? joined(days, 'd', hours % 24, 'h') : joined(hours, 'h', minutes % 60, 'min');
}

function joined(big, bigUnit, small, smallUnit) {
  return `${big} ${bigUnit}` + (small ? ` ${small} ${smallUnit}` : '');
}

export function ago(text) {
  return `${duration(Math.max(0, (Date.now() - new Date(text)) / 1000))} ago`;
}

/** Microseconds as 840 µs, 3.01 ms, 1.2 s. */
export function micros(us) {
  if (us === undefined) {
    return '–';
  }
  return us < 1000
    ? `${us} µs`
    : us < 1e6
      ? `${Number((us / 1000).toPrecision(3))} ms`
      : `${Number((us / 1e6).toPrecision(3))} s`;
}

export const count = (number) => COUNT.format(number ?? 0);

export const percent = (number) => (number === undefined ? '–' : `${number} %`);

export function plural(number, word, more = `${word}s`) {
  return `${count(number)} ${number === 1 ? word : more}`;
}

/** A word with a capital in front. */
export const title = (word) => word.charAt(0).toUpperCase() + word.slice(1);

/** Pairs of name and value; those without a value are left out. */
export function facts(pairs, className = '') {
  return h(
    'dl',
    { class: `facts ${className}` },
    pairs
      .filter(([, value]) => value !== undefined && value !== null && value !== '' && value !== false)
      .map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))),
  );
}

/** What is told where there is nothing to show. */
export const empty = (...text) => h('p', { class: 'empty' }, icon('info'), h('span', {}, ...text));
