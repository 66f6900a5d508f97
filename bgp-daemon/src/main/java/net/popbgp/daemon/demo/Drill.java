package net.popbgp.daemon.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
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
 * The stages of the drill, each on what the one before left: both circuits up, the primary active, nothing of ours announced but two
 * prefixes.
 *
 * <p>Used by one thread.
 */
final class Drill implements AutoCloseable {

    /** A condition that asks one of the processes. */
    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private static final int VNET_PREFIXES = 1000;
    private static final int STANDARD_LIMIT = 4000;
    private static final int PREMIUM_LIMIT = 10_000;
    private static final String PRIMARY = "azure-primary";
    private static final String SECONDARY = "azure-secondary";
    private static final String FAMILY = "ipv4-unicast";
    private static final String KEY_VARIABLE = "POPBGP_DEMO_KEY";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(10);
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final Path folder;
    private final DrillReport report;
    private final int bgpPort;
    private final int simPort;
    private final int apiPort;
    private final int controlPort;
    private final JsonApi pop;
    private final JsonApi azure;
    private final List<Child> children = new ArrayList<>();
    private @Nullable Child daemon;
    private int announced;

    Drill(Path folder, DrillReport report) throws IOException {
        this.folder = folder;
        this.report = report;
        int[] ports = freePorts(4);
        bgpPort = ports[0];
        simPort = ports[1];
        apiPort = ports[2];
        controlPort = ports[3];
        pop = new JsonApi("http://127.0.0.1:" + apiPort + "/api/v1");
        azure = new JsonApi("http://127.0.0.1:" + controlPort);
    }

    /** Runs all stages; one that fails does not keep the next from being tried. */
    void run() throws IOException, InterruptedException {
        System.out.println("PopBGP drill: the daemon (AS 65010) and a simulated Azure edge (AS 12076), two processes,");
        System.out.println("two circuits on 127.76.1.0/30 (metric 90) and 127.76.2.0/30 (metric 100), TCP MD5, "
                + VNET_PREFIXES + " VNet prefixes each.");
        stage("bring-up", this::bringUp);
        stage("md5-mismatch", this::md5Mismatch);
        stage("failover-reset", s -> failover(s, "tcp-reset", JSON.objectNode(), Duration.ofSeconds(1)));
        stage("failback", this::failback);
        stage(
                "failover-cease",
                s -> failover(
                        s,
                        "notification",
                        JSON.objectNode().put("code", 6).put("subcode", 4).put("text", "planned work"),
                        Duration.ofSeconds(1)));
        stage("failover-silent", this::failoverSilent);
        stage("prefix-limit-teardown", s -> limitTeardown(s, STANDARD_LIMIT));
        stage("prefix-limit-recovery", s -> limitRecovery(s, STANDARD_LIMIT));
        stage("prefix-guard", this::guard);
        stage("premium", this::premium);
        stage("maintenance-drain", this::drain);
        stage("restart", this::restart);
    }

    private interface StageBody {
        void run(DrillReport.Stage stage) throws IOException, InterruptedException;
    }

    private void stage(String name, StageBody body) throws InterruptedException {
        DrillReport.Stage stage = report.begin(name);
        try {
            body.run(stage);
        } catch (IOException | RuntimeException e) {
            stage.check("runs to its end", false, e);
        }
        report.end(stage);
    }

    // ---- stages

    private void bringUp(DrillReport.Stage stage) throws IOException, InterruptedException {
        Path simFile = folder.resolve("sim.yaml");
        Files.writeString(simFile, simConfig());
        children.add(Child.start(
                folder.resolve("sim.log"), Map.of(KEY_VARIABLE, "DrillKey2026"), "sim", "-c", simFile.toString()));
        startDaemon();
        stage.check("both sessions Established", bothUp(), states());
        JsonNode primary = peer(PRIMARY);
        stage.check(
                "timers negotiated",
                primary.at("/negotiated/hold-time").asText().equals("60s"),
                "hold " + primary.at("/negotiated/hold-time").asText() + ", keepalive "
                        + primary.at("/negotiated/keepalive-time").asText() + " (offered 60 s and 180 s)");
        checkSteady(stage);
        stage.check("every prefix has a backup", prefixesWithBackup() == VNET_PREFIXES, prefixesWithBackup());
        stage.check(
                "nothing of one circuit is sent to the other",
                leaked(PRIMARY) + leaked(SECONDARY) == 0,
                "0 prefixes with 12076 in their path at Azure");
    }

