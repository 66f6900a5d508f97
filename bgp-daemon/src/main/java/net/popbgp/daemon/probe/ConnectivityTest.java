package net.popbgp.daemon.probe;

import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Asks whether the other end of a circuit answers: some echo requests, one after the other. Immutable.
 *
 * @param probes how many, 1..{@link #MAX_PROBES}
 * @param interval from one to the next, at least
 * @param timeout how long a reply may take
 */
public record ConnectivityTest(int probes, Duration interval, Duration timeout) {

    /** The most probes of a test. */
    public static final int MAX_PROBES = 20;

    /** The longest a test may take, if nothing answers. */
    public static final Duration MAX_TIME = Duration.ofSeconds(30);

    private static final Duration MIN_TIMEOUT = Duration.ofMillis(10);

    /** Five probes, a second apart, a second for each (A16). */
    public static final ConnectivityTest DEFAULT =
            new ConnectivityTest(5, Duration.ofSeconds(1), Duration.ofSeconds(1));

    /** What a test says. */
    public enum Verdict {
        /** It was done, and at least one reply came. */
        SUCCESS("Success"),
        /** It was done, and no reply came. */
        FAILED("Failed"),
        /** It was not done: it could not be, or took too long. */
        ERROR("Error");

        private final String text;

        Verdict(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * The outcome. Immutable.
     *
     * @param message a sentence for people
     * @param sent how many requests were sent
     * @param minimum the shortest round trip; empty without a reply, as the others
     */
    public record Result(
            Verdict verdict,
            String message,
            Instant time,
            int sent,
            int received,
            Optional<Duration> minimum,
            Optional<Duration> average,
            Optional<Duration> maximum) {

        /** {@return a test that was not done} */
        static Result error(String message, Instant time) {
            return new Result(Verdict.ERROR, message, time, 0, 0, Optional.empty(), Optional.empty(), Optional.empty());
        }

        /** {@return the share of requests without reply, 0..100} */
        public int lossPercent() {
            return sent == 0 ? 0 : (sent - received) * 100 / sent;
        }
    }

    public ConnectivityTest {
        if (probes < 1 || probes > MAX_PROBES) {
            throw new IllegalArgumentException("a test has 1.." + MAX_PROBES + " probes, not " + probes);
        }
        if (interval.isNegative() || timeout.compareTo(MIN_TIMEOUT) < 0) {
            throw new IllegalArgumentException("an interval is not negative, and a timeout at least "
                    + MIN_TIMEOUT.toMillis() + " ms: " + interval.toMillis() + ", " + timeout.toMillis());
        }
        Duration longest = interval.compareTo(timeout) > 0 ? interval : timeout;
        if (longest.compareTo(MAX_TIME) > 0
                || longest.multipliedBy(probes - 1L).plus(timeout).compareTo(MAX_TIME) > 0) {
            throw new IllegalArgumentException("the test could take more than " + MAX_TIME.toSeconds()
                    + " s: fewer probes, or a shorter interval or timeout");
        }
    }

    /** Does it on the caller's thread. */
    Result run(Echo echo, InetAddress source, InetAddress target, InstantSource clock) {
        Instant begun = clock.instant();
        List<EchoResult> results = new ArrayList<>();
        long next = System.nanoTime();
        for (int i = 0; i < probes; i++) {
            if (!waitUntil(next)) {
                return Result.error("the test was ended", begun);
            }
            next = System.nanoTime() + interval.toNanos();
            EchoResult result = echo.probe(source, target, timeout);
            results.add(result);
            if (result.kind() == EchoResult.Kind.IMPOSSIBLE) {
                break;
            }
        }
        return judge(results, begun, source, target);
    }

    private static boolean waitUntil(long nanos) {
        for (long rest = nanos - System.nanoTime(); rest > 0; rest = nanos - System.nanoTime()) {
            if (Thread.currentThread().isInterrupted()) {
                return false;
            }
            LockSupport.parkNanos(Math.min(rest, TimeUnit.SECONDS.toNanos(1)));
        }
        return true;
    }

    private static Result judge(List<EchoResult> results, Instant begun, InetAddress source, InetAddress target) {
        int sent = (int) results.stream()
                .filter(each -> each.kind() == EchoResult.Kind.REPLY || each.kind() == EchoResult.Kind.SILENCE)
                .count();
        LongSummaryStatistics times = results.stream()
                .flatMap(each -> each.roundTrip().stream())
                .mapToLong(Duration::toNanos)
                .summaryStatistics();
        int received = (int) times.getCount();
        String way = target.getHostAddress() + " from " + source.getHostAddress();
        if (received > 0) {
            return new Result(
                    Verdict.SUCCESS,
                    received + " of " + sent + " probes were answered by " + way,
                    begun,
                    sent,
                    received,
                    Optional.of(Duration.ofNanos(times.getMin())),
                    Optional.of(Duration.ofNanos(Math.round(times.getAverage()))),
                    Optional.of(Duration.ofNanos(times.getMax())));
        }
        if (sent > 0) {
            return new Result(
                    Verdict.FAILED,
                    "none of " + sent + " probes was answered by " + way,
                    begun,
                    sent,
                    0,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
        String reason = results.get(results.size() - 1).detail();
        return Result.error("the test of " + way + " was not done: " + reason, begun);
    }
}
