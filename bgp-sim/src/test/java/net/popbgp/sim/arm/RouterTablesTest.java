package net.popbgp.sim.arm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.azure.PeerSnapshot;
import net.popbgp.sim.azure.PeerSnapshot.ReceivedRoute;
import net.popbgp.sim.azure.Sku;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouterTablesTest {

    private static final Instant NOW = Instant.parse("2026-03-02T10:00:00Z");
    private static final InetAddress POP = IpAddresses.parse("192.168.100.129");
    private static final ArmPeering PEERING = new ArmPeering(
            ArmPeering.PRIVATE,
            true,
            Asn.of(64512),
            Prefix.of("192.168.100.128/30"),
            Prefix.of("192.168.100.132/30"),
            100,
            Optional.empty(),
            Optional.empty(),
            "Customer");
    private static final VnetLink HUB = new VnetLink(
            "hub",
            new AzureCircuit.Vnet("hub", List.of(Prefix.of("10.1.8.0/22"), Prefix.of("10.1.12.0/22")), List.of()));

    private static PathAttributes path(Origin origin, long... asns) {
        return PathAttributes.builder().asPath(asns).origin(origin).nextHop(POP).build();
    }

    private static PeerSnapshot snapshot(FsmState state, Optional<Duration> since, List<String> faults) {
        TreeMap<Prefix, ReceivedRoute> received = new TreeMap<>();
        if (state == FsmState.ESTABLISHED) {
            received.put(Prefix.of("10.1.8.0/22"), new ReceivedRoute(path(Origin.IGP, 64512, 12076), "", true));
            received.put(Prefix.of("10.3.0.0/16"), new ReceivedRoute(path(Origin.IGP, 64512), "", false));
            received.put(Prefix.of("10.4.0.0/16"), new ReceivedRoute(path(Origin.INCOMPLETE, 64512, 64512), "", false));
            received.put(
                    Prefix.of("10.5.0.0/16"), new ReceivedRoute(path(Origin.IGP, 64512), "next hop not usable", false));
        }
        return new PeerSnapshot(
                "a",
                state,
                since.map(NOW::minus),
                Optional.empty(),
                new PeerSnapshot.Octets(1234, 5678),
                60,
                Sku.STANDARD,
                received,
                List.of(),
                List.of(Prefix.of("10.1.8.0/22"), Prefix.of("10.1.12.0/22"), Prefix.of("10.9.0.0/24")),
                false,
                Map.of(),
                1,
                0,
                Optional.empty(),
                Optional.empty(),
                faults);
    }

    private static RouterView view(FsmState state, Optional<Duration> since, String... faults) {
        boolean linked = !List.of(faults).contains("blackhole");
        return new RouterView(
                PEERING,
                snapshot(state, since, List.of(faults)),
                List.of(HUB),
                NOW,
                NOW.minus(Duration.ofSeconds(100)),
                linked);
    }

    private static RouterView established() {
        return view(FsmState.ESTABLISHED, Optional.of(Duration.ofDays(60)));
    }

    private static JsonNode row(JsonNode table, int index) {
        return table.path("value").path(index);
    }

    private static JsonNode pop(RouterView view, boolean primary) {
        JsonNode rows = RouterTables.summary(view, primary).path("value");
        return rows.path(rows.size() - 1);
    }

    @Test
    void tables_have_the_shape_of_captured_ones() throws Exception {
        RouterView view = established();
        Golden golden = new Golden();

        golden.assertSame("arp-primary.json", RouterTables.arp(view, true, false));
        golden.assertSame("arp-secondary.json", RouterTables.arp(view, false, false));
        golden.assertSame("routes-primary.json", RouterTables.routes(view, true));
        golden.assertSame("routes-secondary.json", RouterTables.routes(view, false));
        golden.assertSame("summary-primary.json", RouterTables.summary(view, true));
        golden.assertSame("summary-secondary.json", RouterTables.summary(view, false));
        golden.assertSame("summary-provider.json", RouterTables.providerSummary(view, true));
        golden.assertSame("stats.json", RouterTables.stats(view));
        golden.assertAll();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 00:00",
        "PT58M9S, 58:09",
        "PT59M59S, 59:59",
        "PT1H, 01:00:00",
        "PT23H59M59S, 23:59:59",
        "P1D, 1d00h",
        "PT53H, 2d05h",
        "P7D, 1w0d",
        "P60D, 8w4d"
    })
    void times_are_written_as_routers_do(Duration since, String text) {
        assertThat(RouterView.upDown(since)).isEqualTo(text);
    }

    @Test
    void a_session_that_never_was_is_never_and_one_that_was_lost_counts_from_then() {
        JsonNode never = pop(view(FsmState.ACTIVE, Optional.empty()), true);
        assertThat(never.path("statePfxRcd").asText()).isEqualTo("Active");
        assertThat(never.path("upDown").asText()).isEqualTo("never");

        JsonNode lost = pop(view(FsmState.IDLE, Optional.of(Duration.ofSeconds(75))), true);
        assertThat(lost.path("statePfxRcd").asText()).isEqualTo("Idle");
        assertThat(lost.path("upDown").asText()).isEqualTo("01:15");
    }

    @Test
    void s26_core_maintenance_leaves_the_session_up_in_the_summary_and_the_metric_at_zero() {
        RouterView view = view(FsmState.ESTABLISHED, Optional.of(Duration.ofHours(2)), "core-maintenance");

        assertThat(pop(view, true).path("statePfxRcd").asText()).isEqualTo("4");
        assertThat(RouterTables.availability(view, true))
                .isEqualTo(Map.of("ArpAvailability", 100, "BgpAvailability", 0));
        assertThat(RouterTables.routes(view, true).findValuesAsText("network"))
                .containsExactly("10.1.8.0/22", "10.3.0.0/16", "10.4.0.0/16");
        assertThat(row(RouterTables.summary(view, true), 0).path("statePfxRcd").asText())
                .isEqualTo("Idle");
    }

    @Test
    void s01_the_primary_is_available_and_the_secondary_is_not() {
        assertThat(RouterTables.availability(established(), true))
                .isEqualTo(Map.of("ArpAvailability", 100, "BgpAvailability", 100));
        assertThat(RouterTables.availability(established(), false))
                .isEqualTo(Map.of("ArpAvailability", 0, "BgpAvailability", 0));
    }

    @Test
    void s07_a_link_that_carries_nothing_has_an_incomplete_arp_row() {
        RouterView view = view(FsmState.CONNECT, Optional.empty(), "blackhole");

        assertThat(row(RouterTables.arp(view, true, true), 0).path("macAddress").asText())
                .isEqualTo("Incomplete");
        assertThat(RouterTables.arp(view, true, true).path("value")).hasSize(1);
        assertThat(RouterTables.availability(view, true)).containsEntry("ArpAvailability", 0);
    }
}
