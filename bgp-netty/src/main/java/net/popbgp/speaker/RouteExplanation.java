package net.popbgp.speaker;

import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;

/**
 * Why a prefix is routed as it is. Immutable.
 *
 * @param decidedBy the step of the Decision Process that left one route, or {@code no route}
 */
public record RouteExplanation(Prefix prefix, List<Candidate> candidates, String decidedBy) {

    /**
     * One route for the prefix.
     *
     * @param pathId the peer's Path Identifier (RFC 7911), 0..4294967295; empty where it sends none
     * @param received the attributes as the peer sent them
     * @param accepted past the import policy, empty if that rejected the route
     * @param verdict accepted, modified, or rejected with the rule
     * @param lostAt the step at which it was eliminated, empty for the best
     */
    public record Candidate(
            String peer,
            OptionalLong pathId,
            int metric,
            PathAttributes received,
            Optional<PathAttributes> accepted,
            String verdict,
            RoutePage.Status status,
            String lostAt) {}

    public RouteExplanation {
        candidates = List.copyOf(candidates);
    }
}
