package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import net.popbgp.core.attribute.Community;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.azure.PeerSnapshot;

/** Virtual networks, gateways and connections with the property names of the interface. Confined to the {@link ArmApi}. */
final class NetworkViews {

    static final String NETWORKS = "virtualNetworks";
    static final String GATEWAYS = "virtualNetworkGateways";
    static final String CONNECTIONS = "connections";

    /** A virtual network. Immutable. */
    record Network(String id, String name, String region, AzureCircuit.Vnet vnet) {}

    /** A network's gateway, by the id of the network; being deployed until it is ready. Immutable. */
    record Gateway(String id, String name, String network, Instant ready) {}

    /** A gateway's connection to a circuit, by the id of the gateway. Immutable, but for the circuit. */
    record Connection(String id, String name, String gateway, ArmCircuit circuit, Instant ready) {}

    private final ArmClock clock;
    private final CircuitViews views;

    NetworkViews(ArmClock clock, CircuitViews views) {
        this.clock = clock;
        this.views = views;
    }

    private static ObjectNode resource(String id, String name, String type, String state) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", name).put("id", id).put("type", "Microsoft.Network/" + type);
        json.putObject("properties").put("provisioningState", state);
        return json;
    }

    private String state(Instant ready) {
        return clock.instant().isBefore(ready) ? "Updating" : "Succeeded";
    }

    ObjectNode show(Network network) {
        ObjectNode json =
                resource(network.id(), network.name(), NETWORKS, "Succeeded").put("location", network.region());
        ArrayNode prefixes = json.withObject("/properties/addressSpace").putArray("addressPrefixes");
        network.vnet().addressSpaces().forEach(space -> prefixes.add(space.toString()));
        List<Community> communities = network.vnet().communities();
        if (!communities.isEmpty()) {
            ObjectNode shown = json.withObject("/properties/bgpCommunities");
            shown.put("virtualNetworkCommunity", communities.get(0).toString());
            if (communities.size() > 1) {
                shown.put("regionalCommunity", communities.get(1).toString());
            }
        }
        return json;
    }

    ObjectNode show(Gateway gateway) {
        ObjectNode json = resource(gateway.id(), gateway.name(), GATEWAYS, state(gateway.ready()));
        ObjectNode properties = json.withObject("/properties").put("gatewayType", "ExpressRoute");
        properties
                .putArray("ipConfigurations")
                .addObject()
                .putObject("properties")
                .putObject("subnet")
                .put("id", gateway.network() + "/subnets/GatewaySubnet");
        return json;
    }

    ObjectNode show(Connection connection) {
        boolean down =
                connection.circuit().snapshot().map(PeerSnapshot::vnetOverLimit).orElse(true);
        String status =
                clock.instant().isBefore(connection.ready()) ? "Connecting" : down ? "NotConnected" : "Connected";
        ObjectNode json = resource(connection.id(), connection.name(), CONNECTIONS, state(connection.ready()));
        ObjectNode properties = json.withObject("/properties")
                .put("connectionType", "ExpressRoute")
                .put("connectionStatus", status)
                .put("routingWeight", 0);
        properties.putObject("virtualNetworkGateway1").put("id", connection.gateway());
        properties.putObject("peer").put("id", views.id(connection.circuit()));
        return json;
    }
}
