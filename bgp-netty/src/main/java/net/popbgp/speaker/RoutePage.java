package net.popbgp.speaker;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;

/**
 * One page of routes. The paths of a prefix from one peer (RFC 7911) stay on one page, so the last can exceed the limit. Routes that change
 * while one pages may be missed or seen twice. Immutable.
 *
 * @param next the cursor of the next page, empty after the last
 */
public record RoutePage(List<Row> rows, OptionalLong next) {

    /**
     * One route. Immutable.
     *
     * @param peer the name of the peer that it is from, {@code local} for our own
     * @param pathId the Path Identifier (RFC 7911), the peer's or, of what is advertised to it, ours, 0..4294967295; empty where there is none
     * @param metric that peer's
     * @param status what the tables make of it
     * @param backupPeer of a route that is in use: the peer that would be next
     * @param multipathPeers Loc-RIB: the other peers whose equal routes are in use, too
     * @param note Loc-RIB: the step that decided; Adj-RIB-In: the rule that rejected it
     * @param times Adj-RIB-Out: when it was advertised, where the peer's {@code PeerRouting.advertisedTimes} asks for it
     */
    public record Row(
            Prefix prefix,
            PathAttributes attributes,
            String peer,
            OptionalLong pathId,
            int metric,
            Status status,
            Optional<String> backupPeer,
            List<String> multipathPeers,
            String note,
            Optional<Times> times) {}

    /** When a prefix was first advertised to a peer since it last had not, and when last. Immutable. */
    public record Times(Instant added, Instant updated) {}

    /** What the tables make of a route. */
    public enum Status {
        /** In use. */
        BEST,
        /** In use beside the best one, to which it is equal. */
        MULTIPATH,
        /** Next in line. */
        BACKUP,
        /** A usable route that is neither. */
        VALID,
        /** Turned away by the import policy. */
        REJECTED,
        /** Sent to the peer (Adj-RIB-Out). */
        ADVERTISED,
        /** Kept back by the outbound guard (Adj-RIB-Out). */
        WITHHELD
    }

    public RoutePage {
        rows = List.copyOf(rows);
    }
}
