package net.popbgp.core.fsm;

import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long a peer that failed stays in Idle before the next try (DampPeerOscillations and IdleHoldTime of RFC 4271, 8.1.1).
 *
 * <p>The first failure of a session that had been Established costs nothing: most are one-off, and the routes should be back soon. Every
 * other failure waits, and each wait is twice the one before, up to the maximum. Only a stable session or an operator's start makes it
 * forget; becoming Established alone does not, so a peer that sends the same malformed UPDATE after every reconnect is backed off as well.
 *
 * <p>One instance serves all connections of a peer, so a collision does not lose the count. Mutable. Confined to the peer's loop.
 */
public final class IdleHold {

    private final Duration idleHoldTime;
    private final Duration maxIdleHoldTime;
    private final RandomGenerator jitter;
    private Duration wait;
    private int failures;
    private @Nullable Duration forced;

    /**
     * @param idleHoldTime the first wait, more than zero
     * @param maxIdleHoldTime the longest, not less than the first
     * @param jitter waits are multiplied by a random factor of 0.75 to 1.0
     */
    public IdleHold(Duration idleHoldTime, Duration maxIdleHoldTime, RandomGenerator jitter) {
        if (idleHoldTime.isNegative() || idleHoldTime.isZero()) {
            throw new IllegalArgumentException("idle hold time must be more than zero: " + idleHoldTime);
        }
        if (maxIdleHoldTime.compareTo(idleHoldTime) < 0) {
            throw new IllegalArgumentException("maximum idle hold time must not be less than the idle hold time of "
                    + idleHoldTime + ": " + maxIdleHoldTime);
        }
        this.idleHoldTime = idleHoldTime;
        this.maxIdleHoldTime = maxIdleHoldTime;
        this.jitter = jitter;
        this.wait = idleHoldTime;
    }

    /**
     * Counts a failure.
     *
     * @param wasEstablished whether the session had got that far
     * @return the wait in Idle, zero to restart at once
     */
    public Duration next(boolean wasEstablished) {
        boolean first = failures == 0;
        if (failures < Integer.MAX_VALUE) {
            failures++;
        }
        Duration demanded = forced;
        if (demanded != null) {
            forced = null;
            return demanded;
        }
        if (first && wasEstablished) {
            return Duration.ZERO;
        }
        Duration now = wait;
        wait = now.compareTo(maxIdleHoldTime.dividedBy(2)) > 0 ? maxIdleHoldTime : now.multipliedBy(2);
        return jittered(now, jitter);
    }

    /** Makes the next wait this long, whatever came before and without jitter: for a peer that is over its prefix limit. */
    public void holdFor(Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException("a wait cannot be negative: " + duration);
        }
        forced = duration;
    }

    /** Forgets everything: the session was stable, or the operator started it. */
    public void reset() {
        failures = 0;
        wait = idleHoldTime;
        forced = null;
    }

    /** {@return failures in a row, without a stable session in between} */
    public int failures() {
        return failures;
    }

    /** {@return the first wait, for an ending that is not the peer's failure and does not count} */
    Duration shortest() {
        return jittered(idleHoldTime, jitter);
    }

    /** {@return the duration times a factor of 0.75 to 1.0 (RFC 4271, 10)} */
    static Duration jittered(Duration duration, RandomGenerator random) {
        return Duration.ofMillis((long) (duration.toMillis() * (0.75 + 0.25 * random.nextDouble())));
    }
}
