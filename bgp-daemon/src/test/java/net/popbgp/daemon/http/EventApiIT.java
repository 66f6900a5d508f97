package net.popbgp.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.Javalin;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.cli.TestCommand;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventFilter;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.event.EventsConfig;
import net.popbgp.daemon.site.TestSites;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events and analytics of a daemon, asked over HTTP and by the command line. */
class EventApiIT {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private Daemon daemon;
    private ApiServer api;
    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @BeforeEach
    void start() throws Exception {
        DaemonConfig config = ConfigReader.parse("""
                local-as: 65010
                router-id: 10.0.0.1
                listen: ["127.0.94.9:0"]
                api: {listen: "127.0.0.1:0"}
                events: {file: events.db, keep: 10d, max-size: 20MiB}
                warm-up: 0
                peers:
                  - {name: azure-1-primary, address: 127.0.94.2, remote-as: 12076, passive: true, metric: 90,
                     outbound-guard: {ipv4-unicast: {limit: 4000}}}
                  - {name: azure-1-secondary, address: 127.0.94.6, remote-as: 12076, passive: true}
                """, directory, name -> null);
        daemon = Daemon.create(withSite(config), Optional.empty());
        api = new ApiServer(daemon);
        api.start();
        daemon.start();
    }

    private static DaemonConfig withSite(DaemonConfig config) {
        return new DaemonConfig(
                config.speaker(),
                config.api(),
                config.peers(),
                config.descriptions(),
                config.circuitGroups(),
                config.dynamicPeers(),
                config.announcements(),
                config.routing(),
                config.restart(),
                List.of(TestSites.pair("azure-1", 94)),
                config.azure(),
                config.events(),
                config.alerts(),
                config.warmUp(),
                config.warnings(),
                config.document());
    }

    @AfterEach
    void close() {
        api.close();
        daemon.close();
    }

    private static Event event(int number, String action, String site) {
        return new Event(
                Instant.parse("2026-11-30T12:00:00Z").plusSeconds(number),
                EventSubType.BGP_SESSION,
                action,
                "event " + number,
                Map.of(EventField.SRC_SITE_NAME, site, EventField.PEER, site + "-primary"));
    }

    private void accept(int from, int to) {
        long before = daemon.events().status().stored();
        IntStream.range(from, to)
                .forEach(i ->
                        daemon.events().accept(event(i, i % 2 == 0 ? "Connected" : "Disconnected", "site-" + i % 3)));
        await().until(() -> daemon.events().status().stored() >= before + to - from);
    }

