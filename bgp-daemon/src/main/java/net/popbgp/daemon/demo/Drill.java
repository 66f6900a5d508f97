package net.popbgp.daemon.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The stages of the drill, each on what the one before left: both circuits up, the primary active, nothing of ours announced but two
 * prefixes.
 *
 * <p>Used by one thread.
 */
final class Drill {

    private static final int STANDARD_LIMIT = 4000;
    private static final int PREMIUM_LIMIT = 10_000;
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final DrillSite site;
    private final DrillReport report;
    private final int failovers;

    /** @param failovers how many to do in a row, for the distribution of their times; 0 for none */
    Drill(DrillSite site, DrillReport report, int failovers) {
        this.site = site;
        this.report = report;
        this.failovers = failovers;
    }

    /** Runs all stages; one that fails does not keep the next from being tried. */
    void run() throws IOException, InterruptedException {
        System.out.println("PopBGP drill: the daemon (AS 65010) and a simulated Azure edge (AS 12076), two processes,");
        System.out.println("two circuits on 127.76.1.0/30 (metric 90) and 127.76.2.0/30 (metric 100), TCP MD5, "
                + DrillSite.VNET_PREFIXES + " VNet prefixes each.");
        stage("bring-up", this::bringUp);
        stage("md5-mismatch", this::md5Mismatch);
        stage("failover-reset", s -> failover(s, "tcp-reset", JSON.objectNode(), Duration.ofSeconds(1)));
        stage("failback", this::failback);
        stage(
                "failover-cease",
                s -> failover(
                        s,
                        "notification",
                        JSON.objectNode().put("code", 6).put("subcode", 4).put("text", "planned work"),
                        Duration.ofSeconds(1)));
        stage("failover-silent", this::failoverSilent);
        stage("prefix-limit-teardown", s -> limitTeardown(s, STANDARD_LIMIT));
        stage("prefix-limit-recovery", s -> limitRecovery(s, STANDARD_LIMIT));
        stage("prefix-guard", this::guard);
        stage("premium", this::premium);
        stage("maintenance-drain", this::drain);
        if (failovers > 0) {
            stage("failovers", s -> series(s, false));
            stage("failovers-under-churn", s -> series(s, true));
        }
        stage("restart", this::restart);
    }

    private interface StageBody {
        void run(DrillReport.Stage stage) throws IOException, InterruptedException;
    }

    private void stage(String name, StageBody body) throws InterruptedException {
        DrillReport.Stage stage = report.begin(name);
        try {
            body.run(stage);
        } catch (IOException | RuntimeException e) {
            stage.check("runs to its end", false, e);
        }
        report.end(stage);
    }

    // ---- stages

    private void bringUp(DrillReport.Stage stage) throws IOException, InterruptedException {
        site.startAzure();
        site.startDaemon();
        stage.check("both sessions Established", site.bothUp(), site.states());
        JsonNode primary = site.peer(DrillSite.PRIMARY);
        stage.check(
                "timers negotiated",
                primary.at("/negotiated/hold-time").asText().equals("60s"),
                "hold " + primary.at("/negotiated/hold-time").asText() + ", keepalive "
                        + primary.at("/negotiated/keepalive-time").asText() + " (offered 60 s and 180 s)");
        checkSteady(stage);
        stage.check(
                "every prefix has a backup",
                site.prefixesWithBackup() == DrillSite.VNET_PREFIXES,
                site.prefixesWithBackup());
        stage.check(
                "nothing of one circuit is sent to the other",
                site.leaked(DrillSite.PRIMARY) + site.leaked(DrillSite.SECONDARY) == 0,
                "0 prefixes with 12076 in their path at Azure");
    }

    private void md5Mismatch(DrillReport.Stage stage) throws IOException, InterruptedException {
        site.fault(DrillSite.SECONDARY, "wrong-md5-key", JSON.objectNode().put("reset", true));
        int established =
                site.peer(DrillSite.SECONDARY).path("established-count").asInt();
        boolean told = DrillSite.until(
                () -> site.peer(DrillSite.SECONDARY).path("diagnosis").asText().contains("rejected"));
        JsonNode peer = site.peer(DrillSite.SECONDARY);
        stage.check("the status says why", told, peer.path("diagnosis").asText());
        stage.check(
                "it never gets in",
                !site.isUp(DrillSite.SECONDARY)
                        && peer.path("established-count").asInt() == established,
                "state " + peer.path("state").asText());
        stage.check(
                "the other circuit carries on",
                site.isUp(DrillSite.PRIMARY) && site.best(DrillSite.PRIMARY) == DrillSite.VNET_PREFIXES,
                site.best(DrillSite.PRIMARY));
        site.fault(DrillSite.SECONDARY, "restore-md5-key", JSON.objectNode());
        stage.check("with the right key it comes back", site.bothUp(), site.states());
        DrillSite.until(() -> site.received(DrillSite.SECONDARY) == DrillSite.VNET_PREFIXES);
    }

