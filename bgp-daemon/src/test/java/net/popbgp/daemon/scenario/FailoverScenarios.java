package net.popbgp.daemon.scenario;

import static net.popbgp.daemon.scenario.Stage.PRIMARY;
import static net.popbgp.daemon.scenario.Stage.SECONDARY;
import static net.popbgp.daemon.scenario.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteState;

/** A circuit is lost, and comes back. */
class FailoverScenarios {

    private static final String TRACKED = "track: {frequency: immediate, mailing-lists: [noc]}";

    private static GreenMail mailServer() {
        GreenMail mails = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
        mails.start();
        return mails;
    }

    private static String alerts(GreenMail mails) {
        return "alerts: {mail: {host: 127.0.0.1, port: " + mails.getSmtp().getPort()
                + ", security: plain, from: popbgp@example.net}, mailing-lists: {noc: [noc@example.net]}}";
    }

    private static List<String> subjects(GreenMail mails) {
        return Arrays.stream(mails.getReceivedMessages())
                .map(FailoverScenarios::subject)
                .toList();
    }

    private static String subject(MimeMessage mail) {
        try {
            return mail.getSubject();
        } catch (jakarta.mail.MessagingException e) {
            throw new IllegalStateException(e);
        }
    }

    @Plays(Scenario.S09)
    void s09_a_link_that_dies_in_silence_is_noticed_by_the_hold_time() throws Exception {
        GreenMail mails = mailServer();
        try (Stage stage = Stage.of(Scenario.S09)
                .site("hold-time: 3s\n" + TRACKED)
                .top(alerts(mails))
                .open()
                .awaitUp()) {
            eventually(() -> assertThat(subjects(mails)).hasSize(2));
            long sent = stage.peer(PRIMARY).counters().notificationsOut(); // 6/7, if both dialed at once
            Instant cause = Instant.now();
            stage.azure(PRIMARY).linkDown(true).join();
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);

            Duration noticed = Duration.between(
                    cause, stage.status().lastFailover().orElseThrow().detectedAt());
            assertThat(noticed).isBetween(Duration.ofMillis(1500), Duration.ofMillis(4500));
            assertThat(stage.table())
                    .contains("10.10.0.0/16 dynamic secondary active", "127.80.9.0/30 static primary down")
                    .noneMatch(row -> row.contains("dynamic primary"));
            assertThat(stage.site().path("connected").asBoolean()).isTrue();
            assertThat(stage.site().path("degraded-reason").asText()).isEqualTo("CROSS_CONNECT_CIRCUIT_DISCONNECTED");
            eventually(() -> {
                assertThat(stage.told("bgp-session"))
                        .filteredOn(text -> text.startsWith("Disconnected"))
                        .containsExactly("Disconnected primary 4 0 Hold Timer Expired");
                assertThat(stage.told("circuit")).contains("Failover secondary", "Failover completed secondary");
                assertThat(subjects(mails)).hasSize(3).last().asString().contains("primary session down (4/0");
            });
            assertThat(stage.isActiveByMetric(SECONDARY)).isTrue();
            assertThat(stage.peer(PRIMARY).counters().notificationsOut()).isEqualTo(sent + 1);

            eventually(() ->
                    assertThat(stage.availability(PRIMARY, "BgpAvailability")).containsExactly(0, 0));
            assertThat(stage.availability(PRIMARY, "ArpAvailability")).containsExactly(0, 0);
            assertThat(stage.learned(PRIMARY)).isEmpty();
            assertThat(stage.learned(SECONDARY)).containsExactly("0.0.0.0/0 by 65001 65001 I");
        } finally {
            mails.stop();
        }
    }

    private static List<JsonNode> failbacks(Stage stage) throws IOException, InterruptedException {
        return stage.events("circuit").stream()
                .filter(event -> event.path("action").asText().equals("Failback"))
                .toList();
    }

    @Plays(Scenario.S12)
    void s12_traffic_returns_with_the_primary() throws Exception {
        GreenMail mails = mailServer();
        try (Stage stage = Stage.of(Scenario.S12)
                .site("hold-time: 3s\n" + TRACKED)
                .top(alerts(mails))
                .open()
                .awaitUp()) {
            stage.azure(PRIMARY).linkDown(true).join();
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
            int before = failbacks(stage).size(); // one, if the secondary was up first
            stage.azure(PRIMARY).linkDown(false).join();
            stage.awaitUp();

            eventually(() -> {
                assertThat(stage.told("circuit"))
                        .filteredOn("Failback completed primary"::equals)
                        .hasSize(before + 1);
                assertThat(failbacks(stage)).hasSize(before + 1);
            });
            assertThat(failbacks(stage)).last().satisfies(event -> {
                assertThat(event.path("trigger").asText()).contains("End-of-RIB");
                assertThat(event.path("prefix_count").asText()).isEqualTo("2");
            });
            assertThat(stage.told("bgp-routing")).noneMatch(text -> text.startsWith("Route removed"));
            assertThat(stage.table())
                    .contains("10.10.0.0/16 dynamic primary active", "10.10.0.0/16 dynamic secondary passive");
            eventually(() ->
                    assertThat(subjects(mails)).hasSize(4).last().asString().contains("primary session up"));
            assertThat(stage.learned(PRIMARY)).containsExactly("0.0.0.0/0 by 65001 I");
            assertThat(stage.availability(PRIMARY, "BgpAvailability")).containsExactly(100, 0);
        } finally {
            mails.stop();
        }
    }

    @Plays(Scenario.S13)
    void s13_without_a_circuit_the_site_is_disconnected_and_with_one_connected_again() throws Exception {
        try (Stage stage = Stage.of(Scenario.S13)
                .site("lan-monitoring: {hosts: [{name: dns, address: 10.10.0.4, interval: 1s}]}")
                .open()
                .awaitUp()) {
            stage.azure(PRIMARY).adminDown("").join();
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
            stage.azure(SECONDARY).adminDown("").join();
            eventually(() -> assertThat(stage.status().state()).isEqualTo(SiteState.DISCONNECTED));
            eventually(() -> {
                assertThat(stage.table()).hasSize(4).allMatch(row -> row.endsWith("down"));
                assertThat(stage.get("/lan-monitoring").path("hosts"))
                        .isNotEmpty()
                        .allMatch(host -> host.path("paused").asText().equals("disconnected"));
                assertThat(stage.told("bgp-routing"))
                        .filteredOn(text -> text.startsWith("Route removed"))
                        .hasSize(2);
                assertThat(stage.told("circuit")).contains("No active circuit secondary");
            });
            assertThat(stage.metric("popbgp_site_state{site=\"azure\"}")).isZero();
            assertThat(stage.availability(PRIMARY, "BgpAvailability")).containsExactly(0, 0);
            assertThat(stage.atAzure(SECONDARY)).isEqualTo("Idle");

            stage.azure(SECONDARY).adminUp().join();
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
            assertThat(stage.site().path("connected").asBoolean()).isTrue();
            eventually(() -> {
                assertThat(stage.table()).contains("10.10.0.0/16 dynamic secondary active");
                assertThat(stage.get("/lan-monitoring").path("hosts"))
                        .allMatch(host -> host.path("paused").asText().equals("none"));
                assertThat(stage.atAzure(SECONDARY)).isEqualTo("1");
            });
        }
    }

    @Plays(Scenario.S14)
    void s14_the_reason_says_who_closed_tcp() throws Exception {
        try (Stage stage = Stage.of(Scenario.S14).open().awaitUp()) {
            stage.azure(PRIMARY).tcpReset().join();
            eventually(() -> assertThat(stage.told("bgp-session"))
                    .contains("Disconnected primary local TCP: connection reset by the peer"));
            stage.awaitUp();
            stage.azure(PRIMARY).fin().join();
            eventually(() -> assertThat(stage.told("bgp-session"))
                    .contains("Disconnected primary local TCP: closed by the peer"));
            stage.awaitUp();

            assertThat(stage.noted(PRIMARY, "notification-sent")).allMatch(text -> text.startsWith("6/7"));
            assertThat(stage.noted(PRIMARY, "notification-received")).allMatch(text -> text.startsWith("6/7"));
            assertThat(stage.told("circuit"))
                    .filteredOn(text -> text.equals("Failover secondary"))
                    .hasSize(2);
            assertThat(stage.told("bgp-routing")).noneMatch(text -> text.startsWith("Route removed"));
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isEqualTo(3);
        }
    }

    @Plays(Scenario.S15)
    void s15_a_cease_is_told_with_its_codes_and_its_text() throws Exception {
        Map<Integer, String> meanings = Map.of(
                2, "Administrative Shutdown, \"works until 6\"",
                3, "Peer De-configured",
                4, "Administrative Reset, \"works until 6\"",
                6, "Other Configuration Change",
                10, "BFD Down");
        try (Stage stage = Stage.of(Scenario.S15).open().awaitUp()) {
            for (int subcode : List.of(2, 3, 4, 6, 10)) {
                CircuitRole role = subcode % 4 == 2 ? PRIMARY : SECONDARY;
                String text = subcode == 2 || subcode == 4 ? "works until 6" : "";
                stage.azure(role)
                        .notification(NotificationMessage.cease(subcode, text))
                        .join();
                eventually(() -> assertThat(stage.told("bgp-session"))
                        .contains("Disconnected " + role + " 6 " + subcode + " Cease/" + meanings.get(subcode)));
                JsonNode disconnect = stage.circuit(role).path("disconnect");
                assertThat(disconnect.path("bgp_error_code").asText()).isEqualTo("6");
                assertThat(disconnect.path("bgp_suberror_code").asText()).startsWith(subcode + " cease: ");
                assertThat(disconnect.path("text").asText()).contains(text);
                assertThat(stage.noted(role, "notification-sent")).anyMatch(sent -> sent.startsWith("6/" + subcode));
                stage.awaitUp();
            }
            assertThat(stage.noted(PRIMARY, "notification-received")).allMatch(each -> each.startsWith("6/7"));
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
        }
    }

    @Plays(Scenario.S38)
    void s38_a_disabled_peering_is_idle_until_it_is_enabled() throws Exception {
        String peering = """
                {"properties": {"peerASN": 65001, "vlanId": 100, "primaryPeerAddressPrefix": "127.80.38.0/30",
                 "secondaryPeerAddressPrefix": "127.80.38.4/30", "state": "%s"}}""";
        String resource = "expressRouteCircuits/primary/peerings/AzurePrivatePeering";
        try (Stage stage = Stage.of(Scenario.S38).open().awaitUp()) {
            stage.arm("PUT", resource, peering.formatted("Disabled"), 200);
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
            assertThat(stage.noted(PRIMARY, "notification-sent"))
                    .last()
                    .asString()
                    .startsWith("6/2");
            eventually(() -> assertThat(stage.told("bgp-session"))
                    .contains("Disconnected primary 6 2 Cease/Administrative Shutdown"));
            assertThat(stage.circuit(PRIMARY).path("disconnect").path("cause").asText())
                    .isEqualTo("the peering was disabled or deleted");
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("Idle");
            assertThat(stage.arm("GET", resource, "", 200)
                            .at("/properties/state")
                            .asText())
                    .isEqualTo("Disabled");

            stage.arm("PUT", resource, peering.formatted("Enabled"), 200);
            stage.awaitUp();
            assertThat(stage.azure(PRIMARY).state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
        }
    }
}
