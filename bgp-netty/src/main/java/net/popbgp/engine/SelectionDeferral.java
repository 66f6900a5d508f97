package net.popbgp.engine;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.rib.AdjRibOut;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RoutingTables;

/**
 * Which peers' End-of-RIB the selection of routes waits for after a restart of ours, per address family (RFC 4724, 4.1). Meanwhile what is
 * selected is held back: from the listeners by the tables, from each peer, with the End-of-RIB that is due to it, by its Adj-RIB-Out.
 *
 * <p>Confined to the RIB thread, but for {@link #deferred}.
 */
final class SelectionDeferral {

    private final RoutingTables tables;
    private final RibEvents events;
    private final Map<AddressFamily, Set<String>> awaited = new HashMap<>();
    private Instant until = Instant.MAX;
    private boolean expired;
    private volatile DeferredSelection published = DeferredSelection.NONE;

    SelectionDeferral(RoutingTables tables, RibEvents events) {
        this.tables = tables;
        this.events = events;
    }

    /** {@return what is deferred as of the last turn; from any thread} */
    DeferredSelection deferred() {
        return published;
    }

    /** Waits for the families of these peers, that long at most: then {@link #expire} is to be called. */
    void begin(Map<String, Set<AddressFamily>> peers, Duration selectionDeferralTime) {
        until = Instant.now().plus(selectionDeferralTime);
        peers.forEach((peer, families) -> families.forEach(family ->
                awaited.computeIfAbsent(family, each -> new TreeSet<>()).add(peer)));
        awaited.keySet().forEach(tables::holdChanges);
        publish();
    }

    /** The Selection_Deferral_Timer is over. */
    void expire() {
        expired = true;
    }

    boolean isOn() {
        return !awaited.isEmpty();
    }

    boolean isOn(AddressFamily family) {
        return awaited.containsKey(family);
    }

    /**
     * A session is Established: its peer is waited for, whether or not it was expected, unless it has not got the capability or has restarted
     * itself.
     */
    void up(RibPeer peer) {
        Optional<RestartTerms> terms = peer.setup().stale().restart();
        boolean sendsEndOfRib = terms.isPresent() && !terms.get().restarted();
        awaited.forEach((family, peers) -> {
            if (sendsEndOfRib && peer.setup().families().contains(family)) {
                peers.add(peer.name());
            } else {
                peers.remove(peer.name());
            }
            peer.member().ifPresent(member -> member.hold(family, true));
        });
    }

    void endOfRib(RibPeer peer, AddressFamily family) {
        Set<String> peers = awaited.get(family);
        if (peers != null) {
            peers.remove(peer.name());
        }
    }

    /** The operator has stopped or removed the peer. */
    void forget(String name) {
        awaited.values().forEach(peers -> peers.remove(name));
    }

    /** Lets go of the families that wait for nobody any more. {@return what has changed in their Loc-RIBs meanwhile} */
    List<RibChanges> release(Collection<RibPeer> peers) {
        if (awaited.isEmpty()) {
            return List.of();
        }
        List<RibChanges> released = new ArrayList<>();
        for (AddressFamily family : List.copyOf(awaited.keySet())) {
            Set<String> missing = awaited.getOrDefault(family, Set.of());
            if (missing.isEmpty() || expired) {
                awaited.remove(family);
                for (RibPeer peer : peers) {
                    Optional<AdjRibOut.Member> member = peer.member();
                    member.ifPresent(each -> each.hold(family, false));
                }
                events.selectionMade(family, Set.copyOf(missing));
                released.add(tables.releaseChanges(family));
            }
        }
        publish();
        if (awaited.isEmpty()) {
            events.restartIsOver();
        }
        return released;
    }

    private void publish() {
        Map<AddressFamily, Set<String>> copy = new HashMap<>();
        awaited.forEach((family, peers) -> copy.put(family, Set.copyOf(peers)));
        published = new DeferredSelection(until, copy);
    }
}
