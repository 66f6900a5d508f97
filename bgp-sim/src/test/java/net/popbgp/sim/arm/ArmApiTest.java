package net.popbgp.sim.arm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.azure.AzureEdge;
import net.popbgp.sim.azure.AzureProfile;
import net.popbgp.sim.azure.Sku;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The control plane on a clock that the test moves; routers exist but do not run. */
class ArmApiTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String RG = "/resourceGroups/popbgp-sim/providers/Microsoft.Network/";
    private static final String A = RG + "expressRouteCircuits/a";
    private static final String NEW = "/resourceGroups/mine/providers/Microsoft.Network/expressRouteCircuits/new";
    private static final String ORDER = """
            {"location": "eastus", "sku": {"tier": "Standard", "family": "MeteredData"}, "properties":
             {"serviceProviderProperties": {"serviceProviderName": "Equinix", "peeringLocation": "Washington DC",
              "bandwidthInMbps": 500}}}""";
    private static final String PEERING = """
            {"properties": {"peerASN": 64512, "vlanId": 200, "primaryPeerAddressPrefix": "127.0.25.0/30",
             "secondaryPeerAddressPrefix": "127.0.25.4/30"}}""";

    private final ManualClock clock = new ManualClock();
    private final AzureEdge edge = new AzureEdge(
            List.of(new AzureCircuit(
                    "a",
                    Prefix.of("127.0.24.0/30"),
                    Asn.of(64512),
                    0,
                    179,
                    true,
                    Optional.empty(),
                    Sku.STANDARD,
                    List.of(new AzureCircuit.Vnet("hub", List.of(Prefix.of("10.10.0.0/16")), List.of())),
                    AzureProfile.DEFAULT)),
            1);
    private ArmApi api = api(1);

    @AfterEach
    void close() {
        edge.close();
    }

    private ArmApi api(int speed) {
        return new ArmApi(
                new ArmConfig(
                        new InetSocketAddress(IpAddresses.parse("127.0.0.1"), 0),
                        Optional.empty(),
                        ArmConfig.SUBSCRIPTION,
                        ArmConfig.RESOURCE_GROUP,
                        speed,
                        ArmConfig.OPERATION_TIME,
                        ArmConfig.GATEWAY_TIME,
                        0,
                        179,
                        false,
                        Map.of()),
                edge,
                clock);
    }

    /** Moved by the test. */
    private static final class ManualClock extends Clock {
        private Instant now = Instant.parse("2026-03-02T10:00:30Z");

        void advance(Duration time) {
            now = now.plus(time);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private ArmResponse send(String method, String path, String body) {
        try {
            return api.handle(ArmRequest.of(
                    method,
                    path.startsWith("/subscriptions") ? path : "/subscriptions/" + ArmConfig.SUBSCRIPTION + path,
                    Map.of("api-version", "2024-05-01"),
                    "http://127.0.0.1:8180",
                    (ObjectNode) JSON.readTree(body)));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private ArmResponse get(String path) {
        return send("GET", path, "{}");
    }

    private static JsonNode body(ArmResponse response) {
        return Objects.requireNonNull(response.body());
    }

    private static String path(ArmResponse response, String header) {
        return Objects.requireNonNull(response.headers().get(header)).replaceAll("http://127.0.0.1:8180|[?].*", "");
    }

    private JsonNode properties(String path) {
        return body(get(path)).path("properties");
    }

    private String crossConnection() {
        return body(get("/providers/Microsoft.Network/expressRouteCrossConnections"))
                .path("value")
                .path(1)
                .path("id")
                .asText();
    }

    private static void assertRefused(ArmResponse response, int status, String code, String message) {
        assertThat(body(response).path("error").path("message").asText()).isEqualTo(message);
        assertThat(body(response).path("error").path("code").asText()).isEqualTo(code);
        assertThat(response.status()).isEqualTo(status);
        assertThat(body(response)).hasSize(1);
    }

    @Test
    void resources_have_the_property_names_of_azure() throws Exception {
        Golden golden = new Golden();
        golden.assertSame("circuit.json", body(get(A)));
        golden.assertSame("peering.json", body(get(A + "/peerings/AzurePrivatePeering")));
        golden.assertSame(
                "cross-connection.json",
                body(get("/providers/Microsoft.Network/expressRouteCrossConnections"))
                        .path("value")
                        .path(0));
        golden.assertSame("connection.json", body(get(RG + "connections/a-hub")));
        golden.assertSame("gateway.json", body(get(RG + "virtualNetworkGateways/a-hub-gw")));
        golden.assertSame("virtual-network.json", body(get(RG + "virtualNetworks/a-hub")));
        golden.assertSame("metrics.json", body(get(A + "/providers/Microsoft.Insights/metrics")));
        golden.assertSame("error.json", body(get(RG + "expressRouteCircuits/none")));
        golden.assertSame(
                "provider.json",
                body(get("/providers/Microsoft.Network/expressRouteServiceProviders"))
                        .path("value")
                        .path(1));
        golden.assertAll();
    }

    @Test
    void names_of_types_are_compared_without_case() {
        assertThat(body(get("/resourcegroups/PopBGP-Sim/providers/microsoft.network/ExpressRouteCircuits/A")))
                .isEqualTo(body(get(A)));
    }

    @Test
    void s40_a_new_circuit_goes_from_not_provisioned_to_a_session() {
        ArmResponse made = send("PUT", NEW, ORDER);
        assertThat(made.status()).isEqualTo(201);
        assertThat(made.headers()).containsEntry("Retry-After", "10").containsKey("Azure-AsyncOperation");
        assertThat(properties(NEW).path("provisioningState").asText()).isEqualTo("Updating");
        assertThat(properties(NEW).path("serviceProviderProvisioningState").asText())
                .isEqualTo("NotProvisioned");
        String operation = path(made, "Azure-AsyncOperation");
        assertThat(body(get(operation)).path("status").asText()).isEqualTo("InProgress");

        clock.advance(Duration.ofSeconds(10));
        assertThat(body(get(operation)).path("status").asText()).isEqualTo("Succeeded");
        assertThat(properties(NEW).path("provisioningState").asText()).isEqualTo("Succeeded");
        assertRefused(
                send("PUT", NEW + "/peerings/AzurePrivatePeering", PEERING),
                400,
                "CircuitNotProvisioned",
                "Peerings of circuit new can be configured only when CircuitProvisioningState is Enabled and"
                        + " ServiceProviderProvisioningState is Provisioned; it is NotProvisioned.");

        String cross = crossConnection();
        assertThat(cross)
                .startsWith(
                        "/subscriptions/" + ArmConfig.SUBSCRIPTION + "/resourceGroups/CrossConnection-WashingtonDC/")
                .endsWith(properties(NEW).path("serviceKey").asText());
        ArmResponse asked =
                send("PUT", cross, "{\"properties\": {\"serviceProviderProvisioningState\": \"Provisioned\"}}");
        assertThat(asked.headers()).containsEntry("Retry-After", "10");
        assertThat(body(asked)
                        .path("properties")
                        .path("serviceProviderProvisioningState")
                        .asText())
                .isEqualTo("Provisioning");
        clock.advance(Duration.ofSeconds(10));
        assertThat(properties(NEW).path("serviceProviderProvisioningState").asText())
                .isEqualTo("Provisioned");

        assertThat(send("PUT", NEW + "/peerings/AzurePrivatePeering", PEERING).status())
                .isEqualTo(201);
        assertThat(edge.peer("new").orElseThrow().circuit().popAddress()).isEqualTo(IpAddresses.parse("127.0.25.1"));
        assertThat(edge.peer("new").orElseThrow().address().getPort()).isPositive();
    }

    @Test
    void s41_a_provisioned_circuit_is_not_deleted_and_a_deprovisioned_one_is() {
        assertRefused(
                send("DELETE", A, "{}"),
                409,
                "CannotDeleteCircuitInProvisionedState",
                "Circuit a cannot be deleted while ServiceProviderProvisioningState is Provisioned. Ask the service"
                        + " provider to deprovision it first.");
        api.setProviderState("a", "NotProvisioned");
        assertRefused(send("DELETE", A, "{}"), 409, "CircuitInUse", "Circuit a is in use by connection a-hub.");
        assertThat(send("DELETE", RG + "connections/a-hub", "{}").status()).isEqualTo(202);
        assertThat(edge.peer("a").orElseThrow().snapshot().behind()).isEmpty();

        ArmResponse deleted = send("DELETE", A, "{}");
        assertThat(deleted.status()).isEqualTo(202);
        assertThat(get(A).status()).isEqualTo(404);
        assertThat(edge.peer("a")).isEmpty();
        String location = path(deleted, "Location");
        assertThat(get(location).status()).isEqualTo(202);
        clock.advance(Duration.ofSeconds(10));
        assertThat(get(location).status()).isEqualTo(204);
        assertThat(send("DELETE", A, "{}").status()).isEqualTo(204);
    }

    @Test
    void a_gateway_takes_45_minutes_and_no_connection_before() {
        send(
                "PUT",
                RG + "virtualNetworks/v",
                "{\"properties\": {\"addressSpace\": {\"addressPrefixes\": [\"10.77.0.0/16\"]}}}");
        ArmResponse begun = putGateway("g", "v");
        assertThat(begun.headers()).containsEntry("Retry-After", "2700");
        clock.advance(Duration.ofMinutes(45).minusSeconds(1));
        assertRefused(
                connect("c", "g"),
                409,
                "GatewayNotProvisioned",
                "The virtual network gateway 'g' is still being deployed.");

        clock.advance(Duration.ofSeconds(1));
        assertThat(connect("c", "g").status()).isEqualTo(201);
        assertThat(edge.peer("a").orElseThrow().snapshot().behind())
                .containsExactly(Prefix.of("10.10.0.0/16"), Prefix.of("10.77.0.0/16"));
        assertThat(properties(RG + "connections/c").path("connectionStatus").asText())
                .isEqualTo("Connecting");
        clock.advance(Duration.ofSeconds(10));
        assertThat(properties(RG + "connections/c").path("connectionStatus").asText())
                .isEqualTo("Connected");
    }

    @Test
    void the_clock_of_operations_can_run_fast() {
        api = api(600);
        send(
                "PUT",
                RG + "virtualNetworks/v",
                "{\"properties\": {\"addressSpace\": {\"addressPrefixes\": [\"10.77.0.0/16\"]}}}");
        assertThat(putGateway("g", "v").headers()).containsEntry("Retry-After", "4");
        clock.advance(Duration.ofMillis(4500));
        assertThat(connect("c", "g").status()).isEqualTo(201);
    }

    @Test
    void standard_links_ten_networks_and_premium_goes_back_only_when_they_fit() {
        for (int i = 1; i <= 10; i++) {
            send(
                    "PUT",
                    RG + "virtualNetworks/v" + i,
                    "{\"properties\": {\"addressSpace\": {\"addressPrefixes\": [\"10." + (80 + i) + ".0.0/16\"]}}}");
            putGateway("g" + i, "v" + i);
        }
        clock.advance(Duration.ofMinutes(45));
        for (int i = 1; i <= 9; i++) {
            assertThat(connect("c" + i, "g" + i).status()).isEqualTo(201);
        }
        assertRefused(
                connect("c10", "g10"),
                400,
                "CircuitVirtualNetworkLinkLimitReached",
                "Circuit a has 10 virtual networks linked, the most for Standard with 1000 Mbps is 10.");

        assertThat(order("Premium", 1000).status()).isEqualTo(200);
        assertThat(connect("c10", "g10").status()).isEqualTo(201);
        clock.advance(Duration.ofSeconds(10));
        assertRefused(
                order("Standard", 1000),
                400,
                "CircuitSkuUpdateNotAllowed",
                "Circuit a cannot be changed to tier Standard: 11 virtual networks are linked, 10 are allowed then.");
    }

    private ArmResponse order(String tier, int bandwidth) {
        return send(
                "PUT",
                A,
                ORDER.replace("Washington DC", "New York")
                        .replace("MeteredData", "UnlimitedData")
                        .replace("Standard", tier)
                        .replace("500", Integer.toString(bandwidth)));
    }

    private ArmResponse putGateway(String name, String vnet) {
        return send("PUT", RG + "virtualNetworkGateways/" + name, """
                {"properties": {"gatewayType": "ExpressRoute", "ipConfigurations": [{"properties": {"subnet":
                 {"id": "/subscriptions/%s%svirtualNetworks/%s/subnets/GatewaySubnet"}}}]}}""".formatted(ArmConfig.SUBSCRIPTION, RG, vnet));
    }

    private ArmResponse connect(String name, String gateway) {
        return send("PUT", RG + "connections/" + name, """
                {"properties": {"connectionType": "ExpressRoute", "virtualNetworkGateway1":
                 {"id": "/subscriptions/%1$s%2$svirtualNetworkGateways/%3$s"},
                 "peer": {"id": "/subscriptions/%1$s%2$sexpressRouteCircuits/a"}}}""".formatted(ArmConfig.SUBSCRIPTION, RG, gateway));
    }

    @Test
    void a_change_waits_for_the_one_before() {
        assertThat(order("Standard", 2000).status()).isEqualTo(200);
        clock.advance(Duration.ofSeconds(3));
        ArmResponse second = order("Standard", 5000);
        assertRefused(
                second,
                429,
                "AnotherOperationInProgress",
                "Another operation on this or dependent resource is in progress.");
        assertThat(second.headers()).containsEntry("Retry-After", "7");
        clock.advance(Duration.ofSeconds(7));
        assertRefused(
                order("Standard", 1000),
                400,
                "CircuitBandwidthCannotBeReduced",
                "The bandwidth of a circuit can grow but not shrink: 2000 Mbps to 1000 Mbps.");
    }

    @Test
    void tags_are_patched_and_nothing_else() {
        assertThat(body(send("PATCH", A, "{\"tags\": {\"owner\": \"ops\"}}"))
                        .path("tags")
                        .path("owner"))
                .isEqualTo(TextNode.valueOf("ops"));
        assertRefused(
                send("PATCH", A, "{\"sku\": {}}"),
                400,
                "InvalidRequestFormat",
                "Property 'sku' cannot be patched, only 'tags' can.");
    }

    @Test
    void microsoft_peering_is_kept_as_data_with_a_vlan_of_its_own() {
        String microsoft = PEERING.replace(
                "\"vlanId\": 200",
                "\"vlanId\": 100, \"microsoftPeeringConfig\": {\"advertisedPublicPrefixes\": [\"203.0.113.0/24\"]}");
        assertRefused(
                send("PUT", A + "/peerings/MicrosoftPeering", microsoft),
                400,
                "InvalidRequestFormat",
                "Property 'vlanId' must differ from the one of AzurePrivatePeering, which is 100.");
        send("PUT", A + "/peerings/MicrosoftPeering", microsoft.replace("100,", "300,"));
        assertThat(properties(A + "/peerings/MicrosoftPeering")
                        .path("microsoftPeeringConfig")
                        .path("advertisedPublicPrefixesState")
                        .asText())
                .isEqualTo("ValidationNeeded");
        assertThat(body(get(A + "/peerings")).path("value")).hasSize(2);
    }

    @Test
    void s39_the_provider_says_not_provisioned_and_the_router_does_not_care() {
        api.setProviderState("a", "NotProvisioned");

        assertThat(properties(A).path("serviceProviderProvisioningState").asText())
                .isEqualTo("NotProvisioned");
        assertThat(edge.peer("a").orElseThrow().snapshot().faults()).isEmpty();
        assertThat(properties(A + "/peerings/AzurePrivatePeering").path("state").asText())
                .isEqualTo("Enabled");
    }

    @Test
    void faults_throttle_and_fail_and_hide() {
        api.refuse(2, 429, 3);
        assertThat(get(A).headers()).containsEntry("Retry-After", "3");
        assertRefused(get(A), 429, "TooManyRequests", "The request is being throttled as the limit has been reached.");
        api.refuse(1, 503, -1);
        assertRefused(get(A), 503, "InternalServerError", "Encountered internal server error.");
        assertThat(get(A).status()).isEqualTo(200);

        api.hide("a", true);
        assertThat(get(A).status()).isEqualTo(404);
        api.hide("a", false);
        assertThat(get(A).status()).isEqualTo(200);
    }

    @Test
    void what_is_not_there_is_said_in_azures_words() {
        assertRefused(
                get("/subscriptions/other" + A),
                404,
                "SubscriptionNotFound",
                "The subscription 'other' could not be found.");
        assertRefused(
                get(RG + "loadBalancers"),
                404,
                "InvalidResourceType",
                "The resource type 'loadBalancers' could not be found in the namespace 'Microsoft.Network' for api"
                        + " version '2024-05-01'.");
        assertRefused(
                send("POST", A + "/peerings/AzurePrivatePeering/arpTables/third", "{}"),
                400,
                "InvalidRequestFormat",
                "Property 'devicePath' must be 'primary' or 'secondary', not 'third'.");
        assertRefused(
                send("PUT", NEW, ORDER.replace("Washington DC", "Nowhere").replace("500", "50")),
                400,
                "InvalidRequestFormat",
                "Property 'serviceProviderProperties.peeringLocation' must be a location of Equinix, one of [Amsterdam,"
                        + " Atlanta, Chicago, Dallas, Frankfurt, Hong Kong SAR, London, Los Angeles, Madrid, Miami,"
                        + " Milan, New York, Paris, Seattle, Silicon Valley, Singapore, Stockholm, Sydney, Tokyo,"
                        + " Toronto, Washington DC, Zurich], not 'Nowhere'.");
    }
}
