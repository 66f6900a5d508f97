package net.popbgp.speaker;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.session.Peer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The ranges that peers may come from, and the peers that have.
 *
 * <p>A peer without a session is forgotten after the range's delay, but not while it is damped, so that who reconnects does not escape
 * the damping, nor while its routes are kept for its restart (RFC 4724). One that the operator has stopped stays until it is started.
 *
 * <p>Ranges and peers change under the speaker's lock; the rest is thread-safe.
 */
final class DynamicPeers {

    private static final Logger LOG = LoggerFactory.getLogger(DynamicPeers.class);

    private static final class Range {
        volatile DynamicPeersConfig config;
        final Set<PeerHandle> peers = ConcurrentHashMap.newKeySet();
        final AtomicLong refused = new AtomicLong();

        Range(DynamicPeersConfig config) {
            this.config = config;
        }
    }

    private final Map<String, Range> ranges = new ConcurrentHashMap<>();
    private final Predicate<PeerHandle> holdsStaleRoutes;

    DynamicPeers(Predicate<PeerHandle> holdsStaleRoutes) {
        this.holdsStaleRoutes = holdsStaleRoutes;
    }

    /** @throws IllegalArgumentException if the name or the range is in use */
    void add(DynamicPeersConfig config) {
        for (Range other : ranges.values()) {
            if (other.config.name().equals(config.name())
                    || other.config.range().equals(config.range())) {
                throw new IllegalArgumentException("there are dynamic peers '" + other.config.name() + "' of "
                        + other.config.range() + " already");
            }
        }
        ranges.put(config.name(), new Range(config));
    }

    /**
     * {@return the peers that are there, to be reconfigured}
     *
     * @throws IllegalArgumentException if there is no such range, or it has other addresses
     */
    List<PeerHandle> change(DynamicPeersConfig config) {
        Range range = ranges.get(config.name());
        if (range == null || !range.config.range().equals(config.range())) {
            throw new IllegalArgumentException(
                    "there are no dynamic peers '" + config.name() + "' of " + config.range());
        }
        range.config = config;
        return List.copyOf(range.peers);
    }

    /** Removes a range's peers and takes no more. {@return when they have gone} */
    CompletionStage<Void> remove(String name) {
        Range range = ranges.remove(name);
        Set<PeerHandle> peers = range == null ? Set.of() : range.peers;
        return CompletableFuture.allOf(peers.stream()
                .map(PeerHandle::remove)
                .map(CompletionStage::toCompletableFuture)
                .toArray(CompletableFuture<?>[]::new));
    }

    boolean covers(InetAddress remote) {
        return range(remote).isPresent();
    }

    /** {@return the longest range that an address is in} */
    private Optional<Range> range(InetAddress remote) {
        Prefix host = Prefix.of(remote, remote.getAddress().length * 8);
        return ranges.values().stream()
                .filter(each -> each.config.range().covers(host))
                .max(Comparator.comparingInt(each -> each.config.range().length()));
    }

    Optional<DynamicPeersStatus> status(String name) {
        return status().stream()
                .filter(each -> each.config().name().equals(name))
                .findFirst();
    }

    List<DynamicPeersStatus> status() {
        return ranges.values().stream()
                .map(range -> new DynamicPeersStatus(range.config, range.peers.size(), range.refused.get()))
                .sorted(Comparator.comparing(each -> each.config().name()))
                .toList();
    }

    /** {@return a new peer for an address of a range that has room, null otherwise} */
    @Nullable
    PeerHandle make(InetAddress remote, BiFunction<PeerConfig, String, PeerHandle> maker) {
        Range range = range(remote).orElse(null);
        if (range == null) {
            return null;
        }
        if (range.peers.size() >= range.config.limit()) {
            long count = range.refused.incrementAndGet();
            if (Long.bitCount(count) == 1) { // the 1st, 2nd, 4th, ... so that a flood does not fill the log
                LOG.warn(
                        "event=dynamic_peer_refused range={} limit={} remote={} total={}",
                        range.config.name(),
                        range.config.limit(),
                        IpAddresses.text(remote),
                        count);
            }
            return null;
        }
        PeerHandle made = maker.apply(range.config.peer(IpAddresses.text(remote)), range.config.name());
        range.peers.add(made);
        LOG.info("peer={} event=dynamic_peer_added range={}", made.name(), range.config.name());
        return made;
    }

    /** A peer of a range has changed its state: without a session its time begins to run. On the peer's loop. */
    void stateChanged(PeerHandle peer, FsmState to) {
        if (to == FsmState.ACTIVE) {
            removeLater(peer, peer.peer().view().since());
        }
    }

    private void removeLater(PeerHandle peer, Instant since) {
        Range range = ranges.get(peer.dynamicRange());
        if (range != null) {
            peer.peer()
                    .loop()
                    .schedule(
                            () -> removeIfStillWaiting(peer, since),
                            range.config.removeAfter().toNanos(),
                            TimeUnit.NANOSECONDS);
        }
    }

    private void removeIfStillWaiting(PeerHandle peer, Instant since) {
        Peer.View view = peer.peer().view();
        if (view.state() != FsmState.ACTIVE || !view.since().equals(since)) {
            return;
        }
        if (holdsStaleRoutes.test(peer)) {
            removeLater(peer, since);
        } else {
            peer.remove();
        }
    }

    void removed(PeerHandle peer) {
        Range range = ranges.get(peer.dynamicRange());
        if (range != null && range.peers.remove(peer)) {
            LOG.info("peer={} event=dynamic_peer_removed range={}", peer.name(), peer.dynamicRange());
        }
    }
}
