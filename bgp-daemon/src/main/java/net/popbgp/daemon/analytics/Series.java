package net.popbgp.daemon.analytics;

import java.time.Duration;
import java.util.List;

/**
 * Points for a chart, oldest first. Immutable.
 *
 * @param step between two points; where two are further apart nothing is known
 */
public record Series(Duration step, List<Point> points) {

    /**
     * One stretch of time. Immutable.
     *
     * @param time where it begins, seconds since 1970
     * @param upPercent of what is known of it
     * @param activePercent of what is known of it, that the circuit carried the traffic
     * @param received the most prefixes of the stretch, as {@code advertised} and {@code withheld}
     */
    public record Point(
            long time,
            double upPercent,
            double activePercent,
            int flaps,
            int failovers,
            int received,
            int advertised,
            int withheld) {

        static Point of(Sample sample) {
            double known = Math.max(1, sample.known());
            return new Point(
                    sample.time(),
                    100 * (sample.up() + sample.degraded()) / known,
                    100 * sample.active() / known,
                    sample.flaps(),
                    sample.failovers(),
                    sample.received(),
                    sample.advertised(),
                    sample.withheld());
        }
    }

    public Series {
        points = List.copyOf(points);
    }
}
