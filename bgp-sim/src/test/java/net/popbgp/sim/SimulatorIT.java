package net.popbgp.sim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.azure.AzureProfile;
import net.popbgp.sim.azure.Sku;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class SimulatorIT {

    private static final String YAML = """
            control: 127.0.0.1:0
            seed: 7
            circuits:
              - name: newyork
                peering: 127.0.21.0/30
                peer-as: 64512
                port: 0
                passive-only: true
                sku: premium
                vnet-count: 3
                vnets:
                  - name: hub
                    address-spaces: [10.240.0.0/16]
                    communities: ["12076:20001"]
                profile:
                  restart: 500ms
                  limit-semantics: meets
                  vnet-as-path: [12076, 65515]
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();

    private HttpResponse<String> request(Simulator simulator, String path, Optional<String> body)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + simulator.controlAddress().getPort() + path))
                .timeout(Duration.ofSeconds(10));
        body.ifPresent(text -> request.POST(HttpRequest.BodyPublishers.ofString(text)));
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode get(Simulator simulator, String path) throws IOException, InterruptedException {
        HttpResponse<String> response = request(simulator, path, Optional.empty());
        assertThat(response.statusCode()).isEqualTo(200);
        return json.readTree(response.body());
    }

    @Test
    void file_says_how_circuits_are() throws Exception {
        SimConfig config = SimConfig.parse(YAML);

        assertThat(config.seed()).isEqualTo(7);
        AzureCircuit circuit = config.circuits().get(0);
        assertThat(circuit.sku()).isEqualTo(Sku.PREMIUM);
        assertThat(circuit.vnets()).hasSize(2);
        assertThat(circuit.vnets().get(0).addressSpaces()).containsExactly(Prefix.of("10.240.0.0/16"));
        assertThat(circuit.profile().restart()).isEqualTo(Duration.ofMillis(500));
        assertThat(circuit.profile().semantics()).isEqualTo(AzureProfile.LimitSemantics.MEETS);
        assertThat(circuit.profile().vnetAsPath()).containsExactly(12076L, 65515L);
        assertThat(circuit.profile().holdTime()).isEqualTo(180);
        assertThat(circuit.sharedKey()).isEmpty();
    }

    @Test
    void all_problems_of_a_file_are_listed_with_their_paths() {
        String broken = """
                controll: 127.0.0.1:1
                circuits:
                  - name: a
                    peering: 10.0.0.1/30
                    sku: gold
                    profile: {restart: soon, hold-tme: 3}
                """;

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimConfig.parse(broken))
                .withMessageContainingAll(
                        "controll: unknown key",
                        "circuits[0].peering: host bits",
                        "circuits[0].peer-as: is missing",
                        "circuits[0].sku: must be local",
                        "circuits[0].profile.restart: must be a duration",
                        "circuits[0].profile.hold-tme: unknown key");
    }

    @Test
    void control_port_is_for_this_machine_alone() {
        for (String elsewhere : List.of("0.0.0.0:1", "192.0.2.1:1", "[::]:1", "[2001:db8::1]:1")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> SimConfig.parse("control: \"" + elsewhere + "\"\ncircuits: []\n"))
                    .withMessageContaining("control: listens on a loopback address only, not " + elsewhere);
        }
    }

    @Test
    void shared_key_comes_from_text_or_file(@TempDir Path directory) throws Exception {
        Files.writeString(directory.resolve("key"), "Secret1\n");
        Path file = directory.resolve("sim.yaml");
        Files.writeString(file, YAML.replace("sku: premium", "shared-key: {file: key}"));
        assertThat(SimConfig.load(file).circuits().get(0).sharedKey()).contains("Secret1");

        assertThat(SimConfig.parse(YAML.replace("sku: premium", "shared-key: plain"))
                        .circuits()
                        .get(0)
                        .sharedKey())
                .contains("plain");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SimConfig.parse(YAML.replace("sku: premium", "shared-key: {env: NO_SUCH_VARIABLE}")))
                .withMessageContaining("circuits[0].shared-key.env: environment variable is not set");
    }

    @Test
    void example_of_the_documentation_is_valid() throws Exception {
        SimConfig config = SimConfig.load(Path.of("..", "docs", "examples", "sim.yaml"));

        assertThat(config.circuits()).hasSize(2);
    }

    @Test
    void state_events_and_faults_are_on_the_control_port() throws Exception {
        try (Simulator simulator = Simulator.start(SimConfig.parse(YAML))) {
            JsonNode circuit = get(simulator, "/state").path("circuits").path(0);
            assertThat(circuit.path("name").asText()).isEqualTo("newyork");
            assertThat(circuit.path("state").asText()).isEqualTo("Active");
            assertThat(circuit.path("prefix-limit").asInt()).isEqualTo(10_000);
            assertThat(circuit.path("pop-address").asText()).isEqualTo("127.0.21.1");

            HttpResponse<String> done =
                    request(simulator, "/circuits/newyork/faults/admin-down", Optional.of("{\"text\": \"window\"}"));
            assertThat(done.statusCode()).isEqualTo(200);
            assertThat(json.readTree(done.body()).path("faults").path(0).asText())
                    .isEqualTo("admin-down");
            assertThat(get(simulator, "/circuits/newyork").path("state").asText())
                    .isEqualTo("Idle");

            JsonNode events = get(simulator, "/events");
            long last = events.path(events.size() - 1).path("number").asLong();
            assertThat(events.findValuesAsText("kind")).contains("fault", "state");
            assertThat(get(simulator, "/events?after=" + last)).isEmpty();
            assertThat(get(simulator, "/faults")).hasSize(21);
            assertThat(get(simulator, "/circuits/newyork/received")).isEmpty();
        }
    }

    @Test
    void wrong_requests_are_answered_with_what_is_wrong() throws Exception {
        try (Simulator simulator = Simulator.start(SimConfig.parse(YAML))) {
            assertThat(request(simulator, "/circuits/nowhere", Optional.empty()).statusCode())
                    .isEqualTo(404);
            assertThat(request(simulator, "/nothing", Optional.empty()).statusCode())
                    .isEqualTo(404);
            HttpResponse<String> unknown = request(simulator, "/circuits/newyork/faults/earthquake", Optional.of(""));
            assertThat(unknown.statusCode()).isEqualTo(400);
            assertThat(unknown.body()).contains("earthquake", "tcp-reset");
            assertThat(request(simulator, "/circuits/newyork/faults/flap", Optional.of("{\"time\": 3}"))
                            .body())
                    .contains("flap has no parameter [time]");
            assertThat(request(simulator, "/circuits/newyork/faults/flap", Optional.of("{\"times\": \"x\"}"))
                            .body())
                    .contains("times must be a whole number");
            assertThat(request(simulator, "/circuits/newyork/faults/flap", Optional.of("["))
                            .statusCode())
                    .isEqualTo(400);
            assertThat(request(simulator, "/events?after=x", Optional.empty()).statusCode())
                    .isEqualTo(400);
        }
    }

    @Test
    void command_reports_a_bad_file_with_exit_code_2(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("sim.yaml");
        Files.writeString(file, "circuits: []\n");
        StringWriter err = new StringWriter();

        int code =
                new CommandLine(new SimCommand()).setErr(new PrintWriter(err)).execute("-c", file.toString());

        assertThat(code).isEqualTo(2);
        assertThat(err.toString()).contains("circuits: must be 1..");
    }
}
