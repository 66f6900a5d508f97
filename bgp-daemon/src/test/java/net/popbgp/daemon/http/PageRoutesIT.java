package net.popbgp.daemon.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The files of the page as a browser gets them. */
class PageRoutesIT {

    /** What a page, a module or a style sheet refers to. */
    private static final Pattern REFERENCE =
            Pattern.compile("(?:href=|src=|from |import\\()[\"'](/page/|\\./)([^\"']+)[\"']");

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private Daemon daemon;
    private ApiServer api;

    @BeforeEach
    void start() throws Exception {
        daemon = Daemon.create(
                ConfigReader.parse(
                        "local-as: 65010\nrouter-id: 10.0.0.1\nlisten: []\napi: {listen: \"127.0.0.1:0\"}\nwarm-up: 0\n",
                        Path.of("."),
                        name -> null),
                Optional.empty());
        api = new ApiServer(daemon);
        api.start();
    }

    @AfterEach
    void close() {
        api.close();
        daemon.close();
    }

    private HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void everything_that_the_page_refers_to_is_there_and_is_of_its_type() throws Exception {
        Set<String> found = new LinkedHashSet<>(Set.of("index.html"));
        Set<String> read = new LinkedHashSet<>();
        while (!read.equals(found)) {
            String name = found.stream()
                    .filter(each -> !read.contains(each))
                    .findFirst()
                    .orElseThrow();
            read.add(name);
            HttpResponse<String> file = get(name.equals("index.html") ? "/" : "/page/" + name);
            assertThat(file.statusCode()).as(name).isEqualTo(200);
            assertThat(file.headers().firstValue("Content-Type").orElse(""))
                    .as(name)
                    .startsWith(
                            name.endsWith(".js")
                                    ? "text/javascript"
                                    : name.endsWith(".css")
                                            ? "text/css"
                                            : name.endsWith(".svg") ? "image/svg+xml" : "text/html");
            Matcher reference = REFERENCE.matcher(file.body());
            while (reference.find()) {
                found.add(reference.group(2));
            }
        }
        assertThat(found).contains("app.js", "style.css", "uplot.js", "uplot.css", "icon.svg");
    }

    @Test
    void the_page_lets_nothing_from_elsewhere_run_and_holds_no_script_of_its_own() throws Exception {
        HttpResponse<String> page = get("/");

        assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .startsWith("default-src 'self';")
                .doesNotContain("unsafe");
        assertThat(page.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
        assertThat(page.body()).doesNotContainPattern("<script[^>]*>[^<]|<style| on[a-z]+=| style=");
        assertThat(get("/api/v1/status").headers().firstValue("Cache-Control")).contains("no-store");
        assertThat(get("/api/v1/status").headers().firstValue("X-Content-Type-Options"))
                .contains("nosniff");
    }

    @Test
    void a_file_that_the_browser_has_is_not_sent_again() throws Exception {
        HttpResponse<String> first = get("/page/app.js");
        String tag = first.headers().firstValue("ETag").orElseThrow();

        HttpResponse<String> again = get("/page/app.js", "If-None-Match", tag);

        assertThat(first.headers().firstValue("Cache-Control")).contains("no-cache");
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(get("/page/app.js", "If-None-Match", "\"other\"").statusCode())
                .isEqualTo(200);
    }

    @Test
    void nothing_but_the_page_s_files_is_given_out() throws Exception {
        for (String name : Set.of("none.js", "..%2Flogback.xml", "%2e%2e/profiles/azure.yaml", "app.class", "App.js")) {
            HttpResponse<String> answer = get("/page/" + name);
            assertThat(answer.statusCode()).as(name).isBetween(400, 404);
            assertThat(answer.body()).as(name).doesNotContain("12076", "<configuration");
        }
    }

    @Test
    void a_name_that_is_not_ours_gets_no_page() throws Exception {
        HttpClient other = HttpClient.newHttpClient();
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + api.port() + "/"))
                .header("Origin", "http://evil.example")
                .build();

        assertThat(other.send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(403);
    }
}
