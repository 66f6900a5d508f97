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
import io.javalin.util.JavalinBindException;
import java.io.IOException;
import java.net.InetAddress;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
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

    private static final Logger LOG = LoggerFactory.getLogger("popbgp.http");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final DaemonConfig.Api api;
    private final Javalin server;

    public ApiServer(Daemon daemon) {
        this.api = daemon.config().api();
        this.server = Javalin.create(config -> configure(config, daemon));
    }

    /**
     * Listens.
     *
     * @throws IOException if the address cannot be bound
     */
    public void start() throws IOException {
        InetAddress address = api.listen().getAddress();
        int port = api.listen().getPort();
        try {
            server.start(IpAddresses.text(address), port);
        } catch (JavalinBindException e) {
            throw new IOException(
                    "the API cannot listen on " + IpAddresses.text(address, port) + ": address in use or not ours", e);
        }
    }

    /** {@return the port that is really listened on} */
    public int port() {
        return server.port();
    }

    @Override
    public void close() {
        server.stop();
    }

    private void configure(JavalinConfig config, Daemon daemon) {
        config.startup.showJavalinBanner = false;
        config.startup.showOldJavalinVersionWarning = false;
        config.startup.startupWatcherEnabled = false;
        config.http.maxRequestSize = ConfigReader.MAX_SIZE;
        config.http.prefer405over404 = true;
        config.jetty.threadPool = new QueuedThreadPool(MAX_THREADS, 2);
        config.routes.before(new RequestGuard(api)::check);
        new ApiRoutes(daemon).register(config.routes);
        new RoutingRoutes(daemon).register(config.routes);
        new AzureRoutes(daemon).register(config.routes);
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

    static void answer(Context context, JsonNode json) {
        try {
            context.contentType("application/json")
                    .header("Cache-Control", "no-store")
                    .result(JSON.writeValueAsBytes(json));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static JsonNode parse(String body) {
        try {
            JsonNode json = body.isBlank() ? JsonNodeFactory.instance.objectNode() : JSON.readTree(body);
            if (!json.isObject()) {
                throw new IllegalArgumentException("a JSON object is expected");
            }
            return json;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
