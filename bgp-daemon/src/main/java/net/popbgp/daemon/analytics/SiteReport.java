package net.popbgp.daemon.analytics;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.daemon.event.StoredEvent;
import net.popbgp.daemon.site.CircuitRole;

/**
 * How a site has done. Immutable.
 *
 * @param windows for each window of time that ends now
 * @param failovers the latest events about its active circuit, newest first
 */
public record SiteReport(
        String site,
        Instant now,
        SiteStanding state,
        List<Window> windows,
        List<Budget> budgets,
        List<StoredEvent> failovers) {

    /** A window of time. Immutable. */
    public record Window(Duration length, Availability site, Map<CircuitRole, Availability> circuits) {}

    /**
     * How much of a limit is used. Immutable.
     *
     * @param direction {@code out} for prefixes that the cloud has from us, {@code in} for those that we have from it
     * @param estimate when it will be reached, as in {@code limit reached in about 3 days}
     * @param reachedIn empty if it is not going to be, or nothing is known
     */
    public record Budget(
            CircuitRole circuit,
            String direction,
            int count,
            int limit,
            String estimate,
            Optional<Duration> reachedIn) {

        public double percent() {
            return 100.0 * count / limit;
        }
    }
}
