package net.popbgp.daemon.restart;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.speaker.DynamicPeersConfig;
import net.popbgp.speaker.PeerConfig;

/**
 * What a run of the daemon leaves behind for the next one. Immutable.
 *
 * @param bootId the boot of the machine that it ran in, empty if that is not told
 * @param peers those that wait for us if the run ends now, in order of their names
 */
record RunState(String bootId, Asn localAs, RouterId routerId, List<Peer> peers) {

    /**
     * A peer that keeps our routes when the session is lost. Immutable.
     *
     * @param keeps how long, as we have told it: the Restart Time and, where that was agreed on, the Long-Lived Stale Time behind it
     * @param lostAt when the session was lost, empty while it is Established
     */
    record Peer(String name, InetAddress address, Duration keeps, Optional<Instant> lostAt) {

        boolean waitsAt(Instant now) {
            return lostAt.filter(at -> !at.isAfter(now) && !now.isAfter(at.plus(keeps)))
                    .isPresent();
        }

        /** {@return the same peer, its session lost at that time or, if it was lost already, before} */
        Peer lost(Instant at) {
            return lostAt.isPresent() ? this : new Peer(name, address, keeps, Optional.of(at));
        }
    }

    RunState {
        peers = List.copyOf(peers);
    }

    /** {@return the state after the end of the run: no session is left} */
    RunState ended(Instant at) {
        return new RunState(
                bootId,
                localAs,
                routerId,
                peers.stream().map(peer -> peer.lost(at)).toList());
    }

    /**
     * {@return the peers that still wait for us, with their families: lost no longer ago than they keep our routes, and configured
     * with graceful restart as they were} A loss in the future is none: the clock has been set back, so nobody knows how long ago it was.
     */
    Map<String, Set<AddressFamily>> waiting(DaemonConfig config, Instant now) {
        Map<String, PeerConfig> configured =
                config.peers().stream().collect(Collectors.toMap(PeerConfig::name, Function.identity()));
        Map<String, Set<AddressFamily>> waiting = new TreeMap<>();
        for (Peer peer : peers) {
            if (peer.waitsAt(now)) {
                Optional.ofNullable(configured.get(peer.name()))
                        .filter(each -> each.remoteAddress().equals(peer.address()))
                        .or(() -> dynamic(peer, config.dynamicPeers()))
                        .filter(each -> each.enabled() && each.gracefulRestart().enabled())
                        .ifPresent(each -> waiting.put(peer.name(), each.families()));
            }
        }
        return waiting;
    }

    private static Optional<PeerConfig> dynamic(Peer peer, List<DynamicPeersConfig> ranges) {
        return ranges.stream()
                .map(range -> range.peer(peer.address()))
                .flatMap(Optional::stream)
                .filter(each -> each.name().equals(peer.name()))
                .findFirst();
    }
}
