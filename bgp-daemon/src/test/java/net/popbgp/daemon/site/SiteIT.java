package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSubType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A site as its operator sees it, against the simulated Azure edge. */
class SiteIT {

    private static final String VNETS = "[{name: hub, address-spaces: [10.10.0.0/16, 10.11.0.0/16]}]";
    private static final String DEFAULT_ONLY = "    advertise: {default-route: true}\n";

    @TempDir
    Path directory;

    @Test
    void a_site_connects_degrades_and_disconnects_by_its_sessions_alone() throws Exception {
        try (AzureSite site = new AzureSite(directory, DEFAULT_ONLY, "", VNETS)) {
            site.awaitState(SiteState.CONNECTED);
            site.awaitActive(CircuitRole.PRIMARY);
            JsonNode json = site.get("/sites/" + AzureSite.NAME);
            assertThat(json.path("connected").asBoolean()).isTrue();
            assertThat(json.path("circuits").path(0).path("bgp-session").asText())
                    .isEqualTo("Established");
            assertThat(json.path("circuits").path(0).path("pop-address").asText())
                    .isEqualTo("127.0.71.1");
            assertThat(json.path("circuits")
                            .path(0)
                            .path("neighbor")
                            .path("md5")
                            .asBoolean())
                    .isTrue();
            assertThat(json.toString()).doesNotContain("Drill1");
            assertThat(site.cli("site", "list")).contains("azure-site-1", "connected", "New York", "active");

            site.circuit("newyork").adminDown("").join();
            site.awaitState(SiteState.DEGRADED);
            site.awaitActive(CircuitRole.SECONDARY);
            assertThat(site.get("/sites/" + AzureSite.NAME)
                            .path("degraded-reason")
                            .asText())
                    .isEqualTo("CROSS_CONNECT_CIRCUIT_DISCONNECTED");
            assertThat(site.cli("site", "show", AzureSite.NAME))
                    .contains(
                            "degraded (connected, but one circuit is down)",
                            "Administrative Shutdown",
                            "Ashburn, active");

            site.circuit("ashburn").adminDown("").join();
            site.awaitState(SiteState.DISCONNECTED);
            assertThat(site.status().active()).isEmpty();
            await().atMost(Duration.ofSeconds(5))
                    .untilAsserted(() -> assertThat(site.events.stream()
                                    .filter(event -> event.subType() == EventSubType.CIRCUIT)
                                    .map(event -> event.action() + " "
                                            + event.field(EventField.BGP_ERROR_CODE)
                                                    .orElse("-")))
                            .containsExactly(
                                    "Site Degraded -", "Site Connected -", "Site Degraded 6", "Site Disconnected 6"));
        }
    }

