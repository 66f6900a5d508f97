/** All peers, circuits of sites and others. */
import { get } from './api.js';
import { h } from './dom.js';
import { count, duration, empty, state } from './format.js';
import { card, table } from './parts.js';
import { link } from './route.js';

export const heading = () => 'Peers';

export function load() {
  return get('/peers');
}

const total = (peer, what) => Object.values(peer.prefixes).reduce((sum, each) => sum + each[what], 0);

export function render({ peers }) {
  const up = peers.filter((peer) => peer.state === 'Established').length;
  return [
    h('p', { class: 'summary muted' }, `${count(up)} of ${count(peers.length)} Established`),
    card(
      null,
      table({
        caption: 'Peers',
        rows: peers,
        columns: [
          {
            label: 'Peer',
            cell: (peer) => [
              h('a', { href: link(`/peers/${encodeURIComponent(peer.name)}`) }, peer.name),
              peer.description && h('span', { class: 'muted' }, ` ${peer.description}`),
            ],
          },
          { label: 'Address', cell: (peer) => peer.address },
          { label: 'AS', cell: (peer) => peer['remote-as'] },
          {
            label: 'State',
            cell: (peer) => [
              peer.enabled ? state(peer.state) : state('stopped'),
              h('span', { class: 'muted' }, ` ${duration(peer['state-seconds'])}`),
            ],
          },
          { label: 'Received', cell: (peer) => count(total(peer, 'received')) },
          { label: 'Advertised', cell: (peer) => count(total(peer, 'advertised')) },
          {
            label: 'Diagnosis',
            cell: (peer) => (peer.state === 'Established' ? '–' : peer.diagnosis || peer['last-down'] || '–'),
          },
        ],
        none: empty(
          'There is no peer. Add ',
          h('code', {}, 'sites'),
          ' or ',
          h('code', {}, 'peers'),
          ' to the configuration, then ',
          h('code', {}, 'popbgp reload'),
          '.',
        ),
      }),
    ),
  ];
}
