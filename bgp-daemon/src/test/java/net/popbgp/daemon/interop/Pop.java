package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * PopBGP, the daemon on a host of its own, with port 179 open on all its addresses. Many {@link Cell}s share one: their peers
 * come and go by reloads of its configuration.
 *
 * <p>Thread-safe.
 */
final class Pop implements AutoCloseable {

    static final long AS = 4_200_000_001L;
    static final String ROUTER_ID = "198.18.255.1";

    private static final String API = "/api/v1";
    private static final int PAGE = 10_000;

    private static @Nullable Pop shared;

    private final Path folder;
    private final Set<Cell> cells = new LinkedHashSet<>();
    private final Supplier<String> configuration;
    private final LabProcess process;

    private Pop(String settings, LabProcess process) throws IOException {
        folder = Lab.get().folder("pop");
        this.process = process;
        configuration = () -> configuration(settings);
    }

    /** Makes one that serves no cells, with this configuration at each start and reload; not yet started, to be closed. */
    Pop(Supplier<String> configuration) throws IOException, InterruptedException {
        folder = Lab.get().folder("pop");
        process = LabProcess.kept();
        this.configuration = configuration;
    }

    /** {@return the one for cells that need no global settings of their own, running; the janitor ends it} */
    static synchronized Pop shared() throws IOException, InterruptedException {
        if (shared == null) {
            shared = program("");
            shared.start();
        }
        return shared;
    }

    /** {@return one with these lines at the top level of its configuration, not yet started; to be closed} */
    static Pop with(String settings) throws IOException, InterruptedException {
        return new Pop(settings, LabProcess.kept());
    }

    /** The same, as the program itself, in a process of its own. */
    static Pop program(String settings) throws IOException, InterruptedException {
        return new Pop(settings, LabProcess.own());
    }

    Host host() {
        return process.host();
    }

    // ---- the process

    /** Starts it with the cells as they are, and waits until it answers. */
    synchronized void start() throws IOException, InterruptedException {
        Path config = Files.writeString(folder.resolve("popbgp.yaml"), configuration.get());
        process.start(API + "/status", "run", config);
    }

    /** Ends the process as a crash would. */
    void kill() throws InterruptedException {
        process.kill();
    }

    /** Ends the process as a system's shutdown would, by SIGTERM. */
    void terminate() throws InterruptedException {
        process.terminate();
    }

    /** Stops the process where it is; its connections stay. */
    void freeze() throws IOException, InterruptedException {
        process.freeze();
    }

    void thaw() throws IOException, InterruptedException {
        process.thaw();
    }

    Path log() {
        return process.log();
    }

    Path folder() {
        return folder;
    }

    // ---- its configuration

    private String configuration(String settings) {
        StringBuilder text = new StringBuilder();
        text.append(settings.contains("local-as:") ? "" : "local-as: " + AS + "\n");
        text.append("router-id: ").append(ROUTER_ID).append("\nwarm-up: 0s\n");
        text.append("listen: [\"0.0.0.0:179\", \"[::]:179\"]\n").append(settings);
        text.append("policies:\n  none:\n    - {name: none, then: reject}\n");
        cells.forEach(each -> text.append(each.policy()));
        text.append("peers:").append(cells.isEmpty() ? " []\n" : "\n");
        cells.forEach(each -> text.append(each.peers()));
        return text.toString();
    }

    /** Takes a cell in, or its changes. */
    synchronized void add(Cell cell) throws IOException {
        boolean added = cells.add(cell);
        try {
            reload();
        } catch (IOException e) {
            if (added) {
                cells.remove(cell); // refused: the others go on without it
            }
            throw e;
        }
    }

    synchronized void remove(Cell cell) throws IOException {
        if (cells.remove(cell) && process.isRunning()) {
            reload();
        }
    }

    /** Takes over what has been changed in the configuration, if it runs. {@return what was done, as the interface tells it} */
    JsonNode reload() throws IOException {
        if (!process.isRunning()) {
            return MissingNode.getInstance();
        }
        JsonNode answer = process.post(API + "/config", "application/yaml", configuration.get());
        if (answer.path("failed").asBoolean()) {
            throw new IOException("reload failed: " + answer);
        }
        return answer;
    }

    // ---- asking and telling

    JsonNode get(String path) throws IOException {
        return process.get(API + path);
    }

    JsonNode post(String path, String json) throws IOException {
        return process.post(API + path, "application/json", json);
    }

    /** Announces routes that have the same attributes. */
    void announce(List<LabRoute> routes) throws IOException {
        post("/announce", LabRoute.announcement(routes));
    }

    void withdraw(String... prefixes) throws IOException {
        post("/withdraw", "{\"prefixes\": [\"" + String.join("\", \"", prefixes) + "\"]}");
    }

    /** {@return the paths received from a peer, of one prefix or, if that is empty, all} */
    List<LabRoute> received(String peer, String prefix) throws IOException {
        List<LabRoute> routes = new ArrayList<>();
        eachRow(peer, prefix, row -> routes.add(LabRoute.ofJson(row)));
        return routes;
    }

    /** The same, as the interface tells them. */
    List<JsonNode> rows(String peer, String prefix) throws IOException {
        List<JsonNode> rows = new ArrayList<>();
        eachRow(peer, prefix, rows::add);
        return rows;
    }

    private void eachRow(String peer, String prefix, Consumer<JsonNode> consumer) throws IOException {
        String query = "/routes?table=adj-rib-in&limit=" + PAGE + "&peer=" + peer
                + (prefix.isEmpty() ? "" : "&prefix=" + URLEncoder.encode(prefix, StandardCharsets.UTF_8));
        JsonNode page = get(query);
        while (true) {
            page.path("routes").forEach(consumer);
            if (!page.has("next-cursor")) {
                return;
            }
            page = get(query + "&cursor=" + page.path("next-cursor").asText());
        }
    }

    /** Says that the scene has failed. */
    void failed() {
        process.failed();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
