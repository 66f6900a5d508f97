/** A circuit as part of its site, and what an operator can do with it. */
import { part, post } from './api.js';
import { h } from './dom.js';
import { ago, circuitState, count, duration, facts, state, title } from './format.js';
import { link, sitePath } from './route.js';
import { ask, isOperator, toast } from './actions.js';

/** Of each circuit the connectivity test that runs or was the last: {running} or {result} or {error}. */
const tests = new Map();

/** Whether the traffic goes over it. */
const hop = (circuit) =>
  circuit.active ? state('active') : circuit['bgp-session'] === 'Established' && state('passive', 'Standby');

/** Role, place and state in two lines. */
export function brief(circuit) {
  return h(
    'div',
    { class: `circuit ${circuit.active ? 'is-active' : ''}` },
    h(
      'div',
      { class: 'circuit-head' },
      h('strong', {}, title(circuit.role)),
      h('span', { class: 'muted' }, circuit.pop),
      hop(circuit),
    ),
    h('div', { class: 'circuit-state' }, circuitState(circuit), h('span', { class: 'muted' }, since(circuit))),
    why(circuit),
  );
}

function since(circuit) {
  const seconds = circuit['state-seconds'];
  const prefixes = circuit.prefixes;
  const counts =
    prefixes && circuit['bgp-session'] === 'Established'
      ? `, ${count(prefixes.received)} in, ${count(prefixes.advertised)} out`
      : '';
  return seconds === undefined ? '' : `for ${duration(seconds)}${counts}`;
}

const DRAINS = {
  commanded: 'by command',
  speaker: 'as all sessions are ("popbgp undrain" ends it)',
  configured: 'by the configuration',
};

/** Why it is not as it should be; nothing if it is. */
function why(circuit) {
  const disconnect = circuit.disconnect;
  const down = circuit['bgp-session'] !== 'Established';
  const text = !circuit.enabled
    ? 'switched off in the configuration'
    : down && disconnect
      ? [disconnect.text, disconnect.cause].filter(Boolean).join(': ')
      : down
        ? circuit.diagnosis
        : '';
  return [
    text && h('p', { class: 'why' }, text),
    circuit.drain &&
      circuit.drain !== 'none' &&
      h('p', { class: 'why' }, `Drained, ${DRAINS[circuit.drain]}: traffic prefers the other circuit.`),
  ];
}

/** The circuit with its figures and buttons. */
export function full(site, circuit, refresh) {
  const prefixes = circuit.prefixes ?? {};
  const vlan = circuit.vlan ?? (circuit['s-vlan'] ? `${circuit['s-vlan']} / ${circuit['c-vlan']}` : '');
  return h(
    'section',
    { class: `panel circuit ${circuit.active ? 'is-active' : ''}`, 'aria-label': `${circuit.role} circuit` },
    h('h2', { class: 'circuit-head' }, title(circuit.role), h('span', { class: 'muted' }, circuit.pop), hop(circuit)),
    h('div', { class: 'circuit-state' }, circuitState(circuit), h('span', { class: 'muted' }, since(circuit))),
    why(circuit),
    facts([
      ['Ours → cloud', `${circuit['pop-address']} → ${circuit['cloud-address']}`],
      ['VLAN', vlan],
      ['Bandwidth', circuit['downstream-mbps'] && `${count(circuit['downstream-mbps'])} Mbit/s`],
      ['Metric', circuit.metric],
      ['Prefixes from the cloud', limited(prefixes.received, circuit.neighbor['prefix-limit'])],
      [
        'Prefixes to the cloud',
        prefixes.advertised === undefined
          ? ''
          : count(prefixes.advertised) + (prefixes.withheld ? `, ${count(prefixes.withheld)} withheld` : ''),
      ],
      ['Last down', circuit['last-down-at'] && ago(circuit['last-down-at'])],
      ['Service key', circuit['service-key']],
    ]),
    buttons(site, circuit, refresh),
    outcome(site, circuit),
  );
}

const limited = (received, limit) => (received === undefined ? '' : `${count(received)} of ${count(limit)}`);