    private void md5Mismatch(DrillReport.Stage stage) throws IOException, InterruptedException {
        fault(SECONDARY, "wrong-md5-key", JSON.objectNode().put("reset", true));
        int established = peer(SECONDARY).path("established-count").asInt();
        boolean told = until(() -> peer(SECONDARY).path("diagnosis").asText().contains("rejected"));
        JsonNode peer = peer(SECONDARY);
        stage.check("the status says why", told, peer.path("diagnosis").asText());
        stage.check(
                "it never gets in",
                !isUp(SECONDARY) && peer.path("established-count").asInt() == established,
                "state " + peer.path("state").asText());
        stage.check("the other circuit carries on", isUp(PRIMARY) && best(PRIMARY) == VNET_PREFIXES, best(PRIMARY));
        fault(SECONDARY, "restore-md5-key", JSON.objectNode());
        stage.check("with the right key it comes back", bothUp(), states());
        until(() -> received(SECONDARY) == VNET_PREFIXES);
    }

    private void failover(DrillReport.Stage stage, String fault, ObjectNode parameters, Duration limit)
            throws IOException, InterruptedException {
        long lost = withdrawals();
        Instant cause = Instant.now();
        fault(PRIMARY, fault, parameters);
        boolean seen = until(() -> failoverTo(SECONDARY, cause) != null);
        JsonNode event = failoverTo(SECONDARY, cause);
        checkFailover(stage, seen, event, cause, limit);
        stage.check("no prefix lost", withdrawals() == lost && locRib() >= VNET_PREFIXES, locRib() + " in the Loc-RIB");
        backToPrimary();
    }

    private void checkFailover(
            DrillReport.Stage stage, boolean seen, @Nullable JsonNode event, Instant cause, Duration limit) {
        stage.check(
                "traffic moved to the secondary", seen && event != null, event == null ? "no event" : trigger(event));
        if (event == null) {
            return;
        }
        int prefixes = event.path("prefixes").asInt();
        stage.check("all prefixes switched", prefixes == VNET_PREFIXES, prefixes);
        Duration detection =
                Duration.between(cause, Instant.parse(event.path("detected-at").asText()));
        stage.check(
                "detected in time",
                !detection.isNegative() && detection.compareTo(limit) < 0,
                detection.toMillis() + " ms, limit " + limit.toMillis() + " ms");
        stage.time("cause to detection", detection);
        stage.time(
                "detection to the last prefix switched",
                micros(event.path("detection-to-switch-us").asLong()));
        stage.time(
                "detection to the last event delivered",
                micros(event.path("detection-to-event-us").asLong()));
    }

    private static String trigger(JsonNode event) {
        String text = event.path("trigger").asText();
        return text.length() > 90 ? text.substring(0, 90) + "..." : text;
    }

    private void failback(DrillReport.Stage stage) throws IOException, InterruptedException {
        fault(PRIMARY, "admin-down", JSON.objectNode().put("text", "peering disabled"));
        stage.check("secondary active while the primary is down", until(() -> active().equals(SECONDARY)), active());
        stage.check(
                "the reason is shown",
                peer(PRIMARY).path("last-down").asText().contains("6/2"),
                peer(PRIMARY).path("last-down").asText());
        long lost = withdrawals();
        Instant cause = Instant.now();
        fault(PRIMARY, "admin-up", JSON.objectNode());
        boolean back = until(() -> failoverTo(PRIMARY, cause) != null);
        JsonNode event = failoverTo(PRIMARY, cause);
        stage.check(
                "active again after End-of-RIB",
                back && event != null && event.path("trigger").asText().contains("End-of-RIB"),
                event == null ? "no event" : trigger(event));
        stage.check("no prefix lost", withdrawals() == lost, locRib() + " in the Loc-RIB");
        if (event != null) {
            stage.time(
                    "End-of-RIB to the last prefix switched",
                    micros(event.path("detection-to-switch-us").asLong()));
        }
        checkSteady(stage);
    }