    private void failover(DrillReport.Stage stage, String fault, ObjectNode parameters, Duration limit)
            throws IOException, InterruptedException {
        long lost = site.withdrawals();
        Instant cause = Instant.now();
        site.fault(DrillSite.PRIMARY, fault, parameters);
        boolean seen = DrillSite.until(() -> site.failoverTo(DrillSite.SECONDARY, cause) != null);
        JsonNode event = site.failoverTo(DrillSite.SECONDARY, cause);
        checkFailover(stage, seen, event, cause, limit);
        stage.check(
                "no prefix lost",
                site.withdrawals() == lost && site.locRib() >= DrillSite.VNET_PREFIXES,
                site.locRib() + " in the Loc-RIB");
        site.backToPrimary();
    }

    private void checkFailover(
            DrillReport.Stage stage, boolean seen, @Nullable JsonNode event, Instant cause, Duration limit) {
        stage.check(
                "traffic moved to the secondary", seen && event != null, event == null ? "no event" : trigger(event));
        if (event == null) {
            return;
        }
        int prefixes = event.path("prefixes").asInt();
        stage.check("all prefixes switched", prefixes == DrillSite.VNET_PREFIXES, prefixes);
        Duration detection =
                Duration.between(cause, Instant.parse(event.path("detected-at").asText()));
        stage.check(
                "detected in time",
                !detection.isNegative() && detection.compareTo(limit) < 0,
                detection.toMillis() + " ms, limit " + limit.toMillis() + " ms");
        stage.time("cause to detection", detection);
        stage.time(
                "detection to the event",
                DrillSite.micros(event.path("detection-to-event-us").asLong()));
        stage.time(
                "detection to the last prefix switched",
                DrillSite.micros(event.path("detection-to-switch-us").asLong()));
    }

    private static String trigger(JsonNode event) {
        String text = event.path("trigger").asText();
        return text.length() > 90 ? text.substring(0, 90) + "..." : text;
    }

    private void failback(DrillReport.Stage stage) throws IOException, InterruptedException {
        site.fault(DrillSite.PRIMARY, "admin-down", JSON.objectNode().put("text", "peering disabled"));
        stage.check(
                "secondary active while the primary is down",
                DrillSite.until(() -> site.active().equals(DrillSite.SECONDARY)),
                site.active());
        stage.check(
                "the reason is shown",
                site.peer(DrillSite.PRIMARY).path("last-down").asText().contains("6/2"),
                site.peer(DrillSite.PRIMARY).path("last-down").asText());
        long lost = site.withdrawals();
        Instant cause = Instant.now();
        site.fault(DrillSite.PRIMARY, "admin-up", JSON.objectNode());
        boolean back = DrillSite.until(() -> site.failoverTo(DrillSite.PRIMARY, cause) != null);
        JsonNode event = site.failoverTo(DrillSite.PRIMARY, cause);
        stage.check(
                "active again after End-of-RIB",
                back && event != null && event.path("trigger").asText().contains("End-of-RIB"),
                event == null ? "no event" : trigger(event));
        stage.check("no prefix lost", site.withdrawals() == lost, site.locRib() + " in the Loc-RIB");
        if (event != null) {
            stage.time(
                    "End-of-RIB to the last prefix switched",
                    DrillSite.micros(event.path("detection-to-switch-us").asLong()));
        }
        checkSteady(stage);
    }

    private void failoverSilent(DrillReport.Stage stage) throws IOException, InterruptedException {
        JsonNode reload = site.reload(3, 0);
        stage.check(
                "hold time 3 s by reload", site.bothUp() && site.holdTime().equals("3s"), DrillSite.impacts(reload));
        DrillSite.until(() ->
                site.active().equals(DrillSite.PRIMARY) && site.best(DrillSite.PRIMARY) == DrillSite.VNET_PREFIXES);
        long lost = site.withdrawals();
        Instant cause = Instant.now();
        site.fault(DrillSite.PRIMARY, "silence", JSON.objectNode().put("on", true));
        boolean seen = DrillSite.until(() -> site.failoverTo(DrillSite.SECONDARY, cause) != null);
        checkFailover(stage, seen, site.failoverTo(DrillSite.SECONDARY, cause), cause, Duration.ofMillis(3500));
        stage.check("no prefix lost", site.withdrawals() == lost, site.locRib() + " in the Loc-RIB");
        site.fault(DrillSite.PRIMARY, "silence", JSON.objectNode().put("on", false));
        site.reload(60, 0);
        stage.check(
                "back to the primary, hold time 60 s",
                site.backToPrimary() && site.holdTime().equals("60s"),
                site.holdTime());
    }

