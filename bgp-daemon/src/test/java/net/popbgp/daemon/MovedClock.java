package net.popbgp.daemon;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that a test moves. Thread-safe. */
public final class MovedClock implements InstantSource {

    private volatile Instant now;

    public MovedClock(Instant now) {
        this.now = now;
    }

    public void set(Instant time) {
        now = time;
    }

    /** By one thread. */
    public void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public Instant instant() {
        return now;
    }
}