    @Test
    void azure_gets_the_default_route_alone_and_once_more_prepended_over_the_secondary() throws Exception {
        try (AzureSite site =
                new AzureSite(directory, DEFAULT_ONLY, "announce: [{prefixes: [10.99.0.0/16]}]\n", VNETS)) {
            site.awaitActive(CircuitRole.PRIMARY);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                JsonNode sent = site.get("/routes?peer=azure-site-1-primary&table=adj-rib-out")
                        .path("routes");
                assertThat(sent).hasSize(1);
                assertThat(sent.path(0).path("prefix").asText()).isEqualTo("0.0.0.0/0");
                assertThat(sent.path(0).path("attributes").path("as-path").asText())
                        .isEqualTo("65001");
                JsonNode secondary = site.get("/routes?peer=azure-site-1-secondary&table=adj-rib-out")
                        .path("routes");
                assertThat(secondary.path(0).path("attributes").path("as-path").asText())
                        .isEqualTo("65001 65001");
            });
            assertThat(site.get("/routes?table=loc-rib&prefix=0.0.0.0/0&limit=1")
                            .path("routes")
                            .path(0)
                            .path("prefix")
                            .asText())
                    .as("nobody else is to get it")
                    .isNotEqualTo("0.0.0.0/0");
        }
    }

    @Test
    void the_raw_status_has_the_product_s_field_names_and_the_session_s_values() throws Exception {
        try (AzureSite site = new AzureSite(directory, DEFAULT_ONLY, "", VNETS)) {
            site.awaitState(SiteState.CONNECTED);
            site.awaitActive(CircuitRole.PRIMARY);
            String circuit = "/sites/" + AzureSite.NAME + "/circuits/secondary";
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(site.get(circuit + "/raw-status").path("RIB_out"))
                                    .hasSize(1));

            JsonNode raw = site.get(circuit + "/raw-status");
            assertThat(names(raw))
                    .containsExactly(
                            "Remote_IP",
                            "Remote_ASN",
                            "Local_IP",
                            "Local_ASN",
                            "Router_ID",
                            "Router_Weight",
                            "BGP_Session",
                            "Incoming_Connection",
                            "Outgoing_Connection",
                            "Negotiated",
                            "RIB_out",
                            "routes_count",
                            "routes_count_limit",
                            "routes_count_limit_exceeded",
                            "accept_from_neighbor",
                            "accept_default_route",
                            "advertise_default_route",
                            "advertise_account_routes",
                            "advertise_summary_routes",
                            "summarize_vpn_users",
                            "is_catod",
                            "tunnel_pcap_enabled",
                            "tunnel_pcap_captured_packets");
            assertThat(names(raw.path("Negotiated").path("Capabilities")))
                    .containsExactly(
                            "as4",
                            "route_refresh",
                            "enhanced_route_refresh",
                            "multiprotocol_ext",
                            "graceful_restart_present",
                            "graceful_restart_enabled",
                            "graceful_restart_timeout",
                            "graceful_restart_always_publish");
            assertThat(raw.path("Remote_ASN").asText()).isEqualTo("12076");
            assertThat(raw.path("Negotiated").path("Hold_Time").asText()).isEqualTo("60");
            assertThat(raw.path("Negotiated").path("Keepalive_Period").asText()).isEqualTo("20");
            assertThat(raw.path("routes_count").asText()).isEqualTo("2");
            JsonNode out = raw.path("RIB_out").path(0);
            assertThat(names(out))
                    .containsExactly("subnet", "next_hop", "med", "prepend_count", "add_time", "last_update_time");
            assertThat(out.path("prepend_count").asInt()).isEqualTo(2);
            assertThat(out.path("next_hop").asText()).isEqualTo("127.0.72.1");
            assertThat(Instant.parse(out.path("add_time").asText()))
                    .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
            JsonNode incoming = raw.path("Incoming_Connection");
            JsonNode outgoing = raw.path("Outgoing_Connection");
            assertThat(incoming.path("State").asText().equals("Established")
                            ^ outgoing.path("State").asText().equals("Established"))
                    .as("exactly one of " + incoming + " and " + outgoing)
                    .isTrue();
            assertThat(incoming.path("Transport").asText()
                            + outgoing.path("Transport").asText())
                    .contains("127.0.72.1:", "127.0.72.2:");
            assertThat(site.cli("site", "status", AzureSite.NAME, "--raw", "--circuit", "secondary"))
                    .contains("\"Remote_IP\" : \"127.0.72.2\"");
        }
    }

    private static List<String> names(JsonNode json) {
        List<String> names = new ArrayList<>();
        json.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Test
    void the_routing_table_shows_both_ways_and_greys_the_passive_one() throws Exception {
        try (AzureSite site =
                new AzureSite(directory, DEFAULT_ONLY, "announce: [{prefixes: [10.99.0.0/16]}]\n", VNETS)) {
            site.awaitState(SiteState.CONNECTED);
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(rows(site, ""))
                            .containsExactly(
                                    "127.0.71.0/30 static primary  active true",
                                    "127.0.71.2/32 static primary 127.0.71.2 active true",
                                    "127.0.72.0/30 static secondary  active true",
                                    "127.0.72.2/32 static secondary 127.0.72.2 active true",
                                    "10.10.0.0/16 dynamic primary 127.0.71.2 active true",
                                    "10.11.0.0/16 dynamic primary 127.0.71.2 active true",
                                    "10.10.0.0/16 dynamic secondary 127.0.72.2 passive false",
                                    "10.11.0.0/16 dynamic secondary 127.0.72.2 passive false",
                                    "10.99.0.0/16 dynamic   active true"));
            List<String> all = rows(site, "");
            for (int limit = 1; limit < 6; limit++) {
                assertThat(paged(site, limit)).as("pages of " + limit).isEqualTo(all);
            }
            assertThat(rows(site, "&site=" + AzureSite.NAME + "&prefix=10.11.0.0/16"))
                    .hasSize(2);
            assertThat(rows(site, "&kind=static&circuit=secondary&sort=next-hop&order=desc"))
                    .containsExactly(
                            "127.0.72.2/32 static secondary 127.0.72.2 active true",
                            "127.0.72.0/30 static secondary  active true");
            assertThat(rows(site, "&prefix=10.11.12.13&sort=metric&order=desc"))
                    .containsExactly(
                            "10.11.0.0/16 dynamic secondary 127.0.72.2 passive false",
                            "10.11.0.0/16 dynamic primary 127.0.71.2 active true");
            assertThat(rows(site, "&prefix=10.10.0.0/15&match=exact")).isEmpty();
            assertThat(rows(site, "&state=passive&sort=prefix&prefix=10.10.0.0/15"))
                    .containsExactly(
                            "10.10.0.0/16 dynamic secondary 127.0.72.2 passive false",
                            "10.11.0.0/16 dynamic secondary 127.0.72.2 passive false");
            assertThat(site.send("GET", "/routing-table?sort=size", "", 400)
                            .path("error")
                            .asText())
                    .isEqualTo("'sort' is one of none, prefix, metric, next-hop, site, not 'size'");
            assertThat(site.cli("show", "routing-table")).contains("SUBNET", "passive", "Ashburn");
            assertThat(site.cli(
                            "show", "routing-table", "--next-hop", "127.0.72.2", "--sort", "prefix", "--kind=dynamic"))
                    .contains("Ashburn", "10.10.0.0/16")
                    .doesNotContain("New York");
            assertThat(site.send("GET", "/routing-table?cursor=nonsense", "", 400)
                            .path("error")
                            .asText())
                    .isEqualTo("not a cursor of this table: 'nonsense'");

            site.circuit("newyork").adminDown("").join();
            await().atMost(Duration.ofSeconds(20))
                    .untilAsserted(() -> assertThat(rows(site, ""))
                            .contains(
                                    "127.0.71.0/30 static primary  down true",
                                    "10.10.0.0/16 dynamic secondary 127.0.72.2 active true")
                            .doesNotContain("10.10.0.0/16 dynamic primary 127.0.71.2 active true"));
        }
    }

    private static List<String> rows(AzureSite site, String query) throws Exception {
        return rows(site.get("/routing-table?limit=1000" + query));
    }

    private static List<String> rows(JsonNode page) {
        List<String> rows = new ArrayList<>();
        page.path("routes")
                .forEach(row -> rows.add(String.join(
                        " ",
                        row.path("subnet").asText(),
                        row.path("type").asText(),
                        row.path("circuit").asText(),
                        row.path("next-hop").asText(),
                        row.path("state").asText(),
                        row.path("selected").asText())));
        return rows;
    }

    private static List<String> paged(AzureSite site, int limit) throws Exception {
        List<String> rows = new ArrayList<>();
        String cursor = "";
        do {
            JsonNode page = site.get("/routing-table?limit=" + limit + "&cursor=" + cursor);
            rows.addAll(rows(page));
            cursor = page.path("next-cursor").asText("");
        } while (!cursor.isEmpty());
        return rows;
    }

    @Test
    void what_if_tells_the_next_path_what_has_none_and_what_the_cloud_would_lose() throws Exception {
        try (AzureSite site = new AzureSite(directory, DEFAULT_ONLY, "", VNETS)) {
            site.awaitState(SiteState.CONNECTED);
            site.circuit("ashburn").withdrawAll().join();
            site.awaitActive(CircuitRole.PRIMARY);
            String path = "/sites/" + AzureSite.NAME + "/what-if?down=primary";
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(
                                    site.get(path).path("without-backup").asInt())
                            .isEqualTo(2));
            assertThat(site.get(path).path("state").asText()).isEqualTo("degraded");
            assertThat(site.get(path).path("notes").toString())
                    .contains("2 of 2 prefixes of the cloud have no other way");

            site.circuit("ashburn").announceAll().join();
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                JsonNode json = site.get(path);
                assertThat(json.path("without-backup").asInt()).isZero();
                assertThat(json.path("moves").path(0).path("next-peer").asText())
                        .isEqualTo("azure-site-1-secondary");
            });
            assertThat(site.cli("site", "what-if", AzureSite.NAME, "primary-down"))
                    .contains("2 move, 0 of them have no other way", "10.10.0.0/16  azure-site-1-secondary");

            site.circuit("ashburn").adminDown("").join();
            site.awaitState(SiteState.DEGRADED);
            JsonNode json = site.get(path);
            assertThat(json.path("state").asText()).isEqualTo("disconnected");
            assertThat(json.path("unadvertised").path(0).path("prefix").asText())
                    .isEqualTo("0.0.0.0/0");
            assertThat(json.path("unadvertised").path(0).path("reason").asText())
                    .isEqualTo("no other circuit is up");
        }
    }

    @Test
    void without_dynamic_routes_everything_is_listed_as_rejected() throws Exception {
        try (AzureSite site = new AzureSite(
                directory,
                DEFAULT_ONLY + "    accept: {dynamic-routes: false, exclusions: [10.11.0.0/16]}\n",
                "",
                VNETS)) {
            site.awaitState(SiteState.CONNECTED);
            site.awaitActive(CircuitRole.PRIMARY);
            await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                JsonNode routes = site.get("/sites/" + AzureSite.NAME + "/circuits/primary/routes");
                assertThat(routes.path("routes-from-peer").findValuesAsText("subnet"))
                        .containsExactly("10.11.0.0/16");
                JsonNode rejected = routes.path("rejected-routes-from-peer").path(0);
                assertThat(rejected.path("subnet").asText()).isEqualTo("10.10.0.0/16");
                assertThat(rejected.path("rule").asText()).isEqualTo("azure-site-1-primary-in/dynamic-routes");
            });
            String paged = "/sites/" + AzureSite.NAME + "/circuits/primary/routes?limit=1&list=";
            assertThat(site.get(paged + "to-peer").path("routes-to-peer")).hasSize(1);
            JsonNode first = site.get(paged + "rejected");
            JsonNode second = site.get(
                    paged + "rejected&cursor=" + first.path("next-cursor").asText());
            assertThat(first.path("rejected-routes-from-peer").size()
                            + second.path("rejected-routes-from-peer").size())
                    .isEqualTo(1);
            assertThat(site.cli("site", "status", AzureSite.NAME))
                    .contains("rejected:", "azure-site-1-primary-in/dynamic-routes", "to the cloud:");
        }
    }

    @Test
    void an_edited_filter_does_not_reset_the_session() throws Exception {
        try (AzureSite site = new AzureSite(directory, DEFAULT_ONLY, "", VNETS)) {
            site.awaitActive(CircuitRole.PRIMARY);
            site.awaitState(SiteState.CONNECTED);
            site.write(DEFAULT_ONLY + "    accept: {exclusions: [10.10.0.0/16]}\n", "");

            JsonNode reload = site.send("POST", "/config", "", 200);

            assertThat(reload.path("steps").findValuesAsText("action")).containsExactly("soft", "soft", "changed");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(site.status()
                                    .circuits()
                                    .get(0)
                                    .prefixes()
                                    .orElseThrow()
                                    .accepted())
                            .isEqualTo(1));
            assertThat(site.status().circuits().get(0).peer().orElseThrow().established())
                    .isEqualTo(1);
            assertThat(site.events)
                    .filteredOn(event -> event.subType() == EventSubType.CONFIGURATION)
                    .singleElement()
                    .satisfies(event -> {
                        assertThat(event.action()).isEqualTo("Configuration Changed");
                        assertThat(event.field(EventField.USER_NAME)).contains("local");
                        assertThat(event.message()).contains("peer azure-site-1-primary soft");
                    });
        }
    }

    @Test
    void a_wrong_key_is_silence_that_names_the_key() throws Exception {
        try (AzureSite site = new AzureSite(directory, DEFAULT_ONLY, "", VNETS)) {
            site.awaitState(SiteState.CONNECTED);

            site.circuit("newyork").wrongMd5Key("Another1", true).join();

            site.awaitState(SiteState.DEGRADED);
            await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
                JsonNode disconnect = site.get("/sites/" + AzureSite.NAME)
                        .path("circuits")
                        .path(0)
                        .path("disconnect");
                assertThat(disconnect.path("bgp_error_code").asText()).isEqualTo("local");
                assertThat(disconnect.path("cause").asText()).contains("another MD5 key");
            });
        }
    }

    @Test
    void sites_come_change_and_go_over_rest_and_the_file_stays() throws Exception {
        try (AzureSite site = new AzureSite(directory, DEFAULT_ONLY, "", VNETS)) {
            String other = """
                    {"name": "other", "md5-key": {"file": "md5.key"}, "advertise": {"default-route": false},
                     "circuits": [{"pop": "Oslo", "subnet": "127.0.73.0/30"}]}
                    """;

            JsonNode created = site.send("POST", "/sites", other, 201);
            assertThat(created.path("site")
                            .path("circuits")
                            .path(0)
                            .path("cloud-address")
                            .asText())
                    .isEqualTo("127.0.73.2");
            assertThat(created.path("warnings").toString()).contains("one circuit only");
            assertThat(site.get("/peers/other-primary").path("metric").asInt()).isEqualTo(90);
            site.send("POST", "/sites", other, 409);

            site.send("PUT", "/sites/other", other.replace("\"pop\"", "\"metric\": 7, \"pop\""), 200);
            assertThat(site.get("/peers/other-primary").path("metric").asInt()).isEqualTo(7);
            JsonNode refused = site.send("PUT", "/sites/other", other.replace("127.0.73.0/30", "127.0.71.0/30"), 422);
            assertThat(refused.path("problems").path(0).path("path").asText()).isEqualTo("sites[1].circuits[0].subnet");
            assertThat(refused.path("problems").path(0).path("message").asText())
                    .contains("overlaps 127.0.71.0/30");
            site.send("PUT", "/sites/none", other.replace("other", "none"), 404);
            assertThat(site.get("/sites").path("sites")).hasSize(2);

            site.send("DELETE", "/sites/other", "", 200);
            site.send("DELETE", "/sites/other", "", 404);
            site.send("GET", "/peers/other-primary", "", 404);
            assertThat(site.events.stream()
                            .filter(event -> event.subType() == EventSubType.CONFIGURATION)
                            .map(Event::action))
                    .containsExactly(
                            "Configuration Changed",
                            "Configuration Changed",
                            "Configuration Refused",
                            "Configuration Changed");
            site.send("POST", "/sites", other, 201);
            site.send("POST", "/config", "", 200);
            assertThat(site.get("/sites").path("sites")).as("the file counts").hasSize(1);
        }
    }

    @Test
    void a_summary_lives_by_routes_that_are_not_the_cloud_s_and_other_peers_do_not_see_it() throws Exception {
        try (AzureSite site = new AzureSite(
                directory,
                "    advertise: {default-route: false, summary-routes: [10.0.0.0/8]}\n",
                "peers: [{name: inside, address: 127.0.74.2, local-address: 127.0.71.1, remote-as: 65001, passive: true}]\n",
                VNETS)) {
            site.awaitActive(CircuitRole.PRIMARY);
            String sent = "/sites/" + AzureSite.NAME + "/circuits/primary/routes";
            assertThat(site.get(sent).path("routes-to-peer"))
                    .as("only Azure's own are within")
                    .isEmpty();

            site.send("POST", "/announce", "{\"prefixes\": [\"10.99.0.0/16\"]}", 200);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(
                                    site.get(sent).path("routes-to-peer").findValuesAsText("subnet"))
                            .containsExactly("10.0.0.0/8"));

            site.send("POST", "/withdraw", "{\"prefixes\": [\"10.99.0.0/16\"]}", 200);
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() ->
                            assertThat(site.get(sent).path("routes-to-peer")).isEmpty());
        }
    }
}