function buttons(site, circuit, refresh) {
  const drained = circuit.drain === 'commanded';
  const running = tests.get(key(site, circuit))?.running;
  return h(
    'div',
    { class: 'buttons' },
    h(
      'button',
      {
        type: 'button',
        'data-action': 'test',
        disabled: Boolean(running),
        onclick: () => test(site, circuit, refresh),
      },
      'Test connectivity',
    ),
    h('a', { class: 'button', href: link(sitePath(site.name, 'bgp'), { circuit: circuit.role }) }, 'BGP status'),
    isOperator() && [
      h(
        'button',
        { type: 'button', 'data-action': 'drain', onclick: () => drain(site, circuit, drained, refresh) },
        drained ? 'End drain' : 'Drain',
      ),
      circuit.started === false
        ? h(
            'button',
            { type: 'button', 'data-action': 'start', onclick: () => start(site, circuit, refresh) },
            'Start session',
          )
        : h(
            'button',
            { type: 'button', class: 'danger', 'data-action': 'reset', onclick: () => reset(site, circuit, refresh) },
            'Reset session',
          ),
    ],
  );
}

const key = (site, circuit) => `${site.name}/${circuit.role}`;

async function test(site, circuit, refresh) {
  tests.set(key(site, circuit), { running: true });
  refresh();
  try {
    const result = await post(`/sites/${part(site.name)}/circuits/${circuit.role}/test`);
    tests.set(key(site, circuit), { result });
  } catch (error) {
    tests.set(key(site, circuit), { error });
  }
  refresh();
}

function outcome(site, circuit) {
  const last = tests.get(key(site, circuit));
  return h('div', { class: 'outcome', role: 'status' }, last && outcomeOf(last, circuit));
}

function outcomeOf({ running, result, error }, circuit) {
  if (running) {
    return h('p', {}, state('unknown', 'Testing'), ` five probes to ${circuit['cloud-address']}, about 5 s…`);
  }
  if (error) {
    return h('p', {}, state('Error', 'Not tested'), ' ', error.message);
  }
  const times =
    result['average-ms'] === undefined
      ? ''
      : `, round trip ${result['minimum-ms']} / ${result['average-ms']} / ${result['maximum-ms']} ms (min / avg / max)`;
  const lost = result.sent ? ` ${result['loss-percent']} % lost${times}.` : '';
  return h(
    'p',
    {},
    state(result.result),
    ` ${result.message}.`.replace(/\.\.$/, '.'),
    lost,
    h('span', { class: 'muted' }, ` ${ago(result.time)}`),
  );
}

function drain(site, circuit, drained, refresh) {
  const other = circuit.role === 'primary' ? 'secondary' : 'primary';
  ask({
    heading: drained ? `End the drain of ${site.name} ${circuit.role}?` : `Drain ${site.name} ${circuit.role}?`,
    text: drained
      ? 'Both sides prefer this circuit again as its metric says.'
      : `Traffic moves to the ${other} without loss, if that is up; the session stays. It lasts until it is ended here or by "popbgp peer undrain".`,
    action: drained ? 'End drain' : 'Drain',
    run: async () => {
      await post(`/peers/${part(circuit.peer)}/${drained ? 'undrain' : 'drain'}`);
      toast(drained ? 'The drain has ended.' : `${title(circuit.role)} is drained.`);
      refresh();
    },
  });
}

function start(site, circuit, refresh) {
  ask({
    heading: `Start the session of ${site.name} ${circuit.role}?`,
    text: 'It was stopped by an operator. Traffic returns to it as its metric says, when all of its routes are there.',
    action: 'Start session',
    run: async () => {
      await post(`/peers/${part(circuit.peer)}/start`);
      toast(`The session of ${circuit.role} is started.`);
      refresh();
    },
  });
}

function reset(site, circuit, refresh) {
  ask({
    heading: `Reset the session of ${site.name} ${circuit.role}?`,
    text: circuit.active
      ? 'It carries the traffic: there is a failover if the other circuit is up, and an outage if it is not.'
      : 'The session ends and is made again. It carries no traffic now.',
    action: 'Reset session',
    reason: 'Reason, sent to the cloud (optional)',
    run: async (reason) => {
      await post(`/peers/${part(circuit.peer)}/reset`, reason ? { reason } : {});
      toast(`The session of ${circuit.role} was reset.`);
      refresh();
    },
  });
}
