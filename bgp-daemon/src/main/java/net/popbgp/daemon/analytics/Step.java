package net.popbgp.daemon.analytics;

import java.time.Duration;

/** How long a stretch a sample is of, and how long it is kept. */
enum Step {
    MINUTE(60, Duration.ofDays(2)),
    QUARTER(900, Duration.ofDays(30)),
    HOUR(3600, Duration.ofDays(366));

    private final int seconds;
    private final Duration kept;

    Step(int seconds, Duration kept) {
        this.seconds = seconds;
        this.kept = kept;
    }

    int seconds() {
        return seconds;
    }

    Duration kept() {
        return kept;
    }

    /** {@return where the stretch that a time is in begins, in seconds} */
    long floor(long time) {
        return Math.floorDiv(time, seconds) * seconds;
    }

    /** {@return the finest of which there is as much as the window} */
    static Step of(Duration window) {
        for (Step step : values()) {
            if (window.compareTo(step.kept) <= 0) {
                return step;
            }
        }
        return HOUR;
    }
}
