package net.popbgp.daemon.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.event.EventFilter;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.http.ApiServer;
import net.popbgp.daemon.probe.EchoResult;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteState;
import net.popbgp.daemon.site.SiteStatus;
import net.popbgp.sim.SimConfig;
import net.popbgp.sim.Simulator;
import net.popbgp.sim.azure.AzurePeer;
import net.popbgp.sim.azure.EdgeEvent;
import net.popbgp.speaker.PeerStatus;
import org.awaitility.core.ThrowingRunnable;

/**
 * A PoP with one site, and Azure at the other end of its circuits, in one process over real sockets with MD5. What the PoP shows is asked over
 * REST, what Azure shows over its Resource Manager; the wire is what Azure's routers have noted of it.
 */
final class Stage implements AutoCloseable {

    static final CircuitRole PRIMARY = CircuitRole.PRIMARY;
    static final CircuitRole SECONDARY = CircuitRole.SECONDARY;

    /** For what takes no time but that of a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final String GROUP = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/popbgp-sim"
            + "/providers/Microsoft.Network/";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final StageSetup setup;
    private final Path directory;
    private final Map<InetAddress, EchoResult> echoes = new ConcurrentHashMap<>();
    private final Simulator azure;
    private final Daemon daemon;
    private final ApiServer api;

    static StageSetup of(Scenario scenario) {
        return new StageSetup(scenario);
    }

    Stage(StageSetup setup) throws IOException, ConfigException {
        this.setup = setup;
        directory = Files.createTempDirectory("scenario");
        azure = Simulator.start(SimConfig.parse(setup.azureFile()));
        Path file = write();
        daemon = Daemon.create(ConfigReader.read(file), Optional.of(file), this::ping, EventSink.NONE);
        api = new ApiServer(daemon);
        api.start();
        daemon.start();
    }

    private Path write() throws IOException {
        return setup.write(directory, azure.armAddress().orElseThrow().getPort());
    }

    /** Writes the file anew and has the PoP read it. */
    JsonNode reload() throws IOException, InterruptedException {
        write();
        return send("POST", "/config", "", 200);
    }

    StageSetup setup() {
        return setup;
    }

    Daemon daemon() {
        return daemon;
    }

    /** Has a host answer pings so from now on; without a word it answers, unless its link is down. */
    void answerPings(InetAddress host, EchoResult result) {
        echoes.put(host, result);
    }

    /** The loopback interface would answer for everybody. */
    private EchoResult ping(InetAddress source, InetAddress target, Duration timeout) {
        boolean dead = azure.edge().peers().stream()
                .anyMatch(peer -> peer.circuit().azureAddress().equals(target)
                        && peer.snapshot().faults().contains("link-down"));
        return echoes.getOrDefault(target, dead ? EchoResult.silence() : EchoResult.reply(Duration.ofMillis(1)));
    }

    /** Does a connectivity test of two probes; the result's word. */
    String testConnectivity(CircuitRole role) throws IOException, InterruptedException {
        return send(
                        "POST",
                        "/sites/" + StageSetup.SITE + "/circuits/" + role + "/test",
                        "{\"probes\": 2, \"interval\": \"10ms\", \"timeout\": \"100ms\"}",
                        200)
                .path("result")
                .asText();
    }

    // ---- waiting

