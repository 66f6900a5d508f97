package net.popbgp.daemon.scenario;

import static net.popbgp.daemon.scenario.Stage.PRIMARY;
import static net.popbgp.daemon.scenario.Stage.SECONDARY;
import static net.popbgp.daemon.scenario.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.daemon.site.SiteState;
import net.popbgp.speaker.PeerHandle;

/** How many prefixes either side takes, and what happens beyond. */
class LimitScenarios {

    private static final String ALL = "advertise: {default-route: false, all-routes: true}";
    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;

    /** Has the PoP announce, or withdraw, the prefixes of these numbers: 100 of each /16 from 10.100.0.0 on. */
    private static void change(Stage stage, String what, int from, int to) throws Exception {
        String prefixes = IntStream.range(from, to)
                .mapToObj(i -> "\"" + (i < 10_000 ? "10." + (100 + i / 100) : "11.0") + "." + i % 100 + ".0/24\"")
                .collect(Collectors.joining(","));
        stage.send("POST", "/" + what, "{\"prefixes\": [" + prefixes + "]}", 200);
    }

    private static void awaitReceived(Stage stage, int count) {
        for (var role : List.of(PRIMARY, SECONDARY)) {
            eventually(() -> assertThat(stage.azure(role).snapshot().count(IPV4))
                    .as("%s", role)
                    .isEqualTo(count));
        }
    }

    /** Has the PoP send whatever there is: the guard would not let the limit be exceeded. */
    private static void withoutGuard(Stage stage) {
        for (var role : List.of(PRIMARY, SECONDARY)) {
            PeerHandle peer = stage.daemon().speaker().peer("azure-" + role).orElseThrow();
            peer.reconfigure(peer.config().toBuilder().withoutOutboundGuards().build())
                    .toCompletableFuture()
                    .join();
        }
    }

    private static List<JsonNode> limitEvents(Stage stage, String action) throws Exception {
        return stage.events("circuit").stream()
                .filter(event -> event.path("action").asText().equals(action)
                        && event.path("circuit").asText().equals("primary"))
                .toList();
    }

