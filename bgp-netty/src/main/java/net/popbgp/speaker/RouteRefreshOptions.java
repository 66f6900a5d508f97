package net.popbgp.speaker;

import java.time.Duration;

/**
 * How routes are sent again on request (RFC 2918, RFC 7313). Immutable.
 *
 * @param enhanced whether beginning and end of a refresh are marked, with a peer that can do it too
 * @param staleTime how long routes stay that the peer's refresh has not repeated if its end never comes; positive
 */
public record RouteRefreshOptions(boolean enhanced, Duration staleTime) {

    /** Marked, and 10 minutes to complete. */
    public static final RouteRefreshOptions DEFAULT = new RouteRefreshOptions(true, Duration.ofMinutes(10));

    public RouteRefreshOptions {
        if (staleTime.isNegative() || staleTime.isZero()) {
            throw new IllegalArgumentException("the stale time of a route refresh must be positive: " + staleTime);
        }
    }
}
