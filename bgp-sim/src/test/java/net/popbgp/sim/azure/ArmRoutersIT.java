package net.popbgp.sim.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.sim.SimConfig;
import net.popbgp.sim.Simulator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is changed at Azure Resource Manager, seen on the wire of the session; and the session, seen there. */
class ArmRoutersIT {

    private static final InetAddress POP = IpAddresses.parse("127.0.26.1");
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String RG = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/popbgp-sim"
            + "/providers/Microsoft.Network/";
    private static final String CIRCUIT = RG + "expressRouteCircuits/a";
    private static final String PEERING = CIRCUIT + "/peerings/AzurePrivatePeering";
    private static final String YAML = """
            control: 127.0.0.1:0
            arm: {listen: "127.0.0.1:0", token: secret, clock-speed: 1000000}
            circuits:
              - name: a
                peering: 127.0.26.0/30
                peer-as: 64512
                port: 0
                passive-only: true
                vnets: [{name: hub, address-spaces: [10.10.0.0/16]}]
                profile: {restart: 1500ms}
            """;

    private final HttpClient client = HttpClient.newHttpClient();
    private final ObjectMapper json = new ObjectMapper();
    private Simulator simulator;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(SimConfig.parse(YAML));
    }

    @AfterEach
    void stop() {
        simulator.close();
    }

    private HttpResponse<String> send(String method, String path, String body, String token) throws Exception {
        InetSocketAddress arm = simulator.armAddress().orElseThrow();
        String separator = path.contains("?") ? "&" : "?";
        URI uri = path.startsWith("http")
                ? URI.create(path)
                : URI.create("http://127.0.0.1:" + arm.getPort() + path + separator + "api-version=2024-05-01");
        HttpRequest.Builder request =
                HttpRequest.newBuilder(uri).timeout(PATIENCE).method(method, HttpRequest.BodyPublishers.ofString(body));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    private JsonNode ok(String method, String path, String body) throws Exception {
        HttpResponse<String> response = send(method, path, body, "secret");
        assertThat(response.statusCode() / 100).as(response.body()).isEqualTo(2);
        return json.readTree(response.body());
    }

    /** Begins an action and fetches its result. */
    private JsonNode run(String action) throws Exception {
        HttpResponse<String> accepted = send("POST", PEERING + action, "", "secret");
        assertThat(accepted.statusCode()).isEqualTo(202);
        String location = accepted.headers().firstValue("Location").orElseThrow();
        HttpResponse<String> done = await().atMost(PATIENCE)
                .until(() -> send("GET", location, "", "secret"), result -> result.statusCode() == 200);
        return json.readTree(done.body());
    }

    private JsonNode popRow() throws Exception {
        JsonNode rows = run("/routeTablesSummary/primary").path("value");
        return rows.path(rows.size() - 1);
    }

    private void control(String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://127.0.0.1:" + simulator.controlAddress().getPort() + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
    }

    private AzurePeer router() {
        return simulator.edge().peer("a").orElseThrow();
    }

    private RawPop dialOnce() throws IOException {
        return RawPop.dial(POP, router().address());
    }

    private RawPop dial() {
        return await().atMost(PATIENCE).ignoreExceptions().until(this::dialOnce, pop -> true);
    }

    private static String peering(String changes) {
        return """
                {"properties": {"peerASN": 64512, "vlanId": 100, "primaryPeerAddressPrefix": "127.0.26.0/30",
                 "secondaryPeerAddressPrefix": "127.0.26.4/30"%s}}""".formatted(changes);
    }

    private void putPeering(String changes) throws Exception {
        await().atMost(PATIENCE)
                .until(() -> send("PUT", PEERING, peering(changes), "secret"), answer -> answer.statusCode() != 429);
    }

    private HttpResponse<String> order(String tier) throws Exception {
        String body = """
                {"location": "eastus", "sku": {"tier": "%s", "family": "UnlimitedData"}, "properties":
                 {"serviceProviderProperties": {"serviceProviderName": "Equinix", "peeringLocation": "New York",
                  "bandwidthInMbps": 1000}}}""".formatted(tier);
        return await().atMost(PATIENCE)
                .until(() -> send("PUT", CIRCUIT, body, "secret"), answer -> answer.statusCode() != 429);
    }

    @Test
    void s38_a_peering_that_is_disabled_ends_the_session_with_6_2_until_it_is_enabled() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            putPeering(", \"state\": \"Disabled\"");
            assertThat(pop.readOther().hex()).startsWith("0602");
        }
        assertThat(ok("GET", PEERING, "").path("properties").path("state").asText())
                .isEqualTo("Disabled");
        assertThat(popRow().path("statePfxRcd").asText()).isEqualTo("Idle");
        assertThatThrownBy(this::dialOnce).isInstanceOf(ConnectException.class);

        putPeering(", \"state\": \"Enabled\"");
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            assertThat(popRow().path("statePfxRcd").asText()).isEqualTo("0");
        }
    }

    @Test
    void another_as_or_key_resets_the_session_with_6_6_and_the_old_as_is_refused() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            putPeering("");
            assertThat(router().state()).isEqualTo(FsmState.ESTABLISHED);
            await().atMost(PATIENCE)
                    .until(
                            () -> send("PUT", PEERING, peering("").replace("64512", "64999"), "secret"),
                            answer -> answer.statusCode() != 429);
            assertThat(pop.readOther().hex()).isEqualTo("0606");
        }
        try (RawPop pop = dial()) {
            pop.sendOpen(90);
            pop.read();
            assertThat(pop.readOther().hex()).isEqualTo("0202");
        }
    }

    @Test
    void a_deleted_peering_ends_the_session_with_6_3_and_comes_back_when_it_is_made_again() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            assertThat(send("DELETE", PEERING, "", "secret").statusCode()).isEqualTo(202);
            assertThat(pop.readOther().hex()).isEqualTo("0603");
        }
        assertThat(send("GET", PEERING, "", "secret").statusCode()).isEqualTo(404);
        assertThatThrownBy(this::dialOnce).isInstanceOf(ConnectException.class);

        putPeering("");
        try (RawPop pop = dial()) {
            assertThat(pop.bringUp(90)).hasSize(2);
        }
    }

    @Test
    void s20_s21_premium_takes_what_standard_drops_and_recovers_at_the_next_retry() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            pop.announce(POP, 0, 4001);
            assertThat(pop.readOther().hex()).isEqualTo("0601" + "00010100000fa0");
        }
        assertThat(popRow().path("statePfxRcd").asText()).isEqualTo("Idle");

        assertThat(order("Premium").statusCode()).isEqualTo(200);
        await().atMost(PATIENCE).until(() -> router().state() == FsmState.ACTIVE);
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            pop.announce(POP, 0, 4001);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(popRow().path("statePfxRcd").asText()).isEqualTo("4001"));
            assertThat(run("/routeTables/primary").path("value")).hasSize(4001 + 2);

            HttpResponse<String> refused = order("Standard");
            assertThat(refused.statusCode()).isEqualTo(400);
            assertThat(json.readTree(refused.body())
                            .path("error")
                            .path("message")
                            .asText())
                    .isEqualTo(
                            "Circuit a cannot be changed to tier Standard: 4001 routes are received, 4000 are allowed"
                                    + " then.");

            pop.announce(POP, 4001, 6000);
            assertThat(pop.readOther().hex()).isEqualTo("0601" + "00010100002710");
        }
    }

    @Test
    void s01_the_tables_show_the_session_and_metrics_are_100_and_0() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            pop.announce(POP, 0, 3);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(popRow().path("statePfxRcd").asText()).isEqualTo("3"));
            assertThat(popRow().path("upDown").asText()).matches("00:\\d\\d");

            JsonNode routes = run("/routeTables/primary").path("value");
            assertThat(routes.path(2).path("nextHop").asText()).isEqualTo("127.0.26.1*");
            assertThat(routes.path(2).path("path").asText()).isEqualTo("64512 I\n        ");
            JsonNode series = ok(
                            "GET",
                            CIRCUIT
                                    + "/providers/Microsoft.Insights/metrics?metricnames=BgpAvailability&$filter=Peer%20eq%20'*'",
                            "")
                    .path("value")
                    .path(0)
                    .path("timeseries");
            assertThat(series.path(0).path("data").path(0).path("average").asInt())
                    .isEqualTo(100);
            assertThat(series.path(1).path("data").path(0).path("average").asInt())
                    .isZero();
            assertThat(ok("GET", CIRCUIT + "/stats", "").path("primarybytesIn").asLong())
                    .isPositive();
        }
    }

    @Test
    void s23_a_network_that_grows_to_1001_address_spaces_is_withdrawn_and_the_session_stays() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            String spaces = IntStream.range(0, 1001)
                    .mapToObj(i -> "\"10." + i / 250 + "." + i % 250 + ".0/24\"")
                    .collect(Collectors.joining(","));
            ok(
                    "PUT",
                    RG + "virtualNetworks/a-hub",
                    "{\"location\": \"eastus\", \"properties\": {\"addressSpace\": {\"addressPrefixes\": [" + spaces
                            + "]}}}");
            assertThat(pop.readOther().hex()).isEqualTo("0003100a0a" + "0000");
            assertThat(router().state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(ok("GET", RG + "connections/a-hub", "")
                            .path("properties")
                            .path("connectionStatus")
                            .asText())
                    .isEqualTo("NotConnected");
            assertThat(run("/routeTables/primary").path("value")).isEmpty();
        }
    }

    @Test
    void s39_not_provisioned_and_stale_tables_do_not_touch_the_session() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            control("/arm/faults/provider-state", "{\"circuit\": \"a\", \"state\": \"NotProvisioned\"}");
            control("/arm/faults/stale-tables", "{\"circuit\": \"a\"}");
            pop.announce(POP, 0, 3);
            await().atMost(PATIENCE).until(() -> router().snapshot().received().size() == 3);

            assertThat(popRow().path("statePfxRcd").asText()).isEqualTo("0");
            assertThat(ok("GET", CIRCUIT, "")
                            .path("properties")
                            .path("serviceProviderProvisioningState")
                            .asText())
                    .isEqualTo("NotProvisioned");
            control("/arm/faults/stale-tables", "{\"circuit\": \"a\", \"on\": false}");
            assertThat(popRow().path("statePfxRcd").asText()).isEqualTo("3");
        }
    }

    @Test
    void s07_a_vlan_that_the_provider_does_not_carry_takes_arp_away() throws Exception {
        await().atMost(PATIENCE)
                .until(
                        () -> send("PUT", PEERING, peering("").replace("100", "101"), "secret"),
                        answer -> answer.statusCode() != 429);
        assertThat(run("/arpTables/primary")
                        .path("value")
                        .path(0)
                        .path("macAddress")
                        .asText())
                .isEqualTo("Incomplete");

        putPeering("");
        assertThat(run("/arpTables/primary")
                        .path("value")
                        .path(0)
                        .path("macAddress")
                        .asText())
                .isEqualTo("0200.7f00.1a01");
    }

    @Test
    void a_token_is_needed_and_web_pages_are_refused() throws Exception {
        HttpResponse<String> none = send("GET", CIRCUIT, "", "");
        assertThat(none.statusCode()).isEqualTo(401);
        assertThat(none.body())
                .isEqualTo("{\"error\":{\"code\":\"AuthenticationFailed\",\"message\":\"Authentication failed. The"
                        + " 'Authorization' header is missing.\"}}");
        assertThat(send("GET", CIRCUIT, "", "wrong").body()).contains("InvalidAuthenticationToken");
        assertThat(send("PUT", CIRCUIT, "[1]", "secret").body()).contains("must be a JSON object");
        assertThat(send("PUT", CIRCUIT, "{", "secret").body()).contains("could not be deserialized");
    }
}