    static void eventually(ThrowingRunnable assertion) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).untilAsserted(assertion);
    }

    /** Waits until the site is so, and the circuit active with all that Azure announces there. */
    Stage awaitActive(SiteState state, CircuitRole role) {
        eventually(() -> {
            assertThat(status().state()).isEqualTo(state);
            assertThat(status().active()).contains(role);
        });
        return this;
    }

    /** Waits for both circuits, the primary active, and everything told in both directions. */
    Stage awaitUp() {
        awaitActive(SiteState.CONNECTED, PRIMARY);
        for (CircuitRole role : setup.roles()) {
            eventually(() -> {
                assertThat(azure(role).snapshot().endOfRibReceived()).isNotEmpty();
                assertThat(peer(role).prefixes().values()).allMatch(PeerStatus.Prefixes::endOfRib);
                assertThat(prefixes(role).received())
                        .isEqualTo(azure(role).snapshot().announced().size());
            });
        }
        return this;
    }

    // ---- the PoP

    SiteStatus status() {
        return daemon.sites().site(StageSetup.SITE).orElseThrow();
    }

    PeerStatus peer(CircuitRole role) {
        return status().circuit(role).orElseThrow().peer().orElseThrow();
    }

    PeerStatus.Prefixes prefixes(CircuitRole role) {
        return status().circuit(role).orElseThrow().prefixes().orElseThrow();
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, "", 200);
    }

    JsonNode send(String method, String path, String body, int status) throws IOException, InterruptedException {
        return request("http://127.0.0.1:" + api.port() + "/api/v1" + path, method, body, status);
    }

    private static JsonNode request(String uri, String method, String body, int status)
            throws IOException, InterruptedException {
        HttpResponse<String> response = HTTP.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .timeout(PATIENCE)
                        .header("Content-Type", "application/json")
                        .method(method, HttpRequest.BodyPublishers.ofString(body))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode())
                .as(method + " " + uri + ": " + response.body())
                .isEqualTo(status);
        return JSON.readTree(response.body().isEmpty() ? "{}" : response.body());
    }

    JsonNode site() throws IOException, InterruptedException {
        return get("/sites/" + StageSetup.SITE);
    }

    JsonNode circuit(CircuitRole role) throws IOException, InterruptedException {
        return site().path("circuits").path(role.ordinal());
    }

    JsonNode raw(CircuitRole role) throws IOException, InterruptedException {
        return get("/sites/" + StageSetup.SITE + "/circuits/" + role + "/raw-status");
    }

    JsonNode routes(CircuitRole role) throws IOException, InterruptedException {
        return get("/sites/" + StageSetup.SITE + "/circuits/" + role + "/routes");
    }

    /** {@return what the circuit is sent, by the PoP: {@code 0.0.0.0/0 by 65001}} */
    List<String> sent(CircuitRole role) throws IOException, InterruptedException {
        return stream(routes(role).path("routes-to-peer"))
                .map(row -> row.path("subnet").asText() + " by "
                        + row.path("as-path").asText())
                .sorted()
                .toList();
    }

    /** {@return rows of the routing table: subnet, type, circuit, state} */
    List<String> table() throws IOException, InterruptedException {
        return stream(get("/routing-table?limit=1000").path("routes"))
                .map(row -> String.join(
                        " ",
                        row.path("subnet").asText(),
                        row.path("type").asText(),
                        row.path("circuit").asText(),
                        row.path("state").asText()))
                .toList();
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** {@return the events of a sub-type, oldest first} */
    List<JsonNode> events(String subType) throws IOException, InterruptedException {
        return stream(get("/events?order=oldest&limit=1000&sub-type=" + subType).path("events"))
                .toList();
    }

    /** {@return the events of a sub-type: action, circuit, and the error's codes if there are any} */
    List<String> told(String subType) throws IOException, InterruptedException {
        return events(subType).stream()
                .map(event -> (event.path("action").asText() + " "
                                + event.path("circuit").asText() + " "
                                + event.path("bgp_error_code").asText() + " "
                                + event.path("bgp_suberror_code").asText())
                        .strip())
                .toList();
    }

    /** {@return a metric, by its name and tags as they are written} */
    double metric(String name) {
        return daemon.scrape()
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no metric " + name + " in\n"
                        + String.join(
                                "\n",
                                daemon.scrape()
                                        .lines()
                                        .filter(line -> line.startsWith(name.replaceFirst("\\{.*", "")))
                                        .toList())));
    }

    /** {@return whether the metrics say that the circuit carries the traffic} */
    boolean isActiveByMetric(CircuitRole role) {
        return metric("popbgp_circuit_active{circuit=\"" + role + "\",site=\"" + StageSetup.SITE + "\"}") == 1;
    }

    // ---- Azure

    AzurePeer azure(CircuitRole role) {
        return azure.edge().peer(role.toString()).orElseThrow();
    }

    /** {@return what a router of Azure has noted of a kind, as {@code notification-sent}} */
    List<String> noted(CircuitRole role, String kind) {
        return azure.edge().events().after(0).stream()
                .filter(event ->
                        event.circuit().equals(role.toString()) && event.kind().equals(kind))
                .map(EdgeEvent::detail)
                .toList();
    }

    /** {@return when those were noted} */
    List<Instant> notedAt(CircuitRole role, String kind) {
        return azure.edge().events().after(0).stream()
                .filter(event ->
                        event.circuit().equals(role.toString()) && event.kind().equals(kind))
                .map(EdgeEvent::at)
                .toList();
    }

    JsonNode fault(String path, String body) throws IOException, InterruptedException {
        return request("http://127.0.0.1:" + azure.controlAddress().getPort() + path, "POST", body, 200);
    }

    /** Asks Azure Resource Manager. */
    JsonNode arm(String method, String resource, String body, int status) throws IOException, InterruptedException {
        return request(armUri(resource), method, body, status);
    }

    /** Has the provider set its state of a circuit. */
    void provision(String group, String serviceKey, String state) throws IOException, InterruptedException {
        String uri = armUri("expressRouteCrossConnections/" + serviceKey).replace("popbgp-sim", group);
        request(uri, "PUT", "{\"properties\": {\"serviceProviderProvisioningState\": \"" + state + "\"}}", 200);
    }

    private String armUri(String resource) {
        return "http://127.0.0.1:" + azure.armAddress().orElseThrow().getPort() + GROUP + resource
                + (resource.contains("?") ? "&" : "?") + "api-version=2024-05-01";
    }

    /** {@return the rows of a table of the circuit's primary router, as {@code routeTablesSummary}} */
    List<JsonNode> armTable(CircuitRole role, String table) throws IOException, InterruptedException {
        return armAction("expressRouteCircuits/" + role + "/peerings/AzurePrivatePeering/" + table + "/primary");
    }

    /** Has Azure Resource Manager do something, and waits for the rows that come of it. */
    List<JsonNode> armAction(String action) throws IOException, InterruptedException {
        String uri = armUri(action);
        HttpResponse<String> accepted = HTTP.send(
                HttpRequest.newBuilder(URI.create(uri))
                        .timeout(PATIENCE)
                        .POST(HttpRequest.BodyPublishers.noBody())
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(accepted.statusCode()).as(accepted.body()).isEqualTo(202);
        URI location = URI.create(accepted.headers().firstValue("Location").orElseThrow());
        HttpResponse<String> done = await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(20))
                .until(
                        () -> HTTP.send(
                                HttpRequest.newBuilder(location)
                                        .timeout(PATIENCE)
                                        .build(),
                                HttpResponse.BodyHandlers.ofString()),
                        answer -> answer.statusCode() == 200);
        return stream(JSON.readTree(done.body()).path("value")).toList();
    }

    /** {@return what Azure's summary says of the PoP: a count of prefixes, or a state} */
    String atAzure(CircuitRole role) throws IOException, InterruptedException {
        return armTable(role, "routeTablesSummary").stream()
                .filter(row -> row.path("as").asLong() != 65515)
                .map(row -> row.path("statePfxRcd").asText())
                .findFirst()
                .orElseThrow();
    }

    /** {@return what Azure's route table has of the PoP: {@code 0.0.0.0/0 by 65001 I}} */
    List<String> learned(CircuitRole role) throws IOException, InterruptedException {
        return armTable(role, "routeTables").stream()
                .filter(row -> row.path("nextHop").asText().startsWith(setup.address(role, 1)))
                .map(row -> row.path("network").asText() + " by "
                        + row.path("path").asText().strip())
                .sorted()
                .toList();
    }

    /** {@return the MAC address of the PoP in the ARP table of the circuit's primary router} */
    String arp(CircuitRole role) throws IOException, InterruptedException {
        return armTable(role, "arpTables").stream()
                .filter(row -> row.path("interface").asText().equals("On-Prem"))
                .map(row -> row.path("macAddress").asText())
                .findFirst()
                .orElseThrow();
    }

    /** {@return percent, of the primary and the secondary router of a circuit: {@code [100, 0]}} */
    List<Integer> availability(CircuitRole role, String metric) throws IOException, InterruptedException {
        List<Integer> percent = new ArrayList<>();
        JsonNode answer = arm(
                "GET",
                "expressRouteCircuits/" + role + "/providers/Microsoft.Insights/metrics?metricnames=" + metric
                        + "&$filter=Peer%20eq%20'*'",
                "",
                200);
        answer.path("value")
                .path(0)
                .path("timeseries")
                .forEach(series ->
                        percent.add(series.path("data").path(0).path("average").asInt()));
        return percent;
    }

    /** {@return what happened, for who has to find out why a test failed} */
    private String account() {
        StringBuilder text = new StringBuilder();
        azure.edge().events().after(0).stream()
                .map(event ->
                        "\n  " + event.at() + " Azure " + event.circuit() + ": " + event.kind() + " " + event.detail())
                .limit(200)
                .forEach(text::append);
        daemon.events().after(0, EventFilter.ALL, 200).events().stream()
                .map(stored -> "\n  " + stored.event().time() + " PoP: "
                        + stored.event().message())
                .forEach(text::append);
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        Outcomes.account(account());
        api.close();
        daemon.close();
        azure.close();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory);
    }
}
