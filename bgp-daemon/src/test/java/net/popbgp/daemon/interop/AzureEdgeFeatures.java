package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 8, title = "Azure's edge by someone else")
@Execution(ExecutionMode.CONCURRENT)
class AzureEdgeFeatures {

    private static final int LIMIT = AzureEdge.LIMIT;

    @Feature(
            row = 1,
            daemons = {Kind.BIRD},
            value = "bring-up: primary active, every prefix with a backup, nothing of one circuit sent to the other")
    void bring_up(AzureSite site) throws Exception {
        site.start();

        assertThat(site.peer(site.primary).at("/negotiated/hold-time").asText()).isEqualTo("60s");
        assertThat(site.peer(site.primary).at("/config/md5").asBoolean()).isTrue();
        assertThat(site.prefixesWithBackup()).isEqualTo(AzureEdge.VNETS);
        assertThat(site.primary.received()).isEqualTo(AzureSite.SITES);
        assertThat(site.secondary.received()).isEqualTo(AzureSite.SITES);
    }

    @Feature(
            row = 2,
            daemons = {Kind.BIRD},
            value = "failover by Cease 6/2, failback with End-of-RIB")
    void failover_by_administrative_shutdown(AzureSite site) throws Exception {
        site.start();
        long lost = site.withdrawals();

        Instant cause = Instant.now();
        site.primary.daemon.shutdown(site.primary.session, "planned work");
        JsonNode failover = site.untilMovedTo(site.secondary, cause);
        assertFailover(site, failover, lost);
        assertThat(failover.path("trigger").asText()).contains("6/2").contains("planned work");
        assertThat(site.lastDown(site.primary)).contains("6/2").contains("planned work");

        Instant end = Instant.now();
        site.primary.daemon.enable(site.primary.session);
        assertFailback(site, site.untilMovedTo(site.primary, end), lost);
    }

    @Feature(
            row = 3,
            daemons = {Kind.BIRD},
            value = "failover by the death of the edge (kill -9), failback with End-of-RIB")
    void failover_by_death(AzureSite site) throws Exception {
        site.start();
        long lost = site.withdrawals();

        Instant cause = Instant.now();
        site.primary.daemon.kill();
        JsonNode failover = site.untilMovedTo(site.secondary, cause);
        assertFailover(site, failover, lost);

        Instant end = Instant.now();
        site.primary.daemon.start();
        assertFailback(site, site.untilMovedTo(site.primary, end), lost);
    }

    @Feature(
            row = 4,
            daemons = {Kind.BIRD},
            value = "failover by silence (SIGSTOP, Hold Time 3 s), failback with End-of-RIB")
    void failover_by_silence(AzureSite site) throws Exception {
        site.primary.popHoldTime = 3;
        site.start();
        long lost = site.withdrawals();

        Instant cause = Instant.now();
        site.primary.daemon.freeze();
        JsonNode failover = site.untilMovedTo(site.secondary, cause);
        assertFailover(site, failover, lost);
        assertThat(Duration.between(
                        cause, Instant.parse(failover.path("detected-at").asText())))
                .isBetween(
                        Duration.ofMillis(1900), Duration.ofMillis(3500)); // a KEEPALIVE a second, the last one before
        assertThat(failover.path("trigger").asText()).containsIgnoringCase("hold");

        Instant end = Instant.now();
        site.primary.daemon.thaw();
        assertFailback(site, site.untilMovedTo(site.primary, end), lost);
    }

    private static void assertFailover(AzureSite site, JsonNode failover, long lost) throws Exception {
        assertThat(failover.path("from").asText()).isEqualTo(site.primary.peer);
        assertThat(failover.path("prefixes").asInt()).isEqualTo(AzureEdge.VNETS);
        assertNothingLost(site, lost);
        assertThat(site.secondary.received()).isEqualTo(AzureSite.SITES);
    }

    private static void assertFailback(AzureSite site, JsonNode failback, long lost) throws Exception {
        assertThat(failback.path("from").asText()).isEqualTo(site.secondary.peer);
        assertThat(failback.path("trigger").asText()).isEqualTo("End-of-RIB of " + site.primary.peer);
        site.untilSteady();
        assertNothingLost(site, lost);
    }