    private String url(String path) {
        return "http://127.0.0.1:" + api.port() + "/api/v1" + path;
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(
                HttpRequest.newBuilder(URI.create(url(path))).build(),
                HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
    }

    private JsonNode json(String path) throws IOException, InterruptedException {
        HttpResponse<String> response = get(path);
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
        return JSON.readTree(response.body());
    }

    private static List<String> messages(JsonNode page) {
        List<String> messages = new ArrayList<>();
        page.path("events")
                .forEach(each -> messages.add(each.path("event_message").asText()));
        return messages;
    }

    @Test
    void events_are_paged_newest_first_and_by_cursor_oldest_first() throws Exception {
        accept(0, 25);

        JsonNode newest = json("/events?limit=3&sub-type=bgp-session");
        assertThat(messages(newest)).containsExactly("event 24", "event 23", "event 22");
        assertThat(newest.path("more").asBoolean()).isTrue();
        JsonNode next = json("/events?limit=3&sub-type=bgp-session&before="
                + newest.path("next-cursor").asText());
        assertThat(messages(next)).containsExactly("event 21", "event 20", "event 19");

        String id = newest.path("events").get(2).path("event_id").asText();
        assertThat(messages(json("/events?after=" + id))).containsExactly("event 23", "event 24");
        JsonNode first = json("/events?order=oldest&limit=1").path("events").get(0);
        assertThat(first.path("action").asText()).isEqualTo("Started");
        assertThat(first.path("event_type").asText()).isEqualTo("System");
    }

    @Test
    void events_are_filtered() throws Exception {
        accept(0, 12);

        assertThat(messages(json("/events?preset=bgp-peers-disconnected&site=site-0,site-1&order=oldest")))
                .containsExactly("event 1", "event 3", "event 7", "event 9");
        assertThat(messages(json("/events?text=EVENT%2011"))).containsExactly("event 11");
        assertThat(messages(json("/events?since=2026-11-30T12:00:10Z&until=2026-11-30T12:00:11Z&peer=site-1-primary")))
                .containsExactly("event 10");
        assertThat(messages(json("/events?since=1h&action=started"))).hasSize(1);
        JsonNode event = json("/events?text=event%207").path("events").get(0);
        assertThat(event.path("event_sub_type").asText()).isEqualTo("BGP Session");
        assertThat(event.path("time").asText()).isEqualTo("2026-11-30T12:00:07Z");
        assertThat(event.path("src_site_name").asText()).isEqualTo("site-1");
        List<String> presets = new ArrayList<>();
        json("/events/presets")
                .path("presets")
                .forEach(each -> presets.add(each.path("title").asText()));
        assertThat(presets).contains("BGP peers disconnected", "LAN hosts unreachable");
    }

    @Test
    void wrong_parameters_are_named() throws Exception {
        for (String query : List.of(
                "sub-type=bgp",
                "preset=none",
                "limit=0",
                "limit=1001",
                "limit=x",
                "order=up",
                "since=yesterday",
                "prefix=10.0.0.0",
                "after=x",
                "after=1&before=2",
                "sites=a")) {
            HttpResponse<String> response = get("/events?" + query);
            assertThat(response.statusCode()).as(query).isEqualTo(400);
            assertThat(JSON.readTree(response.body()).path("error").asText())
                    .as(query)
                    .isNotBlank();
        }
    }

    /** A reader of a stream. */
    private final class Reader implements AutoCloseable {
        final InputStream body;
        final BufferedReader lines;

        Reader(String query, String lastEventId) throws IOException, InterruptedException {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url("/events/stream?" + query)));
            if (!lastEventId.isEmpty()) {
                request.header("Last-Event-ID", lastEventId);
            }
            HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/event-stream");
            body = response.body();
            lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
        }

