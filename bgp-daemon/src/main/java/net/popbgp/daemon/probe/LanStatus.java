package net.popbgp.daemon.probe;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import net.popbgp.daemon.site.LanRule;

/**
 * What is known of a monitored host. Immutable.
 *
 * @param since when the state was reached
 * @param misses how many probes in a row were lost by now
 * @param answered probes since the start
 * @param lost probes since the start
 * @param skipped probes that were due while the one before was still under way
 * @param detail why the last probe was not sent; empty if it was
 */
public record LanStatus(
        String site,
        LanRule rule,
        State state,
        Pause pause,
        Instant since,
        int misses,
        long answered,
        long lost,
        long skipped,
        Optional<Instant> lastReply,
        Optional<Duration> roundTrip,
        String detail) {

    /** Whether it answers. */
    public enum State {
        /** Not known yet. */
        UNKNOWN,
        REACHABLE,
        UNREACHABLE;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Why it is not probed now. */
    public enum Pause {
        NONE,
        /** No session of the site is Established. */
        DISCONNECTED,
        /** It is outside of its schedule. */
        SCHEDULE
    }
}