    private void failoverSilent(DrillReport.Stage stage) throws IOException, InterruptedException {
        JsonNode reload = reload(3, 0);
        stage.check("hold time 3 s by reload", bothUp() && holdTime().equals("3s"), impacts(reload));
        until(() -> active().equals(PRIMARY) && best(PRIMARY) == VNET_PREFIXES);
        long lost = withdrawals();
        Instant cause = Instant.now();
        fault(PRIMARY, "silence", JSON.objectNode().put("on", true));
        boolean seen = until(() -> failoverTo(SECONDARY, cause) != null);
        checkFailover(stage, seen, failoverTo(SECONDARY, cause), cause, Duration.ofMillis(3500));
        stage.check("no prefix lost", withdrawals() == lost, locRib() + " in the Loc-RIB");
        fault(PRIMARY, "silence", JSON.objectNode().put("on", false));
        reload(60, 0);
        stage.check(
                "back to the primary, hold time 60 s",
                backToPrimary() && holdTime().equals("60s"),
                holdTime());
    }

    private void limitTeardown(DrillReport.Stage stage, int limit) throws IOException, InterruptedException {
        int drops = azureState(PRIMARY).path("limit-drops").asInt();
        announceUpTo(limit);
        boolean all = until(() -> azureState(PRIMARY).path("received").asInt() == limit
                && azureState(SECONDARY).path("received").asInt() == limit);
        stage.check(limit + " announced stays up", all && isUp(PRIMARY) && isUp(SECONDARY), states());
        announceUpTo(limit + 1);
        String data = String.format("data 000101%08x", limit);
        boolean ceased = until(() -> peer(PRIMARY).path("last-down").asText().contains(data));
        stage.check(
                (limit + 1) + " gets Cease 6/1 with AFI, SAFI and limit",
                ceased,
                peer(PRIMARY).path("last-down").asText());
        pause(Duration.ofSeconds(4));
        int flaps = azureState(PRIMARY).path("limit-drops").asInt() - drops;
        stage.check("no hot loop while it is over the limit", flaps <= 4, flaps + " teardowns in 4 s");
    }

    private void limitRecovery(DrillReport.Stage stage, int limit) throws IOException, InterruptedException {
        Instant from = Instant.now();
        withdrawDownTo(limit);
        boolean up =
                bothUp() && until(() -> azureState(PRIMARY).path("received").asInt() == limit);
        stage.check("one withdrawn: Established without anyone's help", up, states());
        stage.time("withdrawal to both circuits up", Duration.between(from, Instant.now()));
        stage.check("and it stays", until(() -> received(PRIMARY) == VNET_PREFIXES) && isUp(PRIMARY), states());
    }

    private void guard(DrillReport.Stage stage) throws IOException, InterruptedException {
        withdrawDownTo(3199);
        until(() -> azureState(PRIMARY).path("received").asInt() == 3199);
        JsonNode reload = reload(60, STANDARD_LIMIT);
        stage.check("guard on without disturbing the sessions", !impacts(reload).contains("restart"), impacts(reload));
        stage.check("no warning at 3,199", !guardWarning(), guardWarning());
        announceUpTo(3200);
        stage.check("warning at 3,200", until(this::guardWarning), guardWarning());
        int established = peer(PRIMARY).path("established-count").asInt();
        announceUpTo(STANDARD_LIMIT + 1);
        boolean withheld = until(() -> prefixes(PRIMARY).path("withheld").asInt() == 1
                && azureState(PRIMARY).path("received").asInt() == STANDARD_LIMIT);
        stage.check(
                "4,001 announced: 4,000 sent, one withheld",
                withheld,
                prefixes(PRIMARY).path("advertised") + " sent, "
                        + prefixes(PRIMARY).path("withheld") + " withheld");
        Set<String> named = withheldPrefixes();
        stage.check("the withheld one is named", named.equals(Set.of(prefix(STANDARD_LIMIT))), named);
        stage.check(
                "session up all the while",
                isUp(PRIMARY) && peer(PRIMARY).path("established-count").asInt() == established,
                states());
    }

    private void premium(DrillReport.Stage stage) throws IOException, InterruptedException {
        fault(PRIMARY, "set-sku", JSON.objectNode().put("sku", "premium"));
        fault(SECONDARY, "set-sku", JSON.objectNode().put("sku", "premium"));
        reload(60, 0);
        bothUp();
        limitTeardown(stage, PREMIUM_LIMIT);
        limitRecovery(stage, PREMIUM_LIMIT);
        withdrawDownTo(2);
        stage.check(
                "all withdrawn again",
                until(() -> azureState(PRIMARY).path("received").asInt() == 2),
                "2 left");
        backToPrimary();
    }

