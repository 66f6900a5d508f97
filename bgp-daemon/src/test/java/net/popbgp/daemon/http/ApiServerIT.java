package net.popbgp.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.cli.TestCommand;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.SpeakerConfig;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A daemon and a second speaker on loopback, asked over HTTP and by the command line. */
class ApiServerIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CLOUD = "127.0.61.2";

    @TempDir
    Path directory;

    private Path file;
    private Daemon daemon;
    private ApiServer api;
    private BgpSpeaker cloud;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws Exception {
        file = directory.resolve("popbgp.yaml");
        write("");
        daemon = Daemon.create(ConfigReader.read(file), Optional.of(file));
        api = new ApiServer(daemon);
        api.start();
        daemon.start();
        int port = daemon.speaker().listenAddresses().get(0).getPort();
        cloud = BgpSpeaker.create(
                SpeakerConfig.builder(Asn.of(65010), RouterId.of("10.0.0.2")).build());
        cloud.addPeer(PeerConfig.builder("127.0.61.1", 65001)
                .name("pop")
                .remotePort(port)
                .localAddress(CLOUD)
                .importPolicy(RoutePolicy.ACCEPT_ALL)
                .exportPolicy(RoutePolicy.ACCEPT_ALL)
                .connectRetryTime(Duration.ofMillis(100))
                .idleHoldTime(Duration.ofMillis(50), Duration.ofMillis(100))
                .build());
        Daemon.await(cloud.start());
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(get("/peers/cloud").path("state").asText()).isEqualTo("Established"));
    }

    private void write(String more) throws IOException {
        Files.writeString(file, """
                local-as: 65001
                router-id: 10.0.0.1
                listen: ["127.0.61.1:0"]
                api: {listen: "127.0.0.1:0"}
                peers:
                  - name: cloud
                    description: the other side
                    address: 127.0.61.2
                    local-address: 127.0.61.1
                    remote-as: 65010
                    passive: true
                    import-policy: accept-all
                    export-policy: accept-all
                announce:
                  - {prefixes: [10.9.0.0/16], communities: ["65001:9"]}
                """ + more);
    }

    @AfterEach
    void stop() {
        cloud.close();
        api.close();
        daemon.close();
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + api.port() + path);
    }

    private JsonNode get(String path) throws Exception {
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(uri("/api/v1" + path)).build(), HttpResponse.BodyHandlers.ofString());
        return JSON.readTree(response.body());
    }

    private HttpResponse<String> post(String path, String type, String body) throws Exception {
        return http.send(
                HttpRequest.newBuilder(uri("/api/v1" + path))
                        .header("Content-Type", type)
                        .POST(HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private int cli(StringWriter out, String... arguments) {
        return TestCommand.run(api.port(), out, out, arguments);
    }

    @Test
    void status_and_peers_tell_what_is_up() throws Exception {
        JsonNode status = get("/status");

        assertThat(status.path("local-as").asLong()).isEqualTo(65001);
        assertThat(status.path("established").asInt()).isEqualTo(1);
        JsonNode peer = get("/peers").path("peers").get(0);
        assertThat(peer.path("description").asText()).isEqualTo("the other side");
        assertThat(get("/peers/" + CLOUD).path("name").asText()).isEqualTo("cloud");
    }

    @Test
    void announced_routes_reach_the_peer_and_are_withdrawn_again() throws Exception {
        assertThat(post("/announce", "application/json", "{\"prefixes\": [\"10.8.0.0/16\"], \"med\": 7}")
                        .statusCode())
                .isEqualTo(200);
        await().untilAsserted(() -> assertThat(get("/routes?table=adj-rib-out&peer=cloud")
                        .path("routes")
                        .findValuesAsText("prefix"))
                .containsExactlyInAnyOrder("10.8.0.0/16", "10.9.0.0/16"));

        assertThat(post("/withdraw", "application/json", "{\"prefixes\": [\"10.8.0.0/16\"]}")
                        .statusCode())
                .isEqualTo(200);
        await().untilAsserted(() -> assertThat(get("/routes").path("routes").findValuesAsText("prefix"))
                .containsExactly("10.9.0.0/16"));
    }

    @Test
    void a_route_of_the_peer_is_explained() throws Exception {
        Daemon.await(cloud.announce(
                List.of(Prefix.of("10.1.0.0/16")), PathAttributes.builder().build()));

        await().untilAsserted(() -> assertThat(
                        get("/routes/10.1.0.0/16/explain").path("candidates").findValuesAsText("peer"))
                .containsExactly("cloud"));
        assertThat(get("/explain?prefix=10.1.0.0/16")
                        .path("candidates")
                        .get(0)
                        .path("status")
                        .asText())
                .isEqualTo("best");
        StringWriter out = new StringWriter();
        assertThat(cli(out, "explain", "10.1.0.0/16")).isZero();
        assertThat(out.toString()).contains("10.1.0.0/16", "decided by", "cloud", "65010 i");
    }

    @Test
    void the_command_line_shows_stops_and_starts_a_peer() throws Exception {
        StringWriter out = new StringWriter();

        assertThat(cli(out, "show", "peers")).isZero();
        assertThat(out.toString().lines().toList().get(1))
                .matches("cloud +127\\.0\\.61\\.2 +65010 +Established +\\d\\d:\\d\\d:\\d\\d +100 .*");
        assertThat(cli(out, "show", "peer", "cloud")).isZero();
        assertThat(out.toString())
                .containsPattern("CAPABILITY +OFFERED +RECEIVED +IN USE")
                .containsPattern("multiprotocol +ipv4-unicast +ipv4-unicast +ipv4-unicast")
                .containsPattern("four-octet-as +AS 65001 +AS 65010 +yes");
        assertThat(cli(out, "show", "routes")).isZero();
        assertThat(cli(out, "show", "circuits")).isZero();
        assertThat(cli(out, "show", "config")).isZero();
        assertThat(cli(out, "show", "peers", "--json")).isZero();
        assertThat(cli(out, "peer", "stop", "cloud", "--reason", "maintenance")).isZero();
        assertThat(get("/peers/cloud").path("state").asText()).isEqualTo("Idle");
        await().untilAsserted(() -> assertThat(cloud.peer("pop")
                        .orElseThrow()
                        .status()
                        .lastDown()
                        .notification()
                        .orElseThrow()
                        .shutdownCommunication())
                .contains("maintenance"));
        assertThat(cli(out, "peer", "start", "cloud")).isZero();
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() ->
                        assertThat(get("/peers/cloud").path("state").asText()).isEqualTo("Established"));
        assertThat(cli(out, "peer", "refresh", "cloud")).isZero();
        assertThat(cli(out, "peer", "stop", "nobody")).isEqualTo(1);
    }

    @Test
    void a_reload_applies_what_has_changed_and_keeps_the_session() throws Exception {
        String since = get("/peers/cloud").path("state-since").asText();
        write("""
                  - {prefixes: [10.7.0.0/16]}
                """);
        StringWriter out = new StringWriter();

        assertThat(cli(out, "reload")).isZero();

        assertThat(out.toString()).contains("announced 1");
        assertThat(get("/routes").path("routes").findValuesAsText("prefix")).contains("10.7.0.0/16", "10.9.0.0/16");
        assertThat(get("/peers/cloud").path("state-since").asText()).isEqualTo(since);

        Files.writeString(file, Files.readString(file).replace("passive: true", "passive: true\n    metric: 7"));
        assertThat(cli(out, "reload")).isZero();
        assertThat(out.toString()).contains("soft");
        assertThat(get("/peers/cloud").path("metric").asInt()).isEqualTo(7);
        assertThat(get("/peers/cloud").path("state-since").asText()).isEqualTo(since);
    }

    @Test
    void a_wrong_reload_is_refused_as_a_whole() throws Exception {
        HttpResponse<String> refused =
                post("/config", "application/yaml", "local-as: 65002\nrouter-id: 10.0.0.1\npeerz: []\n");

        assertThat(refused.statusCode()).isEqualTo(422);
        assertThat(JSON.readTree(refused.body()).at("/problems/0/path").asText())
                .isEqualTo("peerz");
        HttpResponse<String> restart = post(
                "/config", "application/yaml", Files.readString(file).replace("local-as: 65001", "local-as: 65002"));
        assertThat(restart.statusCode()).isEqualTo(422);
        assertThat(restart.body()).contains("needs a restart");
        assertThat(get("/status").path("local-as").asLong()).isEqualTo(65001);
        assertThat(get("/peers").path("peers")).hasSize(1);
    }

    @Test
    void mistakes_are_answered_with_an_error_and_a_fitting_status() throws Exception {
        assertThat(get("/nothing").has("error")).isTrue();
        assertThat(get("/peers/nobody").path("error").asText()).isEqualTo("there is no peer 'nobody'");
        assertThat(get("/routes?limit=0").path("error").asText()).contains("limit");
        assertThat(get("/routes?prefix=10.0.0.1/8").path("error").asText()).contains("host bits");
        assertThat(get("/routes?table=x").path("error").asText()).contains("adj-rib-in");
        assertThat(post("/peers/cloud/explode", "application/json", "{}").statusCode())
                .isEqualTo(404);
        assertThat(post("/peers/cloud/stop", "application/json", "{\"raeson\": 1}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/peers/cloud/reset", "application/json", "{\"graceful\": \"yes\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(post("/announce", "application/json", "{}").statusCode()).isEqualTo(422);
        assertThat(post("/withdraw", "application/json", "{").statusCode()).isEqualTo(400);
        assertThat(post("/status", "application/json", "{}").statusCode()).isEqualTo(405);
        assertThat(post("/config", "application/yaml", "x".repeat(ConfigReader.MAX_SIZE + 1))
                        .statusCode())
                .isEqualTo(413);
    }

    @Test
    void metrics_are_in_the_format_of_prometheus() throws Exception {
        HttpResponse<String> response =
                http.send(HttpRequest.newBuilder(uri("/metrics")).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
        assertThat(response.body()).contains("jvm_memory_used_bytes").contains("bgp");
    }

    @Test
    void other_web_sites_are_refused() throws Exception {
        assertThat(post("/peers/cloud/stop", "text/plain", "{}").statusCode()).isEqualTo(415);
        assertThat(post("/peers/cloud/stop", "application/x-www-form-urlencoded", "a=b")
                        .statusCode())
                .isEqualTo(415);
        assertThat(raw("GET /api/v1/status HTTP/1.1", "Host: evil.example")).contains(" 403 ");
        assertThat(raw("GET /api/v1/status HTTP/1.1", "Host: 10.1.2.3:80")).contains(" 403 ");
        assertThat(raw("GET /api/v1/status HTTP/1.1", "Host: localhost:" + api.port()))
                .contains(" 200 ");
        assertThat(raw("GET /api/v1/status HTTP/1.1", "Host: localhost:" + api.port(), "Origin: http://evil.example"))
                .contains(" 403 ");
        assertThat(get("/peers/cloud").path("state").asText()).isEqualTo("Established");
    }

    /** {@return the status line of the answer} */
    private String raw(String... lines) throws IOException {
        try (Socket socket = new Socket(IpAddresses.parse("127.0.0.1"), api.port())) {
            socket.getOutputStream()
                    .write((String.join("\r\n", lines) + "\r\nConnection: close\r\n\r\n")
                            .getBytes(StandardCharsets.US_ASCII));
            var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            return String.valueOf(in.readLine());
        }
    }

    @Test
    void a_port_in_use_is_a_clear_error() throws Exception {
        try (ServerSocket used = new ServerSocket(0, 1, IpAddresses.parse("127.0.0.1"))) {
            String text = "local-as: 1\nrouter-id: 1.1.1.1\napi: {listen: \"127.0.0.1:" + used.getLocalPort() + "\"}\n";
            try (Daemon other = Daemon.create(ConfigReader.parse(text, directory, name -> null), Optional.empty());
                    ApiServer server = new ApiServer(other)) {
                assertThatThrownBy(server::start)
                        .isInstanceOf(IOException.class)
                        .hasMessageContaining("127.0.0.1:" + used.getLocalPort());
            }
        }
    }
}
