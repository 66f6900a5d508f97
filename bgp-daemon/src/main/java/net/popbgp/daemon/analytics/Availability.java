package net.popbgp.daemon.analytics;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The time that a site or circuit has spent in each state, milliseconds. Immutable.
 *
 * @param unknown the rest of the window: the daemon did not run, or could not write
 */
public record Availability(
        long up, long degraded, long down, long stopped, long unknown, long active, int flaps, int failovers) {

    static Availability of(List<Sample> samples, long window) {
        Sample sum = samples.stream().reduce(Sample.none("", 0), (a, b) -> a.plus(b, 0));
        return new Availability(
                sum.up(),
                sum.degraded(),
                sum.down(),
                sum.stopped(),
                Math.max(0, window - sum.known()),
                sum.active(),
                sum.flaps(),
                sum.failovers());
    }

    /** {@return how much of the time, in which it was to be up and was watched, it was; empty if there was no such time} */
    public OptionalDouble percent() {
        long wanted = up + degraded + down;
        return wanted == 0 ? OptionalDouble.empty() : OptionalDouble.of(100.0 * (up + degraded) / wanted);
    }
}
