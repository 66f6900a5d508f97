package net.popbgp.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.javalin.router.Endpoint;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.ChildJvm;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.access.TestCertificates;
import net.popbgp.daemon.cli.TestCommand;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventFilter;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.event.StoredEvent;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A daemon with a certificate and tokens, asked over TLS by programs, by the command line, and by those who should not get in. */
class AccessIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OPERATOR = "operator-token-0123456789";
    private static final String READER = "read-only-token-0123456789";
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    @TempDir
    private static Path certificates;

    private static TestCertificates.Made rsa;
    private static TestCertificates.Made ec;
    private static SSLContext trust;

    @TempDir
    Path directory;

    private final StringWriter out = new StringWriter();
    private final List<String> answers = new ArrayList<>();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger("popbgp");
    private HttpClient http;
    private Path file;
    private Daemon daemon;
    private ApiServer api;

    @BeforeAll
    static void make() throws Exception {
        rsa = TestCertificates.make(certificates, "RSA", "dns:pop.example,ip:127.0.0.1");
        ec = TestCertificates.make(certificates, "EC", "dns:pop.example,ip:127.0.0.1");
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("rsa", rsa.certificate());
        store.setCertificateEntry("ec", ec.certificate());
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        trust = SSLContext.getInstance("TLS");
        trust.init(null, factory.getTrustManagers(), null);
    }

    @BeforeEach
    void start() throws Exception {
        rsa.write(directory, "api");
        Files.writeString(directory.resolve("operator"), OPERATOR + "\n");
        Files.writeString(directory.resolve("reader"), READER + "\n");
        file = directory.resolve("popbgp.yaml");
        write("""
                api:
                  listen: "127.0.0.1:0"
                  tls: {certificate: api.pem, key: api.key}
                  tokens:
                    - {name: alice, role: operator, token: {file: operator}}
                    - {name: grafana, role: read-only, token: {file: reader}}
                """);
        log.start();
        logger.setLevel(Level.DEBUG);
        logger.addAppender(log);
        http = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .sslContext(trust)
                .build();
        daemon = Daemon.create(ConfigReader.read(file), Optional.of(file));
        api = new ApiServer(daemon);
        api.start();
        daemon.start();
    }

    private void write(String section) throws IOException {
        Files.writeString(
                file,
                "local-as: 65001\nrouter-id: 10.0.0.1\nwarm-up: 0s\nlisten: [\"127.0.62.1:0\"]\npeers:\n"
                        + "  - {name: cloud, address: 127.0.62.2, remote-as: 65010, passive: true}\n" + section);
    }

    @AfterEach
    void stop() {
        api.close();
        daemon.close();
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    private String base() {
        return "https://127.0.0.1:" + api.port();
    }

    private Answer send(String method, String path, String token) throws Exception {
        return send(method, path, token, "{}");
    }

    private Answer send(String method, String path, String token, String body, String... headers) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base() + path))
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(method.equals("GET") ? "" : body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        if (headers.length > 0) {
            request.headers(headers);
        }
        HttpResponse<InputStream> response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        try (InputStream in = response.body()) {
            boolean endless = response.headers()
                    .firstValue("Content-Type")
                    .filter(type -> type.startsWith("text/event-stream"))
                    .isPresent();
            String text = endless ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
            answers.add(response.headers().map() + text);
            return new Answer(response.statusCode(), response.headers(), text);
        }
    }

    private JsonNode whoami(String token) throws Exception {
        return JSON.readTree(send("GET", "/api/v1/whoami", token).body());
    }

    private int cli(String... arguments) {
        out.getBuffer().setLength(0);
        int code = TestCommand.run(out, out, arguments);
        answers.add(out.toString());
        return code;
    }

    private String said() {
        return out.toString().strip();
    }

    private List<Event> events() {
        return daemon.events().after(0, EventFilter.ALL, 1000).events().stream()
                .map(StoredEvent::event)
                .toList();
    }

    private static String path(Endpoint route) {
        return route.path.replaceAll("\\{[^}]*}", "x").replace("<", "").replace(">", "");
    }

    private Stream<Endpoint> routes() {
        return api.endpoints().stream().filter(route -> METHODS.contains(route.method.name()));
    }

    private static boolean isOpen(Endpoint route) {
        return RequestGuard.PROTECTED.stream().noneMatch(route.path::startsWith);
    }

    @Test
    void no_route_but_those_of_the_page_is_reached_without_a_token() throws Exception {
        List<String> open = new ArrayList<>();
        for (Endpoint route : routes().toList()) {
            Answer answer = send(route.method.name(), path(route), "");
            if (answer.statusCode() != 401) {
                open.add(route.method + " " + route.path);
                assertThat(isOpen(route)).as("%s %s", route.method, route.path).isTrue();
                assertThat(route.method.name()).as(route.path).isIn("GET", "HEAD");
            } else {
                assertThat(answer.headers().firstValue("WWW-Authenticate")).contains("Bearer realm=\"popbgp\"");
                assertThat(JSON.readTree(answer.body()).path("error").asText())
                        .isEqualTo("a token is needed (header 'Authorization: Bearer TOKEN')");
            }
        }
        assertThat(routes().count()).isGreaterThan(30 + open.size());
        assertThat(send("GET", "/api/v1/no-such-thing", "").statusCode()).isEqualTo(401);
        assertThat(send("GET", "/API/v1/status", "").statusCode()).isEqualTo(401);
        assertThat(send("GET", "/metrics", "").statusCode()).isEqualTo(401);
        assertThat(send("GET", "/nothing-of-the-page", "").statusCode()).isEqualTo(404);
        assertThat(send("GET", "//api/v1/status", "").body()).doesNotContain("65001");
        assertThat(send("GET", "/%61pi/v1/status", "").body()).doesNotContain("65001");
    }

    @Test
    void read_only_reaches_what_reads_and_nothing_that_changes() throws Exception {
        int changing = 0;
        for (Endpoint route : routes().filter(each -> !isOpen(each)).toList()) {
            Answer answer = send(route.method.name(), path(route), READER);
            if (route.method.name().equals("GET")) {
                assertThat(answer.statusCode()).as(route.path).isNotIn(401, 403, 429, 500);
            } else if (answer.statusCode() == 403) {
                changing++;
                assertThat(JSON.readTree(answer.body()).path("error").asText())
                        .isEqualTo("this needs a token with the role operator; grafana has read-only");
            } else {
                assertThat(route.path).as("a POST that only reads").contains("suggest");
            }
        }
        assertThat(changing).isGreaterThan(10);
        assertThat(daemon.speaker().isDrained()).isFalse();
        await().untilAsserted(() -> assertThat(events()).anySatisfy(event -> {
            assertThat(event.action()).isEqualTo("Access Denied");
            assertThat(event.subType()).isEqualTo(EventSubType.SYSTEM);
            assertThat(event.field(EventField.USER_NAME)).contains("grafana");
        }));
    }

    @Test
    void whoami_tells_name_and_role() throws Exception {
        assertThat(whoami(OPERATOR).toString()).isEqualTo("{\"name\":\"alice\",\"role\":\"operator\"}");
        assertThat(whoami(READER).toString()).isEqualTo("{\"name\":\"grafana\",\"role\":\"read-only\"}");
    }

    @Test
    void every_change_is_an_event_that_says_who() throws Exception {
        String[][] changes = {
            {"/drain", "{}", "drain all peers"},
            {"/undrain", "{}", "undrain all peers"},
            {"/peers/cloud/stop", "{}", "peer cloud: stop"},
            {"/announce", "{\"prefixes\": [\"10.8.0.0/16\"]}", "announce 1 prefixes: 10.8.0.0/16"},
            {"/withdraw", "{\"prefixes\": [\"10.8.0.0/16\"]}", "withdraw 1 prefixes: 10.8.0.0/16"},
            {"/next-hops/set", "{\"prefix\": \"10.0.0.0/8\", \"cost\": 7}", "next hops: "},
            {"/next-hops/clear", "{\"prefix\": \"10.0.0.0/8\"}", "next hops: "},
        };
        for (String[] change : changes) {
            assertThat(send("POST", "/api/v1" + change[0], OPERATOR, change[1]).statusCode())
                    .as(change[0])
                    .isEqualTo(200);
            await().untilAsserted(() -> assertThat(events()).anySatisfy(event -> {
                assertThat(event.message()).startsWith(change[2]).endsWith(", by alice");
                assertThat(event.field(EventField.USER_NAME)).contains("alice");
            }));
        }
        assertThat(send("POST", "/api/v1/sites", OPERATOR, "{\"name\": \"x\"}").statusCode())
                .isEqualTo(422);
        assertThat(send("POST", "/api/v1/config", OPERATOR, "local-as: 70000000000\n")
                        .statusCode())
                .isEqualTo(422);
        for (String problem : List.of("one or two circuits", "70000000000")) {
            await().untilAsserted(() -> assertThat(events()).anySatisfy(event -> {
                assertThat(event.action()).isEqualTo("Configuration Refused");
                assertThat(event.message()).contains(problem);
                assertThat(event.field(EventField.USER_NAME)).contains("alice");
            }));
        }
    }

    @Test
    void guessing_is_seen_slowed_down_and_shows_no_secret() throws Exception {
        String guess = "guessed-token-0123456789";
        List<Integer> statuses = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            Answer answer = send("GET", "/api/v1/status", guess + i);
            statuses.add(answer.statusCode());
            if (answer.statusCode() == 429) {
                assertThat(answer.headers().firstValue("Retry-After")).contains("1");
            } else {
                assertThat(answer.headers().firstValue("WWW-Authenticate"))
                        .contains("Bearer realm=\"popbgp\", error=\"invalid_token\"");
            }
        }
        assertThat(statuses).startsWith(401, 401, 401).contains(429);
        await().untilAsserted(() -> assertThat(events())
                .extracting(Event::action, Event::message)
                .contains(tuple("Access Denied", "wrong token: from 127.0.0.1 for GET /api/v1/status")));
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(
                        () -> assertThat(whoami(OPERATOR).path("name").asText()).isEqualTo("alice"));
        String metrics = send("GET", "/metrics", READER).body();
        assertThat(metrics).contains("popbgp_api_denied_total{reason=\"wrong-token\"} ");
        assertThat(metrics.lines()
                        .filter(line -> line.startsWith("popbgp_api_certificate_expiry_seconds "))
                        .map(line -> Double.parseDouble(line.split(" ")[1])))
                .singleElement()
                .satisfies(seconds -> assertThat(seconds).isBetween(80 * 86_400.0, 91 * 86_400.0));
        send("GET", "/api/v1/config", OPERATOR);
        send("GET", "/api/v1/events", OPERATOR);
        daemon.reload("signal");
        write("api: {listen: \"127.0.0.1:0\", tokens: [{name: a, role: operator, token: " + guess + "}]}\n");
        assertThat(send("POST", "/api/v1/config", OPERATOR, "").statusCode()).isEqualTo(422);

        assertThat(events().toString()).doesNotContain(OPERATOR, READER, guess);
        assertThat(answers.toString()).doesNotContain(OPERATOR, READER, guess);
        assertThat(log.list)
                .isNotEmpty()
                .allSatisfy(line -> assertThat(line.getFormattedMessage()).doesNotContain(OPERATOR, READER, guess));
        assertThat(log.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .contains("event=access-denied reason=wrong-token count=1 address=127.0.0.1 who=-"
                        + " request=\"GET /api/v1/status\"");
    }

    @Test
    void a_renewed_certificate_is_shown_to_new_connections_and_old_ones_stay() throws Exception {
        try (SSLSocket before = connect()) {
            assertThat(before.getSession().getPeerCertificates()[0]).isEqualTo(rsa.certificate());
            assertThat(ask(before)).contains(" 200 ");

            ec.write(directory, "api");
            assertThat(daemon.reload("signal").steps())
                    .extracting(step -> step.subject() + " " + step.action())
                    .containsExactly("api certificate live");

            assertThat(ask(before)).contains(" 200 ");
        }
        try (SSLSocket after = connect()) {
            assertThat(after.getSession().getPeerCertificates()[0]).isEqualTo(ec.certificate());
            assertThat(ask(after)).contains(" 200 ");
        }
    }

    private SSLSocket connect() throws IOException {
        SSLSocket socket = (SSLSocket) trust.getSocketFactory().createSocket("127.0.0.1", api.port());
        socket.setSoTimeout(10_000);
        socket.startHandshake();
        return socket;
    }

    /** {@return the status line} */
    private static String ask(Socket socket, String... headers) throws IOException {
        OutputStream request = socket.getOutputStream();
        request.write(("GET /api/v1/whoami HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + READER + "\r\n"
                        + String.join(
                                "",
                                Arrays.stream(headers)
                                        .map(each -> each + "\r\n")
                                        .toList()) + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        BufferedReader in =
                new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String status = String.valueOf(in.readLine());
        int length = 0;
        for (String line = in.readLine(); line != null && !line.isEmpty(); line = in.readLine()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                length = Integer.parseInt(line.substring(15).strip());
            }
        }
        in.skip(length);
        return status;
    }

    @Test
    void a_token_that_a_reload_takes_away_counts_no_more_and_its_stream_ends() throws Exception {
        HttpResponse<InputStream> stream = http.send(
                HttpRequest.newBuilder(URI.create(base() + "/api/v1/events/stream"))
                        .header("Authorization", "Bearer " + READER)
                        .build(),
                HttpResponse.BodyHandlers.ofInputStream());
        assertThat(stream.statusCode()).isEqualTo(200);
        write("""
                api:
                  listen: "127.0.0.1:0"
                  tls: {certificate: api.pem, key: api.key}
                  tokens: [{name: alice, role: operator, token: {file: operator}}]
                """);

        assertThat(send("POST", "/api/v1/config", OPERATOR, "").body()).contains("api tokens");

        assertThat(send("GET", "/api/v1/whoami", READER).statusCode()).isEqualTo(401);
        assertThat(whoami(OPERATOR).path("name").asText()).isEqualTo("alice");
        try (InputStream in = stream.body()) {
            await().atMost(Duration.ofSeconds(10)).until(() -> isOver(in));
        }
        assertThat(events())
                .anySatisfy(event ->
                        assertThat(event.message()).contains("api tokens live").endsWith("by alice"));
    }

    private static boolean isOver(InputStream in) {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void a_request_by_another_name_or_from_another_site_is_refused_whoever_it_is_from() throws Exception {
        assertThat(send("GET", "/api/v1/status", OPERATOR, "{}", "Origin", "https://evil.example")
                        .statusCode())
                .isEqualTo(403);
        assertThat(send("GET", "/api/v1/status", OPERATOR, "{}", "Origin", base())
                        .statusCode())
                .isEqualTo(200);
        assertThat(send(
                                "GET",
                                "/api/v1/status",
                                "",
                                "{}",
                                "X-Forwarded-For",
                                "127.0.0.1",
                                "X-Forwarded-Host",
                                "localhost")
                        .statusCode())
                .isEqualTo(401);
        assertThat(raw("GET /api/v1/whoami HTTP/1.1\r\nHost: evil.example"))
                .contains(" 403 ", "is not called 'evil.example'");
        assertThat(raw("GET /api/v1/whoami HTTP/1.1\r\nHost: pop.example:" + api.port()))
                .contains(" 401 ");
        assertThat(raw("GET /api/v1/whoami HTTP/1.1\r\nHost: localhost\r\nX-Long: " + "x".repeat(9000)))
                .contains(" 431 ");
    }

    private String raw(String head) throws IOException {
        try (SSLSocket socket = connect()) {
            return all(socket, head);
        }
    }

    private static String all(Socket socket, String head) throws IOException {
        socket.getOutputStream().write((head + "\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void plain_http_to_a_port_with_tls_is_told_to_use_https() throws Exception {
        try (Socket socket = new Socket(IpAddresses.parse("127.0.0.1"), api.port())) {
            assertThat(all(
                            socket,
                            "GET /api/v1/status HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer " + OPERATOR))
                    .contains(" 400 ", "this port speaks TLS: use https://");
        }
        assertThat(cli("show", "peers", "--api", "http://127.0.0.1:" + api.port()))
                .isEqualTo(1);
        assertThat(said()).isEqualTo("popbgp: this port speaks TLS: use https://");
    }

    @Test
    void the_command_line_comes_in_with_a_token_and_trust() throws Exception {
        String ca = directory.resolve("api.pem").toString();
        String token = directory.resolve("operator").toString();

        assertThat(cli("show", "peers", "--api", base(), "--ca-file", ca, "--token-file", token))
                .as(said())
                .isZero();
        assertThat(said()).contains("127.0.62.2");
        assertThat(cli("peer", "stop", "cloud", "--api", base(), "--ca-file", ca, "--token-file", token))
                .isZero();
        assertThat(cli(
                        "peer",
                        "stop",
                        "cloud",
                        "--api",
                        base(),
                        "--ca-file",
                        ca,
                        "--token-file",
                        directory.resolve("reader").toString()))
                .isEqualTo(1);
        assertThat(said()).isEqualTo("popbgp: this needs a token with the role operator; grafana has read-only");
    }

    @Test
    void on_the_same_machine_the_daemons_own_file_is_enough() {
        assertThat(cli("show", "peers", "-c", file.toString(), "--api", base()))
                .as(said())
                .isZero();
        assertThat(cli("drain", "-c", file.toString(), "--api", base()))
                .as(said())
                .isZero();
        assertThat(cli("show", "peers", "-c", file.toString(), "--api", "https://localhost:" + api.port()))
                .as("its own certificate needs no name")
                .isZero();
    }

    @Test
    void the_command_line_says_what_keeps_it_out() throws Exception {
        String ca = directory.resolve("api.pem").toString();

        assertThat(cli("show", "peers", "--api", base())).isEqualTo(1);
        assertThat(said())
                .startsWith("popbgp: the certificate of " + base()
                        + " is not trusted: give the one who has signed it with" + " --ca-file (");
        assertThat(cli("show", "peers", "--api", base(), "--ca-file", ca)).isEqualTo(1);
        assertThat(said())
                .isEqualTo(
                        "popbgp: a token is needed (header 'Authorization: Bearer TOKEN'); give it by POPBGP_TOKEN or"
                                + " --token-file, or name the daemon's file with --config");
        Path wrong = Files.writeString(directory.resolve("wrong"), "wrong-token-0123456789\n");
        assertThat(cli("show", "peers", "--api", base(), "--ca-file", ca, "--token-file", wrong.toString()))
                .isEqualTo(1);
        assertThat(said()).isEqualTo("popbgp: no such token as the one that was brought (" + wrong + ")");
        assertThat(cli("show", "peers", "--api", "https://localhost:" + api.port(), "--ca-file", ca))
                .isEqualTo(1);
        assertThat(said()).contains("is for another name: call the daemon as it is named there (No ");
        assertThat(cli("show", "peers", "--api", "http://192.0.2.1:8179", "--token-file", wrong.toString()))
                .isEqualTo(2);
        assertThat(said()).isEqualTo("popbgp: the token would go over the network in clear to 192.0.2.1: use https://");
        ec.write(directory, "api");
        assertThat(cli("show", "peers", "--api", base(), "-c", file.toString())).isEqualTo(1);
        assertThat(said()).contains("shows another certificate than the daemon's file names: reload the daemon");
        assertThat(cli("show", "peers", "--ca-file", directory.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(said()).contains("none: the file cannot be read (NoSuchFileException)");
        assertThat(cli(
                        "show",
                        "peers",
                        "--token-file",
                        directory.resolve("none").toString()))
                .isEqualTo(2);
        assertThat(answers.toString()).doesNotContain("wrong-token-0");
    }

    private String popbgp(Map<String, String> environment, int code, String... arguments) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(ChildJvm.popbgp(List.of(), arguments)).redirectErrorStream(true);
        builder.environment().keySet().removeIf(name -> name.startsWith("POPBGP_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        answers.add(text);
        assertThat(process.waitFor()).as(text).isEqualTo(code);
        return text;
    }

    @Test
    void variables_stand_for_the_options() throws Exception {
        Map<String, String> place = Map.of(
                "POPBGP_API",
                base(),
                "POPBGP_CA_FILE",
                directory.resolve("api.pem").toString());
        Map<String, String> reader = new HashMap<>(place);
        reader.put("POPBGP_TOKEN", READER);

        assertThat(popbgp(reader, 0, "show", "peers")).contains("127.0.62.2");
        assertThat(popbgp(reader, 1, "drain")).contains("grafana has read-only");
        assertThat(popbgp(
                        reader,
                        0,
                        "drain",
                        "--token-file",
                        directory.resolve("operator").toString()))
                .as("an option goes before its variable")
                .contains("drain");
        reader.put("POPBGP_TOKEN", "wrong-token-0123456789");
        assertThat(popbgp(reader, 1, "show", "peers"))
                .contains("no such token as the one that was brought (POPBGP_TOKEN)")
                .doesNotContain("0123456789");
        assertThat(popbgp(Map.of("POPBGP_API", base(), "POPBGP_CONFIG", file.toString()), 0, "show", "peers"))
                .contains("127.0.62.2");
    }

    @Test
    void without_tokens_on_loopback_everyone_is_the_operator() throws Exception {
        Path plain = Files.writeString(
                directory.resolve("plain.yaml"),
                "local-as: 65001\nrouter-id: 10.0.0.1\nwarm-up: 0s\nlisten: [\"127.0.62.1:0\"]\napi: {listen: \"127.0.0.1:0\"}\n");
        try (Daemon other = Daemon.create(ConfigReader.read(plain), Optional.of(plain));
                ApiServer server = new ApiServer(other)) {
            server.start();
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + "/api/v1/whoami"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());

            assertThat(answer.body()).isEqualTo("{\"name\":\"local\",\"role\":\"operator\"}");
            assertThat(cli("show", "peers", "--api", "https://127.0.0.1:" + server.port()))
                    .isEqualTo(1);
            assertThat(said()).endsWith("does not speak TLS: use http://?");
        }
    }

    @Test
    void check_and_run_refuse_an_open_door() throws Exception {
        write("api: {listen: \"0.0.0.0:8179\"}\n");

        assertThat(cli("check", "-c", file.toString())).isEqualTo(2);
        assertThat(said())
                .contains("error: line 7: api.listen: whoever reaches 0.0.0.0 could change everything: beyond loopback"
                        + " 'tls' with 'certificate' and 'key' and 'tokens' are needed; or listen on 127.0.0.1");
        assertThat(cli("run", "-c", file.toString())).isEqualTo(2);
        assertThat(send("POST", "/api/v1/config", OPERATOR, "").statusCode()).isEqualTo(422);
    }

    /** An answer with its body read. */
    private record Answer(int statusCode, HttpHeaders headers, String body) {}
}
