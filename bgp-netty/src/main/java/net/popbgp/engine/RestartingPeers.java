package net.popbgp.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.IntConsumer;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.rib.RoutingTables;
import org.jspecify.annotations.Nullable;

/**
 * Peers whose routes outlive their session, because they are to come back: what the receiving speaker does (RFC 4724, 4.2; RFC 8538, 4.1;
 * RFC 9494, 4.2).
 *
 * <p>A lost peer keeps its number in the tables. Per family its routes wait: for the session, at most the Restart Time; then, where that was
 * agreed on, as a last resort for the Long-Lived Stale Time; and once the session is back for End-of-RIB, at most the stale time. Whatever
 * ends the wait removes what is still stale. A peer with no family that waits is forgotten here.
 *
 * <p>Confined to the RIB thread, but for {@link #staleRoutes}.
 */
final class RestartingPeers {

    /** One family of a lost peer. Its timers hold on to the object: once it is removed they mean nothing. */
    private static final class Waiting {
        final AddressFamily family;
        /** Counts the waits: a timer of an earlier one means nothing. */
        int wait;

        Instant until = Instant.MAX;
        boolean longLived;
        /** When the Long-Lived Stale Time ends that has begun. */
        @Nullable
        Instant longLivedUntil;
        /** The Long-Lived Stale Time is over; the session is back, so End-of-RIB or its loss removes what is stale. */
        boolean expired;

        Waiting(AddressFamily family) {
            this.family = family;
        }
    }

    private static final class Lost {
        final String name;
        final int index;
        final Map<AddressFamily, Waiting> families = new HashMap<>();
        RestartTerms terms;
        Instant since = Instant.now();
        boolean back;

        Lost(String name, int index, RestartTerms terms) {
            this.name = name;
            this.index = index;
            this.terms = terms;
        }
    }

    private final RoutingTables tables;
    private final RibEvents events;
    private final BiConsumer<Runnable, Duration> later;
    private final IntConsumer gone;
    private final Map<String, Lost> peers = new HashMap<>();
    private final Map<String, StaleRoutes> published = new ConcurrentHashMap<>();

    /**
     * @param later does something on the RIB thread after a while
     * @param gone told the number of a peer that has not come back, after its routes have gone
     */
    RestartingPeers(RoutingTables tables, RibEvents events, BiConsumer<Runnable, Duration> later, IntConsumer gone) {
        this.tables = tables;
        this.events = events;
        this.later = later;
        this.gone = gone;
    }

    /** {@return what is left of a peer's former session; from any thread} */
    Optional<StaleRoutes> staleRoutes(String name) {
        return Optional.ofNullable(published.get(name));
    }

    /** {@return the number of a peer whose routes are here without a session} */
    OptionalInt index(String name) {
        Lost lost = peers.get(name);
        return lost == null || lost.back ? OptionalInt.empty() : OptionalInt.of(lost.index);
    }

    /** A session has ended in a way that lets its routes stay. {@return whether any do, and with them the peer's number} */
    boolean lost(RibPeer peer) {
        Optional<RestartTerms> terms = peer.setup().stale().restart();
        if (terms.isEmpty()) {
            return false;
        }
        Lost before = peers.remove(peer.name());
        Lost lost = before == null ? new Lost(peer.name(), peer.index, terms.get()) : before;
        lost.terms = terms.get();
        lost.since = Instant.now();
        lost.back = false;
        for (AddressFamily family : peer.setup().families()) {
            keep(lost, family);
        }
        if (lost.families.isEmpty()) {
            return false;
        }
        peers.put(lost.name, lost);
        return true;
    }

    private void keep(Lost lost, AddressFamily family) {
        Waiting before = lost.families.remove(family);
        Duration restartTime = lost.terms.restartTime(family);
        Duration longLived = lost.terms.longLived(family);
        if (before != null && mustGo(lost, before, longLived)) {
            sweep(lost, family);
        }
        if (restartTime.isZero() && longLived.isZero()) {
            tables.clear(lost.index, family);
        }
        tables.markStale(lost.index, family);
        int routes = tables.stale(lost.index, family);
        if (routes == 0) {
            return;
        }
        events.staleRoutes(lost.name, family, RibEvents.StaleState.RETAINED, routes);
        Waiting waiting = before == null ? new Waiting(family) : before;
        lost.families.put(family, waiting);
        if (restartTime.isZero()) {
            becomeLongLived(lost, waiting);
        } else {
            await(lost, waiting, restartTime, () -> restartTimeIsOver(lost, waiting));
        }
    }

