package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.cli.TestCommand;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.http.ApiServer;
import net.popbgp.sim.SimConfig;
import net.popbgp.sim.Simulator;
import net.popbgp.sim.azure.AzurePeer;

/** A daemon with one site and the simulated Azure edge at its other end, over real sockets with MD5. */
final class AzureSite implements AutoCloseable {

    static final String NAME = "azure-site-1";

    /** The second site, where there is one; its circuits are chicago and dallas. */
    static final String OTHER = "azure-site-2";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final ObjectMapper JSON = new ObjectMapper();

    final List<Event> events = new CopyOnWriteArrayList<>();
    final Path file;
    final Daemon daemon;
    final Simulator azure;
    final int port;
    private final Optional<String> otherKeys;
    private final ApiServer api;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /** @param vnets of the simulator's circuits, YAML in one line */
    AzureSite(Path directory, String siteKeys, String topKeys, String vnets) throws IOException, ConfigException {
        this(directory, siteKeys, topKeys, vnets, Optional.empty());
    }

    /** @param otherKeys of a second site, whose circuits are of the SKU premium at the cloud */
    AzureSite(Path directory, String siteKeys, String topKeys, String vnets, Optional<String> otherKeys)
            throws IOException, ConfigException {
        this.otherKeys = otherKeys;
        port = freePort();
        file = directory.resolve("popbgp.yaml");
        Files.writeString(directory.resolve("md5.key"), "Drill1\n");
        write(siteKeys, topKeys);
        azure = Simulator.start(SimConfig.parse("control: 127.0.0.1:0\ncircuits:\n"
                + circuit("newyork", "127.0.71.0/30", "standard", vnets)
                + circuit("ashburn", "127.0.72.0/30", "standard", vnets)
                + otherKeys
                        .map(keys -> circuit("chicago", "127.0.73.0/30", "premium", vnets)
                                + circuit("dallas", "127.0.74.0/30", "premium", vnets))
                        .orElse("")));
        daemon = Daemon.create(ConfigReader.read(file), Optional.of(file), events::add);
        api = new ApiServer(daemon);
        api.start();
        daemon.start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private String circuit(String name, String peering, String sku, String vnets) {
        return "  - {name: " + name + ", sku: " + sku + ", peering: " + peering + ", peer-as: 65001, port: " + port
                + ", peer-port: "
                + port + ", shared-key: Drill1, vnets: " + vnets
                + ", profile: {connect-retry: 1s, restart: 1s, vnet-limit: 2000}}\n";
    }

    void write(String siteKeys, String topKeys) throws IOException {
        Files.writeString(
                file,
                "local-as: 65001\nrouter-id: 10.0.0.1\napi: {listen: \"127.0.0.1:0\"}\n"
                        + "listen: ["
                        + IntStream.rangeClosed(71, 74)
                                .mapToObj(net -> "\"127.0." + net + ".1:" + port + "\"")
                                .collect(Collectors.joining(", "))
                        + "]\n" + topKeys + "sites:\n"
                        + site(NAME, siteKeys)
                        + "      - {pop: New York, subnet: 127.0.71.0/30}\n"
                        + "      - {pop: Ashburn, subnet: 127.0.72.0/30}\n"
                        + otherKeys
                                .map(keys -> site(OTHER, keys)
                                        + "      - {pop: Chicago, subnet: 127.0.73.0/30}\n"
                                        + "      - {pop: Dallas, subnet: 127.0.74.0/30}\n")
                                .orElse(""));
    }

    private String site(String name, String keys) {
        return "  - name: " + name + "\n    md5-key: {file: md5.key}\n    port: " + port + "\n" + keys
                + "    circuits:\n";
    }

    AzurePeer circuit(String name) {
        return azure.edge().peer(name).orElseThrow();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, "", 200);
    }

    JsonNode send(String method, String path, String body, int status) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/api/v1" + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        return JSON.readTree(response.body());
    }

    /** What the command line prints, with exit code 0. */
    String cli(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = TestCommand.run(api.port(), out, err, arguments);
        assertThat(code).as(err.toString()).isZero();
        return out.toString();
    }

    /** {@return where the web server listens} */
    int apiPort() {
        return api.port();
    }

    SiteStatus status() {
        return daemon.sites().site(NAME).orElseThrow();
    }

    void awaitState(SiteState state) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status().state()).isEqualTo(state));
    }

    /** Waits until the site is up and that circuit carries its traffic. */
    void awaitActive(CircuitRole role) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(status().active()).contains(role));
    }

    @Override
    public void close() {
        api.close();
        daemon.close();
        azure.close();
    }
}