    private void drain(DrillReport.Stage stage) throws IOException, InterruptedException {
        long lost = withdrawals();
        Instant cause = Instant.now();
        fault(PRIMARY, "drain", JSON.objectNode().put("on", true));
        boolean moved = until(() -> failoverTo(SECONDARY, cause) != null);
        Instant done = Instant.now();
        stage.check("12076 prepended eight times: traffic moves", moved, active());
        stage.check("while the primary is still Established", isUp(PRIMARY), states());
        stage.time("drain to all traffic on the secondary", Duration.between(cause, done));
        JsonNode explain = pop.get("/explain?prefix=" + anyVnetPrefix());
        stage.check(
                "explained by the drain step",
                explain.path("decided-by").asText().equals("DRAIN"),
                explain.path("decided-by").asText());
        fault(PRIMARY, "admin-down", JSON.objectNode().put("text", "maintenance"));
        stage.check("then the session drops", until(() -> !isUp(PRIMARY)), states());
        stage.check("nothing lost", withdrawals() == lost && locRib() >= VNET_PREFIXES, locRib() + " in the Loc-RIB");
        fault(PRIMARY, "drain", JSON.objectNode().put("on", false));
        fault(PRIMARY, "admin-up", JSON.objectNode());
        stage.check("back after the maintenance", backToPrimary(), active());
    }

    private void restart(DrillReport.Stage stage) throws IOException, InterruptedException {
        if (daemon != null) {
            daemon.kill();
        }
        Instant from = Instant.now();
        startDaemon();
        stage.check("both sessions Established again", bothUp(), states());
        checkSteady(stage);
        stage.time("killed to everything back", Duration.between(from, Instant.now()));
        stage.check(
                "our own prefixes are back at Azure",
                until(() -> azureState(PRIMARY).path("received").asInt() == 2
                        && azureState(SECONDARY).path("received").asInt() == 2),
                azureState(PRIMARY).path("received"));
    }

    private void checkSteady(DrillReport.Stage stage) throws InterruptedException, IOException {
        boolean all = until(() -> received(PRIMARY) == VNET_PREFIXES
                && received(SECONDARY) == VNET_PREFIXES
                && best(PRIMARY) == VNET_PREFIXES);
        stage.check(
                VNET_PREFIXES + " prefixes from each",
                all,
                received(PRIMARY) + " and " + received(SECONDARY) + ", " + best(PRIMARY) + " by the primary");
        stage.check("primary active", until(() -> active().equals(PRIMARY)), active());
    }

    // ---- asking the daemon

    private JsonNode peer(String name) throws IOException, InterruptedException {
        return pop.get("/peers/" + name);
    }

    private boolean isUp(String name) throws IOException, InterruptedException {
        return peer(name).path("state").asText().equals("Established");
    }

    private boolean bothUp() throws InterruptedException {
        return until(() -> isUp(PRIMARY) && isUp(SECONDARY));
    }

    private boolean backToPrimary() throws InterruptedException {
        return until(() -> isUp(PRIMARY)
                && isUp(SECONDARY)
                && active().equals(PRIMARY)
                && best(PRIMARY) == VNET_PREFIXES
                && received(SECONDARY) == VNET_PREFIXES);
    }

    private String states() throws IOException, InterruptedException {
        return peer(PRIMARY).path("state").asText() + ", "
                + peer(SECONDARY).path("state").asText();
    }

    private String holdTime() throws IOException, InterruptedException {
        return peer(PRIMARY).at("/negotiated/hold-time").asText();
    }

    private JsonNode prefixes(String name) throws IOException, InterruptedException {
        return peer(name).path("prefixes").path(FAMILY);
    }

    private int received(String name) throws IOException, InterruptedException {
        return prefixes(name).path("received").asInt();
    }

    private int best(String name) throws IOException, InterruptedException {
        return prefixes(name).path("best").asInt();
    }

    private boolean guardWarning() throws IOException, InterruptedException {
        return prefixes(PRIMARY).path("guard-warning").asBoolean();
    }

    private String active() throws IOException, InterruptedException {
        return circuit().path("active").asText("none");
    }

