package net.popbgp.daemon.scenario;

import static net.popbgp.daemon.scenario.Stage.PRIMARY;
import static net.popbgp.daemon.scenario.Stage.SECONDARY;
import static net.popbgp.daemon.scenario.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.site.SiteState;

/** Something is set wrongly, on one side or on both. */
class SettingScenarios {

    private static final String PEERING = "expressRouteCircuits/primary/peerings/AzurePrivatePeering";

    private static String peering(Scenario scenario, int vlan, String more) {
        String link = "127.80." + scenario.number() + ".";
        return "{\"properties\": {\"peerASN\": 65001, \"vlanId\": " + vlan + ", \"primaryPeerAddressPrefix\": \"" + link
                + "0/30\", \"secondaryPeerAddressPrefix\": \"" + link + "4/30\"" + more + "}}";
    }

    @Plays(Scenario.S04)
    void s04_a_wrong_key_is_silence_and_everything_below_works() throws Exception {
        try (Stage stage = Stage.of(Scenario.S04).open().awaitUp()) {
            stage.azure(PRIMARY).wrongMd5Key("Another1", true).join();
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
            eventually(() -> {
                JsonNode disconnect = stage.circuit(PRIMARY).path("disconnect");
                assertThat(disconnect.path("bgp_error_code").asText()).isEqualTo("local");
                assertThat(disconnect.path("text").asText()).contains("MD5");
                assertThat(disconnect.path("cause").asText()).contains("another MD5 key");
            });
            assertThat(stage.peer(PRIMARY).state()).isIn(FsmState.CONNECT, FsmState.ACTIVE, FsmState.IDLE);
            assertThat(stage.testConnectivity(PRIMARY)).isEqualTo("Success");
            assertThat(stage.site().path("connected").asBoolean()).isTrue();

            assertThat(stage.noted(PRIMARY, "notification-sent")).allMatch(text -> text.startsWith("6/7"));
            assertThat(stage.noted(PRIMARY, "notification-received")).allMatch(text -> text.startsWith("6/7"));
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isEqualTo(1);
            assertThat(stage.atAzure(PRIMARY)).isIn("Idle", "Active", "Connect");
            assertThat(stage.availability(PRIMARY, "ArpAvailability")).containsExactly(100, 0);
            assertThat(stage.arp(PRIMARY)).isNotEqualTo("Incomplete");

            stage.azure(PRIMARY).restoreMd5Key(false).join();
            stage.awaitUp();
        }
    }

    @Plays(Scenario.S05)
    void s05_a_key_that_azure_does_not_take_gets_nowhere() throws Exception {
        for (String key : List.of("A".repeat(26), "Secret!")) {
            assertThat(Stage.of(Scenario.S05).popKey(key).problems())
                    .anyMatch(text -> text.contains("MD5 keys of 1..25 letters and digits"))
                    .noneMatch(text -> text.contains(key));
        }
        try (Stage stage = Stage.of(Scenario.S05).open().awaitUp()) {
            for (String key : List.of("A".repeat(26), "Secret!")) {
                JsonNode answer =
                        stage.arm("PUT", PEERING, peering(Scenario.S05, 100, ", \"sharedKey\": \"" + key + "\""), 400);
                assertThat(answer.at("/error/message").asText())
                        .contains("sharedKey", "1..25 letters and digits")
                        .doesNotContain(key);
            }
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isEqualTo(1);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
        }
    }

    @Plays(Scenario.S06)
    void s06_another_as_is_answered_2_2_and_tried_again_less_and_less_often() throws Exception {
        try (Stage stage =
                Stage.of(Scenario.S06).single().azure("peer-as: 65002").open()) {
            eventually(() -> assertThat(waits(stage)).hasSizeGreaterThanOrEqualTo(2));
            assertThat(waits(stage).get(1))
                    .as("the waits %s", waits(stage))
                    .isGreaterThan(waits(stage).get(0));
            assertThat(stage.noted(PRIMARY, "notification-sent")).allMatch(text -> text.startsWith("2/2"));

            assertThat(stage.told("bgp-session"))
                    .first()
                    .isEqualTo("Connect failed primary 2 2 OPEN Message Error/Bad Peer AS");
            JsonNode disconnect = stage.circuit(PRIMARY).path("disconnect");
            assertThat(disconnect.path("bgp_error_code").asText()).isEqualTo("2");
            assertThat(disconnect.path("bgp_suberror_code").asText()).isEqualTo("2 OPEN: bad peer AS");
            assertThat(disconnect.path("cause").asText()).contains("the AS of the PoP is not the one configured");
            assertThat(stage.status().state()).isEqualTo(SiteState.DISCONNECTED);
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isZero();
            assertThat(stage.availability(PRIMARY, "BgpAvailability")).containsExactly(0, 0);
        }
    }

    /** How long the PoP waited between its attempts; the two connections of one attempt are refused within milliseconds. */
    private static List<Duration> waits(Stage stage) {
        List<Instant> refused = stage.notedAt(PRIMARY, "notification-sent");
        return IntStream.range(1, refused.size())
                .mapToObj(i -> Duration.between(refused.get(i - 1), refused.get(i)))
                .filter(wait -> wait.toMillis() > 300)
                .toList();
    }

