package net.popbgp.daemon.arm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * A circuit as Azure describes it; what it leaves out is empty. Immutable.
 *
 * @param id the full name of the resource
 * @param providerState {@code NotProvisioned}, {@code Provisioning}, {@code Provisioned} or {@code Deprovisioning}
 * @param privatePeering empty if none is configured
 */
public record AzureResource(
        String id,
        String name,
        String serviceKey,
        String provider,
        String peeringLocation,
        int bandwidthMbps,
        String sku,
        String circuitState,
        String providerState,
        String provisioningState,
        Optional<Peering> privatePeering) {

    /** The private peering. Immutable. */
    public record Peering(String state, String primary, String secondary, long peerAs, long azureAs, int vlan) {}

    /** {@return whether nobody has anything set up on it} */
    boolean isUnused() {
        return providerState.equals("NotProvisioned");
    }

    static AzureResource of(JsonNode json) {
        JsonNode properties = json.path("properties");
        JsonNode provider = properties.path("serviceProviderProperties");
        return new AzureResource(
                json.path("id").asText(),
                json.path("name").asText(),
                properties.path("serviceKey").asText(),
                provider.path("serviceProviderName").asText(),
                provider.path("peeringLocation").asText(),
                provider.path("bandwidthInMbps").asInt(),
                json.path("sku").path("name").asText(),
                properties.path("circuitProvisioningState").asText(),
                properties.path("serviceProviderProvisioningState").asText(),
                properties.path("provisioningState").asText(),
                StreamSupport.stream(properties.path("peerings").spliterator(), false)
                        .map(each -> each.path("properties"))
                        .filter(each -> each.path("peeringType").asText().equals("AzurePrivatePeering"))
                        .findFirst()
                        .map(AzureResource::peering));
    }

    private static Peering peering(JsonNode properties) {
        return new Peering(
                properties.path("state").asText(),
                properties.path("primaryPeerAddressPrefix").asText(),
                properties.path("secondaryPeerAddressPrefix").asText(),
                properties.path("peerASN").asLong(),
                properties.path("azureASN").asLong(),
                properties.path("vlanId").asInt());
    }
}
