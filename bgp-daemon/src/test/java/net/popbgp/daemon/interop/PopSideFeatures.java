package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 9, title = "The PoP by someone else, Azure's edge by the simulator")
@Execution(ExecutionMode.CONCURRENT)
class PopSideFeatures {

    private static final int LIMIT = AzureEdge.LIMIT;
    private static final String PRIMARY = AzureSimulator.PRIMARY;

    @Feature(row = 1, value = "bring-up: all 1,000 VNet prefixes by the primary, all with a backup, nothing sent back")
    void bring_up(PopSite site) throws Exception {
        site.start();

        for (String circuit : AzureSimulator.CIRCUITS) {
            assertThat(site.azure.count(circuit, "hold-time")).isEqualTo(60);
            assertThat(site.azure.state(circuit).path("leaked")).isEmpty();
            assertThat(site.azure.count(circuit, "refused")).isZero();
        }
    }

    @Feature(row = 2, value = "failover by a reset connection that the wrong MD5 key keeps from coming back, failback")
    void failover_by_reset(PopSite site) throws Exception {
        site.start();

        site.azure.fault(PRIMARY, "wrong-md5-key", "{\"reset\": true}");
        assertMoved(site, site.secondary);
        assertThat(site.daemon.isUp(site.primary)).isFalse();

        site.azure.fault(PRIMARY, "restore-md5-key", "{}");
        assertMoved(site, site.primary);
        site.untilSteady();
    }

    @Feature(row = 3, value = "failover by Cease 6/2 with a text, failback")
    void failover_by_administrative_shutdown(PopSite site) throws Exception {
        site.start();

        site.azure.fault(PRIMARY, "admin-down", "{\"text\": \"planned work\"}");
        assertMoved(site, site.secondary);
        assertThat(site.daemon.logText()).contains("planned work");

        site.azure.fault(PRIMARY, "admin-up", "{}");
        assertMoved(site, site.primary);
        site.untilSteady();
    }

    @Feature(row = 4, value = "failover by silence (Hold Time 3 s), failback")
    @Quirk(
            daemon = Kind.BIRD,
            what = "lets the HoldTimer expire up to a quarter early: it puts the jitter of the other timers on it",
            rfc = "RFC 4271, 10")
    void failover_by_silence(PopSite site) throws Exception {
        site.primary.holdTime = 3;
        site.start();
        assertThat(site.azure.count(PRIMARY, "hold-time")).isEqualTo(3);

        site.azure.fault(PRIMARY, "silence", "{\"on\": true}");
        assertMoved(site, site.secondary);
        Instant heard =
                Instant.parse(site.azure.state(PRIMARY).path("message-sent-at").asText());
        assertThat(Duration.between(heard, Instant.now())).isGreaterThan(site.daemon.earliestHoldTimer(3));
        Cell.until(
                "4/0 at the simulator",
                () -> site.azure.state(PRIMARY).path("last-received").asText().startsWith("4/0"));

        site.azure.fault(PRIMARY, "silence", "{\"on\": false}");
        assertMoved(site, site.primary);
        site.untilSteady();
    }

    /** No prefix is without a path at any time. */
    private static void assertMoved(PopSite site, LabSession session) throws Exception {
        assertThat(site.untilAllBy(session)).containsOnly(AzureEdge.VNETS);
        assertThat(site.azure.count(AzureSimulator.SECONDARY, "established-count"))
                .isOne();
    }

    @Feature(
            row = 5,
            value = "prefix limit: 4,000 stay up, 4,001 get Cease 6/1, no hot loop, back when one is withdrawn")
    void prefix_limit(PopSite site) throws Exception {
        site.start();
        site.announce(LIMIT);
        site.daemon.reload();
        site.untilSteady();
        assertThat(site.azure.count(PRIMARY, "established-count")).isOne();

        Instant cause = Instant.now();
        site.announce(LIMIT + 1);
        site.daemon.reload();
        Cell.until("the third teardown", () -> site.azure.count(PRIMARY, "limit-drops") >= 3);
        assertThat(Duration.between(cause, Instant.now())).isGreaterThan(Duration.ofSeconds(2));
        assertThat(site.azure.state(PRIMARY).path("last-sent").asText())
                .startsWith("6/1")
                .contains("data 00010100000fa0");

        site.announce(LIMIT);
        site.daemon.reload();
        site.untilSteady();
    }

    @Feature(
            row = 6,
            directions = Direction.WE_CONNECT,
            value = "drain by 12076 prepended eight times, taken with a lower LOCAL_PREF: traffic moves, and back")
    void drain(PopSite site) throws Exception {
        site.start();

        site.azure.fault(PRIMARY, "drain", "{\"on\": true}");
        assertMoved(site, site.secondary);
        assertThat(site.daemon.isUp(site.primary)).isTrue();

        site.azure.fault(PRIMARY, "drain", "{\"on\": false}");
        assertMoved(site, site.primary);
        assertThat(site.azure.count(PRIMARY, "established-count")).isOne();
    }
}
