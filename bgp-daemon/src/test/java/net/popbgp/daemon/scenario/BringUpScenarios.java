package net.popbgp.daemon.scenario;

import static net.popbgp.daemon.scenario.Stage.PRIMARY;
import static net.popbgp.daemon.scenario.Stage.SECONDARY;
import static net.popbgp.daemon.scenario.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.daemon.site.SiteState;

/** Sessions come up, or do not. */
class BringUpScenarios {

    @Plays(Scenario.S01)
    void s01_both_circuits_come_up() throws Exception {
        try (Stage stage = Stage.of(Scenario.S01).open().awaitUp()) {
            for (var role : List.of(PRIMARY, SECONDARY)) {
                JsonNode raw = stage.raw(role);
                assertThat(raw.path("BGP_Session").asText()).isEqualTo("Established");
                assertThat(raw.path("Negotiated").path("Hold_Time").asText()).isEqualTo("60");
                assertThat(raw.path("Negotiated").path("Keepalive_Period").asText())
                        .isEqualTo("20");
                assertThat(stage.azure(role).snapshot().holdTime()).isEqualTo(60);
                assertThat(stage.noted(role, "notification-sent")).allMatch(text -> text.startsWith("6/7"));
                assertThat(stage.noted(role, "notification-received")).allMatch(text -> text.startsWith("6/7"));
            }
            assertThat(stage.table())
                    .containsExactlyInAnyOrder(
                            "127.80.1.0/30 static primary active",
                            "127.80.1.2/32 static primary active",
                            "127.80.1.8/30 static secondary active",
                            "127.80.1.10/32 static secondary active",
                            "10.10.0.0/16 dynamic primary active",
                            "10.11.0.0/16 dynamic primary active",
                            "10.10.0.0/16 dynamic secondary passive",
                            "10.11.0.0/16 dynamic secondary passive");
            assertThat(stage.site().path("state").asText()).isEqualTo("connected");
            assertThat(stage.site().has("degraded-reason")).isFalse();
            assertThat(stage.metric("popbgp_site_state{site=\"azure\"}")).isEqualTo(2);
            assertThat(stage.isActiveByMetric(PRIMARY)).isTrue();
            eventually(() -> {
                assertThat(stage.told("bgp-session"))
                        .containsExactlyInAnyOrder("Connected primary", "Connected secondary");
                assertThat(stage.events("bgp-routing"))
                        .filteredOn(event -> event.path("action").asText().equals("Route added"))
                        .extracting(event -> event.path("bgp_route_cidr").asText())
                        .containsExactlyInAnyOrder("10.10.0.0/16", "10.11.0.0/16");
            });

            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
            assertThat(stage.learned(PRIMARY)).containsExactly("0.0.0.0/0 by 65001 I");
            assertThat(stage.learned(SECONDARY)).containsExactly("0.0.0.0/0 by 65001 65001 I");
            for (var role : List.of(PRIMARY, SECONDARY)) {
                assertThat(stage.availability(role, "BgpAvailability")).containsExactly(100, 0);
                assertThat(stage.availability(role, "ArpAvailability")).containsExactly(100, 0);
            }
        }
    }

