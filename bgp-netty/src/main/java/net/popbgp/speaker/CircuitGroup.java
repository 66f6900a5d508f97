package net.popbgp.speaker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Two peers that reach the same cloud over two circuits, the primary and the secondary. Routes learned from one are never advertised to the
 * other. The active one is the one whose routes are selected for most prefixes; a peer that is Established but has no selected route is not
 * active, and neither is one whose session is lost, from the moment on that this is known.
 *
 * <p>Thread-safe.
 */
public final class CircuitGroup {

    /** How many changes are remembered. */
    public static final int HISTORY = 32;

    private final String name;
    private final PeerHandle primary;
    private final PeerHandle secondary;
    private volatile Optional<PeerHandle> active = Optional.empty();
    private volatile List<Failover> failovers = List.of();

    CircuitGroup(String name, PeerHandle primary, PeerHandle secondary) {
        this.name = name;
        this.primary = primary;
        this.secondary = secondary;
    }

    public String name() {
        return name;
    }

    public PeerHandle primary() {
        return primary;
    }

    public PeerHandle secondary() {
        return secondary;
    }

    /** {@return the peer that carries the traffic, empty if neither does} */
    public Optional<PeerHandle> active() {
        return active;
    }

    /** {@return the last change of the active circuit} */
    public Optional<Failover> lastFailover() {
        List<Failover> known = failovers;
        return known.isEmpty() ? Optional.empty() : Optional.of(known.get(known.size() - 1));
    }

    /** {@return the latest changes of the active circuit, at most {@link #HISTORY}, oldest first} */
    public List<Failover> failovers() {
        return failovers;
    }

    boolean contains(PeerHandle peer) {
        return peer == primary || peer == secondary;
    }

    void changed(Failover failover) {
        active = primary.name().equals(failover.to())
                ? Optional.of(primary)
                : secondary.name().equals(failover.to()) ? Optional.of(secondary) : Optional.empty();
        List<Failover> known = new ArrayList<>(failovers);
        known.add(failover);
        failovers = List.copyOf(known.subList(Math.max(0, known.size() - HISTORY), known.size()));
    }

    /** The latest change is complete. {@return it, with the time that it took; empty if the group is too young to have seen it} */
    Optional<Failover> switched(Duration detectionToSwitch) {
        Optional<Failover> complete = lastFailover().map(failover -> failover.switchedAfter(detectionToSwitch));
        complete.ifPresent(failover -> {
            List<Failover> known = new ArrayList<>(failovers);
            known.set(known.size() - 1, failover);
            failovers = List.copyOf(known);
        });
        return complete;
    }
}
