package net.popbgp.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.cli.TestCommand;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.sim.SimConfig;
import net.popbgp.sim.Simulator;
import net.popbgp.sim.wire.SocketNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both sides of a site's circuits, ours and Azure's, with real sessions between them. */
class SiteAzureIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String PEERING =
            "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/popbgp-sim"
                    + "/providers/Microsoft.Network/expressRouteCircuits/er-ny/peerings/AzurePrivatePeering?api-version=2024-05-01";
    private static final String SIM = """
            control: 127.0.0.1:0
            arm: {listen: "127.0.0.1:0", clock-speed: 1000000}
            circuits:
              - {name: er-ny, peering: 127.0.67.0/30, peer-as: 65001, port: 17967, peer-port: 17967, shared-key: Drill1,
                 profile: {connect-retry: 300ms}, vnets: [{name: hub, address-spaces: [10.10.0.0/16]}],
                 azure: {service-key: 11111111-1111-4111-8111-111111111111}}
              - {name: er-ash, peering: 127.0.67.8/30, peer-as: 65001, port: 17967, peer-port: 17967, shared-key: Drill1,
                 profile: {connect-retry: 300ms}, vnets: [{name: hub, address-spaces: [10.10.0.0/16]}],
                 azure: {service-key: 22222222-2222-4222-8222-222222222222, peering-location: Washington DC}}
            """;

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Simulator simulator;
    private Daemon daemon;
    private ApiServer api;

    @BeforeEach
    void start() throws Exception {
        assumeThat(SocketNetwork.supportsMd5()).isTrue();
        simulator = Simulator.start(SimConfig.parse(SIM));
        Files.writeString(directory.resolve("md5.key"), "Drill1\n");
        Path file = directory.resolve("popbgp.yaml");
        Files.writeString(
                file, """
                local-as: 65001
                router-id: 10.0.0.1
                listen: ["127.0.67.1:17967", "127.0.67.9:17967"]
                api: {listen: "127.0.0.1:0"}
                warm-up: 0s
                azure:
                  endpoint: http://127.0.0.1:%d
                  subscription: 00000000-0000-0000-0000-000000000000
                sites:
                  - name: madrid
                    md5-key: {file: md5.key}
                    port: 17967
                    advertise: {default-route: true}
                    circuits:
                      - {pop: New York, subnet: 127.0.67.0/30, vlan: 100,
                         service-key: 11111111-1111-4111-8111-111111111111}
                      - {pop: Ashburn, subnet: 127.0.67.8/30, vlan: 200,
                         service-key: 22222222-2222-4222-8222-222222222222}
                """.formatted(simulator.armAddress().orElseThrow().getPort()));
        daemon = Daemon.create(ConfigReader.read(file), Optional.of(file));
        api = new ApiServer(daemon);
        api.start();
        daemon.start();
        awaitEstablished("er-ny", "er-ash");
    }

    @AfterEach
    void stop() {
        if (api != null) {
            api.close();
            daemon.close();
        }
        if (simulator != null) {
            simulator.close();
        }
    }

    private void awaitEstablished(String... circuits) {
        await().atMost(PATIENCE)
                .until(() -> Stream.of(circuits)
                        .allMatch(circuit ->
                                simulator.edge().peer(circuit).orElseThrow().state() == FsmState.ESTABLISHED));
    }

    private JsonNode circuit(int index) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + api.port() + "/api/v1/sites/madrid/azure"))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body()).path("circuits").path(index);
    }

    /** {@return what Azure's primary router says of the PoP} */
    private static String ofPop(JsonNode circuit) {
        return StreamSupport.stream(circuit.path("neighbors").spliterator(), false)
                .filter(row -> row.path("device").asText().equals("primary")
                        && row.path("as").asLong() == 65001)
                .map(row -> row.path("state-or-prefixes").asText())
                .findFirst()
                .orElseThrow();
    }

    private static double availability(JsonNode circuit, String device, String metric) {
        return StreamSupport.stream(circuit.path("availability").spliterator(), false)
                .filter(row -> row.path("device").asText().equals(device)
                        && row.path("metric").asText().equals(metric))
                .mapToDouble(row -> row.path("percent").asDouble())
                .findFirst()
                .orElseThrow();
    }

    private String cli(int code, String... arguments) {
        StringWriter out = new StringWriter();
        int result = TestCommand.run(api.port(), out, out, arguments);
        assertThat(result).as(out.toString()).isEqualTo(code);
        return out.toString();
    }

    private void arm(String method, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                        + simulator.armAddress().orElseThrow().getPort() + PEERING))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    private void fault(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + simulator.controlAddress().getPort() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        assertThat(http.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(200);
    }

    @Test
    void s01_both_sides_agree_on_the_session_and_only_the_primary_router_has_one() throws Exception {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode circuit = circuit(0);
            assertThat(circuit.path("here").path("state").asText()).isEqualTo("Established");
            assertThat(circuit.path("here").path("prefixes-advertised").asText())
                    .isEqualTo("1")
                    .isEqualTo(ofPop(circuit));
        });
        JsonNode circuit = circuit(0);
        assertThat(circuit.path("problems")).isEmpty();
        assertThat(circuit.path("notes")).isEmpty();
        assertThat(circuit.path("arp")).hasSize(4);
        assertThat(availability(circuit, "primary", "ArpAvailability")).isEqualTo(100);
        assertThat(availability(circuit, "primary", "BgpAvailability")).isEqualTo(100);
        assertThat(availability(circuit, "secondary", "BgpAvailability")).isZero();
        assertThat(circuit(1).path("notes").path(0).asText()).isEqualTo("the VLAN is 101 at Azure and 200 here");

        assertThat(cli(0, "site", "azure", "madrid"))
                .contains(
                        "primary: er-ny (Standard_UnlimitedData)",
                        "  provider   Equinix New York, 1000 Mbit/s, Provisioned",
                        "  here       Established, 1 prefixes advertised, 1 received");
        assertThat(cli(0, "site", "validate", "madrid"))
                .contains("primary 11111111-1111-4111-8111-111111111111: valid");
        assertThat(cli(
                        1,
                        "site",
                        "validate",
                        "--service-key",
                        "11111111-1111-4111-8111-111111111111",
                        "--pop",
                        "New York"))
                .contains(": refused", "problem    the key is used already, by madrid-primary");
        assertThat(cli(2, "site", "validate", "--pop", "New York")).contains("--service-key");
    }

    @Test
    void s26_a_session_that_is_up_with_a_dead_path_behind_it_shows_in_the_metric_only() throws Exception {
        fault("/circuits/er-ny/faults/core-maintenance", "");

        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode circuit = circuit(0);
            assertThat(availability(circuit, "primary", "BgpAvailability")).isZero();
            assertThat(circuit.path("here").path("state").asText()).isEqualTo("Established");
            assertThat(circuit.path("here").path("prefixes-received").asInt()).isZero();
            assertThat(ofPop(circuit)).isEqualTo("1");
        });
    }

    @Test
    void s38_a_peering_disabled_at_azure_ends_the_session_and_both_sides_say_so() throws Exception {
        String body = """
                {"properties": {"peerASN": 65001, "vlanId": 100, "primaryPeerAddressPrefix": "127.0.67.0/30",
                 "secondaryPeerAddressPrefix": "127.0.67.4/30", "state": "Disabled"}}""";
        arm("PUT", body);
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode circuit = circuit(0);
            assertThat(circuit.path("peering").path("state").asText()).isEqualTo("Disabled");
            assertThat(ofPop(circuit)).isEqualTo("Idle");
            assertThat(circuit.path("notes").path(0).asText()).isEqualTo("the private peering is Disabled");
            assertThat(circuit.path("here").path("state").asText()).isNotEqualTo("Established");
        });
        assertThat(simulator.edge().peer("er-ny").orElseThrow().snapshot().lastSent())
                .contains(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN, ""));

        arm("PUT", body.replace("Disabled", "Enabled"));
        awaitEstablished("er-ny");
    }

    @Test
    void s39_a_provider_that_says_not_provisioned_changes_nothing_of_the_session() throws Exception {
        fault("/arm/faults/provider-state", "{\"circuit\": \"er-ny\", \"state\": \"NotProvisioned\"}");

        JsonNode circuit = circuit(0);
        assertThat(circuit.path("provider-state").asText()).isEqualTo("NotProvisioned");
        assertThat(circuit.path("here").path("state").asText()).isEqualTo("Established");
    }

    @Test
    void s40_a_key_whose_peering_is_another_ones_is_refused_and_differences_are_told() throws Exception {
        arm("PUT", """
                {"properties": {"peerASN": 65007, "vlanId": 100, "primaryPeerAddressPrefix": "127.0.67.16/30",
                 "secondaryPeerAddressPrefix": "127.0.67.4/30"}}""");

        assertThat(cli(1, "site", "validate", "madrid"))
                .contains(
                        "primary 11111111-1111-4111-8111-111111111111: refused",
                        "problem    the key is used already: the primary subnet of its private peering is 127.0.67.16/30,"
                                + " here it is 127.0.67.0/30",
                        "note       Azure expects AS 65007, ours is 65001");
    }

    @Test
    void a_circuit_that_azure_does_not_know_spoils_only_itself() throws Exception {
        fault("/arm/faults/unknown-key", "{\"circuit\": \"er-ny\"}");

        assertThat(circuit(0).path("problems").path(0).asText())
                .isEqualTo("no circuit of subscription 00000000-0000-0000-0000-000000000000 has this service key");
        assertThat(ofPop(circuit(1))).isEqualTo("1");
    }
}