    @Plays(Scenario.S07)
    void s07_a_wrong_vlan_lets_nothing_pass() throws Exception {
        try (Stage stage = Stage.of(Scenario.S07)
                .site("hold-time: 3s\nlan-monitoring: {interval: 1s, fault-threshold: 2}")
                .open()
                .awaitUp()) {
            stage.arm("PUT", PEERING, peering(Scenario.S07, 102, ""), 200);
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
            eventually(() -> {
                assertThat(stage.peer(PRIMARY).state()).isIn(FsmState.CONNECT, FsmState.ACTIVE);
                assertThat(stage.told("lan-monitoring")).anyMatch(text -> text.startsWith("Host Unreachable"));
            });
            assertThat(stage.testConnectivity(PRIMARY)).isEqualTo("Failed");
            assertThat(stage.testConnectivity(SECONDARY)).isEqualTo("Success");

            assertThat(stage.arp(PRIMARY)).isEqualTo("Incomplete");
            assertThat(stage.availability(PRIMARY, "ArpAvailability")).containsExactly(0, 0);
            eventually(() ->
                    assertThat(stage.availability(PRIMARY, "BgpAvailability")).containsExactly(0, 0));

            stage.arm("PUT", PEERING, peering(Scenario.S07, 100, ""), 200);
            stage.awaitUp();
            eventually(
                    () -> assertThat(stage.told("lan-monitoring")).anyMatch(text -> text.startsWith("Host Reachable")));
            assertThat(stage.arp(PRIMARY)).isNotEqualTo("Incomplete");
        }
    }

    @Plays(Scenario.S08)
    void s08_addresses_cannot_be_swapped() throws Exception {
        for (String key : List.of("pop-address", "cloud-address")) {
            assertThat(Stage.of(Scenario.S08)
                            .circuit(PRIMARY, key + ": 127.80.8.2")
                            .problems())
                    .anyMatch(
                            text -> text.equals("'" + key + "' cannot be set, the addresses follow from the subnet: the"
                                    + " PoP is 127.80.8.1, the cloud 127.80.8.2"));
        }
        try (Stage stage = Stage.of(Scenario.S08).open().awaitUp()) {
            InetAddress router = IpAddresses.parse("127.80.8.2");
            try (Socket other = new Socket()) {
                other.bind(new InetSocketAddress(IpAddresses.parse("127.80.8.3"), 0));
                other.connect(new InetSocketAddress(router, StageSetup.PORT));
                assertThat(isEnded(other)).isTrue();
            }
            assertThat(stage.noted(PRIMARY, "refused"))
                    .singleElement()
                    .asString()
                    .contains("127.80.8.3");
            assertThat(stage.armTable(PRIMARY, "arpTables"))
                    .noneMatch(row -> row.path("ipAddress").asText().equals("127.80.8.3"));
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
        }
    }

    private static boolean isEnded(Socket socket) {
        try {
            return socket.getInputStream().read() < 0;
        } catch (IOException e) {
            return true; // reset
        }
    }

    @Plays(Scenario.S31)
    void s31_different_policies_are_warned_of() throws Exception {
        StageSetup setup = Stage.of(Scenario.S31)
                .vnets("[{name: hub, address-spaces: [10.10.0.0/16, 10.11.0.0/16, 10.12.0.0/16]}]")
                .circuit(PRIMARY, "advertise: {default-route: true}, accept: {exclusions: [10.11.0.0/16]}")
                .circuit(SECONDARY, "advertise: {default-route: false}");
        assertThat(setup.problems())
                .anyMatch(text -> text.startsWith("the circuits advertise differently"))
                .anyMatch(text -> text.startsWith("the circuits accept differently"));
        try (Stage stage = setup.open().awaitUp()) {
            assertThat(stage.learned(PRIMARY)).containsExactly("0.0.0.0/0 by 65001 I");
            assertThat(stage.learned(SECONDARY)).isEmpty();
            assertThat(stage.prefixes(PRIMARY).accepted()).isEqualTo(2);
            assertThat(stage.prefixes(SECONDARY).accepted()).isEqualTo(3);
        }
    }

    @Plays(Scenario.S32)
    void s32_with_equal_metrics_the_role_decides() throws Exception {
        // Without the role the lower address would win, which the secondary has here.
        StageSetup setup =
                Stage.of(Scenario.S32).swapped().circuit(PRIMARY, "metric: 90").circuit(SECONDARY, "metric: 90");
        assertThat(setup.problems()).anyMatch(text -> text.startsWith("both circuits have metric 90"));
        try (Stage stage = setup.open().awaitUp()) {
            assertThat(stage.table())
                    .contains("10.10.0.0/16 dynamic primary active", "10.10.0.0/16 dynamic secondary passive");
            stage.azure(PRIMARY).adminDown("").join();
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
            stage.azure(PRIMARY).adminUp().join();
            stage.awaitUp();
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
        }
    }

    @Plays(Scenario.S32)
    void s32_a_better_metric_makes_the_secondary_active() throws Exception {
        StageSetup setup = Stage.of(Scenario.S32).place(1).circuit(SECONDARY, "metric: 50");
        assertThat(setup.problems()).anyMatch(text -> text.startsWith("the primary's metric 90 is worse"));
        try (Stage stage = setup.open().awaitActive(SiteState.CONNECTED, SECONDARY)) {
            assertThat(stage.table())
                    .contains("10.10.0.0/16 dynamic primary passive", "10.10.0.0/16 dynamic secondary active");
            assertThat(stage.site().path("warnings").toString())
                    .contains("the secondary carries the traffic although the primary is up");
            assertThat(stage.isActiveByMetric(SECONDARY)).isTrue();
            eventually(() -> assertThat(stage.atAzure(SECONDARY)).isEqualTo("1"));
        }
    }
}
