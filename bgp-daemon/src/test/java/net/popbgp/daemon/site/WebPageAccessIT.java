package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.http.ApiServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The web page of a daemon that wants a token, and has no site. */
class WebPageAccessIT {

    @TempDir
    Path directory;

    private Daemon daemon;
    private ApiServer api;
    private Browser browser;

    @BeforeEach
    void start() throws Exception {
        assumeTrue(Browser.missing().isEmpty(), Browser.missing());
        Files.writeString(directory.resolve("operator"), "operator-token-0123456789\n");
        Files.writeString(directory.resolve("reader"), "read-only-token-0123456789\n");
        daemon = Daemon.create(ConfigReader.parse("""
                        local-as: 65010
                        router-id: 10.0.0.1
                        listen: []
                        warm-up: 0
                        peers: [{name: other, address: 127.0.78.9, remote-as: 64999, passive: true}]
                        api:
                          listen: "127.0.0.1:0"
                          tokens:
                            - {name: alice, role: operator, token: {file: operator}}
                            - {name: grafana, role: read-only, token: {file: reader}}
                        """, directory, name -> null), Optional.empty());
        api = new ApiServer(daemon);
        api.start();
        daemon.start();
        browser = new Browser(api.port());
    }

    @AfterEach
    void close() {
        if (browser != null) {
            browser.close();
        }
        if (api != null) {
            api.close();
            daemon.close();
        }
    }

    private void signIn(String token) {
        browser.awaitText("form.login", "Access token");
        browser.type(token, Keys.ENTER);
    }

    @Test
    void a_token_is_asked_for_and_its_role_says_what_there_is_to_press() throws Exception {
        browser.open("/peers/other");
        browser.awaitText("form.login", "Access token");
        assertThat(browser.text("main")).doesNotContain("64999");

        signIn("wrong");
        browser.awaitText("form.login [role=alert]", "token");
        signIn("read-only-token-0123456789");
        browser.awaitText("#who", "Read-only", "grafana");
        browser.awaitText("main", "64999");
        browser.awaitText("#live", "Live");
        assertThat(browser.texts("[data-action]")).isEmpty();

        browser.click("#who button");
        signIn("operator-token-0123456789");
        browser.awaitText("#who", "alice");
        browser.click("[data-action=stop]");
        browser.type("until 6", Keys.ENTER);
        browser.awaitText("#toasts", "other: stop done.");
        browser.awaitText(".summary", "Stopped");
        browser.show("/events?sub-type=configuration");
        browser.awaitText(".timeline", "by alice");
        assertThat(browser.complaints())
                .as("the browser's own words")
                .isNotEmpty()
                .allMatch(text -> text.contains("401 (Unauthorized)"));
    }

    @Test
    void without_a_site_the_page_shows_lines_that_make_one() throws Exception {
        browser.open("/sites");
        signIn("operator-token-0123456789");
        browser.awaitText("main", "No site is configured");
        Files.writeString(directory.resolve("azure-md5.key"), "Drill1\n");
        String shown = browser.text("main pre");
        assertThat(shown.lines()).hasSize(6);

        assertThat(ConfigReader.parse("local-as: 65010\nrouter-id: 10.0.0.1\n" + shown + "\n", directory, name -> null)
                        .sites())
                .hasSize(1);

        browser.show("/events?text=nothing-is-like-this");
        browser.awaitText("main", "No event is like this.");
        browser.show("/monitoring");
        browser.awaitText("main", "No host is monitored.");
        await().untilAsserted(() -> assertThat(browser.text("#footer")).contains("AS 65010"));
    }
}
