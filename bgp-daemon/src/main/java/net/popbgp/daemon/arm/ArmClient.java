package net.popbgp.daemon.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks Azure Resource Manager, and only asks: each request may be repeated. Answers that say to try again (429, 500, 502, 503, 504) and
 * lost connections are, {@link #MAX_ATTEMPTS} times in all, after what Retry-After says, or half a second and twice that each further time.
 * Everything ends at the deadline of the question. The token goes to the endpoint only: addresses that an answer names elsewhere are refused,
 * redirections not followed.
 *
 * <p>Thread-safe; calls block.
 */
final class ArmClient {

    /** The most requests for one answer. */
    static final int MAX_ATTEMPTS = 4;

    /** The longest answer, octets: 10,000 routes have some 2 MB. */
    static final int MAX_BODY = 16 << 20;

    /** The most pages of a list. */
    static final int MAX_PAGES = 100;

    private static final String METRICS_VERSION = "2018-01-01";
    private static final Duration FIRST_BACKOFF = Duration.ofMillis(500);
    private static final Duration LEAST_POLL = Duration.ofMillis(100);
    private static final Duration DEFAULT_POLL = Duration.ofSeconds(5);
    private static final Set<Integer> TRY_AGAIN = Set.of(429, 500, 502, 503, 504);

    private final HttpClient http;
    private final AzureConfig config;
    private final ObjectMapper json = new ObjectMapper();
    private final InstantSource clock;
    private final Pause pause;
    private final Instant deadline;

    /** @param patience how long everything that is asked may take together */
    ArmClient(HttpClient http, AzureConfig config, Duration patience, InstantSource clock, Pause pause) {
        this.http = http;
        this.config = config;
        this.clock = clock;
        this.pause = pause;
        this.deadline = clock.instant().plus(patience);
    }

    /** {@return what clients share} */
    static HttpClient newHttp() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(5))
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
    }

    /** {@return a resource} */
    JsonNode get(String path) {
        return parse(send("GET", resource(path, config.apiVersion())));
    }

    /** {@return metrics of a resource, which have a version of their own} */
    JsonNode metrics(String id, String query) {
        URI uri = resource(id + "/providers/Microsoft.Insights/metrics", METRICS_VERSION);
        return parse(send("GET", URI.create(uri + "&" + query)));
    }

    /** {@return all elements of a list, over its pages} */
    List<JsonNode> list(String path) {
        List<JsonNode> all = new ArrayList<>();
        Optional<URI> next = Optional.of(resource(path, config.apiVersion()));
        for (int page = 0; next.isPresent(); page++) {
            if (page == MAX_PAGES) {
                throw new ArmFailure("a list of Azure has more than " + MAX_PAGES + " pages: " + path);
            }
            JsonNode answer = parse(send("GET", next.get()));
            answer.path("value").forEach(all::add);
            String link = answer.path("nextLink").asText("");
            next = link.isEmpty()
                    ? Optional.empty()
                    : Optional.of(sameOrigin(link.replace("$", "%24").replace(" ", "%20")));
        }
        return all;
    }

    /** {@return the result of an action that takes a while} */
    JsonNode run(String path) {
        HttpResponse<byte[]> response = send("POST", resource(path, config.apiVersion()));
        while (response.statusCode() == 202) {
            String location = response.headers()
                    .firstValue("Location")
                    .orElseThrow(() -> new ArmFailure("Azure accepted " + path + " but says not where the result is"));
            Duration wait = retryAfter(response).orElse(DEFAULT_POLL);
            waitFor(wait.compareTo(LEAST_POLL) < 0 ? LEAST_POLL : wait, "the result of " + path);
            response = send("GET", sameOrigin(location));
        }
        return parse(response);
    }

    private URI resource(String path, String version) {
        return URI.create(config.endpoint() + path.replace(" ", "%20") + "?api-version=" + version);
    }

    private URI sameOrigin(String text) {
        try {
            URI uri = config.endpoint().resolve(URI.create(text));
            if (origin(uri).equalsIgnoreCase(origin(config.endpoint()))) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw new ArmFailure("Azure refers to something that is no address");
        }
        throw new ArmFailure("Azure refers to another host, where the token must not go: " + text);
    }

    private static String origin(URI uri) {
        return uri.getScheme() + "://" + uri.getHost() + ":" + uri.getPort();
    }

    private HttpResponse<byte[]> send(String method, URI uri) {
        Duration backoff = FIRST_BACKOFF;
        for (int attempt = 1; ; attempt++) {
            String failure;
            Duration wait = backoff;
            try {
                HttpResponse<byte[]> response = exchange(method, uri);
                if (response.statusCode() / 100 == 2) {
                    return response;
                }
                failure = refusal(response);
                if (!TRY_AGAIN.contains(response.statusCode())) {
                    throw new ArmFailure(failure);
                }
                wait = retryAfter(response).orElse(backoff);
            } catch (IOException e) {
                String detail =
                        Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
                failure = "no answer from " + config.endpoint() + ": " + detail;
            }
            if (attempt == MAX_ATTEMPTS) {
                throw new ArmFailure(failure + " (tried " + MAX_ATTEMPTS + " times)");
            }
            waitFor(wait, failure);
            backoff = backoff.multipliedBy(2);
        }
    }

    private HttpResponse<byte[]> exchange(String method, URI uri) throws IOException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri)
                .method(method, HttpRequest.BodyPublishers.noBody())
                .header("Accept", "application/json");
        config.token().ifPresent(source -> request.header("Authorization", "Bearer " + source.token()));
        Duration left = Duration.between(clock.instant(), deadline);
        Duration timeout = left.compareTo(config.timeout()) < 0 ? left : config.timeout();
        CompletableFuture<HttpResponse<byte[]>> answer =
                http.sendAsync(request.build(), info -> new BoundedBody(MAX_BODY));
        try {
            return answer.get(Math.max(1, timeout.toMillis()), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArmFailure("interrupted");
        } catch (TimeoutException e) {
            throw new IOException("nothing within " + timeout.toMillis() + " ms", e);
        } catch (ExecutionException e) {
            throw lost(e);
        } finally {
            answer.cancel(true);
        }
    }

    /** {@return what a request failed with; throws what is no matter of the network} */
    private static IOException lost(ExecutionException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ArmFailure ours) {
                throw ours;
            }
        }
        return failure.getCause() instanceof IOException cause ? cause : new IOException(failure.getCause());
    }

    private void waitFor(Duration wait, String what) {
        if (!clock.instant().plus(wait).isBefore(deadline)) {
            throw new ArmFailure("gave up waiting " + wait.toSeconds() + " s more: " + what);
        }
        try {
            pause.pause(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ArmFailure("interrupted");
        }
    }

    /** {@return the wait that is asked for in seconds; the other form, a date, is not used by Azure} */
    private static Optional<Duration> retryAfter(HttpResponse<?> response) {
        return response.headers()
                .firstValue("Retry-After")
                .filter(text -> text.matches("\\d{1,6}"))
                .map(text -> Duration.ofSeconds(Long.parseLong(text)));
    }

    private String refusal(HttpResponse<byte[]> response) {
        JsonNode error = tree(response.body()).path("error");
        String code = error.path("code").asText("");
        String message = error.path("message").asText("");
        return "Azure answers " + response.statusCode() + (code.isEmpty() ? "" : " " + code)
                + (message.isEmpty() ? "" : ": " + shortened(message));
    }

    private static String shortened(String text) {
        return text.length() > 500 ? text.substring(0, 500) + "…" : text;
    }

    private JsonNode parse(HttpResponse<byte[]> response) {
        JsonNode tree = tree(response.body());
        if (!tree.isObject()) {
            throw new ArmFailure("what answers at " + config.endpoint() + " is not Azure Resource Manager");
        }
        return tree;
    }

    /** {@return the JSON, or a node that is missing} */
    private JsonNode tree(byte[] body) {
        try {
            return json.readTree(body);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
