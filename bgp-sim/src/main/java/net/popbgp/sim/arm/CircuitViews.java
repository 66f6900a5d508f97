package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import net.popbgp.core.net.AddressFamily;

/** Circuits, peerings and cross connections with the property names of the interface (2024-05-01). Immutable. */
final class CircuitViews {

    private final String subscription;

    CircuitViews(String subscription) {
        this.subscription = subscription;
    }

    private static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** {@return the full name of a resource} */
    String id(String group, String type, String name) {
        return "/subscriptions/" + subscription + "/resourceGroups/" + group + "/providers/" + ArmRequest.PROVIDER + "/"
                + type + "/" + name;
    }

    String id(ArmCircuit circuit) {
        return id(circuit.identity().resourceGroup(), "expressRouteCircuits", circuit.name());
    }

    static String crossGroup(ArmCircuit circuit) {
        return "CrossConnection-" + circuit.identity().peeringLocation().replace(" ", "");
    }

    private String crossId(ArmCircuit circuit) {
        return id(
                crossGroup(circuit),
                "expressRouteCrossConnections",
                circuit.identity().serviceKey().toString());
    }

    private static String etag(ArmCircuit circuit) {
        return "W/\"%08x-%s\""
                .formatted(
                        circuit.version(),
                        circuit.identity().serviceKey().toString().substring(9));
    }

    private static String provisioningState(ArmCircuit circuit, Instant now) {
        return circuit.isUpdating(now) ? "Updating" : "Succeeded";
    }

    ObjectNode circuit(ArmCircuit circuit, Instant now) {
        CircuitIdentity identity = circuit.identity();
        CircuitSku sku = circuit.sku();
        ObjectNode json = object().put("name", circuit.name())
                .put("id", id(circuit))
                .put("etag", etag(circuit))
                .put("type", "Microsoft.Network/expressRouteCircuits")
                .put("location", identity.region());
        json.set("tags", circuit.tags());
        json.putObject("sku")
                .put("name", sku.name())
                .put("tier", sku.tier().toString())
                .put("family", sku.family().toString());
        ObjectNode properties = json.putObject("properties").put("provisioningState", provisioningState(circuit, now));
        ArrayNode peerings = properties.putArray("peerings");
        circuit.peerings().forEach(peering -> peerings.add(peering(circuit, peering, now)));
        properties.putArray("authorizations");
        properties
                .putObject("serviceProviderProperties")
                .put("serviceProviderName", identity.provider())
                .put("peeringLocation", identity.peeringLocation())
                .put("bandwidthInMbps", circuit.bandwidthMbps());
        properties
                .put("circuitProvisioningState", "Enabled")
                .put("allowClassicOperations", false)
                .put("gatewayManagerEtag", Integer.toString(circuit.version()))
                .put("serviceKey", identity.serviceKey().toString())
                .put(
                        "serviceProviderProvisioningState",
                        circuit.provisioning().at(now).toString())
                .put("serviceProviderNotes", "")
                .put("stag", identity.stag())
                .put("globalReachEnabled", false);
        return json;
    }

    ObjectNode peering(ArmCircuit circuit, ArmPeering peering, Instant now) {
        ObjectNode json = object().put("name", peering.type())
                .put("id", id(circuit) + "/peerings/" + peering.type())
                .put("etag", etag(circuit))
                .put("type", "Microsoft.Network/expressRouteCircuits/peerings");
        json.set("properties", peeringProperties(circuit, peering, now));
        return json;
    }

    private static ObjectNode peeringProperties(ArmCircuit circuit, ArmPeering peering, Instant now) {
        String state = peering.enabled() ? "Enabled" : "Disabled";
        ObjectNode properties = object().put("provisioningState", provisioningState(circuit, now))
                .put("peeringType", peering.type())
                .put("azureASN", circuit.azureAs().value())
                .put("peerASN", peering.peerAs().value());
        if (peering.primary().family().equals(AddressFamily.IPV4_UNICAST)) {
            properties
                    .put("primaryPeerAddressPrefix", peering.primary().toString())
                    .put("secondaryPeerAddressPrefix", peering.secondary().toString());
        } else {
            properties
                    .putObject("ipv6PeeringConfig")
                    .put("primaryPeerAddressPrefix", peering.primary().toString())
                    .put("secondaryPeerAddressPrefix", peering.secondary().toString())
                    .put("state", state);
        }
        properties
                .put("primaryAzurePort", "")
                .put("secondaryAzurePort", "")
                .put("state", state)
                .put("vlanId", peering.vlan())
                .put("gatewayManagerEtag", Integer.toString(circuit.version()))
                .put("lastModifiedBy", peering.lastModifiedBy());
        peering.microsoft().ifPresent(given -> {
            ObjectNode config = given.deepCopy();
            boolean none = config.path("advertisedPublicPrefixes").isEmpty();
            properties.set(
                    "microsoftPeeringConfig",
                    config.put("advertisedPublicPrefixesState", none ? "NotConfigured" : "ValidationNeeded"));
        });
        properties.putArray("connections");
        properties.putArray("peeredConnections");
        return properties;
    }

    /** {@return the provider's shadow of a circuit, which is called by its service key} */
    ObjectNode crossConnection(ArmCircuit circuit, Instant now) {
        CircuitIdentity identity = circuit.identity();
        ObjectNode json = object().put("name", identity.serviceKey().toString())
                .put("id", crossId(circuit))
                .put("etag", etag(circuit))
                .put("type", "Microsoft.Network/expressRouteCrossConnections")
                .put("location", identity.region());
        ObjectNode properties = json.putObject("properties")
                .put("provisioningState", provisioningState(circuit, now))
                .put("primaryAzurePort", "")
                .put("secondaryAzurePort", "")
                .put("sTag", identity.stag())
                .put("peeringLocation", identity.peeringLocation())
                .put("bandwidthInMbps", circuit.bandwidthMbps());
        properties.putObject("expressRouteCircuit").put("id", id(circuit));
        properties
                .put(
                        "serviceProviderProvisioningState",
                        circuit.provisioning().at(now).toString())
                .put("serviceProviderNotes", "");
        ArrayNode peerings = properties.putArray("peerings");
        circuit.peerings().forEach(peering -> {
            ObjectNode each = peerings.addObject()
                    .put("name", peering.type())
                    .put("id", crossId(circuit) + "/peerings/" + peering.type());
            each.set("properties", peeringProperties(circuit, peering, now));
        });
        return json;
    }
}
