package net.popbgp.speaker;

import java.util.List;
import java.util.Set;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.rib.RibChange;

/**
 * What happens, in order per peer, on one dispatch thread per listener. A listener may block: it delays only itself. If it falls behind by
 * more than its queue holds, events are dropped and {@link #onLagged} tells how many; {@link BgpSpeaker#routes} then gives the present state.
 */
public interface BgpListener {

    /** A peer's state has changed. The reason is why, where the new state is a step back. */
    default void onStateChange(String peer, FsmState from, FsmState to, DownReason reason) {}

    /** A NOTIFICATION was sent or received. */
    default void onNotification(String peer, Direction direction, NotificationMessage message) {}

    /** The peer has sent all its initial routes of a family (RFC 4724, 2). */
    default void onEndOfRib(String peer, AddressFamily family) {}

    /** A count has reached a warning share or a limit, or has come back below: inbound limit or outbound guard. */
    default void onPrefixLimit(String peer, AddressFamily family, Direction direction, LimitState state, int count) {}

    /** Routes of a family have outlived the session of a peer that restarts, or their time is over (RFC 4724, 4.2). */
    default void onStaleRoutes(String peer, AddressFamily family, StaleState state, int routes) {}

    /**
     * The selection of a family's routes, which a restart of ours had deferred, has been made (RFC 4724, 4.1).
     *
     * @param missing peers whose End-of-RIB was waited for to the last; empty if all had sent it
     */
    default void onSelectionMade(AddressFamily family, Set<String> missing) {}

    /**
     * {@return whether {@link #onLocRibChange} is to be called; asked once, when the speaker is made} A speaker none of whose listeners follows
     * its routes does not make up lists of their changes.
     */
    default boolean followsRoutes() {
        return true;
    }

    /** Best routes, or the sets of equal routes in use, have changed. The list makes its elements when they are asked for. */
    default void onLocRibChange(List<RibChange> changes) {}

    /** A peer's session is being drained before it is shut down, or no longer (RFC 8326). */
    default void onDrain(String peer, Drain drain) {}

    /**
     * The active circuit of a group is another one. When the active session is lost, this comes at once, before a prefix has moved and
     * however many there are, so that a data plane behind the listener can switch the group as a whole. A listener whose
     * {@link #followsRoutes} is false has no route changes before it in its queue.
     */
    default void onFailover(Failover failover) {}

    /**
     * All prefixes of the failover told before have moved in the Loc-RIB; {@link Failover#detectionToSwitch} says after how long. Not told if
     * the group's next failover came first.
     */
    default void onFailoverCompleted(Failover failover) {}

    /** Events were dropped because this listener was too slow. */
    default void onLagged(long missed) {}

    /** Which way something went. */
    enum Direction {
        SENT,
        RECEIVED
    }

    /** What happens to routes that have outlived their session. */
    enum StaleState {
        /** The session was lost; they stay and are used as before. */
        RETAINED,
        /** The Restart Time is over; they are a last resort from now on (RFC 9494, 4.2). */
        LONG_LIVED,
        /** Those that were still stale have gone, if any were: the peer has sent all it has, or the time was over. */
        REMOVED
    }

    /** Where a count stands against its limit. */
    enum LimitState {
        OK,
        WARNING,
        EXCEEDED
    }
}
