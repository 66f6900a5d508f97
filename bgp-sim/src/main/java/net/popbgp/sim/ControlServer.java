package net.popbgp.sim;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.arm.ArmApi;
import net.popbgp.sim.azure.AzureEdge;
import net.popbgp.sim.azure.AzurePeer;
import net.popbgp.sim.azure.EdgeEvent;
import net.popbgp.sim.azure.PeerSnapshot;
import net.popbgp.sim.fault.ArmFaults;
import net.popbgp.sim.fault.Faults;
import org.jspecify.annotations.Nullable;

/**
 * The control port: JSON over HTTP, one request at a time. Answers hold at most 1,000 events, routes or prefixes; a request's body at most
 * 64 KiB. Requests of web pages, which browsers mark with an Origin, are refused.
 *
 * <p>Thread-safe.
 */
final class ControlServer implements AutoCloseable {

    private static final String RESOURCES = "there are /state, /events, /mails, /faults, /circuits and /arm/faults";
    private static final int MAX_ENTRIES = 1000;
    private static final int MAX_BODY = 64 * 1024;
    private static final long COMMAND_SECONDS = 5;

    private final AzureEdge edge;
    private final Optional<ArmApi> arm;
    private final Optional<Mailbox> mailbox;
    private final HttpServer server;
    private final ObjectMapper json = new ObjectMapper();
    private final ExecutorService thread = Executors.newSingleThreadExecutor(task -> {
        Thread created = new Thread(task, "sim-control");
        created.setDaemon(true);
        return created;
    });

    ControlServer(InetSocketAddress address, AzureEdge edge, Optional<ArmApi> arm, Optional<Mailbox> mailbox)
            throws IOException {
        this.edge = edge;
        this.arm = arm;
        this.mailbox = mailbox;
        server = HttpServer.create(address, 16);
        server.setExecutor(thread);
        server.createContext("/", this::handle);
        server.start();
    }

    InetSocketAddress address() {
        return server.getAddress();
    }

