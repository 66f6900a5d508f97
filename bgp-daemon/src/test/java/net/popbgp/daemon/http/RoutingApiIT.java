package net.popbgp.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.cli.TestCommand;
import net.popbgp.daemon.config.ConfigReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said about routing of the speaker as a whole, by file, over HTTP and by the command line. */
class RoutingApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path directory;

    private Path file;
    private Daemon daemon;
    private ApiServer api;
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
    }

    @AfterEach
    void stop() {
        api.close();
        daemon.close();
    }

    private void write(String more) throws IOException {
        Files.writeString(file, """
                local-as: 65001
                router-id: 10.0.0.1
                api: {listen: "127.0.0.1:0"}
                peers:
                  - {name: cloud, address: 127.0.61.3, remote-as: 65010, passive: true,
                     import-policy: accept-all, export-policy: accept-all}
                announce:
                  - {prefixes: [10.9.0.0/16], next-hop: 192.0.2.1}
                  - {prefixes: [10.9.1.0/24]}
                """ + more);
    }

    private JsonNode get(String path) throws Exception {
        URI uri = URI.create("http://127.0.0.1:" + api.port() + "/api/v1" + path);
        return JSON.readTree(http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                .body());
    }

    private String cli(int exitCode, String... arguments) {
        StringWriter out = new StringWriter();
        int code = TestCommand.run(api.port(), out, out, arguments);
        assertThat(code).as(out.toString()).isEqualTo(exitCode);
        return out.toString();
    }

    private List<String> prefixes() throws Exception {
        return get("/routes").path("routes").findValuesAsText("prefix");
    }

    @Test
    void a_next_hop_that_is_set_unreachable_takes_its_routes_out_until_it_is_cleared() throws Exception {
        assertThat(cli(0, "next-hop", "list")).startsWith("all next hops are reachable");

        assertThat(cli(0, "next-hop", "set", "192.0.2.0/24", "--unreachable")).contains("192.0.2.0/24  unreachable");
        assertThat(prefixes()).containsExactly("10.9.1.0/24");
        assertThat(cli(0, "explain", "10.9.0.0/16")).contains("rejected: next hop unresolvable");

        assertThat(cli(0, "next-hop", "set", "192.0.2.1/32", "--cost", "5")).contains("192.0.2.1/32  5");
        assertThat(prefixes()).containsExactlyInAnyOrder("10.9.0.0/16", "10.9.1.0/24");

        cli(0, "next-hop", "clear", "192.0.2.0/24");
        assertThat(get("/next-hops").path("next-hops").findValuesAsText("prefix"))
                .containsExactly("192.0.2.1/32");
    }

    @Test
    void a_drain_is_commanded_shown_and_taken_back() throws Exception {
        cli(0, "peer", "drain", "cloud");
        assertThat(get("/peers/cloud").path("drain").asText()).isEqualTo("commanded");
        assertThat(cli(0, "show", "peer", "cloud")).contains("drained         commanded");
        assertThat(cli(0, "show", "peers")).contains("drained");

        cli(0, "peer", "undrain", "cloud");
        assertThat(get("/peers/cloud").path("drain").asText()).isEqualTo("none");

        assertThat(cli(0, "drain")).contains("all peers are drained");
        assertThat(get("/status").path("drained").asBoolean()).isTrue();
        assertThat(cli(1, "peer", "undrain", "cloud")).contains("whole speaker");
        assertThat(cli(0, "undrain")).contains("no longer");
        assertThat(get("/peers/cloud").path("drain").asText()).isEqualTo("none");
    }

    @Test
    void aggregates_come_and_go_with_a_reload_and_are_shown() throws Exception {
        assertThat(cli(0, "show", "aggregates")).startsWith("no aggregates");

        write("aggregates: [{prefix: 10.0.0.0/8}, {prefix: 172.16.0.0/12}]\n");
        assertThat(cli(0, "reload")).contains("routing").contains("live");
        assertThat(prefixes()).containsExactlyInAnyOrder("10.0.0.0/8", "10.9.0.0/16", "10.9.1.0/24");
        assertThat(cli(0, "show", "aggregates"))
                .containsPattern("10.0.0.0/8 +2 +no +- +originated")
                .containsPattern("172.16.0.0/12 +0 +no +- +nothing contributes");
        assertThat(cli(0, "explain", "10.0.0.0/8")).contains("local");

        write("");
        cli(0, "reload");
        assertThat(prefixes()).containsExactlyInAnyOrder("10.9.0.0/16", "10.9.1.0/24");
    }

    @Test
    void what_is_wrong_about_a_next_hop_is_named() {
        assertThat(cli(1, "next-hop", "set", "192.0.2.1/24", "--unreachable")).contains("host bits");
        assertThat(cli(1, "next-hop", "set", "192.0.2.0/24", "--cost", "-2")).contains("-2");
        assertThat(cli(2, "next-hop", "set", "192.0.2.0/24")).contains("--cost");
    }

    @Test
    void a_reload_changes_what_the_file_says_of_next_hops_and_leaves_what_was_set_by_command() throws Exception {
        cli(0, "next-hop", "set", "198.51.100.0/24", "--cost", "9");
        write("next-hops: [{prefix: 192.0.2.0/24, unreachable: true}]\n");
        assertThat(cli(0, "reload")).contains("routing").contains("live");
        assertThat(prefixes()).containsExactly("10.9.1.0/24");
        assertThat(get("/next-hops").path("next-hops").findValuesAsText("prefix"))
                .containsExactly("192.0.2.0/24", "198.51.100.0/24");

        write("");
        cli(0, "reload");
        assertThat(prefixes()).containsExactlyInAnyOrder("10.9.0.0/16", "10.9.1.0/24");
        assertThat(get("/next-hops").path("next-hops").findValuesAsText("prefix"))
                .containsExactly("198.51.100.0/24");
    }
}
