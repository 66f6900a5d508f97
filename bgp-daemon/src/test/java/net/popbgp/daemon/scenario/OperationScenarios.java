package net.popbgp.daemon.scenario;

import static net.popbgp.daemon.scenario.Stage.PRIMARY;
import static net.popbgp.daemon.scenario.Stage.SECONDARY;
import static net.popbgp.daemon.scenario.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.probe.EchoResult;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteState;
import net.popbgp.sim.SimConfig;
import net.popbgp.sim.Simulator;
import org.junit.jupiter.api.io.TempDir;

/** What operators do and are told, and many sites. */
class OperationScenarios {

    @Plays(Scenario.S39)
    void s39_what_the_provider_says_does_not_matter_to_a_session() throws Exception {
        try (Stage stage = Stage.of(Scenario.S39).open().awaitUp()) {
            stage.fault("/arm/faults/provider-state", "{\"circuit\": \"primary\", \"state\": \"NotProvisioned\"}");
            JsonNode azure = stage.get("/sites/azure/azure").path("circuits").path(0);
            assertThat(azure.path("provider-state").asText()).isEqualTo("NotProvisioned");
            assertThat(azure.path("here").path("state").asText()).isEqualTo("Established");
            assertThat(stage.site().path("state").asText()).isEqualTo("connected");
            assertThat(stage.site().path("active").asText()).isEqualTo("primary");
            assertThat(stage.told("bgp-session")).noneMatch(text -> text.startsWith("Disconnected"));
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isEqualTo(1);
        }
    }

    private static JsonNode validate(Stage stage, String key, String pop) throws Exception {
        return stage.send(
                "POST", "/sites/validate", "{\"service-key\": \"" + key + "\", \"pop\": \"" + pop + "\"}", 200);
    }

    private static String problem(JsonNode verdict) {
        assertThat(verdict.path("valid").asBoolean()).isFalse();
        return verdict.path("problems").path(0).asText();
    }

    @Plays(Scenario.S40)
    void s40_a_key_is_validated_with_the_reason_or_with_bandwidth_and_location() throws Exception {
        try (Stage stage = Stage.of(Scenario.S40).open().awaitUp()) {
            String ordered = stage.arm("PUT", "expressRouteCircuits/ordered", """
                    {"location": "eastus", "sku": {"tier": "Standard", "family": "MeteredData"}, "properties":
                     {"serviceProviderProperties": {"serviceProviderName": "Equinix", "peeringLocation": "New York",
                      "bandwidthInMbps": 500}}}""", 201)
                    .at("/properties/serviceKey")
                    .asText();
            assertThat(problem(validate(stage, "1-2-3-4-5", "New York"))).startsWith("not a service key");
            assertThat(problem(validate(stage, "99999999-9999-4999-8999-999999999999", "New York")))
                    .startsWith("no circuit of subscription");
            assertThat(problem(validate(stage, StageSetup.serviceKey(PRIMARY), "New York")))
                    .isEqualTo("the key is used already, by azure-primary");
            assertThat(problem(validate(stage, ordered, "Ashburn")))
                    .contains("peering location is 'New York', PoP 'Ashburn' needs 'Washington DC'");

            JsonNode valid = validate(stage, ordered, "New York");
            assertThat(valid.path("problems")).isEmpty();
            assertThat(valid.path("bandwidth-mbps").asInt()).isEqualTo(500);
            assertThat(valid.path("peering-location").asText()).isEqualTo("New York");
            assertThat(valid.path("provider-state").asText()).isEqualTo("NotProvisioned");

            stage.provision("CrossConnection-NewYork", ordered, "Provisioned");
            eventually(() -> assertThat(problem(validate(stage, ordered, "New York")))
                    .isEqualTo("the key is used already: the provider's state of circuit 'ordered' is Provisioned"));
            assertThat(stage.get("/sites/azure/azure")
                            .path("circuits")
                            .path(0)
                            .path("provider-state")
                            .asText())
                    .isEqualTo("Provisioned");
        }
    }