    private JsonNode circuit() throws IOException, InterruptedException {
        return pop.get("/circuits").path("circuits").path(0);
    }

    /** The first change to this peer since then; the processes share the host's clock. */
    private @Nullable JsonNode failoverTo(String peer, Instant since) throws IOException, InterruptedException {
        for (JsonNode each : circuit().path("failovers")) {
            if (each.path("to").asText().equals(peer)
                    && !Instant.parse(each.path("detected-at").asText()).isBefore(since)) {
                return each;
            }
        }
        return null;
    }

    private long withdrawals() throws IOException, InterruptedException {
        return pop.get("/status").at("/loc-rib/withdrawals").asLong();
    }

    private int locRib() throws IOException, InterruptedException {
        return pop.get("/status").at("/loc-rib/ipv4-prefixes").asInt();
    }

    private int prefixesWithBackup() throws IOException, InterruptedException {
        int count = 0;
        for (JsonNode route : pop.get("/routes?table=loc-rib&limit=10000").path("routes")) {
            if (route.path("peer").asText().equals(PRIMARY)
                    && route.path("backup-peer").asText().equals(SECONDARY)) {
                count++;
            }
        }
        return count;
    }

    private String anyVnetPrefix() throws IOException, InterruptedException {
        return pop.get("/routes?table=adj-rib-in&peer=" + PRIMARY + "&limit=1")
                .at("/routes/0/prefix")
                .asText();
    }

    private Set<String> withheldPrefixes() throws IOException, InterruptedException {
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

    private void startDaemon() throws IOException, InterruptedException {
        Path file = folder.resolve("popbgp.yaml");
        Files.writeString(file, popConfig(60, 0));
        Child child = Child.start(
                folder.resolve("popbgp.log"), Map.of(KEY_VARIABLE, "DrillKey2026"), "run", "-c", file.toString());
        daemon = child;
        children.add(child);
        if (!until(() -> answers(pop, "/status") && answers(azure, "/state"))) {
            throw new IOException("the processes do not answer; see the logs in " + folder);
        }
        announced = 2;
    }

    private static boolean answers(JsonApi api, String path) throws InterruptedException {
        try {
            api.get(path);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private JsonNode reload(int holdSeconds, int guard) throws IOException, InterruptedException {
        String config = popConfig(holdSeconds, guard);
        return pop.post("/config", "application/yaml", config);
    }

    private static String impacts(JsonNode reload) {
        List<String> parts = new ArrayList<>();
        reload.path("steps")
                .forEach(step -> parts.add(step.path("subject").asText() + ": "
                        + step.path("action").asText()));
        return String.join(", ", parts);
    }

    private void announceUpTo(int count) throws IOException, InterruptedException {
        change("/announce", announced, count);
        announced = count;
    }

    private void withdrawDownTo(int count) throws IOException, InterruptedException {
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
    private static String prefix(int number) {
        return "192." + (168 + (number >>> 16)) + "." + (number >>> 8 & 0xFF) + "." + (number & 0xFF) + "/32";
    }

    // ---- Azure

    private void fault(String circuit, String fault, JsonNode parameters) throws IOException, InterruptedException {
        azure.post("/circuits/" + circuit + "/faults/" + fault, parameters);
    }

    private JsonNode azureState(String circuit) throws IOException, InterruptedException {
        return azure.get("/circuits/" + circuit);
    }

    private int leaked(String circuit) throws IOException, InterruptedException {
        return azureState(circuit).path("leaked").size();
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
            text.append("    connect-retry-time: 500ms\n    idle-hold-time: 500ms\n    max-idle-hold-time: 2s\n");
            text.append("    import-policy: accept-all\n    export-policy: accept-all\n");
            if (guard > 0) {
                text.append("    outbound-guard: {ipv4-unicast: {limit: ")
                        .append(guard)
                        .append("}}\n");
            }
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

    private static boolean until(Condition condition) throws InterruptedException {
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

    private static void pause(Duration duration) throws InterruptedException {
        long end = System.nanoTime() + duration.toNanos();
        while (System.nanoTime() < end) {
            LockSupport.parkNanos(Math.min(TimeUnit.MILLISECONDS.toNanos(50), end - System.nanoTime()));
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    private static Duration micros(long micros) {
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