    @Plays(Scenario.S02)
    void s02_one_circuit_is_a_whole_site() throws Exception {
        StageSetup setup = Stage.of(Scenario.S02).single();
        assertThat(setup.problems()).anyMatch(text -> text.startsWith("one circuit only"));
        try (Stage stage = setup.open().awaitUp()) {
            assertThat(stage.site().path("state").asText()).isEqualTo("connected");
            assertThat(stage.site().has("degraded-reason")).isFalse();
            assertThat(stage.site().path("warnings")).isEmpty();
            assertThat(stage.azure(PRIMARY).state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
            assertThat(stage.atAzure(SECONDARY)).isNotEqualTo("1");
        }
    }

    @Plays(Scenario.S03)
    void s03_the_smaller_hold_time_counts() throws Exception {
        StageSetup setup = Stage.of(Scenario.S03).single();
        for (int refused : List.of(1, 2)) {
            assertThat(setup.circuit(PRIMARY, "hold-time: " + refused + "s").problems())
                    .anyMatch(text -> text.contains("hold time"));
        }
        Map<Integer, String> negotiated =
                Map.of(0, "0/0", 3, "3/1", 9, "9/3", 60, "60/20", 180, "180/20", 240, "180/20");
        setup.circuit(PRIMARY, "hold-time: 60s");
        try (Stage stage = setup.open().awaitUp()) {
            for (var each : negotiated.entrySet()) {
                int ours = each.getKey();
                setup.circuit(PRIMARY, "hold-time: " + (ours == 0 ? "0" : ours + "s"));
                stage.reload();
                eventually(() -> {
                    JsonNode timers = stage.raw(PRIMARY).path("Negotiated");
                    assertThat(timers.path("Hold_Time").asText() + "/"
                                    + timers.path("Keepalive_Period").asText())
                            .as("with %s s here and 180 s there", ours)
                            .isEqualTo(each.getValue());
                    assertThat(stage.azure(PRIMARY).snapshot().holdTime()).isEqualTo(Math.min(ours, 180));
                });
            }
        }
    }

    @Plays(Scenario.S03)
    void s03_a_hold_time_of_one_or_two_seconds_is_answered_2_6() throws Exception {
        for (int theirs : List.of(1, 2)) {
            StageSetup setup = Stage.of(Scenario.S03).place(theirs).single().profile("hold-time: " + theirs);
            try (Stage stage = setup.open()) {
                eventually(() -> {
                    assertThat(stage.noted(PRIMARY, "notification-received"))
                            .isNotEmpty()
                            .allMatch(text -> text.startsWith("2/6"));
                    assertThat(stage.told("bgp-session"))
                            .contains("Connect failed primary 2 6 OPEN Message Error/Unacceptable Hold Time");
                });
                assertThat(stage.status().state()).isEqualTo(SiteState.DISCONNECTED);
                assertThat(stage.atAzure(PRIMARY)).isNotEqualTo("1");
            }
        }
    }

    @Plays(Scenario.S35)
    void s35_of_two_connections_one_is_closed_with_6_7() throws Exception {
        try (Stage stage = Stage.of(Scenario.S35).profile("connect-retry: 1ms").open()) {
            int attempts = 0;
            while (collisions(stage).isEmpty()) {
                assertThat(attempts++).as("attempts without a collision").isLessThan(200);
                stage.awaitUp();
                stage.send("POST", "/peers/azure-primary/stop", "", 200); // and both dial at once again
                stage.send("POST", "/peers/azure-primary/start", "", 200);
            }
            stage.awaitUp();

            assertThat(collisions(stage)).allMatch(text -> text.startsWith("6/7"));
            JsonNode raw = stage.raw(PRIMARY);
            assertThat(List.of(
                            raw.path("Incoming_Connection").path("State").asText(),
                            raw.path("Outgoing_Connection").path("State").asText()))
                    .containsExactlyInAnyOrder("Established", "Idle");
            assertThat(stage.told("bgp-session")).noneMatch(text -> text.contains(" 6 7"));
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
        }
    }

    private static List<String> collisions(Stage stage) {
        return Stream.concat(
                        stage.noted(PRIMARY, "notification-sent").stream(),
                        stage.noted(PRIMARY, "notification-received").stream())
                .filter(text -> !text.startsWith("6/2")) // the operator's stop
                .toList();
    }

    @Plays(Scenario.S47)
    void s47_ipv6_of_the_peer_is_not_negotiated() throws Exception {
        try (Stage stage = Stage.of(Scenario.S47).profile("ipv6: true").open().awaitUp()) {
            assertThat(stage.peer(PRIMARY).negotiated().orElseThrow().families())
                    .containsExactly(AddressFamily.IPV4_UNICAST);
            assertThat(stage.azure(PRIMARY).snapshot().endOfRibReceived()).containsOnlyKeys(AddressFamily.IPV4_UNICAST);
            assertThat(stage.status().state()).isEqualTo(SiteState.CONNECTED);
            assertThat(stage.prefixes(PRIMARY).best()).isEqualTo(2);
            assertThat(stage.learned(PRIMARY)).containsExactly("0.0.0.0/0 by 65001 I");
        }
    }
}