    private void limitTeardown(DrillReport.Stage stage, int limit) throws IOException, InterruptedException {
        int drops = site.azureState(DrillSite.PRIMARY).path("limit-drops").asInt();
        site.announceUpTo(limit);
        boolean all = DrillSite.until(
                () -> site.azureState(DrillSite.PRIMARY).path("received").asInt() == limit
                        && site.azureState(DrillSite.SECONDARY).path("received").asInt() == limit);
        stage.check(
                limit + " announced stays up",
                all && site.isUp(DrillSite.PRIMARY) && site.isUp(DrillSite.SECONDARY),
                site.states());
        site.announceUpTo(limit + 1);
        String data = String.format("data 000101%08x", limit);
        boolean ceased = DrillSite.until(
                () -> site.peer(DrillSite.PRIMARY).path("last-down").asText().contains(data));
        stage.check(
                (limit + 1) + " gets Cease 6/1 with AFI, SAFI and limit",
                ceased,
                site.peer(DrillSite.PRIMARY).path("last-down").asText());
        DrillSite.pause(Duration.ofSeconds(4));
        int flaps = site.azureState(DrillSite.PRIMARY).path("limit-drops").asInt() - drops;
        stage.check("no hot loop while it is over the limit", flaps <= 4, flaps + " teardowns in 4 s");
    }

    private void limitRecovery(DrillReport.Stage stage, int limit) throws IOException, InterruptedException {
        Instant from = Instant.now();
        site.withdrawDownTo(limit);
        boolean up = site.bothUp()
                && DrillSite.until(() ->
                        site.azureState(DrillSite.PRIMARY).path("received").asInt() == limit);
        stage.check("one withdrawn: Established without anyone's help", up, site.states());
        stage.time("withdrawal to both circuits up", Duration.between(from, Instant.now()));
        stage.check(
                "and it stays",
                DrillSite.until(() -> site.received(DrillSite.PRIMARY) == DrillSite.VNET_PREFIXES)
                        && site.isUp(DrillSite.PRIMARY),
                site.states());
    }

    private void guard(DrillReport.Stage stage) throws IOException, InterruptedException {
        site.withdrawDownTo(3199);
        DrillSite.until(
                () -> site.azureState(DrillSite.PRIMARY).path("received").asInt() == 3199);
        JsonNode reload = site.reload(60, STANDARD_LIMIT);
        stage.check(
                "guard on without disturbing the sessions",
                !DrillSite.impacts(reload).contains("restart"),
                DrillSite.impacts(reload));
        stage.check("no warning at 3,199", !site.guardWarning(), site.guardWarning());
        site.announceUpTo(3200);
        stage.check("warning at 3,200", DrillSite.until(site::guardWarning), site.guardWarning());
        int established = site.peer(DrillSite.PRIMARY).path("established-count").asInt();
        site.announceUpTo(STANDARD_LIMIT + 1);
        boolean withheld = DrillSite.until(
                () -> site.prefixes(DrillSite.PRIMARY).path("withheld").asInt() == 1
                        && site.azureState(DrillSite.PRIMARY).path("received").asInt() == STANDARD_LIMIT);
        stage.check(
                "4,001 announced: 4,000 sent, one withheld",
                withheld,
                site.prefixes(DrillSite.PRIMARY).path("advertised") + " sent, "
                        + site.prefixes(DrillSite.PRIMARY).path("withheld") + " withheld");
        Set<String> named = site.withheldPrefixes();
        stage.check("the withheld one is named", named.equals(Set.of(DrillSite.prefix(STANDARD_LIMIT))), named);
        stage.check(
                "session up all the while",
                site.isUp(DrillSite.PRIMARY)
                        && site.peer(DrillSite.PRIMARY)
                                        .path("established-count")
                                        .asInt()
                                == established,
                site.states());
    }

