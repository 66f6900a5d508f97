package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;

/**
 * A site with two ExpressRoute circuits: PopBGP as the PoP (AS 65010), and a foreign daemon as the Azure edge of each. The primary's metric
 * is 90, the secondary's 100, both sessions have TCP MD5. The PoP announces /32 of 192.168.0.0/16.
 *
 * <p>For one thread.
 */
final class AzureSite implements Scene {

    static final long POP_AS = 65_010;

    /** How many prefixes the PoP announces from the beginning. */
    static final int SITES = 2;

    private static final String KEY = "InteropKey2026";
    private static final String PREFIXES = "ipv4-unicast";

    final Kind kind;
    final AzureEdge primary;
    final AzureEdge secondary;
    private final Direction direction;
    private final Pop pop;
    private final Path key;
    private int announced;

    /** The limit of the PoP's {@code outbound-guard}, 0 for none. */
    int guard;

    AzureSite(Kind kind, Direction direction) throws IOException, InterruptedException {
        this.kind = kind;
        this.direction = direction;
        pop = new Pop(this::configuration);
        key = Files.writeString(pop.folder().resolve("md5.key"), KEY);
        primary = new AzureEdge(kind, 1, "azure-primary", POP_AS);
        secondary = new AzureEdge(kind, 2, "azure-secondary", POP_AS);
        for (AzureEdge edge : edges()) {
            edge.session.password = KEY;
            edge.session.passive = direction == Direction.WE_CONNECT;
        }
    }

    private List<AzureEdge> edges() {
        return List.of(primary, secondary);
    }

    private String configuration() {
        StringBuilder text = new StringBuilder("local-as: " + POP_AS + "\nrouter-id: " + primary.popAddress() + "\n");
        text.append("warm-up: 0s\nlisten: [\"0.0.0.0:179\"]\npeers:\n");
        for (AzureEdge edge : edges()) {
            text.append("  - name: ").append(edge.peer);
            text.append("\n    address: ").append(edge.address());
            text.append("\n    local-address: ").append(edge.popAddress());
            text.append("\n    remote-as: ").append(AzureEdge.AS);
            text.append("\n    metric: ").append(edge == primary ? 90 : 100);
            text.append("\n    md5-key: {file: ").append(key).append('}');
            text.append("\n    hold-time: ").append(edge.popHoldTime).append('s');
            text.append("\n    passive: ").append(direction == Direction.THEY_CONNECT);
            text.append("\n    connect-retry-time: 500ms\n    idle-hold-time: 500ms\n    max-idle-hold-time: 2s");
            text.append("\n    import-policy: accept-all\n    export-policy: accept-all\n");
            if (guard > 0) {
                text.append("    outbound-guard: {ipv4-unicast: {limit: ")
                        .append(guard)
                        .append("}}\n");
            }
        }
        text.append("circuit-groups:\n  - {name: azure, primary: ").append(primary.peer);
        return text.append(", secondary: ").append(secondary.peer).append("}\n").toString();
    }

    // ---- the play

    /** Starts everything, and waits until the primary carries the traffic and has a backup. */
    void start() throws IOException, InterruptedException {
        for (AzureEdge edge : edges()) {
            edge.join(pop.host());
            edge.daemon.start();
        }
        pop.start();
        announceUpTo(SITES);
        untilSteady();
    }

    /** Announces the first so many of the PoP's prefixes. */
    void announceUpTo(int count) throws IOException {
        pop.announce(IntStream.range(announced, count)
                .mapToObj(each -> LabRoute.to(onPremises(each)))
                .toList());
        announced = count;
    }

    /** Withdraws all but the first so many. */
    void withdrawDownTo(int count) throws IOException {
        pop.withdraw(IntStream.range(count, announced)
                .mapToObj(AzureSite::onPremises)
                .toArray(String[]::new));
        announced = count;
    }

    /** {@return the i-th of the PoP's prefixes, in ascending order} */
    static String onPremises(int i) {
        return "192.168." + (i >> 8) + "." + (i & 0xFF) + "/32";
    }

    // ---- what PopBGP says

    JsonNode peer(AzureEdge edge) throws IOException {
        return pop.get("/peers/" + edge.peer);
    }

