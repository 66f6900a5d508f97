package net.popbgp.daemon.arm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The client against a server that answers what the test has laid out; waits only move the clock on. */
class ArmClientTest {

    private static final String VERSION = "api-version=2024-05-01";

    /** An answer: status, headers, body. */
    private record Answer(int status, Map<String, String> headers, String body) {}

    private final Deque<Answer> script = new ArrayDeque<>();
    private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
    private final List<Duration> waits = new ArrayList<>();
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-03-02T10:00:00Z"));
    private HttpServer server;
    private URI endpoint;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        server.createContext("/", this::handle);
        server.start();
        endpoint = URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization"));
            Answer answer = script.remove();
            answer.headers().forEach(exchange.getResponseHeaders()::set);
            byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void answers(int status, String body) {
        script.add(new Answer(status, Map.of(), body));
    }

    private void answers(int status, Map<String, String> headers, String body) {
        script.add(new Answer(status, headers, body));
    }

    private ArmClient client(Optional<TokenSource> token, Duration timeout) {
        AzureConfig config = new AzureConfig(
                endpoint, token, "sub", AzureConfig.DEFAULT_API_VERSION, OptionalInt.empty(), Map.of(), timeout);
        return new ArmClient(ArmClient.newHttp(), config, Duration.ofSeconds(60), now::get, wait -> {
            waits.add(wait);
            now.updateAndGet(instant -> instant.plus(wait));
        });
    }

    private ArmClient client() {
        return client(Optional.empty(), Duration.ofSeconds(10));
    }

    private static void assertFails(Runnable question, String message) {
        assertThatExceptionOfType(ArmFailure.class).isThrownBy(question::run).withMessage(message);
    }

    @Test
    void a_refusal_for_now_is_asked_again_after_what_retry_after_says() {
        answers(429, Map.of("Retry-After", "7"), "");
        answers(503, "");
        answers(200, "{\"a\": 1}");

        assertThat(client().get("/x").path("a").asInt()).isEqualTo(1);
        assertThat(waits).containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(1));
        assertThat(requests).containsOnly("GET /x?" + VERSION + " null");
    }

    @Test
    void four_attempts_are_enough() {
        for (int i = 0; i < 4; i++) {
            answers(500, "{\"error\": {\"code\": \"InternalServerError\", \"message\": \"broken\"}}");
        }
        assertFails(() -> client().get("/x"), "Azure answers 500 InternalServerError: broken (tried 4 times)");
        assertThat(waits).containsExactly(Duration.ofMillis(500), Duration.ofSeconds(1), Duration.ofSeconds(2));
    }

    @Test
    void a_wait_beyond_the_deadline_is_not_begun() {
        answers(429, Map.of("Retry-After", "61"), "");

        assertFails(() -> client().get("/x"), "gave up waiting 61 s more: Azure answers 429");
        assertThat(waits).isEmpty();
    }

    @Test
    void a_refusal_for_good_is_told_at_once_in_azures_words() {
        answers(
                404,
                "{\"error\": {\"code\": \"SubscriptionNotFound\", \"message\": \"The subscription 'sub' could not be"
                        + " found.\"}}");

        assertFails(
                () -> client().get("/x"),
                "Azure answers 404 SubscriptionNotFound: The subscription 'sub' could not be found.");
        assertThat(requests).hasSize(1);
    }

    @Test
    void a_list_is_read_over_its_pages_and_its_links_keep_to_the_host() {
        answers(200, "{\"value\": [1, 2], \"nextLink\": \"" + endpoint + "/list?" + VERSION + "&$skiptoken=2\"}");
        answers(200, "{\"value\": [3]}");

        assertThat(client().list("/list").stream().map(JsonNode::asInt)).containsExactly(1, 2, 3);
        assertThat(requests.get(1)).contains("/list?" + VERSION + "&%24skiptoken=2");

        answers(200, "{\"value\": [], \"nextLink\": \"http://127.0.0.9:80/elsewhere\"}");
        assertFails(
                () -> client().list("/list"),
                "Azure refers to another host, where the token must not go: http://127.0.0.9:80/elsewhere");
    }

    @Test
    void an_endless_list_ends_after_100_pages() {
        for (int i = 0; i < 100; i++) {
            answers(200, "{\"value\": [], \"nextLink\": \"" + endpoint + "/list\"}");
        }
        assertFails(() -> client().list("/list"), "a list of Azure has more than 100 pages: /list");
    }

    @Test
    void an_action_is_followed_to_its_result() {
        Map<String, String> accepted = Map.of("Location", endpoint + "/result?" + VERSION, "Retry-After", "10");
        answers(202, accepted, "");
        answers(202, accepted, "");
        answers(200, "{\"value\": []}");

        assertThat(client().run("/act").path("value")).isEmpty();
        assertThat(waits).containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(10));
        assertThat(requests).startsWith("POST /act?" + VERSION + " null", "GET /result?" + VERSION + " null");
    }

    @Test
    void an_action_that_never_ends_is_given_up_at_the_deadline() {
        for (int i = 0; i < 10; i++) {
            answers(202, Map.of("Location", "/result", "Retry-After", "10"), "");
        }
        assertFails(() -> client().run("/act"), "gave up waiting 10 s more: the result of /act");
        assertThat(waits).hasSize(5);
    }

    @Test
    void the_token_is_read_for_each_request(@TempDir Path directory) throws Exception {
        Path file = directory.resolve("token");
        Files.writeString(file, "first\n");
        ArmClient client = client(Optional.of(new TokenSource.InFile(file)), Duration.ofSeconds(10));
        answers(200, "{}");
        client.get("/x");
        Files.writeString(file, "second\n");
        answers(200, "{}");
        client.get("/x");

        assertThat(requests)
                .extracting(each -> each.substring(each.indexOf("Bearer")))
                .containsExactly("Bearer first", "Bearer second");
        Files.writeString(file, "two\nlines");
        assertThatExceptionOfType(ArmFailure.class)
                .isThrownBy(() -> client.get("/x"))
                .withMessage("the token file " + file
                        + " is empty, longer than 16384 characters, or has characters that" + " no token has");
    }

    @Test
    void a_body_that_is_too_long_or_no_json_is_refused() {
        answers(200, " ".repeat(ArmClient.MAX_BODY + 1));
        assertFails(() -> client().get("/x"), "an answer of Azure is longer than 16777216 octets");

        answers(200, "<html>");
        assertFails(() -> client().get("/x"), "what answers at " + endpoint + " is not Azure Resource Manager");
    }

    @Test
    void a_redirection_is_not_followed() {
        answers(302, Map.of("Location", endpoint + "/other"), "");

        assertFails(() -> client().get("/x"), "Azure answers 302");
        assertThat(requests).hasSize(1);
    }

    @Test
    void nobody_at_the_endpoint_is_told_with_its_address() {
        server.stop(0);

        assertThatExceptionOfType(ArmFailure.class)
                .isThrownBy(() -> client().get("/x"))
                .withMessageStartingWith("no answer from " + endpoint + ": ")
                .withMessageEndingWith("(tried 4 times)");
    }
}