    /** Of a second restart in a row: what was stale before is deleted, unless RFC 8538, 4.1 or RFC 9494, 4.2 keeps it. */
    private static boolean mustGo(Lost lost, Waiting before, Duration longLived) {
        return before.expired || !lost.terms.notification() && longLived.isZero();
    }

    private void restartTimeIsOver(Lost lost, Waiting waiting) {
        if (lost.terms.longLived(waiting.family).isZero()) {
            end(lost, waiting);
        } else {
            becomeLongLived(lost, waiting);
        }
    }

    private void becomeLongLived(Lost lost, Waiting waiting) {
        waiting.longLived = true;
        tables.keepAsLastResort(lost.index, waiting.family);
        int routes = tables.stale(lost.index, waiting.family);
        events.staleRoutes(lost.name, waiting.family, RibEvents.StaleState.LONG_LIVED, routes);
        if (routes == 0) {
            end(lost, waiting);
            return;
        }
        waiting.wait++;
        Instant until = waiting.longLivedUntil;
        if (until == null) { // a timer that runs already goes on over returns and further losses (RFC 9494, 4.2)
            Duration time = lost.terms.longLived(waiting.family);
            until = Instant.now().plus(time);
            waiting.longLivedUntil = until;
            later.accept(() -> longLivedStaleTimeIsOver(lost, waiting), time);
        }
        waiting.until = until;
    }

    private void longLivedStaleTimeIsOver(Lost lost, Waiting waiting) {
        if (!isWaiting(lost, waiting)) {
            return;
        }
        if (lost.back) {
            waiting.expired = true;
        } else {
            end(lost, waiting);
        }
    }

    /** The session is back: families whose state the peer has not kept lose their stale routes. {@return the peer's number, if it has one} */
    OptionalInt returned(RibPeer peer) {
        Lost lost = peers.get(peer.name());
        if (lost == null) {
            return OptionalInt.empty();
        }
        lost.back = true;
        Optional<RestartTerms> terms = peer.setup().stale().restart();
        for (Waiting waiting : List.copyOf(lost.families.values())) {
            AddressFamily family = waiting.family;
            boolean preserved = peer.setup().families().contains(family)
                    && terms.filter(t -> (waiting.longLived ? t.longLivedPreserved() : t.preserved()).contains(family))
                            .isPresent();
            if (preserved) {
                await(lost, waiting, terms.get().staleTime(), () -> end(lost, waiting));
            } else {
                end(lost, waiting);
            }
        }
        return OptionalInt.of(lost.index);
    }

    /** {@return whether stale routes of the peer are still there} */
    boolean isWaiting(String name) {
        return peers.containsKey(name);
    }

    void endOfRib(String name, AddressFamily family) {
        Lost lost = peers.get(name);
        Waiting waiting = lost == null ? null : lost.families.get(family);
        if (lost != null && waiting != null) {
            end(lost, waiting);
        }
    }

    /** The peer has no number in the tables any more. */
    void forget(String name) {
        peers.remove(name);
    }

    /** Removes what is kept of a peer without a session. */
    void remove(String name) {
        Lost lost = peers.get(name);
        if (lost != null && !lost.back) {
            List.copyOf(lost.families.values()).forEach(waiting -> end(lost, waiting));
        }
    }

    private void await(Lost lost, Waiting waiting, Duration time, Runnable over) {
        int wait = ++waiting.wait;
        waiting.until = Instant.now().plus(time);
        later.accept(
                () -> {
                    if (isWaiting(lost, waiting) && waiting.wait == wait) {
                        over.run();
                    }
                },
                time);
    }

    private boolean isWaiting(Lost lost, Waiting waiting) {
        return peers.get(lost.name) == lost && lost.families.get(waiting.family) == waiting;
    }

    private void end(Lost lost, Waiting waiting) {
        lost.families.remove(waiting.family);
        sweep(lost, waiting.family);
        boolean last = lost.families.isEmpty() && peers.remove(lost.name, lost);
        if (last && !lost.back) {
            tables.removePeer(lost.index);
            gone.accept(lost.index);
        }
    }

    private void sweep(Lost lost, AddressFamily family) {
        int routes = tables.sweepStale(lost.index, family);
        events.staleRoutes(lost.name, family, RibEvents.StaleState.REMOVED, routes);
    }

    /** Lets other threads see how it stands. */
    void publish() {
        published.keySet().retainAll(peers.keySet());
        for (Lost lost : peers.values()) {
            Map<AddressFamily, StaleRoutes.Family> families = new HashMap<>();
            lost.families.forEach((family, waiting) -> families.put(
                    family,
                    new StaleRoutes.Family(tables.stale(lost.index, family), waiting.longLived, waiting.until)));
            published.put(lost.name, new StaleRoutes(lost.since, families));
        }
    }
}
