package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The connectivity providers that the simulator knows, and where they meet Microsoft. No state. */
final class ServiceProviders {

    private static final List<String> EQUINIX = List.of(
            "Amsterdam",
            "Atlanta",
            "Chicago",
            "Dallas",
            "Frankfurt",
            "Hong Kong SAR",
            "London",
            "Los Angeles",
            "Madrid",
            "Miami",
            "Milan",
            "New York",
            "Paris",
            "Seattle",
            "Silicon Valley",
            "Singapore",
            "Stockholm",
            "Sydney",
            "Tokyo",
            "Toronto",
            "Washington DC",
            "Zurich");

    private static final Map<String, List<String>> LOCATIONS = new TreeMap<>(Map.of(
            CircuitIdentity.PROVIDER,
            EQUINIX,
            "Megaport",
            List.of("Amsterdam", "Chicago", "New York", "Washington DC")));

    private ServiceProviders() {}

    static ObjectNode list(String subscription) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode value = answer.putArray("value");
        LOCATIONS.forEach((name, locations) -> {
            ObjectNode provider = value.addObject()
                    .put("name", name)
                    .put(
                            "id",
                            "/subscriptions/" + subscription
                                    + "/providers/Microsoft.Network/expressRouteServiceProviders/" + name)
                    .put("type", "Microsoft.Network/expressRouteServiceProviders");
            ObjectNode properties = provider.putObject("properties").put("provisioningState", "Succeeded");
            ArrayNode places = properties.putArray("peeringLocations");
            locations.forEach(places::add);
            ArrayNode bandwidths = properties.putArray("bandwidthsOffered");
            CircuitSku.BANDWIDTHS.forEach(mbps -> bandwidths
                    .addObject()
                    .put("offerName", mbps < 1000 ? mbps + "Mbps" : mbps / 1000 + "Gbps")
                    .put("valueInMbps", mbps));
        });
        return answer;
    }

    /** Refuses a provider or a location that is not in the list. */
    static void require(JsonNode properties) {
        String provider = properties.path("serviceProviderName").asText();
        String location = properties.path("peeringLocation").asText();
        List<String> locations = LOCATIONS.get(provider);
        if (locations == null) {
            throw ArmException.invalid(
                    "serviceProviderProperties.serviceProviderName",
                    "must be one of " + LOCATIONS.keySet() + ", not '" + provider + "'");
        }
        if (!locations.contains(location)) {
            throw ArmException.invalid(
                    "serviceProviderProperties.peeringLocation",
                    "must be a location of " + provider + ", one of " + locations + ", not '" + location + "'");
        }
    }
}
