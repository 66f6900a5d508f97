package net.popbgp.daemon.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** Resets the primary circuit again and again, each time once it carries the traffic, and notes how long each step of the failover took. */
final class FailoverSeries {

    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final DrillSite site;
    private final List<Duration> causeToEvent = new ArrayList<>();
    private final List<Duration> detectionToEvent = new ArrayList<>();
    private final List<Duration> detectionToSwitch = new ArrayList<>();

    FailoverSeries(DrillSite site) {
        this.site = site;
    }

    /** Does so many failovers, or ends with the first that does not come; the checks tell. */
    void run(int count, DrillReport.Stage stage) throws IOException, InterruptedException {
        DrillSite.Collections before = site.collections();
        long lost = site.withdrawals();
        while (causeToEvent.size() < count && failover()) {
            // the next
        }
        stage.check("traffic moved each time", causeToEvent.size() == count, causeToEvent.size() + " failovers");
        stage.check(
                "no prefix lost",
                site.withdrawals() == lost && site.locRib() >= DrillSite.VNET_PREFIXES,
                site.locRib() + " in the Loc-RIB");
        if (causeToEvent.isEmpty()) {
            return;
        }
        Duration longest = Collections.max(causeToEvent);
        stage.check(
                "told in time",
                longest.compareTo(LIMIT) < 0,
                longest.toMillis() + " ms at most, limit " + LIMIT.toMillis() + " ms");
        distribution(stage, "reset to the event", causeToEvent);
        distribution(stage, "detection to the event", detectionToEvent);
        distribution(stage, "detection to the last prefix switched", detectionToSwitch);
        DrillSite.Collections after = site.collections();
        stage.note(
                "garbage collections of the daemon meanwhile",
                String.format(
                        Locale.ROOT,
                        "%d, %.1f ms in the mean",
                        after.count() - before.count(),
                        1000 * (after.seconds() - before.seconds()) / Math.max(1, after.count() - before.count())));
    }

    private boolean failover() throws IOException, InterruptedException {
        if (!DrillSite.until(() -> site.active().equals(DrillSite.PRIMARY))) {
            return false;
        }
        Instant since = Instant.now();
        site.fault(DrillSite.PRIMARY, "tcp-reset", JsonNodeFactory.instance.objectNode());
        if (!DrillSite.until(() -> site.failoverTo(DrillSite.SECONDARY, since) != null)) {
            return false;
        }
        JsonNode event = site.failoverTo(DrillSite.SECONDARY, since);
        Instant cause = site.lastFault(DrillSite.PRIMARY);
        if (event == null) {
            return false;
        }
        Duration toEvent = DrillSite.micros(event.path("detection-to-event-us").asLong());
        causeToEvent.add(
                Duration.between(cause, Instant.parse(event.path("detected-at").asText()))
                        .plus(toEvent));
        detectionToEvent.add(toEvent);
        detectionToSwitch.add(
                DrillSite.micros(event.path("detection-to-switch-us").asLong()));
        return true;
    }

    private static void distribution(DrillReport.Stage stage, String what, List<Duration> times) {
        List<Duration> sorted = new ArrayList<>(times);
        Collections.sort(sorted);
        stage.time(what + ", p50", percentile(sorted, 50));
        stage.time(what + ", p99", percentile(sorted, 99));
        stage.time(what + ", max", percentile(sorted, 100));
    }

    /** {@return the smallest that so many percent do not exceed} */
    private static Duration percentile(List<Duration> sorted, int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }
}
