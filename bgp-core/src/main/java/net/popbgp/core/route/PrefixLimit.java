package net.popbgp.core.route;

import java.time.Duration;

/**
 * How many prefixes of one family a peer may announce to us, counted as they are in its Adj-RIB-In, before policy. Immutable.
 *
 * @param limit the most that is fine; one more exceeds it
 * @param warnPercent share of the limit at which the operator is warned, 1..100
 * @param action what happens beyond the limit
 * @param restart with {@link Action#TEAR_DOWN}: how long the session stays down, doubling up to eight times this with every repetition; zero
 *     for until the operator starts it or raises the limit
 */
public record PrefixLimit(int limit, int warnPercent, Action action, Duration restart) {

    /** What happens to a peer beyond its limit. */
    public enum Action {
        /** Take the routes, warn. */
        WARN,
        /** Keep the session, do not take routes beyond the limit, warn. */
        DISCARD,
        /** End the session with Cease 6/1 that carries family and limit (RFC 4486, 4). */
        TEAR_DOWN
    }

    public PrefixLimit {
        if (limit < 1) {
            throw new IllegalArgumentException("prefix limit must be at least 1: " + limit);
        }
        if (warnPercent < 1 || warnPercent > 100) {
            throw new IllegalArgumentException("warn percent out of range 1..100: " + warnPercent);
        }
        if (restart.isNegative()) {
            throw new IllegalArgumentException("restart time must not be negative: " + restart);
        }
    }

    /** {@return a limit that warns at 80 %, tears down and restarts after a minute} */
    public static PrefixLimit tearDown(int limit) {
        return new PrefixLimit(limit, 80, Action.TEAR_DOWN, Duration.ofMinutes(1));
    }

    /** {@return the count at which the operator is warned} */
    public int warnAt() {
        return (int) Math.max(1, (long) limit * warnPercent / 100);
    }
}
