package net.popbgp.speaker;

import java.util.Optional;

/**
 * Two peers that reach the same cloud over two circuits, the primary and the secondary. Routes learned from one are never advertised to the
 * other. The active one is the one whose routes are selected for most prefixes; a peer that is Established but has no selected route is not
 * active.
 *
 * <p>Thread-safe.
 */
public final class CircuitGroup {

    private final String name;
    private final PeerHandle primary;
    private final PeerHandle secondary;
    private volatile Optional<PeerHandle> active = Optional.empty();
    private volatile Optional<Failover> lastFailover = Optional.empty();

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
        return lastFailover;
    }

    boolean contains(PeerHandle peer) {
        return peer == primary || peer == secondary;
    }

    void changed(Failover failover) {
        active = primary.name().equals(failover.to())
                ? Optional.of(primary)
                : secondary.name().equals(failover.to()) ? Optional.of(secondary) : Optional.empty();
        lastFailover = Optional.of(failover);
    }
}