    private static void assertNothingLost(AzureSite site, long lost) throws IOException {
        assertThat(site.withdrawals()).isEqualTo(lost);
        assertThat(site.locRib()).isEqualTo(AzureEdge.VNETS + AzureSite.SITES);
        assertThat(site.sessions(site.secondary)).isOne();
    }

    @Feature(
            row = 5,
            daemons = {Kind.BIRD},
            value = "prefix limit: 4,000 stay up, 4,001 get Cease 6/1, no hot loop, back when one is withdrawn")
    void prefix_limit(AzureSite site) throws Exception {
        site.primary.session.prefixLimit = LIMIT;
        site.primary.session.limitRestart = 1;
        site.start();
        site.announceUpTo(LIMIT);
        Cell.untilEqual("4,000 at the primary", LIMIT, site.primary::received);
        Cell.untilEqual("4,000 at the secondary", LIMIT, site.secondary::received);
        assertThat(site.sessions(site.primary)).isOne();

        Instant cause = Instant.now();
        site.announceUpTo(LIMIT + 1);
        JsonNode failover = site.untilMovedTo(site.secondary, cause);
        assertThat(failover.path("trigger").asText()).contains("6/1");
        Cell.until("the third session over the limit", () -> site.sessions(site.primary) >= 4);
        assertThat(Duration.between(cause, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
        assertThat(site.sessions(site.secondary)).isOne();
        assertThat(site.secondary.received()).isEqualTo(LIMIT + 1);

        site.withdrawDownTo(LIMIT);
        site.untilSteady();
    }

    @Feature(
            row = 6,
            daemons = {Kind.BIRD},
            value = "outbound-guard: 4,001 prefixes, 4,000 sent, one withheld, the session stays up")
    void outbound_guard(AzureSite site) throws Exception {
        site.primary.session.prefixLimit = LIMIT;
        site.primary.session.limitRestart = 1;
        site.guard = LIMIT;
        site.start();
        site.announceUpTo(LIMIT + 1);
        Cell.until("one withheld", () -> site.count(site.primary, "withheld") == 1);
        Cell.untilEqual("4,000 at the primary", LIMIT, site.primary::received);
        assertThat(site.withheld(site.primary)).containsExactly(AzureSite.onPremises(LIMIT));
        assertThat(site.peer(site.primary)
                        .at("/prefixes/ipv4-unicast/guard-warning")
                        .asBoolean())
                .isTrue();

        site.withdrawDownTo(LIMIT);
        Cell.until("none withheld", () -> site.count(site.primary, "withheld") == 0);
        assertThat(site.primary.received()).isEqualTo(LIMIT);
        assertThat(site.primary.isUp()).isTrue();
        assertThat(site.sessions(site.primary)).isOne();
    }

    @Feature(
            row = 7,
            daemons = {Kind.BIRD},
            value = "drain by 12076 prepended eight times: traffic moves, the session stays, and back")
    void drain_by_prepending(AzureSite site) throws Exception {
        site.start();

        drain(site, () -> site.primary.session.prepends = 8, () -> site.primary.session.prepends = 0);
    }

    @Feature(
            row = 8,
            daemons = {Kind.BIRD},
            value = "drain by GRACEFUL_SHUTDOWN (RFC 8326): traffic moves, the session stays, and back")
    void drain_by_graceful_shutdown(AzureSite site) throws Exception {
        site.start();

        drain(
                site,
                () -> site.primary.session.gracefulShutdown = true,
                () -> site.primary.session.gracefulShutdown = false);
    }

    private static void drain(AzureSite site, Runnable drain, Runnable undrain) throws Exception {
        long lost = site.withdrawals();
        Instant cause = Instant.now();
        drain.run();
        site.primary.daemon.reload();
        site.untilMovedTo(site.secondary, cause);
        assertThat(site.decidedBy(AzureEdge.vnet(0))).isEqualTo("DRAIN");
        assertThat(site.decidedBy(AzureEdge.vnet(AzureEdge.VNETS - 1))).isEqualTo("DRAIN");

        Instant end = Instant.now();
        undrain.run();
        site.primary.daemon.reload();
        site.untilMovedTo(site.primary, end);
        assertThat(site.sessions(site.primary)).isOne();
        assertNothingLost(site, lost);
    }
}