        /** Returns the id of the line before the data, and the message. */
        String next() throws IOException {
            String id = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    id = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return id + " "
                            + JSON.readTree(line.substring(6))
                                    .path("event_message")
                                    .asText();
                }
            }
            return "end";
        }

        @Override
        public void close() throws IOException {
            body.close();
        }
    }

    @Test
    void a_stream_tells_what_comes_and_goes_on_after_the_last_event_that_was_got() throws Exception {
        String id;
        try (Reader reader = new Reader("action=disconnected", "")) {
            accept(0, 4);
            assertThat(reader.next()).endsWith(" event 1");
            id = reader.next().split(" ")[0];
        }
        accept(4, 8);
        try (Reader reader = new Reader("action=disconnected", id)) {
            assertThat(reader.next()).endsWith(" event 5");
            assertThat(reader.next()).endsWith(" event 7");
            accept(8, 10);
            assertThat(reader.next()).endsWith(" event 9");
        }
        try (Reader reader = new Reader("after=" + id, "")) {
            assertThat(reader.next()).endsWith(" event 4");
        }
    }

    @Test
    void there_are_no_more_streams_than_the_limit_and_an_ended_one_makes_room() throws Exception {
        List<Reader> readers = new ArrayList<>();
        try {
            for (int i = 0; i < EventStreams.MAX_STREAMS; i++) {
                readers.add(new Reader("", ""));
            }
            HttpResponse<String> refused = get("/events/stream");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("there are 32 streams");
            assertThat(json("/status").path("events").path("lost").asLong()).isZero();
            readers.remove(0).close();
            await().until(() -> {
                accept(0, 1); // a closed connection is noticed by writing to it
                try {
                    new Reader("", "").close();
                    return true;
                } catch (AssertionError e) {
                    return false;
                }
            });
        } finally {
            for (Reader reader : readers) {
                reader.close();
            }
        }
    }

    @Test
    void a_reader_that_takes_nothing_is_cut_off_and_can_go_on() throws Exception {
        try (EventStore store = EventStore.open(EventsConfig.DEFAULT, InstantSource.system());
                EventStreams streams = new EventStreams(store, Duration.ofMillis(300))) {
            Javalin server = Javalin.create(config -> config.routes.get(
                            "/stream",
                            context -> streams.open(
                                    context,
                                    EventFilter.ALL,
                                    Optional.ofNullable(context.queryParam("after"))
                                            .map(Long::parseLong)
                                            .orElse(0L))))
                    .start("127.0.0.1", 0);
            String text = "x".repeat(900);
            try (Socket socket = new Socket()) {
                socket.setReceiveBufferSize(4096);
                socket.connect(new InetSocketAddress("127.0.0.1", server.port()));
                socket.getOutputStream()
                        .write("GET /stream HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
                await().until(() -> streams.size() == 1);
                for (int i = 0; i < 10_000; i++) {
                    store.accept(new Event(Instant.now(), EventSubType.SYSTEM, "Tested", text, Map.of()));
                }

                await().until(() -> streams.size() == 0);

                assertThat(socket.getInputStream().readNBytes(4096).length).isEqualTo(4096);
            } finally {
                server.stop();
            }
            assertThat(store.status().lost()).isZero();
        }
    }

    private String popbgp(String... arguments) {
        StringWriter out = new StringWriter();
        int code = TestCommand.run(api.port(), out, out, arguments);
        assertThat(code).as(out.toString()).isZero();
        return out.toString();
    }

    @Test
    void the_command_line_shows_events_oldest_first_one_per_line() throws Exception {
        accept(0, 30);

        String shown = popbgp("show", "events", "--limit", "2", "--site", "site-1", "--type", "bgp-session");
        assertThat(shown.lines())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .matches(
                                        "2026-1\\d-\\d\\d \\d\\d:\\d\\d:25\\.000  BGP Session     Disconnected         event 25"),
                        line -> assertThat(line)
                                .matches(
                                        "2026-1\\d-\\d\\d \\d\\d:\\d\\d:28\\.000  BGP Session     Connected            event 28"),
                        line -> assertThat(line).isEqualTo("popbgp: there may be more events; see --limit"));
        JsonNode json = JSON.readTree(popbgp("show", "events", "--json", "--text", "event 29"));
        assertThat(messages(json)).containsExactly("event 29");
        assertThat(popbgp("show", "events", "--text", "nothing")).isEqualTo("popbgp: no such event\n");
    }

    @Test
    void a_site_tells_how_it_has_done() throws Exception {
        JsonNode report = json("/sites/azure-1/analytics?window=24h");
        assertThat(report.path("state").asText()).isEqualTo("disconnected");
        assertThat(report.path("sla").asText()).isEqualTo("both circuits are down");
        assertThat(report.path("windows").get(0).path("window").asText()).isEqualTo("24h");
        assertThat(report.path("windows")
                        .get(0)
                        .path("site")
                        .path("unknown-seconds")
                        .asDouble())
                .isGreaterThan(86_000);
        assertThat(report.path("budgets").get(1).path("limit").asInt()).isEqualTo(4000);
        assertThat(json("/sites/azure-1/analytics").path("windows")).hasSize(3);
        assertThat(json("/sites/azure-1/series?window=7d&circuit=primary")
                        .path("step-seconds")
                        .asInt())
                .isEqualTo(900);
        assertThat(get("/sites/none/analytics").statusCode()).isEqualTo(404);
        assertThat(get("/sites/azure-1/analytics?window=1s").statusCode()).isEqualTo(400);
        assertThat(get("/sites/azure-1/series?circuit=third").statusCode()).isEqualTo(404);

        assertThat(popbgp("site", "analytics", "azure-1", "--window", "24h").lines())
                .contains("state           disconnected, both circuits are down")
                .anyMatch(line -> line.matches("24h +site .*"))
                .anyMatch(line -> line.matches("primary +to the cloud +0 +4000 +0.0 % +too little is known yet"));

        assertThat(daemon.scrape())
                .contains("popbgp_site_state{site=\"azure-1\"} 0.0")
                .contains("popbgp_circuit_budget_used{circuit=\"primary\",direction=\"out\",site=\"azure-1\"} 0.0")
                .contains("popbgp_events_taken_total")
                .contains("popbgp_events_database_bytes");
    }
}
