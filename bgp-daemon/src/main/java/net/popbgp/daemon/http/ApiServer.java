package net.popbgp.daemon.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.Javalin;
import io.javalin.config.JavalinConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.router.Endpoint;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.Reload;
import net.popbgp.daemon.access.AccessControl;
import net.popbgp.daemon.access.Denials;
import net.popbgp.daemon.access.TlsIdentity;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The web server. Errors are answered as {@code {"error": …}}; bodies are limited to {@link ConfigReader#MAX_SIZE} octets, threads to
 * {@link #MAX_THREADS}. Thread-safe.
 */
public final class ApiServer implements AutoCloseable {

    /** The most requests that are worked on at a time, with some threads for the server itself. */
    public static final int MAX_THREADS = 16;

    /** The most connections; further ones wait until one ends. */
    public static final int MAX_CONNECTIONS = 256;

    private static final Logger LOG = LoggerFactory.getLogger("popbgp.http");

    /** Made with the first request: a start would take a tenth of a second longer for it. */
    private static final class Json {
        static final ObjectMapper MAPPER = new ObjectMapper();
    }

    private final Daemon daemon;
    private final DaemonConfig.Api api;
    private final Denials denials;
    private final AccessControl access;
    private final RequestGuard guard;
    private final Connectors connectors;
    private @Nullable ServerSocketChannel listening;
    private @Nullable EventRoutes events;
    private @Nullable Javalin server;

    /** Opens nothing. */
    public ApiServer(Daemon daemon) {
        this.daemon = daemon;
        this.api = daemon.config().api();
        this.denials = new Denials(daemon.told(), InstantSource.system());
        this.access = new AccessControl(api.tokens(), denials, InstantSource.system());
        this.guard = new RequestGuard(access, api);
        this.connectors = new Connectors(api.tls());
        daemon.everySecond(denials::tick);
        daemon.bind(denials);
        daemon.bind(this::bindCertificate);
        daemon.addFollower(this::follow);
    }

    private void bindCertificate(MeterRegistry registry) {
        if (api.tls().isPresent()) {
            Gauge.builder("popbgp.api.certificate.expiry", daemon, ApiServer::secondsToExpiry)
                    .description("time until nobody trusts the certificate of the API any more")
                    .baseUnit("seconds")
                    .register(registry);
        }
    }

    private static double secondsToExpiry(Daemon daemon) {
        return daemon.config()
                .api()
                .tls()
                .map(each ->
                        (double) Duration.between(Instant.now(), each.expires()).toSeconds())
                .orElse(Double.NaN);
    }

    /** Takes over what may change while it runs: all but the address, and whether there is TLS. */
    private List<Reload.Step> follow(DaemonConfig next, DaemonConfig before) {
        List<Reload.Step> steps = new ArrayList<>();
        if (!next.api().tls().equals(before.api().tls())) {
            next.api().tls().ifPresent(identity -> steps.add(renew(identity)));
        }
        guard.follow(next.api());
        if (!next.api().tokens().equals(before.api().tokens())) {
            access.follow(next.api().tokens());
            endStreams(); // of those who may have no token any more; the rest comes back
            steps.add(new Reload.Step("api tokens", "live", next.api().tokens().size() + " tokens"));
        }
        if (!next.api().allowedHosts().equals(before.api().allowedHosts())) {
            steps.add(new Reload.Step("api allowed-hosts", "live", ""));
        }
        return steps;
    }

    private Reload.Step renew(TlsIdentity identity) {
        try {
            connectors.renew(identity);
            return new Reload.Step("api certificate", "live", identity.toString());
        } catch (IllegalStateException e) {
            return new Reload.Step("api certificate", "failed", String.valueOf(e.getMessage()));
        }
    }

    private synchronized void endStreams() {
        if (events != null) {
            events.endStreams();
        }
    }

    /**
     * Takes the address. Who connects waits until {@link #start}, which takes a while that sessions need not wait for.
     *
     * @throws IOException if the address cannot be bound
     */
    public synchronized void listen() throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            channel.bind(api.listen());
        } catch (IOException e) {
            channel.close();
            throw new IOException(
                    "the API cannot listen on "
                            + IpAddresses.text(
                                    api.listen().getAddress(), api.listen().getPort())
                            + ": address in use or not ours",
                    e);
        }
        listening = channel;
    }

    /**
     * Answers requests; listens before if it does not yet.
     *
     * @throws IOException if the address cannot be bound
     */
    public synchronized void start() throws IOException {
        if (listening == null) {
            listen();
        }
        EventRoutes eventRoutes = new EventRoutes(daemon);
        events = eventRoutes;
        server = Javalin.create(config -> configure(config, eventRoutes)).start();
    }

    /** {@return all routes, for tests} */
    synchronized List<Endpoint> endpoints() {
        return Objects.requireNonNull(server).unsafe.internalRouter.allHttpHandlers().stream()
                .map(each -> each.endpoint)
                .toList();
    }

    /** {@return the port that is really listened on} */
    public synchronized int port() {
        try {
            return ((InetSocketAddress) channel().getLocalAddress()).getPort();
        } catch (IOException e) {
            throw new IllegalStateException("the API is closed", e);
        }
    }

    private ServerSocketChannel channel() {
        ServerSocketChannel channel = listening;
        if (channel == null) {
            throw new IllegalStateException("the API does not listen");
        }
        return channel;
    }

    @Override
    public synchronized void close() {
        if (events != null) {
            events.close();
        }
        if (server != null) {
            server.stop();
        }
        if (listening != null) {
            try {
                listening.close();
            } catch (IOException e) {
                LOG.warn("event=close-failed", e);
            }
        }
    }

    private void configure(JavalinConfig config, EventRoutes eventRoutes) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = ConfigReader.MAX_SIZE;
        config.http.prefer405over404 = true;
        config.jetty.threadPool = new QueuedThreadPool(MAX_THREADS, 2);
        config.jetty.addConnector((jetty, http) -> connectors.connector(jetty, http, channel()));
        config.jetty.modifyServer(jetty -> jetty.addBean(new NetworkConnectionLimit(MAX_CONNECTIONS, jetty)));
        new PageRoutes().register(config.routes);
        guard.register(config.routes);
        config.routes.get("/api/v1/whoami", context -> answer(context, Views.caller(RequestGuard.caller(context))));
        new ApiRoutes(daemon).register(config.routes);
        new RoutingRoutes(daemon).register(config.routes);
        new AzureRoutes(daemon).register(config.routes);
        eventRoutes.register(config.routes);
        new AnalyticsRoutes(daemon).register(config.routes);
        new SiteRoutes(daemon).register(config.routes);
        new SummaryRoutes(daemon).register(config.routes);
        new AlertRoutes(daemon).register(config.routes);
        new ProbeRoutes(daemon).register(config.routes);
        registerErrors(config);
    }

    private static void registerErrors(JavalinConfig config) {
        config.routes.exception(
                HttpResponseException.class, (e, context) -> error(context, e.getStatus(), e.getMessage()));
        config.routes.exception(ConfigException.class, (e, context) -> {
            context.status(422);
            answer(context, Views.problems(e.problems()));
        });
        config.routes.exception(IllegalArgumentException.class, (e, context) -> error(context, 400, e.getMessage()));
        config.routes.exception(IllegalStateException.class, (e, context) -> error(context, 409, e.getMessage()));
        config.routes.exception(Exception.class, (e, context) -> {
            LOG.error("event=request-failed path={}", context.path(), e);
            error(context, 500, "internal error, see the log");
        });
    }

    private static void error(Context context, int status, @Nullable String message) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("error", message == null ? "status " + status : message);
        context.status(status);
        answer(context, json);
    }

    /** {@return who makes a request, for the events} */
    static String who(Context context) {
        return RequestGuard.caller(context).name();
    }

    static void answer(Context context, JsonNode json) {
        try {
            context.contentType("application/json")
                    .header("Cache-Control", "no-store")
                    .result(Json.MAPPER.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode parse(String body) {
        try {
            JsonNode json = body.isBlank() ? JsonNodeFactory.instance.objectNode() : Json.MAPPER.readTree(body);
            if (!json.isObject()) {
                throw new IllegalArgumentException("a JSON object is expected");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
