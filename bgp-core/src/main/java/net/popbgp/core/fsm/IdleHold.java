package net.popbgp.core.fsm;

import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How long a peer that failed stays in Idle before the next try (DampPeerOscillations and IdleHoldTime of RFC 4271, 8.1.1).
 *
 * <p>The first failure of a session that had been Established costs nothing: most are one-off, and the routes should be back soon. Every
 * other failure waits, and each wait is twice the one before, up to the maximum. A session that was Established for at least as long as the
 * wait that is due does not wait on top of that, so failures follow one another no faster than the waits have them; the next is twice as
 * long all the same. Only a stable session or an operator's start makes it forget; becoming Established alone does not, so a peer that sends
 * the same malformed UPDATE after every reconnect is backed off as well.
 *
 * <p>One instance serves all connections of a peer, so a collision does not lose the count. Mutable. Confined to the peer's loop.
 */
public final class IdleHold {

    private Duration idleHoldTime;
    private Duration maxIdleHoldTime;
    private final RandomGenerator jitter;
    private final LongSupplier nanoTime;
    private Duration wait;
    private int failures;
    private boolean established;
    private long establishedNanos;
    private @Nullable Duration forced;

    /**
     * @param idleHoldTime the first wait, more than zero
     * @param maxIdleHoldTime the longest, not less than the first
     * @param jitter waits are multiplied by a random factor of 0.75 to 1.0
     * @param nanoTime the time in nanoseconds, from whatever moment on
     */
    public IdleHold(Duration idleHoldTime, Duration maxIdleHoldTime, RandomGenerator jitter, LongSupplier nanoTime) {
        checkTimes(idleHoldTime, maxIdleHoldTime);
        this.idleHoldTime = idleHoldTime;
        this.maxIdleHoldTime = maxIdleHoldTime;
        this.jitter = jitter;
        this.nanoTime = nanoTime;
        this.wait = idleHoldTime;
    }

    private static void checkTimes(Duration idleHoldTime, Duration maxIdleHoldTime) {
        if (idleHoldTime.isNegative() || idleHoldTime.isZero()) {
            throw new IllegalArgumentException("idle hold time must be more than zero: " + idleHoldTime);
        }
        if (maxIdleHoldTime.compareTo(idleHoldTime) < 0) {
            throw new IllegalArgumentException("maximum idle hold time must not be less than the idle hold time of "
                    + idleHoldTime + ": " + maxIdleHoldTime);
        }
    }

    /** Takes other times, for the waits that are to come; failures stay counted. Checked as at the beginning. */
    public void changeTimes(Duration first, Duration longest) {
        checkTimes(first, longest);
        if (first.equals(idleHoldTime) && longest.equals(maxIdleHoldTime)) {
            return;
        }
        wait = wait.compareTo(idleHoldTime) > 0 && wait.compareTo(first) > 0 ? wait : first;
        wait = wait.compareTo(longest) > 0 ? longest : wait;
        idleHoldTime = first;
        maxIdleHoldTime = longest;
    }

    /** A session of the peer is Established from now on. */
    void established() {
        established = true;
        establishedNanos = nanoTime.getAsLong();
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
        return wasEstablished && hasOutlived(now) ? Duration.ZERO : jittered(now, jitter);
    }

    private boolean hasOutlived(Duration due) {
        return established && nanoTime.getAsLong() - establishedNanos >= due.toNanos();
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
