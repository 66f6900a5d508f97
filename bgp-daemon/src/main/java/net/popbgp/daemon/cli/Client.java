package net.popbgp.daemon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that asks a running daemon, and the way to ask it. */
final class Client {

    private static final int UNAUTHORIZED = 401;
    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(60);
    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(names = "--json", description = "Print the daemon's answer as JSON.")
    boolean json;

    @Option(
            names = "--api",
            paramLabel = "URL",
            description = "Where the daemon is (" + ApiAccess.API + "; default " + ApiAccess.DEFAULT_API + ").")
    private @Nullable String api;

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            description = "The daemon's own file, which says where it is, and has its certificate and tokens ("
                    + ApiAccess.CONFIG + ").")
    private @Nullable Path config;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "A file with the access token, if one is needed (or the token itself in " + ApiAccess.TOKEN + ").")
    private @Nullable Path tokenFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            description = "Whom to trust to sign the daemon's certificate, in PEM (" + ApiAccess.CA_FILE + ").")
    private @Nullable Path authorities;

    private @Nullable ApiAccess access;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }

    PrintWriter err() {
        return Objects.requireNonNull(spec).commandLine().getErr();
    }

    JsonNode get(String path) {
        return send(request(path).GET().build());
    }

    JsonNode post(String path, JsonNode body) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()))
                .build());
    }

    /** Posts nothing. */
    JsonNode post(String path) {
        return send(request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.noBody())
                .build());
    }

    /** Prints lines that end with a line break already. */
    void print(String lines) {
        out().print(lines);
        out().flush();
    }

    /** Prints the answer if it was asked for as JSON. {@return whether it was} */
    boolean printed(JsonNode answer) {
        if (json) {
            out().println(pretty(answer));
        }
        return json;
    }

    static String pretty(JsonNode json) {
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private ApiAccess access() {
        if (access == null) {
            access = ApiAccess.of(api, config, tokenFile, authorities);
        }
        return access;
    }

    private HttpRequest.Builder request(String path) {
        return access().request(path).timeout(REQUEST_TIMEOUT).header("Accept", "application/json");
    }

    private JsonNode send(HttpRequest request) {
        HttpResponse<String> response;
        try {
            response = access().http().send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw access().failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException(CliException.FAILED, "interrupted");
        }
        JsonNode answer = parse(response.body());
        if (response.statusCode() / 100 != 2) {
            throw refused(response.statusCode(), answer);
        }
        return answer;
    }

    /** Hands over the lines of an answer that goes on, until it ends or the daemon does. */
    void lines(String path, Consumer<String> consumer) {
        HttpRequest request =
                access().request(path).header("Accept", "text/event-stream").build(); // without a limit of time
        try {
            HttpResponse<Stream<String>> response = access().http().send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() / 100 != 2) {
                throw refused(response.statusCode(), parse(response.body().collect(Collectors.joining())));
            }
            response.body().forEach(consumer);
        } catch (IOException | UncheckedIOException e) {
            err().println("popbgp: the daemon at " + access() + " has gone, waiting for it");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private CliException refused(int status, JsonNode answer) {
        if (answer.has("problems")) {
            StringBuilder lines = new StringBuilder(answer.path("error").asText());
            answer.get("problems")
                    .forEach(problem ->
                            lines.append(System.lineSeparator()).append("  ").append(problemLine(problem)));
            return new CliException(CliException.USAGE, lines.toString());
        }
        String message = answer.path("error").asText("status " + status + " from " + access());
        return new CliException(CliException.FAILED, status == UNAUTHORIZED ? access().unauthorized(message) : message);
    }

    private static String problemLine(JsonNode problem) {
        int line = problem.path("line").asInt();
        String path = problem.path("path").asText();
        return (line > 0 ? "line " + line + ": " : "")
                + (path.isEmpty() ? "" : path + ": ")
                + problem.path("message").asText();
    }

    private JsonNode parse(String body) {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException e) {
            throw new CliException(CliException.FAILED, "what answers at " + access() + " is not a PopBGP daemon");
        }
    }
}
