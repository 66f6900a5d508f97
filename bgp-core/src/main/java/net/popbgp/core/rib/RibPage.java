package net.popbgp.core.rib;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.route.Route;

/**
 * Some rows of a table, in no particular order of prefixes. A page can hold fewer rows than asked for, even none, while there are more: one
 * call looks at a bounded part of the table. The paths of a prefix (RFC 7911) stay together, so the last prefix of a page can exceed the
 * limit.
 *
 * <p>Immutable.
 *
 * @param nextCursor where to go on, {@link #END} after the last page
 */
public record RibPage(List<Row> rows, long nextCursor) {

    /** There is no next page. */
    public static final long END = -1;

    public RibPage {
        rows = List.copyOf(rows);
    }

    /** What became of a received route. */
    public enum Status {
        BEST,
        /** In use beside the best one, as no step down to the interior cost tells it from that. */
        MULTIPATH,
        BACKUP,
        CANDIDATE,
        REJECTED
    }

    /**
     * One route. Immutable.
     *
     * @param peer the number of the peer it came from
     * @param pathId the peer's Path Identifier, 0..4294967295; empty where it sends none
     * @param route as received
     * @param accepted as the import policy left it; empty if rejected
     * @param step where it was eliminated; for the best the step that decided; empty if rejected
     * @param rejectReason why it was rejected, otherwise empty
     */
    public record Row(
            int peer,
            OptionalLong pathId,
            Route route,
            Optional<Route> accepted,
            Status status,
            Optional<DecisionStep> step,
            String rejectReason) {}
}
