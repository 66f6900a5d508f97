package net.popbgp.fuzz;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.http.ApiServer;
import org.slf4j.LoggerFactory;

/**
 * Requests to the REST interface of a daemon on loopback: the first line is the method and the address, lines with headers may follow, and
 * after an empty line the body. Each is answered, with a status that says whose mistake it is, and that is never the daemon's.
 */
public final class RestFuzzer {

    private static final Set<Integer> STATUSES =
            Set.of(200, 304, 400, 403, 404, 405, 409, 413, 414, 415, 422, 431, 501);
    private static final Set<String> HEADERS = Set.of("host", "origin", "content-type", "accept", "if-none-match");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = """
            local-as: 65001
            router-id: 10.0.0.1
            listen: ["127.0.0.1:0"]
            api: {listen: "127.0.0.1:0", allowed-hosts: [pop.example]}
            peers:
              - {name: cloud, address: 127.0.61.2, remote-as: 65010, passive: true}
            announce:
              - {prefixes: [10.9.0.0/16]}
            """;

    static {
        ((Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
    }

    private RestFuzzer() {}

    /** The daemon that is asked, for as long as the process lives. */
    private static final class Asked {
        static final Daemon DAEMON;
        static final HttpConnection CONNECTION;

        static {
            try {
                DAEMON = Daemon.create(ConfigReader.parse(CONFIG, Path.of("/nowhere"), name -> null), Optional.empty());
                ApiServer api = new ApiServer(DAEMON);
                api.start();
                DAEMON.start();
                CONNECTION = new HttpConnection(api.port());
            } catch (IOException | ConfigException e) {
                throw new ExceptionInInitializerError(e);
            }
        }
    }

    /** Loads what is needed, so that the first input is no slower than the others. */
    public static void fuzzerInitialize() throws Exception {
        fuzzerTestOneInput(seeds().get(0));
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        String text = new String(input, StandardCharsets.UTF_8);
        int end = text.indexOf("\n\n");
        List<String> head = (end < 0 ? text : text.substring(0, end)).lines().toList();
        String body = end < 0 ? "" : text.substring(end + 2);
        if (head.isEmpty() || wouldDialAway(body)) {
            return;
        }
        String[] first = head.get(0).split(" ", 2);
        String method = first[0].matches("[A-Z]{1,10}") ? first[0] : "GET";
        String address = first.length == 2 ? encoded(first[1]) : "/api/v1/status";
        HttpConnection.Answer answer = Asked.CONNECTION.ask(method, address, headers(head), body);
        Decoding.require(STATUSES.contains(answer.status()), method + " " + address + " gives " + answer);
        if (answer.isJson() && !method.equals("HEAD")) {
            var json = JSON.readTree(answer.body());
            Decoding.require(
                    answer.status() == 200 || json.has("error") || json.has("problems"), "no reason in " + answer);
        }
        forget(body);
    }

    /** Nothing outside this machine is dialled, whatever configuration comes up. */
    private static boolean wouldDialAway(String body) {
        try {
            DaemonConfig config = ConfigReader.parse(body, Path.of("/nowhere"), name -> null);
            return config.peers().stream()
                    .anyMatch(peer -> !peer.remoteAddress().isLoopbackAddress());
        } catch (ConfigException e) {
            return false;
        }
    }

    /** So that the tables do not grow with every announcement that is found. */
    private static void forget(String body) {
        try {
            Daemon.await(Asked.DAEMON
                    .speaker()
                    .withdraw(ConfigReader.announcement(body).keySet()));
        } catch (ConfigException e) {
            return; // nothing was announced
        }
    }

    /** {@return an address that the server's own parser of HTTP takes: what must be escaped in it is} */
    private static String encoded(String address) {
        String octets = address.codePoints()
                .mapToObj(c -> c > ' ' && c < 0x7F && "\"<>\\^`{|}#".indexOf(c) < 0
                        ? Character.toString(c)
                        : URLEncoder.encode(Character.toString(c), StandardCharsets.UTF_8))
                .collect(Collectors.joining());
        return octets.startsWith("/") ? octets : "/" + octets;
    }

    private static List<String> headers(List<String> head) {
        List<String> headers = new ArrayList<>();
        boolean host = false;
        for (String line : head.subList(1, head.size())) {
            String name = line.substring(0, Math.max(0, line.indexOf(':'))).toLowerCase(java.util.Locale.ROOT);
            if (HEADERS.contains(name) && line.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
                headers.add(line);
                host |= name.equals("host");
            }
        }
        if (!host) {
            headers.add("Host: localhost");
        }
        return headers;
    }

    /** {@return the requests in {@code requests.txt}, which lines of %% part} */
    static List<byte[]> seeds() {
        try (InputStream in = RestFuzzer.class.getResourceAsStream("requests.txt")) {
            String all = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
            return Stream.of(all.split("%%\n"))
                    .map(request -> request.getBytes(StandardCharsets.UTF_8))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
