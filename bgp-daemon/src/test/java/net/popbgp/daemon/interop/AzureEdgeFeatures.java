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
            value = "bring-up: primary active, every prefix with a backup, nothing of one circuit sent to the other")
    void bring_up(AzureSite site) throws Exception {
        site.start();

        assertThat(site.peer(site.primary).at("/negotiated/hold-time").asText()).isEqualTo("60s");
        assertThat(site.peer(site.primary).at("/config/md5").asBoolean()).isTrue();
        assertThat(site.prefixesWithBackup()).isEqualTo(AzureEdge.VNETS);
        assertThat(site.primary.received()).isEqualTo(AzureSite.SITES);
        assertThat(site.secondary.received()).isEqualTo(AzureSite.SITES);
    }

    @Feature(row = 2, value = "failover by Cease 6/2, failback when its routes are back")
    @Quirk(
            daemon = Kind.FRR,
            what =
                    "sends End-of-RIB only to neighbours that offer graceful restart, so that failback to it waits for 10 s",
            rfc = "RFC 4724, 2")
    @Quirk(
            daemon = Kind.GOBGP,
            what = "sends End-of-RIB only where both sides offer graceful restart",
            rfc = "RFC 4724, 2")
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

    @Feature(row = 3, value = "failover by the death of the edge (kill -9), failback when its routes are back")
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

    @Feature(row = 4, value = "failover by silence (SIGSTOP, Hold Time 3 s), failback when its routes are back")
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
        assertThat(failback.path("trigger").asText())
                .isEqualTo(site.kind == Kind.BIRD ? "End-of-RIB of " + site.primary.peer : "revert delay");
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
            value = "prefix limit: 4,000 stay up, more get Cease 6/1, no hot loop, back when they are withdrawn")
    @Quirk(
            daemon = Kind.BIRD,
            what = "sends Cease 6/1 without the family and the limit, which may be in it",
            rfc = "RFC 4486, 4")
    @Quirk(
            daemon = Kind.FRR,
            what = "ends the session at the second prefix over maximum-prefix: it looks before it counts")
    @Quirk(
            daemon = Kind.GOBGP,
            what = "does not restart a session that its limit has ended; an operator must (`gobgp neighbor enable`)")
    @Quirk(daemon = Kind.FRR, what = "counts the restart of maximum-prefix in minutes")
    void prefix_limit(AzureSite site) throws Exception {
        site.primary.session.prefixLimit = LIMIT;
        site.primary.session.limitRestart = 1;
        site.start();
        site.announceUpTo(LIMIT);
        Cell.untilEqual("4,000 at the primary", LIMIT, site.primary::received);
        Cell.untilEqual("4,000 at the secondary", LIMIT, site.secondary::received);
        assertThat(site.sessions(site.primary)).isOne();

        Instant cause = Instant.now();
        int tooMany = site.kind == Kind.FRR ? LIMIT + 2 : LIMIT + 1;
        site.announceUpTo(tooMany);
        JsonNode failover = site.untilMovedTo(site.secondary, cause);
        String trigger = failover.path("trigger").asText();
        assertThat(trigger).contains("6/1");
        if (site.kind == Kind.FRR) {
            assertThat(trigger).contains("data 00010100000fa0");
        } else {
            assertThat(trigger).doesNotContain("data");
        }
        overTheLimitAgain(site, cause);
        assertThat(site.sessions(site.secondary)).isOne();
        assertThat(site.secondary.received()).isEqualTo(tooMany);

        site.withdrawDownTo(LIMIT);
        if (site.kind != Kind.BIRD) {
            site.primary.daemon.enable(site.primary.session);
        }
        site.untilSteady();
    }

    private static void overTheLimitAgain(AzureSite site, Instant cause) throws Exception {
        if (site.kind != Kind.BIRD) { // FRR counts minutes, GoBGP does not restart it: an operator does
            site.primary.daemon.enable(site.primary.session);
            Cell.until("the second session over the limit", () -> site.sessions(site.primary) == 2);
        } else {
            Cell.until("the third session over the limit", () -> site.sessions(site.primary) >= 4);
            assertThat(Duration.between(cause, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
        }
        Cell.until("ended by the limit", () -> site.lastDown(site.primary).contains("6/1"));
    }

    @Feature(
            row = 6,
            directions = Direction.WE_CONNECT,
            value = "outbound-guard: 4,001 prefixes, 4,000 sent, one withheld, the session stays up")
    @Quirk(
            daemon = Kind.FRR,
            what = "offers extended messages to all, but answers 1/2 to one from a neighbour that has not offered them",
            rfc = "RFC 8654, 4")
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
            directions = Direction.WE_CONNECT,
            value = "drain by 12076 prepended eight times: traffic moves, the session stays, and back")
    void drain_by_prepending(AzureSite site) throws Exception {
        site.start();

        drain(site, () -> site.primary.session.prepends = 8, () -> site.primary.session.prepends = 0);
    }

    @Feature(
            row = 8,
            directions = Direction.WE_CONNECT,
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