    boolean isUp(AzureEdge edge) throws IOException {
        return peer(edge).path("state").asText().equals("Established");
    }

    String lastDown(AzureEdge edge) throws IOException {
        return peer(edge).path("last-down").asText();
    }

    /** {@return how often the session has become Established} */
    int sessions(AzureEdge edge) throws IOException {
        return peer(edge).path("established-count").asInt();
    }

    /** {@return a count of prefixes with an edge: received, best, advertised, ...} */
    int count(AzureEdge edge, String what) throws IOException {
        return peer(edge).path("prefixes").path(PREFIXES).path(what).asInt();
    }

    JsonNode circuit() throws IOException {
        return pop.get("/circuits").at("/circuits/0");
    }

    String active() throws IOException {
        return circuit().path("active").asText();
    }

    /** {@return how many prefixes have ever lost their last route} */
    long withdrawals() throws IOException {
        return pop.get("/status").at("/loc-rib/withdrawals").asLong();
    }

    int locRib() throws IOException {
        return pop.get("/status").at("/loc-rib/ipv4-prefixes").asInt();
    }

    /** {@return how many prefixes go by the primary and would go by the secondary} */
    long prefixesWithBackup() throws IOException {
        return rows("table=loc-rib")
                .filter(each -> each.path("peer").asText().equals(primary.peer))
                .filter(each -> each.path("backup-peer").asText().equals(secondary.peer))
                .count();
    }

    /** {@return what the guard keeps from an edge} */
    List<String> withheld(AzureEdge edge) throws IOException {
        return rows("table=adj-rib-out&peer=" + edge.peer)
                .filter(each -> each.path("status").asText().equals("withheld"))
                .map(each -> each.path("prefix").asText())
                .toList();
    }

    private java.util.stream.Stream<JsonNode> rows(String query) throws IOException {
        return StreamSupport.stream(
                pop.get("/routes?limit=10000&" + query).path("routes").spliterator(), false);
    }

    /** {@return the step of the Decision Process by which a prefix's route was chosen} */
    String decidedBy(String prefix) throws IOException {
        return pop.get("/explain?prefix=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8))
                .path("decided-by")
                .asText();
    }

    // ---- conditions

    /** Waits until all traffic goes by the primary and could go by the secondary. */
    void untilSteady() {
        for (AzureEdge edge : edges()) {
            Cell.until(edge.peer + " Established at both ends", () -> isUp(edge) && edge.isUp());
            Cell.until(edge.peer + " has its prefixes", () -> count(edge, "received") == AzureEdge.VNETS);
            Cell.untilEqual(edge.peer + "'s edge has the PoP's prefixes", announced, edge::received);
        }
        Cell.until("primary active", () -> active().equals(primary.peer));
        Cell.until("all by the primary", () -> count(primary, "best") == AzureEdge.VNETS);
    }

    /** Waits until the traffic has moved to an edge since a point in time. {@return what the circuit group tells of it} */
    JsonNode untilMovedTo(AzureEdge edge, Instant since) throws IOException {
        Cell.until("traffic on " + edge.peer, () -> active().equals(edge.peer) && isSince(lastFailover(), since));
        Cell.until("all by " + edge.peer, () -> count(edge, "best") == AzureEdge.VNETS);
        return lastFailover();
    }

    private JsonNode lastFailover() throws IOException {
        return circuit().path("last-failover");
    }

    private static boolean isSince(JsonNode failover, Instant since) {
        return !Instant.parse(failover.path("detected-at").asText()).isBefore(since);
    }

    @Override
    public String report() {
        pop.failed();
        StringBuilder text = new StringBuilder("---- " + kind + ", " + direction.title);
        try {
            text.append("\n---- PopBGP's log\n").append(Cell.tail(Files.readString(pop.log())));
            for (AzureEdge edge : edges()) {
                text.append("\n---- ").append(edge.peer).append('\n').append(edge.daemon.report());
                text.append('\n').append(peer(edge).toPrettyString());
            }
            text.append('\n').append(circuit().toPrettyString());
        } catch (IOException e) {
            text.append(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return text.toString();
    }

    @Override
    public void close() throws IOException {
        try (primary;
                secondary) {
            pop.close();
        }
    }
}
