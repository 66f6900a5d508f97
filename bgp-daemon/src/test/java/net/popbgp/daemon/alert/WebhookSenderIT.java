package net.popbgp.daemon.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Webhooks against a real HTTP server on loopback. */
class WebhookSenderIT {

    private record Request(String body, String signature, String delivery, String type) {}

    private final WebhookSender sender = new WebhookSender(Duration.ofSeconds(5));
    private final BlockingQueue<Request> requests = new LinkedBlockingQueue<>();
    private HttpServer server;
    private int status = 204;

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            var headers = exchange.getRequestHeaders();
            requests.add(new Request(
                    body,
                    String.valueOf(headers.getFirst("X-PopBGP-Signature")),
                    headers.getFirst("X-PopBGP-Delivery"),
                    headers.getFirst("Content-Type")));
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private Webhook hook(Optional<Secret> secret) {
        return new Webhook(
                URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hooks/token-t0p"), secret);
    }

    private static Message message(String body) {
        return new Message(
                "4711-id", Message.Channel.WEBHOOK, "chat", "chat", "s", body, Instant.EPOCH, Instant.EPOCH, 0, "");
    }

    @Test
    void the_body_is_signed_with_the_secret() throws InterruptedException {
        Outcome outcome =
                sender.send(hook(Optional.of(Secret.of("It's a Secret to Everybody"))), message("Hello, World!"));

        assertThat(outcome.kind()).isEqualTo(Outcome.Kind.DELIVERED);
        Request request = requests.take();
        assertThat(request.body()).isEqualTo("Hello, World!");
        assertThat(request.delivery()).isEqualTo("4711-id");
        assertThat(request.type()).isEqualTo("application/json");
        // a published example of the same construction
        assertThat(request.signature())
                .isEqualTo("sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17");
    }

    @Test
    void without_a_secret_there_is_no_signature() throws InterruptedException {
        sender.send(hook(Optional.empty()), message("{}"));

        assertThat(requests.take().signature()).isEqualTo("null");
    }

    @ParameterizedTest
    @CsvSource({"500,FAILED", "429,FAILED", "302,FAILED", "404,FAILED", "410,REFUSED", "200,DELIVERED"})
    void any_answer_but_2xx_is_tried_again_and_gone_is_final(int answer, Outcome.Kind kind) {
        status = answer;

        Outcome outcome = sender.send(hook(Optional.empty()), message("{}"));

        assertThat(outcome.kind()).isEqualTo(kind);
        assertThat(outcome.detail()).endsWith("answered " + answer).doesNotContain("t0p");
        assertThat(requests).hasSize(1);
    }

    @Test
    void a_server_that_says_nothing_costs_no_more_than_the_timeout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 5, InetAddress.getByName("127.0.0.1"))) {
            Webhook hook =
                    new Webhook(URI.create("http://127.0.0.1:" + silent.getLocalPort() + "/t0p"), Optional.empty());

            Outcome outcome = new WebhookSender(Duration.ofMillis(200)).send(hook, message("{}"));

            assertThat(outcome.kind()).isEqualTo(Outcome.Kind.UNREACHABLE);
            assertThat(outcome.detail()).contains("does not answer").doesNotContain("t0p");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x/", "/relative", "http:///nohost", "http://user:hunter2@host/", "https://host/#f"})
    void what_is_no_url_of_a_webhook_is_refused_without_showing_it(String url) {
        assertThatThrownBy(() -> new Webhook(URI.create(url), Optional.empty()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("hunter2")
                .hasMessageContaining("not the URL of a webhook");
    }

    @Test
    void a_webhook_and_a_secret_do_not_show_what_is_secret() {
        assertThat(hook(Optional.of(Secret.of("abc"))).toString()).doesNotContain("t0p", "abc");
        assertThat(new MailServer.Login("u", Secret.of("abc")).toString()).doesNotContain("abc");
    }
}
