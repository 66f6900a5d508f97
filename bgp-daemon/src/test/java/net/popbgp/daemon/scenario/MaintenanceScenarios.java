package net.popbgp.daemon.scenario;

import static net.popbgp.daemon.scenario.Stage.PRIMARY;
import static net.popbgp.daemon.scenario.Stage.SECONDARY;
import static net.popbgp.daemon.scenario.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.daemon.site.SiteState;

/** Azure works on a circuit, and the way back from Azure. */
class MaintenanceScenarios {

    private static final String DRAINED = String.join(" ", Collections.nCopies(9, "12076"));

    private static String path(Stage stage) throws Exception {
        return stage.routes(PRIMARY)
                .path("routes-from-peer")
                .path(0)
                .path("as-path")
                .asText();
    }

    @Plays(Scenario.S25)
    void s25_traffic_leaves_before_the_drop() throws Exception {
        try (Stage stage = Stage.of(Scenario.S25).open().awaitUp()) {
            stage.azure(PRIMARY).drain(true).join();
            stage.awaitActive(SiteState.CONNECTED, SECONDARY);
            assertThat(path(stage)).isEqualTo(DRAINED);
            assertThat(stage.peer(PRIMARY).state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(stage.get("/explain?prefix=10.10.0.0/16").toString()).contains("DRAIN");
            assertThat(stage.told("circuit")).contains("Failover secondary");

            stage.azure(PRIMARY).adminDown("maintenance").join();
            eventually(() -> assertThat(stage.told("bgp-session"))
                    .contains("Disconnected primary 6 2 Cease/Administrative Shutdown, \"maintenance\""));
            assertThat(stage.availability(PRIMARY, "BgpAvailability")).containsExactly(0, 0);
            assertThat(stage.told("circuit"))
                    .filteredOn(text -> text.equals("Failover secondary"))
                    .hasSize(1);

            stage.azure(PRIMARY).drain(false).join();
            stage.azure(PRIMARY).adminUp().join();
            stage.awaitUp();
            assertThat(stage.told("bgp-routing")).noneMatch(text -> text.startsWith("Route removed"));
            assertThat(stage.availability(PRIMARY, "BgpAvailability")).containsExactly(100, 0);
        }
    }

    @Plays(Scenario.S25)
    void s25_without_honour_drain_traffic_stays_until_the_drop() throws Exception {
        try (Stage stage = Stage.of(Scenario.S25)
                .place(1)
                .top("honour-drain: false")
                .open()
                .awaitUp()) {
            stage.azure(PRIMARY).drain(true).join();
            eventually(() -> assertThat(path(stage)).isEqualTo(DRAINED));
            assertThat(stage.status().active()).contains(PRIMARY);
            assertThat(stage.told("circuit")).doesNotContain("Failover secondary");
            stage.azure(PRIMARY).adminDown("maintenance").join();
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
        }
    }

    @Plays(Scenario.S26)
    void s26_a_session_without_routes_carries_nothing() throws Exception {
        try (Stage stage = Stage.of(Scenario.S26).open().awaitUp()) {
            stage.azure(PRIMARY).coreMaintenance(true).join();
            stage.awaitActive(SiteState.CONNECTED, SECONDARY);
            assertThat(stage.peer(PRIMARY).state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(stage.site().has("degraded-reason")).isFalse();
            assertThat(stage.site().path("warnings").toString())
                    .contains("the primary is Established, but no route of the cloud's is in use over it");
            assertThat(stage.table()).contains("10.10.0.0/16 dynamic secondary active");
            assertThat(stage.told("bgp-session")).noneMatch(text -> text.startsWith("Disconnected"));

            assertThat(stage.availability(PRIMARY, "BgpAvailability")).containsExactly(0, 0);
            assertThat(stage.availability(SECONDARY, "BgpAvailability")).containsExactly(100, 0);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");

            stage.azure(PRIMARY).coreMaintenance(false).join();
            stage.awaitActive(SiteState.CONNECTED, PRIMARY);
        }
    }

    /** Connects the primary's network to the secondary circuit, too, and waits until its gateway knows both ways. */
    private static List<String> learnedByTheGateway(Stage stage) throws Exception {
        String group = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/popbgp-sim"
                + "/providers/Microsoft.Network/";
        stage.arm("PUT", "connections/both", """
                {"properties": {"connectionType": "ExpressRoute",
                 "virtualNetworkGateway1": {"id": "%1$svirtualNetworkGateways/primary-hub-gw"},
                 "peer": {"id": "%1$sexpressRouteCircuits/secondary"}}}""".formatted(group), 201);
        return stage.armAction("virtualNetworkGateways/primary-hub-gw/getLearnedRoutes").stream()
                .filter(row -> row.path("network").asText().equals("0.0.0.0/0")
                        && row.path("localAddress").asText().equals("10.10.255.228"))
                .map(row -> row.path("asPath").asText())
                .toList();
    }

    @Plays(Scenario.S27)
    void s27_the_prepended_circuit_is_not_chosen_by_azure_s_gateway() throws Exception {
        try (Stage stage = Stage.of(Scenario.S27).open().awaitUp()) {
            assertThat(stage.raw(SECONDARY)
                            .path("RIB_out")
                            .path(0)
                            .path("prepend_count")
                            .asInt())
                    .isEqualTo(2);
            assertThat(learnedByTheGateway(stage)).containsExactly("12076-65001", "12076-65001-65001");
        }
    }

    @Plays(Scenario.S27)
    void s27_without_prepending_both_are_chosen_and_check_warns() throws Exception {
        StageSetup setup = Stage.of(Scenario.S27).place(1).circuit(SECONDARY, "prepend: 0");
        assertThat(setup.problems()).anyMatch(text -> text.contains("spreads its traffic over both"));
        try (Stage stage = setup.open().awaitUp()) {
            assertThat(learnedByTheGateway(stage)).containsExactly("12076-65001", "12076-65001");
        }
    }

    @Plays(Scenario.S28)
    void s28_nothing_of_azure_s_own_goes_back_to_azure() throws Exception {
        try (Stage stage = Stage.of(Scenario.S28)
                .site("advertise: {default-route: true, all-routes: true}")
                .top("announce: [{prefixes: [10.99.0.0/16]}]")
                .open()
                .awaitUp()) {
            stage.azure(PRIMARY).vnetGrow(1).join(); // what only one circuit has would be news to the other
            eventually(() -> assertThat(stage.prefixes(PRIMARY).best()).isEqualTo(3));
            stage.azure(PRIMARY).adminDown("").join();
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
            stage.azure(PRIMARY).adminUp().join();
            stage.awaitUp();

            for (var role : List.of(PRIMARY, SECONDARY)) {
                assertThat(stage.sent(role)).allMatch(row -> row.matches("(0.0.0.0/0|10.99.0.0/16) by 65001( 65001)?"));
                assertThat(stage.azure(role).snapshot().leaked()).isEmpty();
                assertThat(stage.noted(role, "leak")).isEmpty();
                assertThat(stage.atAzure(role)).isEqualTo("2");
            }
        }
    }
}