    /** What to answer. */
    private record Answer(int status, Object body) {}

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            Answer answer;
            try {
                answer = exchange.getRequestHeaders().containsKey("Origin")
                        ? error(403, "not for web pages")
                        : answer(exchange);
            } catch (IllegalArgumentException e) {
                answer = error(400, String.valueOf(e.getMessage()));
            } catch (IllegalStateException e) {
                answer = error(500, String.valueOf(e.getMessage()));
            }
            byte[] body = json.writerWithDefaultPrettyPrinter().writeValueAsBytes(answer.body());
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(answer.status(), body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static Answer error(int status, String text) {
        return new Answer(status, Map.of("error", text));
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        String method = exchange.getRequestMethod();
        List<String> path =
                List.of(exchange.getRequestURI().getPath().substring(1).split("/", -1));
        if (path.get(0).equals("circuits") && path.size() > 1) {
            Optional<AzurePeer> peer = edge.peer(path.get(1));
            if (peer.isEmpty()) {
                return error(404, "no such circuit: " + path.get(1));
            }
            if (method.equals("POST") && path.size() == 4 && path.get(2).equals("faults")) {
                return inject(peer.get(), path.get(3), exchange);
            }
            if (method.equals("GET") && path.size() == 2) {
                return new Answer(200, state(peer.get()));
            }
            if (method.equals("GET") && path.size() == 3 && path.get(2).equals("received")) {
                return new Answer(200, received(peer.get().snapshot()));
            }
        } else if (path.size() > 1 && path.get(0).equals("arm") && path.get(1).equals("faults")) {
            return armFaults(method, path, exchange);
        } else if (method.equals("GET") && path.size() == 1) {
            switch (path.get(0)) {
                case "state" -> {
                    return new Answer(
                            200,
                            Map.of(
                                    "circuits",
                                    edge.peers().stream().map(this::state).toList()));
                }
                case "events" -> {
                    return new Answer(200, events(after(exchange.getRequestURI().getQuery())));
                }
                case "mails" -> {
                    return mailbox.map(box -> new Answer(200, mails(box)))
                            .orElseGet(() -> error(404, "no mail server: 'mail' is not configured"));
                }
                case "faults" -> {
                    return new Answer(200, Faults.names());
                }
                default -> {
                    return error(404, RESOURCES);
                }
            }
        }
        return error(404, RESOURCES);
    }

    private static Map<String, Object> mails(Mailbox mailbox) {
        return Map.of(
                "mails",
                mailbox.mails().stream()
                        .map(mail -> Map.of(
                                "received", mail.received().toString(),
                                "from", mail.from(),
                                "to", mail.to(),
                                "source", mail.source()))
                        .toList());
    }

    private static long after(@Nullable String query) {
        if (query == null) {
            return 0;
        }
        if (!query.matches("after=\\d{1,18}")) {
            throw new IllegalArgumentException("the query must be after=NUMBER, not " + query);
        }
        return Long.parseLong(query.substring("after=".length()));
    }

    private Map<String, Object> parameters(HttpExchange exchange) throws IOException {
        byte[] body = exchange.getRequestBody().readNBytes(MAX_BODY + 1);
        if (body.length > MAX_BODY) {
            throw new IllegalArgumentException("a body of at most 64 KiB is taken");
        }
        String text = new String(body, StandardCharsets.UTF_8).strip();
        try {
            return text.isEmpty() ? Map.of() : json.readValue(text, new TypeReference<Map<String, Object>>() {});
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the body is no JSON object: " + e.getOriginalMessage(), e);
        }
    }

    private Answer armFaults(String method, List<String> path, HttpExchange exchange) throws IOException {
        if (method.equals("GET") && path.size() == 2) {
            return new Answer(200, ArmFaults.names());
        }
        if (!method.equals("POST") || path.size() != 3) {
            return error(404, RESOURCES);
        }
        if (arm.isEmpty()) {
            return error(404, "the file has no 'arm': there is nothing to inject into");
        }
        ArmFaults.inject(arm.get(), path.get(2), parameters(exchange));
        return new Answer(200, Map.of("injected", path.get(2)));
    }

    private Answer inject(AzurePeer peer, String fault, HttpExchange exchange) throws IOException {
        Faults.inject(peer, fault, parameters(exchange))
                .orTimeout(COMMAND_SECONDS, TimeUnit.SECONDS)
                .join();
        return new Answer(200, state(peer));
    }

    private Map<String, Object> state(AzurePeer peer) {
        PeerSnapshot snapshot = peer.snapshot();
        AddressFamily family = peer.circuit().family();
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("name", snapshot.name());
        state.put("state", snapshot.state().toString());
        state.put("address", text(peer.address()));
        state.put("pop-address", IpAddresses.text(peer.circuit().popAddress()));
        state.put("peer-as", peer.circuit().peerAs().value());
        state.put("hold-time", snapshot.holdTime());
        state.put("sku", snapshot.sku().name().toLowerCase(Locale.ROOT));
        state.put("prefix-limit", peer.circuit().profile().limit(family, snapshot.sku()));
        state.put("received", snapshot.received().size());
        state.put(
                "refused",
                snapshot.received().values().stream()
                        .filter(r -> !r.refused().isEmpty())
                        .count());
        state.put("leaked", texts(snapshot.leaked()));
        state.put("announced", texts(snapshot.announced()));
        state.put("established-count", snapshot.establishedCount());
        state.put("limit-drops", snapshot.limitDrops());
        state.put(
                "message-sent-at",
                snapshot.messageSentAt().map(Instant::toString).orElse(""));
        state.put(
                "last-sent",
                snapshot.lastSent().map(NotificationMessage::toString).orElse(""));
        state.put(
                "last-received",
                snapshot.lastReceived().map(NotificationMessage::toString).orElse(""));
        state.put("faults", snapshot.faults());
        return state;
    }

    private static String text(InetSocketAddress address) {
        return IpAddresses.text(address.getAddress(), address.getPort());
    }

    private static List<String> texts(List<Prefix> prefixes) {
        return prefixes.stream().limit(MAX_ENTRIES).map(Prefix::toString).toList();
    }

    private static List<Map<String, Object>> received(PeerSnapshot snapshot) {
        return snapshot.received().entrySet().stream()
                .limit(MAX_ENTRIES)
                .map(entry -> {
                    Map<String, Object> route = new LinkedHashMap<>();
                    route.put("prefix", entry.getKey().toString());
                    route.put("as-path", entry.getValue().attributes().asPath().toString());
                    route.put("attributes", entry.getValue().attributes().toString());
                    route.put("refused", entry.getValue().refused());
                    route.put("leaked", entry.getValue().leaked());
                    return route;
                })
                .toList();
    }

    private List<Map<String, Object>> events(long after) {
        return edge.events().after(after).stream()
                .limit(MAX_ENTRIES)
                .map(ControlServer::event)
                .toList();
    }

    private static Map<String, Object> event(EdgeEvent event) {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("number", event.number());
        entry.put("at", event.at().toString());
        entry.put("circuit", event.circuit());
        entry.put("kind", event.kind());
        entry.put("detail", event.detail());
        return entry;
    }

    @Override
    public void close() {
        server.stop(0);
        thread.shutdownNow();
    }
}