    @Plays(Scenario.S16)
    void s16_at_80_percent_both_sides_warn() throws Exception {
        try (Stage stage = Stage.of(Scenario.S16).site(ALL).open().awaitUp()) {
            change(stage, "announce", 0, 3199);
            awaitReceived(stage, 3199);
            assertThat(stage.noted(PRIMARY, "prefix-warning")).isEmpty();
            assertThat(stage.site().path("warnings")).isEmpty();

            change(stage, "announce", 3199, 3200);
            awaitReceived(stage, 3200);
            eventually(() -> assertThat(limitEvents(stage, "Limit warning"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.path("direction").asText()).isEqualTo("out");
                        assertThat(event.path("prefix_count").asText()).isEqualTo("3200");
                        assertThat(event.path("prefix_limit").asText()).isEqualTo("4000");
                    }));
            assertThat(stage.site().path("warnings").toString())
                    .contains("the primary advertises 3200 prefixes, near what the cloud takes");
            assertThat(stage.metric("popbgp_circuit_budget_used{circuit=\"primary\",direction=\"out\",site=\"azure\"}"))
                    .isEqualTo(0.8);
            assertThat(stage.noted(PRIMARY, "prefix-warning"))
                    .singleElement()
                    .asString()
                    .startsWith("3200 of 4000");
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("3200");
        }
    }

    @Plays(Scenario.S17)
    void s17_exactly_4000_stay_up() throws Exception {
        try (Stage stage = Stage.of(Scenario.S17).site(ALL).open().awaitUp()) {
            change(stage, "announce", 0, 4000);
            awaitReceived(stage, 4000);
            assertThat(stage.prefixes(PRIMARY).advertised()).isEqualTo(4000);
            assertThat(stage.prefixes(PRIMARY).withheld()).isZero();
            assertThat(limitEvents(stage, "Limit hit")).isEmpty();
            assertThat(stage.status().state()).isEqualTo(SiteState.CONNECTED);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("4000");
            assertThat(stage.azure(PRIMARY).snapshot().limitDrops()).isZero();
        }
    }

    @Plays(Scenario.S18)
    void s18_the_guard_withholds_the_4001st() throws Exception {
        try (Stage stage = Stage.of(Scenario.S18).site(ALL).open().awaitUp()) {
            change(stage, "announce", 0, 4001);
            awaitReceived(stage, 4000);
            eventually(() -> assertThat(stage.prefixes(PRIMARY).withheld()).isEqualTo(1));
            eventually(() -> assertThat(limitEvents(stage, "Limit hit"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.path("prefix_count").asText()).isEqualTo("4001");
                        assertThat(event.path("prefix_limit").asText()).isEqualTo("4000");
                        assertThat(event.path("event_message").asText()).contains("what exceeds the limit is withheld");
                    }));
            assertThat(stage.site().path("warnings").toString()).contains("withholds 1 prefixes");
            assertThat(stage.azure(PRIMARY).snapshot().limitDrops()).isZero();
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isEqualTo(1);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("4000");
        }
    }

    /** A PoP that takes the circuits for Premium. */
    private static StageSetup mistaken(Scenario scenario) {
        return Stage.of(scenario).place(1).site(ALL + "\nsku: premium").profile("restart: 1s");
    }

    private static void awaitDrops(Stage stage, int least) {
        eventually(
                () -> assertThat(stage.azure(PRIMARY).snapshot().limitDrops()).isGreaterThanOrEqualTo(least));
    }

    @Plays(Scenario.S18)
    void s18_without_it_4001_are_answered_6_1_again_and_again_but_in_no_hot_loop() throws Exception {
        try (Stage stage = mistaken(Scenario.S18).open().awaitUp()) {
            change(stage, "announce", 0, 4001);
            Instant from = Instant.now();
            awaitDrops(stage, 3);
            Duration taken = Duration.between(from, Instant.now());
            assertThat(taken).as("two restarts of 1 s").isGreaterThan(Duration.ofSeconds(2));
            var sent = stage.azure(PRIMARY).snapshot().lastSent().orElseThrow();
            assertThat(sent.code() + "/" + sent.subcode() + " " + HexFormat.of().formatHex(sent.data()))
                    .isEqualTo("6/1 00010100000fa0");
            assertThat(stage.told("bgp-session"))
                    .anyMatch(text ->
                            text.startsWith("Disconnected primary 6 1 Cease/Maximum Number of Prefixes Reached"));
            eventually(() -> {
                JsonNode disconnect = stage.circuit(PRIMARY).path("disconnect");
                assertThat(disconnect.path("bgp_suberror_code").asText())
                        .isEqualTo("1 cease: maximum number of prefixes reached");
                assertThat(disconnect.path("cause").asText()).contains("more prefixes were advertised");
            });
            assertThat(stage.notedAt(PRIMARY, "notification-sent")).hasSizeLessThan(2 + (int) taken.toSeconds());
        }
    }

    @Plays(Scenario.S19)
    void s19_a_summary_heals_it_at_the_next_attempt() throws Exception {
        try (Stage stage = mistaken(Scenario.S19).open().awaitUp()) {
            change(stage, "announce", 0, 4000);
            change(stage, "announce", 3999, 4000);
            stage.send("POST", "/announce", "{\"prefixes\": [\"10.100.200.0/24\"]}", 200);
            awaitDrops(stage, 2);
            String summaries = IntStream.range(100, 140)
                    .mapToObj(i -> "10." + i + ".0.0/16")
                    .collect(Collectors.joining(", "));
            stage.setup()
                    .replaceSite("sku: premium\nadvertise: {default-route: false, all-routes: true, summary-only: true,"
                            + " summary-routes: [" + summaries + "]}");
            stage.reload();
            awaitReceived(stage, 40);
            stage.awaitActive(SiteState.CONNECTED, PRIMARY);
            int drops = stage.azure(PRIMARY).snapshot().limitDrops();
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("40");
            assertThat(stage.sent(PRIMARY)).hasSize(40).allMatch(row -> row.contains(".0.0/16"));

            change(stage, "withdraw", 3900, 4000);
            awaitReceived(stage, 39);
            assertThat(stage.learned(PRIMARY)).noneMatch(row -> row.startsWith("10.139.0.0/16"));
            assertThat(stage.azure(PRIMARY).snapshot().limitDrops()).isEqualTo(drops);
        }
    }

    @Plays(Scenario.S20)
    void s20_premium_takes_10000() throws Exception {
        try (Stage stage = Stage.of(Scenario.S20)
                .site(ALL + "\nsku: premium")
                .azure("sku: premium")
                .profile("restart: 1s")
                .open()
                .awaitUp()) {
            change(stage, "announce", 0, 4001);
            awaitReceived(stage, 4001);
            change(stage, "announce", 4001, 10_001);
            awaitReceived(stage, 10_000);
            eventually(() -> assertThat(stage.prefixes(PRIMARY).withheld()).isEqualTo(1));
            assertThat(stage.azure(PRIMARY).snapshot().limitDrops()).isZero();
            assertThat(stage.status().state()).isEqualTo(SiteState.CONNECTED);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("10000");

            withoutGuard(stage);
            awaitDrops(stage, 1);
            assertThat(HexFormat.of()
                            .formatHex(stage.azure(PRIMARY)
                                    .snapshot()
                                    .lastSent()
                                    .orElseThrow()
                                    .data()))
                    .isEqualTo("00010100002710");
            eventually(() -> assertThat(stage.told("bgp-session"))
                    .anyMatch(text -> text.startsWith("Disconnected primary 6 1 ")));
        }
    }

    @Plays(Scenario.S21)
    void s21_an_upgrade_of_the_sku_heals_it_at_the_next_retry() throws Exception {
        try (Stage stage = mistaken(Scenario.S21).open().awaitUp()) {
            change(stage, "announce", 0, 4001);
            awaitDrops(stage, 2);
            for (String circuit : List.of("primary", "secondary")) {
                stage.arm(
                        "PUT",
                        "expressRouteCircuits/" + circuit,
                        """
                        {"location": "eastus", "sku": {"tier": "Premium", "family": "UnlimitedData"}, "properties":
                         {"serviceProviderProperties": {"serviceProviderName": "Equinix", "peeringLocation": "%s",
                          "bandwidthInMbps": 1000}}}""".formatted(circuit.equals("primary") ? "New York" : "Washington DC"),
                        200);
            }
            stage.awaitActive(SiteState.CONNECTED, PRIMARY);
            awaitReceived(stage, 4001);
            assertThat(stage.azure(PRIMARY).state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("4001");
        }
    }

    @Plays(Scenario.S22)
    void s22_a_cloud_that_means_met_tears_down_at_the_4000th() throws Exception {
        try (Stage stage = Stage.of(Scenario.S22)
                .site(ALL)
                .profile("restart: 1s, limit-semantics: meets")
                .open()
                .awaitUp()) {
            change(stage, "announce", 0, 3999);
            awaitReceived(stage, 3999);
            assertThat(stage.azure(PRIMARY).snapshot().limitDrops()).isZero();
            change(stage, "announce", 3999, 4000);
            awaitDrops(stage, 1);
            eventually(() -> assertThat(stage.told("bgp-session"))
                    .anyMatch(text -> text.startsWith("Disconnected primary 6 1 ")));
            change(stage, "withdraw", 3999, 4000);
            stage.awaitActive(SiteState.CONNECTED, PRIMARY);
            awaitReceived(stage, 3999);
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("3999");
        }
    }

    @Plays(Scenario.S23)
    void s23_with_1001_address_spaces_azure_withdraws_all_and_the_site_says_so() throws Exception {
        try (Stage stage = Stage.of(Scenario.S23).open().awaitUp()) {
            for (var role : List.of(PRIMARY, SECONDARY)) {
                stage.azure(role).vnetGrow(998).join();
                eventually(() -> assertThat(stage.prefixes(role).received()).isEqualTo(1000));
            }
            assertThat(stage.site().path("warnings").toString())
                    .contains(
                            "the primary gets 1000 prefixes, near the 1000 that the cloud announces before it takes all back");
            for (var role : List.of(PRIMARY, SECONDARY)) {
                stage.azure(role).vnetGrow(1).join();
            }
            eventually(() -> {
                assertThat(stage.prefixes(PRIMARY).received()).isZero();
                assertThat(stage.prefixes(SECONDARY).received()).isZero();
                assertThat(stage.status().active()).isEmpty();
            });
            assertThat(stage.status().state()).isEqualTo(SiteState.CONNECTED);
            assertThat(stage.peer(PRIMARY).established()).isEqualTo(1);
            assertThat(stage.site().path("warnings").toString())
                    .contains(
                            "the primary is Established, but no route of the cloud's is in use over it: it carries nothing",
                            "the secondary is Established, but no route");
            eventually(() -> assertThat(stage.events("bgp-routing").stream()
                            .filter(event -> event.path("action").asText().equals("Route removed"))
                            .mapToInt(event -> event.path("event_count").asInt(1))
                            .sum())
                    .isEqualTo(1000));
            assertThat(stage.arm("GET", "connections/primary-hub", "", 200)
                            .at("/properties/connectionStatus")
                            .asText())
                    .isEqualTo("NotConnected");
            assertThat(stage.atAzure(PRIMARY)).isEqualTo("1");
        }
    }

    @Plays(Scenario.S24)
    void s24_of_1025_prefixes_1024_are_taken_and_the_session_stays() throws Exception {
        try (Stage stage =
                Stage.of(Scenario.S24).profile("vnet-limit: 2000").open().awaitUp()) {
            stage.azure(PRIMARY).vnetGrow(1022).join();
            eventually(() ->
                    assertThat(stage.raw(PRIMARY).path("routes_count").asText()).isEqualTo("1024"));
            assertThat(stage.raw(PRIMARY).path("routes_count_limit_exceeded").asBoolean())
                    .isFalse();

            stage.azure(PRIMARY).vnetGrow(1).join();
            eventually(() -> assertThat(stage.raw(PRIMARY)
                            .path("routes_count_limit_exceeded")
                            .asBoolean())
                    .isTrue());
            assertThat(stage.raw(PRIMARY).path("routes_count").asText()).isEqualTo("1024");
            assertThat(stage.status().state()).isEqualTo(SiteState.CONNECTED);
            assertThat(stage.site().path("warnings").toString()).contains("more prefixes than the 1024");
            eventually(() -> assertThat(limitEvents(stage, "Limit hit"))
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.path("direction").asText()).isEqualTo("in");
                        assertThat(event.path("prefix_limit").asText()).isEqualTo("1024");
                    }));
            assertThat(stage.azure(PRIMARY).snapshot().announced()).hasSize(1025);
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isEqualTo(1);
        }
    }
}
