package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.Keys;

/** The web page in a real browser, on a real daemon with a site of two circuits. Each test leaves the site as it found it: connected. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebPageIT {

    private static final String SITE = "/sites/" + AzureSite.NAME;
    private static final List<String> VIEWS = List.of(
            "/sites",
            SITE,
            SITE + "/bgp?circuit=secondary",
            SITE + "/history?window=1h",
            SITE + "/what-if?down=primary",
            "/routes?explain=10.10.0.0/16",
            "/events",
            "/peers",
            "/peers/" + AzureSite.NAME + "-primary",
            "/monitoring");

    private Path directory;
    private AzureSite site;
    private Browser browser;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        String missing = Browser.missing();
        if (!missing.isEmpty()) {
            System.out.println("skipped: the web page is not tested in a browser, " + missing);
        }
        assumeTrue(missing.isEmpty(), missing);
        site = new AzureSite(
                directory,
                "    advertise: {default-route: true}\n    lan-monitoring: {hosts: [{name: hub, address: 127.0.71.2}]}\n",
                "announce: [{prefixes: [10.99.0.0/16]}]\nevents: {file: events.db}\n",
                "[{name: hub, address-spaces: [10.10.0.0/16, 10.11.0.0/16]}]");
        browser = new Browser(site.apiPort());
    }

    @AfterAll
    void close() {
        if (browser != null) {
            browser.close();
        }
        if (site != null) {
            site.close();
        }
    }

    @BeforeEach
    void open() {
        site.awaitState(SiteState.CONNECTED);
        site.awaitActive(CircuitRole.PRIMARY);
        browser.screen(1280, false);
        browser.open("/sites");
        browser.awaitText("#live", "Live");
        browser.awaitText("article.site h2", "Connected");
    }

    /** Neither a failed script nor something that the Content-Security-Policy forbids goes by unseen. */
    @AfterEach
    void nothing_went_wrong_in_the_browser() {
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void a_site_is_shown_with_its_circuits_and_the_active_one_in_words() {
        assertThat(browser.text("article.site h2")).contains(AzureSite.NAME, "Connected");
        assertThat(browser.texts("article.site .circuit").get(0))
                .contains("Primary", "New York", "Established", "Active");
        assertThat(browser.texts("article.site .circuit").get(1)).contains("Secondary", "Ashburn", "Standby");
        assertThat(browser.text("article.site")).contains("2 of 2 circuits up", "Last failover");
    }

    @Test
    void a_failover_and_the_return_appear_without_a_reload_and_the_peer_s_text_stays_text() {
        browser.run("window.mark = 'same page'");
        String text = "<img src=x onerror=alert(1)> until 6";

        site.circuit("newyork").adminDown(text).join();

        browser.awaitText("article.site h2", "Degraded");
        await().untilAsserted(() ->
                assertThat(browser.texts("article.site .circuit").get(1)).contains("Active"));
        assertThat(browser.texts("article.site .circuit").get(0)).contains(text);
        browser.awaitText("article.site .last", "Primary → secondary", text);
        browser.show("/events?site=" + AzureSite.NAME);
        browser.awaitText(".timeline", "Failover completed", text);
        browser.show(SITE);
        browser.awaitText(
                "main",
                "Traffic goes by the secondary (Ashburn), because the primary is down",
                "One of two circuits up");
        assertThat(browser.run("return document.querySelectorAll('main img').length"))
                .isEqualTo(0L);

        site.circuit("newyork").adminUp().join();

        browser.awaitText(".summary", "Connected");
        browser.awaitText("main", "Traffic goes by the primary (New York)");
        assertThat(browser.run("return window.mark")).isEqualTo("same page");
    }

    @Test
    void the_keyboard_is_enough() {
        browser.tab();
        assertThat(browser.focused()).isEqualTo("Skip to the content");
        browser.type(Keys.ENTER);
        browser.tab();
        assertThat(browser.focused()).isEqualTo(AzureSite.NAME);
        browser.type(Keys.ENTER);
        browser.awaitText("h1", AzureSite.NAME);
        await().untilAsserted(() ->
                assertThat(browser.run("return document.activeElement.tagName")).isEqualTo("H1"));

        browser.awaitText("section.circuit", "Reset session");
        browser.run("document.querySelector('[data-action=reset]').focus()");
        browser.type(Keys.ENTER);
        browser.awaitText("dialog", "Reset the session of " + AzureSite.NAME + " primary?", "there is a failover");
        browser.type(Keys.ESCAPE);
        await().untilAsserted(() -> assertThat(browser.texts("dialog")).isEmpty());
        assertThat(browser.focused()).isEqualTo("Reset session");
    }

    @Test
    void a_reset_is_done_when_it_is_confirmed() {
        browser.show(SITE);
        browser.click("section.circuit:nth-of-type(2) [data-action=reset]");
        browser.awaitText("dialog", "It carries no traffic now");
        browser.type("works on the fibre");
        browser.type(Keys.ENTER);
        browser.awaitText("#toasts", "The session of secondary was reset.");
        browser.show("/events?sub-type=bgp-session");
        browser.awaitText(".timeline", "works on the fibre");
        site.awaitState(SiteState.CONNECTED);
    }

    @Test
    void a_refusal_is_shown_in_the_daemon_s_words() {
        browser.show("/peers/" + AzureSite.NAME + "-primary");
        browser.run("location.hash = '/routes?prefix=nonsense'");
        browser.awaitText("main [role=alert]", "nonsense");
        browser.run("location.hash = '/sites/none'");
        browser.awaitText("main [role=alert]", "there is no site 'none'");
        assertThat(browser.complaints())
                .as("the browser's own words for a status that is no success")
                .allMatch(text -> text.contains("400 (Bad Request)") || text.contains("404 (Not Found)"));
    }

    @Test
    void events_are_filtered_and_the_address_keeps_the_filter() {
        browser.show("/events");
        assertThat(browser.texts(".timeline .tag")).contains("System", "BGP Routing", "BGP Session");

        browser.choose("sub-type", "bgp-session");
        browser.choose("since", "1h");
        await().untilAsserted(() -> assertThat(browser.address()).contains("sub-type=bgp-session", "since=1h"));
        await().untilAsserted(() ->
                assertThat(browser.texts(".timeline .tag:nth-of-type(2)")).containsOnly("BGP Session"));

        browser.open(browser.address().substring(1));
        browser.awaitText("h1", "Events");
        await().untilAsserted(() -> assertThat(browser.texts(".timeline .tag:nth-of-type(2)"))
                .isNotEmpty()
                .containsOnly("BGP Session"));
        browser.click(".filters a");
        await().untilAsserted(() -> assertThat(browser.texts(".timeline .tag")).contains("BGP Routing"));
    }

    @Test
    void the_routing_table_is_filtered_and_a_prefix_explained_one_click_away() {
        browser.show("/routes");
        assertThat(browser.texts("tr.passive"))
                .hasSize(2)
                .allMatch(row -> row.contains("Passive") && row.contains("Ashburn"));

        browser.show("/routes?prefix=10.11.0.0/16&site=" + AzureSite.NAME);
        assertThat(browser.texts("tbody tr")).hasSize(2).allMatch(row -> row.contains("10.11.0.0/16"));
        browser.click("tbody a[aria-label='Explain 10.11.0.0/16']");
        browser.awaitText(
                ".explain",
                "Decided by: metric",
                AzureSite.NAME + "-primary",
                "Best",
                AzureSite.NAME + "-secondary",
                "Backup");
        await().untilAsserted(
                        () -> assertThat(browser.run("return document.activeElement.classList.contains('explain')"))
                                .isEqualTo(true));
    }

    @Test
    void the_bgp_status_has_routes_both_ways_and_the_raw_status() {
        browser.show(SITE + "/bgp?circuit=secondary");
        assertThat(browser.text("main"))
                .contains(
                        "Routes from the cloud (2)",
                        "Routes to the cloud (1)",
                        "0.0.0.0/0",
                        "Rejected routes from the cloud (0)",
                        "65001 65001");
        browser.click("summary");
        browser.awaitText("pre", "\"BGP_Session\": \"Established\"", "\"Remote_IP\": \"127.0.72.2\"");
    }

    @Test
    void what_if_says_where_each_prefix_would_go() {
        browser.show(SITE + "/what-if");
        browser.awaitText(
                "main",
                "If the primary went down now",
                "Degraded",
                "All 2 prefixes have another way",
                AzureSite.NAME + "-secondary");
        browser.click(".tabs a[href*='down=secondary']");
        browser.awaitText("main", "If the secondary went down now", "It carries the traffic of no prefix now");
    }

    @Test
    void connectivity_is_tested_at_the_press_of_a_button() {
        browser.show(SITE);
        browser.click("[data-action=test]");
        browser.awaitText(".outcome", "Testing");
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(browser.text(".outcome")).containsAnyOf("Success", "Failed", "Error"));
        assertThat(browser.text(".outcome"))
                .as("with ping, or without")
                .containsPattern("Success.*5 of 5 probes.* 0 % lost, round trip|Error");
    }

    @Test
    void charts_are_drawn_of_what_was_recorded() throws Exception {
        try (Connection database = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("events.db"));
                PreparedStatement add = database.prepareStatement(
                        "INSERT OR REPLACE INTO samples VALUES (?, 60, ?, 45000, 0, 15000, 0, 45000, 1, 0, ?, 2, 0)")) {
            long now = Instant.now().getEpochSecond() / 60 * 60;
            for (String subject : List.of("", "/primary", "/secondary")) {
                for (int minute = 1; minute <= 30; minute++) {
                    add.setString(1, AzureSite.NAME + subject);
                    add.setLong(2, now - minute * 60L);
                    add.setInt(3, 100 + minute);
                    add.executeUpdate();
                }
            }
        }
        browser.show(SITE + "/history?window=1h");
        await().untilAsserted(() -> assertThat(browser.run("return document.querySelectorAll('.chart canvas').length"))
                .as("at least state and prefixes")
                .isIn(2L, 3L));
        assertThat(browser.texts(".u-legend").get(0)).contains("Site connected", "Primary active");
        assertThat(browser.run("return document.querySelector('[data-key=chart-prefixes]').plot.data[1].includes(130)"))
                .isEqualTo(true);
        assertThat(browser.texts(".budget").get(0)).contains("2 of 1,024");
    }

    @Test
    void a_lost_connection_is_told_and_mended_without_a_reload() throws Exception {
        browser.offline(true);
        try {
            site.send("POST", "/announce", "{\"prefixes\": [\"10.98.0.0/16\"]}", 200); // something to tell
            browser.awaitText("#live", "Not live");
            browser.awaitText("#notice", "Not live since", "What is shown may be from then");
            assertThat(browser.text("article.site h2")).as("what was known").contains(AzureSite.NAME);
        } finally {
            browser.offline(false);
        }
        browser.awaitText("#live", "Live");
        await().untilAsserted(() -> assertThat(browser.text("#notice")).isEmpty());
        assertThat(browser.complaints()).allMatch(text -> text.contains("ERR_INTERNET_DISCONNECTED"));
    }

    @Test
    void no_view_scrolls_sideways_at_390_pixels_or_is_hard_to_read_in_light_or_dark() throws Exception {
        for (boolean dark : List.of(false, true)) {
            browser.screen(390, dark);
            for (String view : VIEWS) {
                browser.show(view);
                assertThat(browser.run("const { scrollWidth, clientWidth } = document.documentElement;"
                                + "return scrollWidth - clientWidth"))
                        .as(view)
                        .isEqualTo(0L);
                assertThat((List<?>) Objects.requireNonNull(browser.runFile("contrast.js")))
                        .as(view + (dark ? ", dark" : ", light"))
                        .isEmpty();
            }
        }
        assertThat(browser.run("return getComputedStyle(document.body).backgroundColor"))
                .isEqualTo("rgb(17, 22, 28)");
    }
}
