package net.popbgp.sim.arm;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** The time of operations, which goes faster than the real one from the start on; that of the sessions never does. Immutable. */
final class ArmClock implements InstantSource {

    private final Clock real;
    private final Instant start;
    private final int speed;

    /** @param speed seconds of operations in a real second */
    ArmClock(Clock real, int speed) {
        this.real = real;
        this.start = real.instant();
        this.speed = speed;
    }

    @Override
    public Instant instant() {
        return start.plus(Duration.between(start, real.instant()).multipliedBy(speed));
    }

    Instant real() {
        return real.instant();
    }

    /** {@return when the simulator was started} */
    Instant start() {
        return start;
    }

    /** {@return the real seconds until then, for Retry-After; 0 if it is less than one} */
    long realSecondsUntil(Instant then) {
        return Math.max(0, Duration.between(instant(), then).dividedBy(speed).toSeconds());
    }
}
