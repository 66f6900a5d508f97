package net.popbgp.daemon.analytics;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Whether a count grows, and when it will reach a limit if it goes on as before. The slope is the median of the slopes between all pairs of
 * points (Theil and Sen), so that a third of them may be outliers; it counts only if most pairs agree on its sign (Kendall). Immutable.
 *
 * @param kind what is known
 * @param reachedIn the time left, with {@link Kind#GROWING}
 */
record Growth(Kind kind, Optional<Duration> reachedIn) {

    /** A count at a time, seconds. */
    record Point(long time, int count) {}

    enum Kind {
        UNKNOWN,
        NONE,
        GROWING,
        REACHED
    }

    /** The most points that are looked at; of more, every nth. */
    static final int MAX_POINTS = 120;

    private static final int MIN_POINTS = 10;
    private static final Duration MIN_SPAN = Duration.ofMinutes(30);

    /** The least surplus of pairs that grow over pairs that shrink, as a share of all pairs. */
    private static final double AGREEMENT = 0.4;

    /** What takes longer is no growth. */
    private static final Duration HORIZON = Duration.ofDays(365);

    /** @param points oldest first */
    static Growth estimate(List<Point> points, int limit) {
        if (!points.isEmpty() && points.get(points.size() - 1).count() >= limit) {
            return new Growth(Kind.REACHED, Optional.empty());
        }
        List<Point> few = thinned(points);
        if (few.size() < MIN_POINTS
                || few.get(few.size() - 1).time() - few.get(0).time() < MIN_SPAN.toSeconds()) {
            return new Growth(Kind.UNKNOWN, Optional.empty());
        }
        double slope = slope(few);
        if (slope <= 0) {
            return new Growth(Kind.NONE, Optional.empty());
        }
        double seconds = (limit - level(few, slope)) / slope;
        return seconds > HORIZON.toSeconds()
                ? new Growth(Kind.NONE, Optional.empty())
                : new Growth(Kind.GROWING, Optional.of(Duration.ofSeconds(Math.max(0, Math.round(seconds)))));
    }

    private static List<Point> thinned(List<Point> points) {
        int every = (points.size() + MAX_POINTS - 1) / MAX_POINTS;
        return every < 2
                ? points
                : java.util.stream.IntStream.range(0, points.size())
                        .filter(i -> (points.size() - 1 - i) % every == 0) // the last one always
                        .mapToObj(points::get)
                        .toList();
    }

    /** Per second; 0 if the pairs do not agree. */
    private static double slope(List<Point> points) {
        int n = points.size();
        double[] slopes = new double[n * (n - 1) / 2];
        int count = 0;
        int surplus = 0;
        for (int i = 0; i < n; i++) {
            for (int j = i + 1; j < n; j++) {
                double difference = points.get(j).count() - points.get(i).count();
                slopes[count++] =
                        difference / (points.get(j).time() - points.get(i).time());
                surplus += (int) Math.signum(difference);
            }
        }
        return surplus < AGREEMENT * count ? 0 : median(slopes);
    }

    /** Where the line through the points is at the last of them. */
    private static double level(List<Point> points, double slope) {
        long end = points.get(points.size() - 1).time();
        return median(points.stream()
                .mapToDouble(point -> point.count() + slope * (end - point.time()))
                .toArray());
    }

    private static double median(double[] values) {
        Arrays.sort(values);
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /** {@return as in {@code limit reached in about 3 days}} */
    String text() {
        return switch (kind) {
            case UNKNOWN -> "too little is known yet";
            case NONE -> "no growth";
            case REACHED -> "limit reached";
            case GROWING -> "limit reached in about " + about(reachedIn.orElse(Duration.ZERO));
        };
    }

    private static String about(Duration time) {
        long minutes = time.toMinutes();
        if (minutes < 120) {
            return plural(Math.max(1, minutes), "minute");
        }
        long hours = Math.round(minutes / 60.0);
        return hours < 48 ? plural(hours, "hour") : plural(Math.round(hours / 24.0), "day");
    }

    private static String plural(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