    @Plays(Scenario.S41)
    void s41_a_provisioned_circuit_cannot_be_deleted() throws Exception {
        try (Stage stage = Stage.of(Scenario.S41).open().awaitUp()) {
            JsonNode refused = stage.arm("DELETE", "expressRouteCircuits/primary", "", 409);
            assertThat(refused.at("/error/message").asText())
                    .contains("cannot be deleted while ServiceProviderProvisioningState is Provisioned");
            assertThat(stage.status().state()).isEqualTo(SiteState.CONNECTED);
            assertThat(stage.azure(PRIMARY).snapshot().establishedCount()).isEqualTo(1);
            assertThat(stage.noted(PRIMARY, "notification-sent")).allMatch(text -> text.startsWith("6/7"));
        }
    }

    @Plays(Scenario.S42)
    void s42_a_connectivity_test_succeeds_fails_or_cannot_be_done() throws Exception {
        try (Stage stage = Stage.of(Scenario.S42).single().open().awaitUp()) {
            assertThat(stage.testConnectivity(PRIMARY)).isEqualTo("Success");
            stage.answerPings(IpAddresses.parse("127.80.42.2"), EchoResult.silence());
            assertThat(stage.testConnectivity(PRIMARY)).isEqualTo("Failed");
            stage.answerPings(IpAddresses.parse("127.80.42.2"), EchoResult.impossible("the agent is stopped"));
            assertThat(stage.testConnectivity(PRIMARY)).isEqualTo("Error");
            assertThat(stage.testConnectivity(SECONDARY)).as("there is none").isEqualTo("Error");
            assertThat(stage.status().state()).isEqualTo(SiteState.CONNECTED);
            assertThat(stage.availability(PRIMARY, "ArpAvailability")).containsExactly(100, 0);
        }
    }

    @Plays(Scenario.S43)
    void s43_the_primary_s_router_is_watched_and_the_secondary_s_is_not() throws Exception {
        try (Stage stage = Stage.of(Scenario.S43)
                .site("lan-monitoring: {interval: 1s, fault-threshold: 3}")
                .open()
                .awaitUp()) {
            eventually(() -> assertThat(stage.get("/lan-monitoring").path("hosts"))
                    .singleElement()
                    .satisfies(host -> {
                        assertThat(host.path("address").asText()).isEqualTo("127.80.43.2");
                        assertThat(host.path("state").asText()).isEqualTo("reachable");
                    }));
            stage.answerPings(IpAddresses.parse("127.80.43.10"), EchoResult.silence());
            stage.answerPings(IpAddresses.parse("127.80.43.2"), EchoResult.silence());
            eventually(() -> assertThat(stage.events("lan-monitoring")).last().satisfies(event -> {
                assertThat(event.path("action").asText()).isEqualTo("Host Unreachable");
                assertThat(event.path("host_ip").asText()).isEqualTo("127.80.43.2");
                assertThat(event.path("rule_name").asText()).isEqualTo("primary-circuit");
            }));
            assertThat(stage.get("/lan-monitoring")
                            .path("hosts")
                            .path(0)
                            .path("missed")
                            .asInt())
                    .isGreaterThanOrEqualTo(3);
            stage.answerPings(IpAddresses.parse("127.80.43.2"), EchoResult.reply(Duration.ofMillis(1)));
            eventually(() -> assertThat(stage.events("lan-monitoring"))
                    .last()
                    .satisfies(
                            event -> assertThat(event.path("action").asText()).isEqualTo("Host Reachable")));
            assertThat(stage.events("lan-monitoring"))
                    .noneMatch(event -> event.path("host_ip").asText().equals("127.80.43.10"));
            assertThat(stage.status().state()).isEqualTo(SiteState.CONNECTED);
            assertThat(stage.availability(PRIMARY, "BgpAvailability")).containsExactly(100, 0);
        }
    }

