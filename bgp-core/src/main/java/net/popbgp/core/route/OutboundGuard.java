package net.popbgp.core.route;

/**
 * How many prefixes of one family a peer takes from us. What would exceed it is withheld instead of sent, so that the peer has no reason to
 * tear the session down. Immutable.
 *
 * @param limit the most that is advertised
 * @param warnPercent share of the limit at which the operator is warned, 1..100
 */
public record OutboundGuard(int limit, int warnPercent) {

    public OutboundGuard {
        if (limit < 1) {
            throw new IllegalArgumentException("outbound guard must be at least 1: " + limit);
        }
        if (warnPercent < 1 || warnPercent > 100) {
            throw new IllegalArgumentException("warn percent out of range 1..100: " + warnPercent);
        }
    }

    public static OutboundGuard of(int limit) {
        return new OutboundGuard(limit, 80);
    }

    /** {@return the count at which the operator is warned} */
    public int warnAt() {
        return (int) Math.max(1, (long) limit * warnPercent / 100);
    }
}
