package net.popbgp.daemon.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * What the drill plays on: the daemon and the simulated Azure edge as two processes, with two circuits between them, and what is asked of
 * both and told to both.
 *
 * <p>Used by one thread, but for {@link #close}.
 */
final class DrillSite implements AutoCloseable {

    /** A condition that asks one of the processes. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    static final int VNET_PREFIXES = 1000;
    static final String PRIMARY = "azure-primary";
    static final String SECONDARY = "azure-secondary";
    static final String CHURN = "churn";
    private static final String FAMILY = "ipv4-unicast";
    private static final String KEY_VARIABLE = "POPBGP_DEMO_KEY";
    private static final String KEY = "DrillKey2026";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Path folder;
    private final int bgpPort;
    private final int simPort;
    private final int apiPort;
    private final int controlPort;
    private final JsonApi pop;
    private final JsonApi azure;
    private final List<Child> children = new ArrayList<>();
    private @Nullable Child daemon;
    private int announced;
    private boolean quickReturns;
    private long lastEvent;

    DrillSite(Path folder) throws IOException {
        this.folder = folder;
        int[] ports = freePorts(4);
        bgpPort = ports[0];
        simPort = ports[1];
        apiPort = ports[2];
        controlPort = ports[3];
        pop = new JsonApi("http://127.0.0.1:" + apiPort + "/api/v1");
        azure = new JsonApi("http://127.0.0.1:" + controlPort);
    }

    // ---- asking the daemon

    JsonNode peer(String name) throws IOException, InterruptedException {
        return pop.get("/peers/" + name);
    }

    boolean isUp(String name) throws IOException, InterruptedException {
        return peer(name).path("state").asText().equals("Established");
    }

    boolean bothUp() throws InterruptedException {
        return until(() -> isUp(PRIMARY) && isUp(SECONDARY));
    }

    boolean backToPrimary() throws InterruptedException {
        return until(() -> isUp(PRIMARY)
                && isUp(SECONDARY)
                && active().equals(PRIMARY)
                && best(PRIMARY) == VNET_PREFIXES
                && received(SECONDARY) == VNET_PREFIXES);
    }

    String states() throws IOException, InterruptedException {
        return peer(PRIMARY).path("state").asText() + ", "
                + peer(SECONDARY).path("state").asText();
    }

    String holdTime() throws IOException, InterruptedException {
        return peer(PRIMARY).at("/negotiated/hold-time").asText();
    }

    JsonNode prefixes(String name) throws IOException, InterruptedException {
        return peer(name).path("prefixes").path(FAMILY);
    }

    int received(String name) throws IOException, InterruptedException {
        return prefixes(name).path("received").asInt();
    }

    int best(String name) throws IOException, InterruptedException {
        return prefixes(name).path("best").asInt();
    }

    boolean guardWarning() throws IOException, InterruptedException {
        return prefixes(PRIMARY).path("guard-warning").asBoolean();
    }

    String active() throws IOException, InterruptedException {
        return circuit().path("active").asText("none");
    }

    private JsonNode circuit() throws IOException, InterruptedException {
        return pop.get("/circuits").path("circuits").path(0);
    }

    /** The first change to this peer since then, once it is complete; the processes share the host's clock. */
    @Nullable
    JsonNode failoverTo(String peer, Instant since) throws IOException, InterruptedException {
        for (JsonNode each : circuit().path("failovers")) {
            if (each.path("to").asText().equals(peer)
                    && each.has("detection-to-switch-us")
                    && !Instant.parse(each.path("detected-at").asText()).isBefore(since)) {
                return each;
            }
        }
        return null;
    }

    /** How often the daemon's memory was collected, and how long it stood still for that altogether. */
    record Collections(long count, double seconds) {}

    Collections collections() throws IOException, InterruptedException {
        long count = 0;
        double seconds = 0;
        for (String line : pop.text("/metrics").split("\n")) {
            if (line.startsWith("jvm_gc_pause_seconds_count")) {
                count += (long) Double.parseDouble(line.substring(line.lastIndexOf(' ')));
            } else if (line.startsWith("jvm_gc_pause_seconds_sum")) {
                seconds += Double.parseDouble(line.substring(line.lastIndexOf(' ')));
            }
        }
        return new Collections(count, seconds);
    }

    long withdrawals() throws IOException, InterruptedException {
        return pop.get("/status").at("/loc-rib/withdrawals").asLong();
    }

    int locRib() throws IOException, InterruptedException {
        return pop.get("/status").at("/loc-rib/ipv4-prefixes").asInt();
    }

    int prefixesWithBackup() throws IOException, InterruptedException {
        int count = 0;
        for (JsonNode route : pop.get("/routes?table=loc-rib&limit=10000").path("routes")) {
            if (route.path("peer").asText().equals(PRIMARY)
                    && route.path("backup-peer").asText().equals(SECONDARY)) {
                count++;
            }
        }
        return count;
    }

    String anyVnetPrefix() throws IOException, InterruptedException {
        return pop.get("/routes?table=adj-rib-in&peer=" + PRIMARY + "&limit=1")
                .at("/routes/0/prefix")
                .asText();
    }

    String decidingStep(String prefix) throws IOException, InterruptedException {
        return pop.get("/explain?prefix=" + prefix).path("decided-by").asText();
    }

    Set<String> withheldPrefixes() throws IOException, InterruptedException {
        Set<String> withheld = new LinkedHashSet<>();
        for (JsonNode route : pop.get("/routes?table=adj-rib-out&peer=" + PRIMARY + "&limit=10000")
                .path("routes")) {
            if (route.path("status").asText().equals("withheld")) {
                withheld.add(route.path("prefix").asText());
            }
        }
        return withheld;
    }

    // ---- telling the daemon

    void startDaemon() throws IOException, InterruptedException {
        Path file = folder.resolve("popbgp.yaml");
        Files.writeString(file, popConfig(60, 0));
        Child child =
                Child.start(folder.resolve("popbgp.log"), Map.of(KEY_VARIABLE, KEY), "run", "-c", file.toString());
        daemon = child;
        children.add(child);
        if (!until(() -> answers(pop, "/status") && answers(azure, "/state"))) {
            throw new IOException("the processes do not answer; see the logs in " + folder);
        }
        announced = 2;
    }

    void startAzure() throws IOException, InterruptedException {
        Path file = folder.resolve("sim.yaml");
        Files.writeString(file, simConfig());
        children.add(Child.start(folder.resolve("sim.log"), Map.of(KEY_VARIABLE, KEY), "sim", "-c", file.toString()));
    }

    void killDaemon() throws InterruptedException {
        if (daemon != null) {
            daemon.kill();
        }
    }

    private static boolean answers(JsonApi api, String path) throws InterruptedException {
        try {
            api.get(path);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** Lets a lost circuit return without waiting, and a neighbour in that churns. */
    void quickReturns() throws IOException, InterruptedException {
        quickReturns = true;
        reload(60, 0);
    }

    ChurnNeighbor churn() throws IOException {
        return new ChurnNeighbor(
                new InetSocketAddress("127.76.3.2", simPort), new InetSocketAddress("127.76.3.1", bgpPort), KEY);
    }

    JsonNode reload(int holdSeconds, int guard) throws IOException, InterruptedException {
        String config = popConfig(holdSeconds, guard);
        return pop.post("/config", "application/yaml", config);
    }

    static String impacts(JsonNode reload) {
        List<String> parts = new ArrayList<>();
        reload.path("steps")
                .forEach(step -> parts.add(step.path("subject").asText() + ": "
                        + step.path("action").asText()));
        return String.join(", ", parts);
    }

    void announceUpTo(int count) throws IOException, InterruptedException {
        change("/announce", announced, count);
        announced = count;
    }

    void withdrawDownTo(int count) throws IOException, InterruptedException {
        change("/withdraw", count, announced);
        announced = count;
    }

    private void change(String path, int from, int to) throws IOException, InterruptedException {
        ObjectNode body = JSON.objectNode();
        ArrayNode prefixes = body.putArray("prefixes");
        for (int i = from; i < to; i++) {
            prefixes.add(prefix(i));
        }
        if (!prefixes.isEmpty()) {
            pop.post(path, body);
        }
    }

    /** The on-premises prefixes, in ascending order; the first two are in the configuration. */
    static String prefix(int number) {
        return "192." + (168 + (number >>> 16)) + "." + (number >>> 8 & 0xFF) + "." + (number & 0xFF) + "/32";
    }

    // ---- Azure

    void fault(String circuit, String fault, JsonNode parameters) throws IOException, InterruptedException {
        azure.post("/circuits/" + circuit + "/faults/" + fault, parameters);
    }

    JsonNode azureState(String circuit) throws IOException, InterruptedException {
        return azure.get("/circuits/" + circuit);
    }

    int leaked(String circuit) throws IOException, InterruptedException {
        return azureState(circuit).path("leaked").size();
    }

    /** {@return when the simulator last did something to the circuit on command} */
    Instant lastFault(String circuit) throws IOException, InterruptedException {
        Instant at = Instant.EPOCH;
        JsonNode page = azure.get("/events?after=" + lastEvent);
        while (!page.isEmpty()) {
            for (JsonNode event : page) {
                lastEvent = event.path("number").asLong();
                if (event.path("circuit").asText().equals(circuit)
                        && event.path("kind").asText().equals("fault")) {
                    at = Instant.parse(event.path("at").asText());
                }
            }
            page = azure.get("/events?after=" + lastEvent);
        }
        return at;
    }

    // ---- configurations

    private String simConfig() {
        StringBuilder text = new StringBuilder("control: 127.0.0.1:" + controlPort + "\ncircuits:\n");
        for (int i = 1; i <= 2; i++) {
            text.append("  - name: ").append(i == 1 ? PRIMARY : SECONDARY).append('\n');
            text.append("    peering: 127.76.").append(i).append(".0/30\n");
            text.append("    peer-as: 65010\n");
            text.append("    port: ").append(simPort).append('\n');
            text.append("    peer-port: ").append(bgpPort).append('\n');
            text.append("    shared-key: {env: ").append(KEY_VARIABLE).append("}\n");
            text.append("    sku: standard\n");
            text.append("    vnet-count: ").append(VNET_PREFIXES).append('\n');
            text.append("    profile: {restart: 1s, connect-retry: 2s}\n");
        }
        return text.toString();
    }

    private String popConfig(int holdSeconds, int guard) {
        StringBuilder text = new StringBuilder();
        text.append("local-as: 65010\nrouter-id: 127.76.1.1\n");
        text.append("listen: [\"127.76.1.1:")
                .append(bgpPort)
                .append("\", \"127.76.2.1:")
                .append(bgpPort);
        text.append("\"]\napi: {listen: \"127.0.0.1:").append(apiPort).append("\"}\n");
        text.append("peers:\n");
        for (int i = 1; i <= 2; i++) {
            text.append("  - name: ").append(i == 1 ? PRIMARY : SECONDARY).append('\n');
            text.append("    address: 127.76.").append(i).append(".2\n");
            text.append("    port: ").append(simPort).append('\n');
            text.append("    local-address: 127.76.").append(i).append(".1\n");
            text.append("    remote-as: 12076\n");
            text.append("    metric: ").append(i == 1 ? 90 : 100).append('\n');
            text.append("    md5-key: {env: ").append(KEY_VARIABLE).append("}\n");
            text.append("    hold-time: ").append(i == 1 ? holdSeconds : 60).append("s\n");
            text.append(
                    quickReturns
                            ? "    connect-retry-time: 500ms\n    idle-hold-time: 10ms\n    max-idle-hold-time: 10ms\n"
                            : "    connect-retry-time: 500ms\n    idle-hold-time: 500ms\n    max-idle-hold-time: 2s\n");
            text.append("    import-policy: accept-all\n    export-policy: accept-all\n");
            if (guard > 0) {
                text.append("    outbound-guard: {ipv4-unicast: {limit: ")
                        .append(guard)
                        .append("}}\n");
            }
        }
        if (quickReturns) {
            text.append("  - name: ").append(CHURN).append("\n    address: 127.76.3.2\n    port: ");
            text.append(simPort).append("\n    local-address: 127.76.3.1\n    remote-as: ");
            text.append(ChurnNeighbor.AS).append("\n    md5-key: {env: ").append(KEY_VARIABLE);
            text.append("}\n    connect-retry-time: 500ms\n    import-policy: accept-all\n");
        }
        text.append("circuit-groups:\n  - {name: azure, primary: ").append(PRIMARY);
        text.append(", secondary: ").append(SECONDARY).append("}\n");
        text.append("announce:\n  - prefixes: [\"")
                .append(prefix(0))
                .append("\", \"")
                .append(prefix(1));
        text.append("\"]\n");
        return text.toString();
    }

    // ---- waiting

    static boolean until(Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                if (condition.holds()) {
                    return true;
                }
            } catch (IOException e) {
                // The process may be starting; what it still refuses at the deadline shows as a failed check.
            }
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause(POLL);
        }
    }

    static void pause(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(Math.min(TimeUnit.MILLISECONDS.toNanos(50), end - System.nanoTime()));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    static Duration micros(long micros) {
        return Duration.ofNanos(micros * 1000);
    }

    private static int[] freePorts(int count) throws IOException {
        List<ServerSocket> sockets = new ArrayList<>();
        try {
            int[] ports = new int[count];
            for (int i = 0; i < count; i++) {
                ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
                sockets.add(socket);
                ports[i] = socket.getLocalPort();
            }
            return ports;
        } finally {
            for (ServerSocket socket : sockets) {
                socket.close();
            }
        }
    }

    @Override
    public synchronized void close() {
        children.forEach(Child::close);
        children.clear();
    }
}