    @Plays(
            value = Scenario.S44,
            instead =
                    "circuits do not negotiate graceful restart, so that a dead circuit holds no traffic: with or without the F bit the routes of"
                            + " a lost circuit go at once (A32)")
    void s44_a_restarting_router_s_routes_do_not_outlive_its_session() throws Exception {
        try (Stage stage =
                Stage.of(Scenario.S44).profile("graceful-restart: 120").open().awaitUp()) {
            JsonNode capabilities = stage.raw(PRIMARY).path("Negotiated").path("Capabilities");
            assertThat(capabilities.path("graceful_restart_enabled").asBoolean())
                    .isFalse();
            stage.azure(SECONDARY).withdrawAll().join(); // no alternative
            eventually(() -> assertThat(stage.prefixes(SECONDARY).received()).isZero());
            stage.azure(PRIMARY).linkDown(true).join();
            stage.azure(PRIMARY).adminDown("").join();
            stage.daemon()
                    .speaker()
                    .peer("azure-primary")
                    .orElseThrow()
                    .reset("dead link")
                    .toCompletableFuture()
                    .join();
            eventually(() -> {
                assertThat(stage.table()).noneMatch(row -> row.contains("dynamic"));
                assertThat(stage.told("bgp-routing"))
                        .filteredOn(text -> text.startsWith("Route removed"))
                        .hasSize(2);
            });
            assertThat(stage.peer(PRIMARY).staleRoutes()).isEmpty();
            assertThat(stage.learned(PRIMARY)).isEmpty();
        }
    }

    @TempDir
    Path directory;

    @Plays(Scenario.S46)
    void s46_two_hundred_sites_converge() throws Exception {
        StringBuilder azure = new StringBuilder("control: 127.0.0.1:0\ncircuits:\n");
        StringBuilder pop = new StringBuilder(
                "local-as: 65001\nrouter-id: 10.0.0.46\nwarm-up: 0s\napi: {listen: \"127.0.0.1:0\"}\nsites:\n");
        Files.writeString(directory.resolve("md5.key"), StageSetup.KEY);
        for (int i = 0; i < 200; i++) {
            pop.append("  - name: site-")
                    .append(i)
                    .append("\n    port: ")
                    .append(StageSetup.PORT)
                    .append("\n    md5-key: {file: md5.key}\n    circuits:\n");
            for (CircuitRole role : CircuitRole.values()) {
                String subnet = "127.90." + i + "." + role.ordinal() * 8 + "/30";
                azure.append("  - {name: ")
                        .append(role)
                        .append('-')
                        .append(i)
                        .append(", peering: ")
                        .append(subnet)
                        .append(", peer-as: 65001, passive-only: true, port: ")
                        .append(StageSetup.PORT)
                        .append(", shared-key: ")
                        .append(StageSetup.KEY)
                        .append(", vnets: [{name: hub, address-spaces: [10.")
                        .append(i)
                        .append(".0.0/16]}]}\n");
                pop.append("      - {pop: New York, subnet: ").append(subnet).append("}\n");
            }
        }
        Path file = Files.writeString(directory.resolve("popbgp.yaml"), pop);
        try (Simulator simulator = Simulator.start(SimConfig.parse(azure.toString()));
                Daemon daemon = Daemon.create(ConfigReader.read(file), Optional.of(file))) {
            long begin = System.nanoTime();
            daemon.start();
            await().atMost(Duration.ofMinutes(1))
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(() -> assertThat(daemon.sites().all().stream()
                                    .filter(site -> site.state() == SiteState.CONNECTED
                                            && site.active().equals(Optional.of(PRIMARY)))
                                    .count())
                            .isEqualTo(200));
            eventually(() -> assertThat(simulator.edge().peers())
                    .allMatch(peer -> peer.snapshot().received().size() == 1));
            System.out.printf("S46: 400 circuits converged in %.1f s%n", (System.nanoTime() - begin) / 1e9);
            assertThat(simulator.edge().peers()).allMatch(peer -> peer.state() == FsmState.ESTABLISHED);
            assertThat(daemon.speaker().peers()).hasSize(400);
        }
    }
}
