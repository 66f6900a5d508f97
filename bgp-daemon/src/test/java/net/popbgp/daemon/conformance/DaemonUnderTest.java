package net.popbgp.daemon.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import net.popbgp.daemon.ChildJvm;

/**
 * The daemon in a process of its own, AS 65000 with BGP Identifier 10.0.0.1, on loopback addresses. Tests play on {@link Site}s of it, which
 * come and go by reloads of its configuration; so many tests share one daemon at the same time.
 *
 * <p>Thread-safe.
 */
final class DaemonUnderTest implements AutoCloseable {

    static final long AS = 65000;
    static final String IDENTIFIER = "10.0.0.1";
    static final String ADDRESS = "127.0.90.254";

    private static final String API_ADDRESS = "127.0.0.1";
    private static final int MAX_ATTEMPTS = 3;
    private static final Duration START = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    private static DaemonUnderTest shared;

    private final String settings;
    private final String peers;
    private final Path folder;
    private int bgpPort;
    private int apiPort;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Set<Site> sites = new LinkedHashSet<>();
    private Process process;
    private int sitesMade;

    private DaemonUnderTest(String settings, String peers) throws IOException, InterruptedException {
        this.settings = settings;
        this.peers = peers;
        folder = Files.createTempDirectory("popbgp-conformance");
        for (int attempt = 1; process == null; attempt++) {
            bgpPort = freePort(ADDRESS);
            apiPort = freePort(API_ADDRESS);
            try {
                start();
            } catch (IOException e) {
                process = null;
                if (attempt == MAX_ATTEMPTS || !String.valueOf(e.getMessage()).contains("already in use")) {
                    throw e;
                }
            }
        }
    }

    /** {@return the one for tests that need no global settings of their own; it ends with this process} */
    static synchronized DaemonUnderTest shared() throws IOException, InterruptedException {
        if (shared == null) {
            DaemonUnderTest daemon = with("");
            Runtime.getRuntime().addShutdownHook(new Thread(daemon::close, "conformance-end"));
            shared = daemon;
        }
        return shared;
    }

    /** {@return a daemon with these lines at the top level of its configuration; to be closed} */
    static DaemonUnderTest with(String settings) throws IOException, InterruptedException {
        return with(settings, "");
    }

    /** {@return one that besides has these entries in its list of peers; to be closed} */
    static DaemonUnderTest with(String settings, String peers) throws IOException, InterruptedException {
        return new DaemonUnderTest(settings, peers);
    }

    /** {@return a new site, to be given peers and started} */
    synchronized Site site() {
        return new Site(this, ++sitesMade);
    }

    /** Starts the process, with the configuration as it is now. */
    synchronized void start() throws IOException, InterruptedException {
        Path config = folder.resolve("popbgp.yaml");
        Files.writeString(config, configuration());
        List<String> command = ChildJvm.popbgp(List.of("-Xmx512m"), "run", "-c", config.toString());
        process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()))
                .start();
        long deadline = System.nanoTime() + START.toNanos();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the daemon does not come up:\n" + Files.readString(log()));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    /** Ends the process as a crash would. */
    synchronized void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Ends the process as an operator would, by SIGTERM. */
    synchronized void terminate() throws InterruptedException {
        process.destroy();
        if (!process.waitFor(TesterPeer.SOON.toSeconds(), TimeUnit.SECONDS)) {
            throw new AssertionError("the daemon does not end");
        }
    }

    /** Returns whether the daemon answers, and not another that was quicker to take the port. */
    private boolean answers() throws InterruptedException {
        try {
            return get("/status").path("listen").toString().contains(ADDRESS + ":" + bgpPort);
        } catch (IOException e) {
            return false;
        }
    }

    /** Returns a free port below those that the kernel gives to the testers' own connections while the daemon starts. */
    private static int freePort(String address) throws IOException {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(10_000, 32_000);
            try (ServerSocket socket = new ServerSocket(port, 1, InetAddress.getByName(address))) {
                return socket.getLocalPort();
            } catch (BindException e) {
                // taken
            }
        }
    }

    private String configuration() {
        StringBuilder text = new StringBuilder("router-id: " + IDENTIFIER + "\nwarm-up: 0s\n");
        text.append(settings.contains("local-as:") ? "" : "local-as: " + AS + "\n");
        text.append("listen: [\"" + ADDRESS + ":").append(bgpPort).append("\"]\n");
        text.append("api: {listen: \"" + API_ADDRESS + ":").append(apiPort).append("\"}\n");
        text.append(settings);
        text.append("policies:\n  none:\n    - {name: none, then: reject}\n");
        sites.forEach(site -> text.append(site.policies()));
        text.append("aggregates:")
                .append(sites.stream().allMatch(site -> site.aggregates().isEmpty()) ? " []\n" : "\n");
        sites.forEach(site -> text.append(site.aggregates()));
        text.append("peers:")
                .append(sites.isEmpty() && peers.isEmpty() ? " []\n" : "\n")
                .append(peers);
        sites.forEach(site -> text.append(site.peers()));
        return text.toString();
    }

    /** Takes a site in, or its changes; a site that is refused is left out. */
    synchronized void add(Site site) throws IOException, InterruptedException {
        boolean added = sites.add(site);
        try {
            reload();
        } catch (IOException e) {
            if (added) {
                sites.remove(site); // refused: the others go on without it
            }
            throw e;
        }
    }

    synchronized void remove(Site site) throws IOException, InterruptedException {
        sites.remove(site);
        reload();
    }

    private void reload() throws IOException, InterruptedException {
        JsonNode answer = send(HttpRequest.newBuilder(uri("/config"))
                .header("Content-Type", "application/yaml")
                .POST(HttpRequest.BodyPublishers.ofString(configuration()))
                .build());
        if (answer.path("failed").asBoolean()) {
            throw new IOException("reload failed: " + answer);
        }
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path)).build());
    }

    JsonNode post(String path, String json) throws IOException, InterruptedException {
        return send(HttpRequest.newBuilder(uri(path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
    }

    private JsonNode send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException(request.method() + " " + request.uri().getPath() + ": " + response.statusCode() + " "
                    + response.body());
        }
        return JSON.readTree(response.body());
    }

    private URI uri(String path) {
        return URI.create("http://" + API_ADDRESS + ":" + apiPort + "/api/v1" + path);
    }

    /** Writes a secret to a file. {@return the file} */
    Path secret(String text) throws IOException {
        return Files.writeString(Files.createTempFile(folder, "secret", ".key"), text);
    }

    /** {@return where the daemon listens} */
    InetSocketAddress listensAt() {
        return new InetSocketAddress(ADDRESS, bgpPort);
    }

    Path log() {
        return folder.resolve("popbgp.log");
    }

    /** {@return the number of the process} */
    long pid() {
        return process.pid();
    }

    @Override
    public synchronized void close() {
        process.destroyForcibly();
        try {
            process.waitFor();
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(folder);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
