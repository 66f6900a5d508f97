package net.popbgp.engine;

import java.util.Optional;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.rib.RibChanges;

/** What the tables have to tell. Called on the RIB thread, so it must only hand on. */
public interface RibEvents {

    /** Where a count stands against its limit. */
    enum Level {
        OK,
        WARNING,
        EXCEEDED
    }

    /** Which limit a count is held against. */
    enum LimitKind {
        /** Prefixes that the peer announces to us. */
        INBOUND,
        /** Prefixes that we advertise to the peer. */
        OUTBOUND
    }

    /**
     * Another circuit of a group carries the traffic now.
     *
     * @param from the peer before, {@code to} the peer now
     * @param prefixes how many prefixes change their best route
     * @param detectedNanos when the cause was noticed, on the engine's clock
     */
    record CircuitChange(
            String group,
            Optional<String> from,
            Optional<String> to,
            String trigger,
            int prefixes,
            long detectedNanos) {}

    /** What happens to routes that have outlived their session. */
    enum StaleState {
        /** The session was lost; they stay and are used as before. */
        RETAINED,
        /** The Restart Time is over; they are a last resort from now on (RFC 9494, 4.2). */
        LONG_LIVED,
        /** Those that were still stale have gone: the peer has sent all it has, or the time was over. */
        REMOVED
    }

    /** {@return whether {@link #locRibChanged} is to be called; asked once, at the start} */
    default boolean followsRoutes() {
        return true;
    }

    void locRibChanged(RibChanges changes);

    void endOfRib(String peer, AddressFamily family);

    void limit(String peer, AddressFamily family, LimitKind kind, Level level, int count);

    /** Routes of a peer outlive their session; how many says the count. */
    default void staleRoutes(String peer, AddressFamily family, StaleState state, int routes) {}

    /** Told once a change is certain; when a session is lost, before the tables and any peer have another route. */
    default void circuitChanged(CircuitChange change) {}

    /**
     * All prefixes of the change have moved in the Loc-RIB.
     *
     * @param nanos when, on the engine's clock
     */
    default void circuitSwitched(CircuitChange change, long nanos) {}

    /**
     * The selection of a family's routes that a restart of ours has deferred has been made (RFC 4724, 4.1).
     *
     * @param missing the peers that were waited for to the last; empty if all had sent End-of-RIB
     */
    default void selectionMade(AddressFamily family, Set<String> missing) {}

    /** No selection is deferred any more. */
    default void restartIsOver() {}

    /** The tables can no longer be trusted: a bug. The engine has stopped. */
    void failed(Throwable bug);
}
