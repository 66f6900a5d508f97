package net.popbgp.sim.arm;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;

/**
 * The port of {@link ArmApi}: one request at a time, a body of at most 1 MiB. Requests of web pages, which browsers mark with an Origin, are
 * refused, and those without the token if there is one.
 *
 * <p>Thread-safe.
 */
public final class ArmServer implements AutoCloseable {

    private static final int MAX_BODY = 1 << 20;

    private final ArmApi api;
    private final Optional<String> token;
    private final HttpServer server;
    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "sim-arm");
        created.setDaemon(true);
        return created;
    });

    /** @throws IOException if the address cannot be bound */
    public ArmServer(ArmConfig config, ArmApi api) throws IOException {
        this.api = api;
        this.token = config.token();
        server = HttpServer.create(config.listen(), 16);
        server.setExecutor(thread);
        server.createContext("/", this::handle);
        server.start();
    }

    public InetSocketAddress address() {
        return server.getAddress();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            ArmResponse response;
            try {
                response = answer(exchange);
            } catch (ArmException e) {
                response = e.response();
            } catch (IllegalStateException | IllegalArgumentException e) {
                response = new ArmException(500, "InternalServerError", String.valueOf(e.getMessage())).response();
            }
            response.headers().forEach(exchange.getResponseHeaders()::set);
            exchange.getResponseHeaders()
                    .set("x-ms-request-id", UUID.randomUUID().toString());
            JsonNode body = response.body();
            if (body == null) {
                exchange.sendResponseHeaders(response.status(), -1);
                return;
            }
            byte[] octets = json.writeValueAsBytes(body);
            exchange.getResponseHeaders().set("Content-Type", "application/json; charset=utf-8");
            exchange.sendResponseHeaders(response.status(), octets.length);
            exchange.getResponseBody().write(octets);
        }
    }

    private ArmResponse answer(HttpExchange exchange) throws IOException {
        if (exchange.getRequestHeaders().containsKey("Origin")) {
            throw new ArmException(403, "Forbidden", "Not for web pages.");
        }
        authenticate(exchange);
        String host = Optional.ofNullable(exchange.getRequestHeaders().getFirst("Host"))
                .orElse(server.getAddress().getHostString() + ":"
                        + server.getAddress().getPort());
        return api.handle(ArmRequest.of(
                exchange.getRequestMethod(),
                exchange.getRequestURI().getPath(),
                query(exchange.getRequestURI().getRawQuery()),
                "http://" + host,
                body(exchange)));
    }

    private void authenticate(HttpExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst("Authorization");
        if (token.isEmpty() || ("Bearer " + token.get()).equals(given)) {
            return;
        }
        exchange.getResponseHeaders().set("WWW-Authenticate", "Bearer");
        throw given == null
                ? new ArmException(
                        401, "AuthenticationFailed", "Authentication failed. The 'Authorization' header is missing.")
                : new ArmException(401, "InvalidAuthenticationToken", "The access token is invalid.");
    }

    private static Map<String, String> query(@Nullable String raw) {
        Map<String, String> query = new HashMap<>();
        for (String pair : raw == null ? List.<String>of() : List.of(raw.split("&", -1))) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                query.put(
                        decoded(pair.substring(0, equals)).toLowerCase(Locale.ROOT),
                        decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    private ObjectNode body(HttpExchange exchange) throws IOException {
        byte[] octets = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (octets.length > MAX_BODY) {
            throw new ArmException(413, "RequestEntityTooLarge", "A body has at most " + MAX_BODY + " octets.");
        }
        if (octets.length == 0) {
            return JsonNodeFactory.instance.objectNode();
        }
        try {
            if (json.readTree(octets) instanceof ObjectNode object) {
                return object;
            }
            throw new ArmException(400, "InvalidRequestContent", "The request content must be a JSON object.");
        } catch (JsonProcessingException e) {
            throw new ArmException(
                    400,
                    "InvalidRequestContent",
                    "The request content was invalid and could not be deserialized: '" + e.getOriginalMessage() + "'.");
        }
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }
}
