package net.popbgp.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.sim.SimConfig;
import net.popbgp.sim.Simulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Questions to Azure over REST, answered by the simulator. */
class AzureApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String KEY = "11111111-1111-4111-8111-111111111111";
    private static final String YAML = """
            control: 127.0.0.1:0
            arm: {listen: "127.0.0.1:0", token: secret, clock-speed: 1000000}
            circuits:
              - {name: er-ny, peering: 127.0.66.0/30, peer-as: 64512, port: 0, passive-only: true,
                 azure: {service-key: 11111111-1111-4111-8111-111111111111, provider-state: NotProvisioned}}
            """;

    @TempDir
    Path directory;

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Simulator simulator;
    private Path file;
    private Daemon daemon;
    private ApiServer api;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(SimConfig.parse(YAML));
        file = directory.resolve("popbgp.yaml");
        write("");
        daemon = Daemon.create(ConfigReader.read(file), Optional.of(file));
        api = new ApiServer(daemon);
        api.start();
    }

    @AfterEach
    void stop() {
        api.close();
        daemon.close();
        simulator.close();
    }

    private void write(String azure) throws Exception {
        Files.writeString(file, """
                local-as: 64512
                router-id: 10.0.0.1
                api: {listen: "127.0.0.1:0"}
                """ + azure);
    }

    /** Takes the simulator into the configuration in force. */
    private void configure() throws Exception {
        Files.writeString(directory.resolve("token"), "secret\n");
        write("""
                azure:
                  endpoint: http://127.0.0.1:%d
                  subscription: 00000000-0000-0000-0000-000000000000
                  token: {file: token}
                """.formatted(simulator.armAddress().orElseThrow().getPort()));
        daemon.reload("file");
    }

    private HttpResponse<String> send(String path, Optional<String> body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + api.port() + "/api/v1" + path))
                .header("Content-Type", "application/json");
        body.ifPresent(text -> request.POST(HttpRequest.BodyPublishers.ofString(text)));
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> validate(String key) throws Exception {
        return send("/sites/validate", Optional.of("{\"service-key\": \"%s\", \"pop\": \"New York\"}".formatted(key)));
    }

    private static void assertError(HttpResponse<String> response, int status, String text) throws Exception {
        assertThat(JSON.readTree(response.body()).path("error").asText()).isEqualTo(text);
        assertThat(response.statusCode()).isEqualTo(status);
    }

    @Test
    void s40_a_key_is_validated_once_azure_is_configured() throws Exception {
        assertError(
                validate(KEY),
                409,
                "Azure cannot be asked: the configuration has no section 'azure' with 'endpoint' and 'subscription'");
        configure();

        JsonNode verdict = JSON.readTree(validate(KEY).body());
        assertThat(verdict.path("valid").asBoolean()).isTrue();
        assertThat(verdict.path("bandwidth-mbps").asInt()).isEqualTo(1000);
        assertThat(verdict.path("peering-location").asText()).isEqualTo("New York");

        JsonNode refused = JSON.readTree(validate("no-guid").body());
        assertThat(refused.path("valid").asBoolean()).isFalse();
        assertThat(refused.path("problems").path(0).asText()).startsWith("not a service key");
    }

    @Test
    void what_is_wrong_with_a_question_is_said() throws Exception {
        configure();

        assertError(
                send("/sites/validate", Optional.of("{\"pop\": \"New York\"}")),
                400,
                "'site' is needed, or 'service-key' and 'pop'");
        assertError(send("/sites/validate", Optional.of("{\"site\": \"x\"}")), 404, "there is no site 'x'");
        assertError(send("/sites/x/azure", Optional.empty()), 404, "there is no site 'x'");
        Files.writeString(directory.resolve("token"), "wrong");
        assertError(validate(KEY), 502, "Azure answers 401 InvalidAuthenticationToken: The access token is invalid.");
    }
}