    private void premium(DrillReport.Stage stage) throws IOException, InterruptedException {
        site.fault(DrillSite.PRIMARY, "set-sku", JSON.objectNode().put("sku", "premium"));
        site.fault(DrillSite.SECONDARY, "set-sku", JSON.objectNode().put("sku", "premium"));
        site.reload(60, 0);
        site.bothUp();
        limitTeardown(stage, PREMIUM_LIMIT);
        limitRecovery(stage, PREMIUM_LIMIT);
        site.withdrawDownTo(2);
        stage.check(
                "all withdrawn again",
                DrillSite.until(() ->
                        site.azureState(DrillSite.PRIMARY).path("received").asInt() == 2),
                "2 left");
        site.backToPrimary();
    }

    private void drain(DrillReport.Stage stage) throws IOException, InterruptedException {
        long lost = site.withdrawals();
        Instant cause = Instant.now();
        site.fault(DrillSite.PRIMARY, "drain", JSON.objectNode().put("on", true));
        boolean moved = DrillSite.until(() -> site.failoverTo(DrillSite.SECONDARY, cause) != null);
        Instant done = Instant.now();
        stage.check("12076 prepended eight times: traffic moves", moved, site.active());
        stage.check("while the primary is still Established", site.isUp(DrillSite.PRIMARY), site.states());
        stage.time("drain to all traffic on the secondary", Duration.between(cause, done));
        String step = site.decidingStep(site.anyVnetPrefix());
        stage.check("explained by the drain step", step.equals("DRAIN"), step);
        site.fault(DrillSite.PRIMARY, "admin-down", JSON.objectNode().put("text", "maintenance"));
        stage.check("then the session drops", DrillSite.until(() -> !site.isUp(DrillSite.PRIMARY)), site.states());
        stage.check(
                "nothing lost",
                site.withdrawals() == lost && site.locRib() >= DrillSite.VNET_PREFIXES,
                site.locRib() + " in the Loc-RIB");
        site.fault(DrillSite.PRIMARY, "drain", JSON.objectNode().put("on", false));
        site.fault(DrillSite.PRIMARY, "admin-up", JSON.objectNode());
        stage.check("back after the maintenance", site.backToPrimary(), site.active());
    }

    private void series(DrillReport.Stage stage, boolean churn) throws IOException, InterruptedException {
        site.quickReturns();
        site.bothUp();
        if (!churn) {
            new FailoverSeries(site).run(failovers, stage);
            return;
        }
        try (ChurnNeighbor neighbor = site.churn()) {
            stage.check(
                    "a third peer churns",
                    DrillSite.until(() -> site.received(DrillSite.CHURN) > 0),
                    site.received(DrillSite.CHURN) + " routes");
            long from = neighbor.announced();
            long started = System.nanoTime();
            new FailoverSeries(site).run(failovers, stage);
            double seconds = (System.nanoTime() - started) / 1e9;
            stage.note(
                    "routes announced by the third peer meanwhile",
                    String.format(Locale.ROOT, "%.0f a second", (neighbor.announced() - from) / seconds));
        }
    }

    private void restart(DrillReport.Stage stage) throws IOException, InterruptedException {
        site.killDaemon();
        Instant from = Instant.now();
        site.startDaemon();
        stage.check("both sessions Established again", site.bothUp(), site.states());
        checkSteady(stage);
        stage.time("killed to everything back", Duration.between(from, Instant.now()));
        stage.check(
                "our own prefixes are back at Azure",
                DrillSite.until(() -> site.azureState(DrillSite.PRIMARY)
                                        .path("received")
                                        .asInt()
                                == 2
                        && site.azureState(DrillSite.SECONDARY).path("received").asInt() == 2),
                site.azureState(DrillSite.PRIMARY).path("received"));
    }

    private void checkSteady(DrillReport.Stage stage) throws InterruptedException, IOException {
        boolean all = DrillSite.until(() -> site.received(DrillSite.PRIMARY) == DrillSite.VNET_PREFIXES
                && site.received(DrillSite.SECONDARY) == DrillSite.VNET_PREFIXES
                && site.best(DrillSite.PRIMARY) == DrillSite.VNET_PREFIXES);
        stage.check(
                DrillSite.VNET_PREFIXES + " prefixes from each",
                all,
                site.received(DrillSite.PRIMARY) + " and " + site.received(DrillSite.SECONDARY) + ", "
                        + site.best(DrillSite.PRIMARY) + " by the primary");
        stage.check("primary active", DrillSite.until(() -> site.active().equals(DrillSite.PRIMARY)), site.active());
    }
}
