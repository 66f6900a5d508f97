package net.popbgp.daemon.site;

import java.util.Optional;
import java.util.OptionalLong;
import net.popbgp.core.net.Prefix;

/**
 * A route as the routing table of a point of presence shows it. Immutable.
 *
 * @param site the site that it is of, empty for none
 * @param circuit the circuit of the site
 * @param peer the peer that it is from, {@code local} for our own announcements; empty for static routes
 * @param pathId the Path Identifier (RFC 7911) where the peer sends one
 * @param nextHop where to, as text; empty for what is on the link itself and for our own
 * @param pop the point of presence of the circuit, empty where there is none
 * @param metric the peer's
 * @param selected whether it is in use; routes that are not are shown grey
 */
public record RoutingTableRow(
        Prefix subnet,
        Type type,
        String site,
        Optional<CircuitRole> circuit,
        String peer,
        OptionalLong pathId,
        String nextHop,
        String pop,
        int metric,
        State state,
        boolean selected) {

    /** Where a route is from. */
    public enum Type {
        /** The link of a circuit, or the cloud's address on it. */
        STATIC,
        /** Learned by BGP, or announced. */
        DYNAMIC
    }

    /** What becomes of it. */
    public enum State {
        /** In use. */
        ACTIVE,
        /** In use beside another that is equal. */
        MULTIPATH,
        /** Would be used next, or later. */
        PASSIVE,
        /** A static route whose circuit is down. */
        DOWN
    }
}
