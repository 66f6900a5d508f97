package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.arm.NetworkViews.Connection;
import net.popbgp.sim.arm.NetworkViews.Gateway;
import net.popbgp.sim.arm.NetworkViews.Network;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.azure.AzurePeer;

/**
 * Virtual networks, their ExpressRoute gateways, and the connections of gateways to circuits: a connection makes the circuit's router
 * announce the network. At most 1,000 of each. Confined to the {@link ArmApi}.
 */
final class VirtualNetworks {

    private static final List<String> TYPES =
            List.of(NetworkViews.NETWORKS, NetworkViews.GATEWAYS, NetworkViews.CONNECTIONS);
    private static final int MAX_RESOURCES = 1000;
    private static final int MAX_SPACES = 10_000;

    /** The private-peering community of a region, which goes with a network's own. */
    private static final Map<String, String> REGIONAL = Map.of(
            "eastus", "12076:50004",
            "eastus2", "12076:50005",
            "westus", "12076:50006",
            "northeurope", "12076:50003",
            "westeurope", "12076:50002",
            "uksouth", "12076:50024",
            "southeastasia", "12076:50011");

    private final ArmConfig config;
    private final ArmClock clock;
    private final CircuitViews views;
    private final NetworkViews shown;
    private final CircuitStore circuits;
    private final Operations operations;
    private final Map<String, Network> networks = new LinkedHashMap<>();
    private final Map<String, Gateway> gateways = new LinkedHashMap<>();
    private final Map<String, Connection> connections = new LinkedHashMap<>();

    VirtualNetworks(
            ArmConfig config, ArmClock clock, CircuitViews views, CircuitStore circuits, Operations operations) {
        this.config = config;
        this.clock = clock;
        this.views = views;
        this.shown = new NetworkViews(clock, views);
        this.circuits = circuits;
        this.operations = operations;
        circuits.all().forEach(this::adopt);
    }

    /** Makes resources of the networks that are configured behind a circuit. */
    private void adopt(ArmCircuit circuit) {
        String group = circuit.identity().resourceGroup();
        List<AzureCircuit.Vnet> vnets =
                circuit.router().map(router -> router.circuit().vnets()).orElse(List.of());
        for (AzureCircuit.Vnet vnet : vnets) {
            String name = circuit.name() + "-" + vnet.name();
            Network network = new Network(
                    views.id(group, NetworkViews.NETWORKS, name),
                    name,
                    circuit.identity().region(),
                    vnet);
            Gateway gateway = new Gateway(
                    views.id(group, NetworkViews.GATEWAYS, name + "-gw"), name + "-gw", network.id(), Instant.MIN);
            Connection link = new Connection(
                    views.id(group, NetworkViews.CONNECTIONS, name), name, gateway.id(), circuit, Instant.MIN);
            networks.put(key(network.id()), network);
            gateways.put(key(gateway.id()), gateway);
            connections.put(key(link.id()), link);
        }
    }

    private static String key(String id) {
        return id.toLowerCase(Locale.ROOT);
    }

    /** {@return whether it answers for the type} */
    static boolean has(String type) {
        return TYPES.stream().anyMatch(type::equalsIgnoreCase);
    }

    /** {@return the networks linked to a circuit, in the order of their connections} */
    List<VnetLink> links(ArmCircuit circuit) {
        return connections.values().stream()
                .filter(connection -> connection.circuit() == circuit)
                .flatMap(connection ->
                        network(connection).stream().map(network -> new VnetLink(connection.name(), network.vnet())))
                .toList();
    }

    private Optional<Network> network(Connection connection) {
        return Optional.ofNullable(gateways.get(key(connection.gateway())))
                .map(gateway -> networks.get(key(gateway.network())));
    }

    ArmResponse handle(ArmRequest request) {
        String wanted = TYPES.stream()
                .filter(type -> type.equalsIgnoreCase(request.name(0)))
                .findFirst()
                .orElse(NetworkViews.CONNECTIONS);
        if (request.size() == 1 && request.isMethod("GET")) {
            return list(wanted, request);
        }
        if (request.size() == 3 && wanted.equals(NetworkViews.GATEWAYS) && request.isMethod("POST")) {
            return learnedRoutes(request);
        }
        if (request.size() != 2) {
            throw request.notAllowed();
        }
        String id = views.id(request.requireGroup(), wanted, request.name(1));
        return switch (request.method()) {
            case "GET" -> ArmResponse.ok(shown(wanted, id).orElseThrow(() -> notFound(request, wanted)));
            case "PUT" -> put(wanted, id, request);
            case "DELETE" -> delete(wanted, id, request);
            default -> throw request.notAllowed();
        };
    }

    /** Begins the action; the routes are read when the result is fetched. */
    private ArmResponse learnedRoutes(ArmRequest request) {
        if (!request.word(2).equals("getlearnedroutes")) {
            throw new ArmException(404, "InvalidResourceType", "There is no action '" + request.name(2) + "'.");
        }
        String id = views.id(request.requireGroup(), NetworkViews.GATEWAYS, request.name(1));
        Gateway gateway =
                Optional.ofNullable(gateways.get(key(id))).orElseThrow(() -> notFound(request, NetworkViews.GATEWAYS));
        return operations.accepted(
                request,
                clock.instant().plus(config.operationTime()),
                () -> Optional.ofNullable(networks.get(key(gateway.network())))
                        .map(network -> LearnedRoutes.of(
                                new VnetLink(gateway.name(), network.vnet()), routers(gateway.network()))));
    }

    private static ArmException notFound(ArmRequest request, String type) {
        return ArmException.notFound(type, request.name(1), request.requireGroup());
    }

    private ArmResponse list(String type, ArmRequest request) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode value = answer.putArray("value");
        all(type).keySet().stream()
                .filter(id -> request.group()
                        .map(group -> id.startsWith(key(views.id(group, type, ""))))
                        .orElse(true))
                .forEach(id -> shown(type, id).ifPresent(value::add));
        return ArmResponse.ok(answer);
    }

    private Map<String, ?> all(String type) {
        return switch (type) {
            case NetworkViews.NETWORKS -> networks;
            case NetworkViews.GATEWAYS -> gateways;
            default -> connections;
        };
    }

    private Optional<ObjectNode> shown(String type, String id) {
        String key = key(id);
        return switch (type) {
            case NetworkViews.NETWORKS -> Optional.ofNullable(networks.get(key)).map(shown::show);
            case NetworkViews.GATEWAYS -> Optional.ofNullable(gateways.get(key)).map(shown::show);
            default -> Optional.ofNullable(connections.get(key)).map(shown::show);
        };
    }

    private ArmResponse put(String type, String id, ArmRequest request) {
        boolean known = all(type).containsKey(key(id));
        if (!known && all(type).size() >= MAX_RESOURCES) {
            throw new ArmException(
                    409,
                    "SubscriptionQuotaExceeded",
                    "This simulator holds at most " + MAX_RESOURCES + " " + type + ".");
        }
        JsonNode properties = request.body().path("properties");
        Instant ready = clock.instant()
                .plus(type.equals(NetworkViews.GATEWAYS) ? config.gatewayTime() : config.operationTime());
        switch (type) {
            case NetworkViews.NETWORKS -> putNetwork(id, request, properties);
            case NetworkViews.GATEWAYS -> putGateway(id, request, properties, ready);
            default -> connect(id, request, properties, ready);
        }
        return operations.updating(request, known ? 200 : 201, shown(type, id).orElseThrow(), ready);
    }

    private void putNetwork(String id, ArmRequest request, JsonNode properties) {
        List<Prefix> spaces = new ArrayList<>();
        for (JsonNode each : properties.path("addressSpace").path("addressPrefixes")) {
            try {
                spaces.add(Prefix.of(each.asText()));
            } catch (IllegalArgumentException e) {
                throw ArmException.invalid("addressSpace.addressPrefixes", "has no prefix: " + e.getMessage());
            }
        }
        if (spaces.isEmpty() || spaces.size() > MAX_SPACES) {
            throw ArmException.invalid(
                    "addressSpace.addressPrefixes", "must have 1.." + MAX_SPACES + " prefixes, not " + spaces.size());
        }
        String region = request.body().path("location").asText(CircuitIdentity.REGION);
        AzureCircuit.Vnet vnet = new AzureCircuit.Vnet(request.name(1), spaces, communities(region, properties));
        Network before = networks.put(key(id), new Network(id, request.name(1), region, vnet));
        if (before != null) {
            routers(id).forEach(router -> {
                CircuitStore.await(router.disconnect(before.vnet()));
                CircuitStore.await(router.connect(vnet));
            });
        }
    }

    /** A network's own community, and with it the region's. */
    private static List<Community> communities(String region, JsonNode properties) {
        String own = properties
                .path("bgpCommunities")
                .path("virtualNetworkCommunity")
                .asText();
        if (own.isEmpty()) {
            return List.of();
        }
        if (!own.matches("12076:2\\d{4}")) {
            throw ArmException.invalid(
                    "bgpCommunities.virtualNetworkCommunity", "must be 12076:20000 to 12076:29999, not '" + own + "'");
        }
        return Optional.ofNullable(REGIONAL.get(region))
                .map(regional -> List.of(Community.of(own), Community.of(regional)))
                .orElse(List.of(Community.of(own)));
    }

    private List<AzurePeer> routers(String networkId) {
        return connections.values().stream()
                .filter(connection -> network(connection)
                        .filter(network -> network.id().equalsIgnoreCase(networkId))
                        .isPresent())
                .flatMap(connection -> connection.circuit().router().stream())
                .toList();
    }

    private void putGateway(String id, ArmRequest request, JsonNode properties, Instant ready) {
        if (!properties.path("gatewayType").asText().equals("ExpressRoute")) {
            throw ArmException.invalid("gatewayType", "must be 'ExpressRoute'");
        }
        String subnet =
                properties.at("/ipConfigurations/0/properties/subnet/id").asText();
        Network network = networks.get(key(subnet.replaceFirst("/subnets/[^/]*$", "")));
        if (network == null) {
            throw ArmException.invalid(
                    "ipConfigurations[0].properties.subnet.id", "names no virtual network: '" + subnet + "'");
        }
        gateways.putIfAbsent(key(id), new Gateway(id, request.name(1), network.id(), ready));
    }

    private void connect(String id, ArmRequest request, JsonNode properties, Instant ready) {
        if (!properties.path("connectionType").asText().equals("ExpressRoute")) {
            throw ArmException.invalid("connectionType", "must be 'ExpressRoute'");
        }
        String gatewayId = properties.at("/virtualNetworkGateway1/id").asText();
        Gateway gateway = gateways.get(key(gatewayId));
        if (gateway == null) {
            throw ArmException.invalid("virtualNetworkGateway1.id", "names no gateway: '" + gatewayId + "'");
        }
        if (clock.instant().isBefore(gateway.ready())) {
            throw new ArmException(
                    409,
                    "GatewayNotProvisioned",
                    "The virtual network gateway '" + gateway.name() + "' is still being deployed.");
        }
        String circuitId = properties.at("/peer/id").asText();
        ArmCircuit circuit = circuits.all().stream()
                .filter(each -> views.id(each).equalsIgnoreCase(circuitId))
                .findFirst()
                .orElseThrow(() -> ArmException.invalid("peer.id", "names no circuit: '" + circuitId + "'"));
        if (connections.containsKey(key(id))) {
            return;
        }
        requireRoom(circuit, gateway);
        connections.put(key(id), new Connection(id, request.name(1), gateway.id(), circuit, ready));
        Optional.ofNullable(networks.get(key(gateway.network())))
                .ifPresent(network ->
                        circuit.router().ifPresent(router -> CircuitStore.await(router.connect(network.vnet()))));
    }

    private void requireRoom(ArmCircuit circuit, Gateway gateway) {
        List<Connection> present = connections.values().stream()
                .filter(connection -> connection.circuit() == circuit)
                .toList();
        if (present.stream().anyMatch(connection -> connection.gateway().equals(gateway.id()))) {
            throw new ArmException(
                    409,
                    "ConnectionAlreadyExists",
                    "The gateway '" + gateway.name() + "' is connected to circuit " + circuit.name() + " already.");
        }
        int most = circuit.sku().maxVnets(circuit.bandwidthMbps());
        if (present.size() >= most) {
            throw new ArmException(
                    400,
                    "CircuitVirtualNetworkLinkLimitReached",
                    "Circuit " + circuit.name() + " has " + present.size() + " virtual networks linked, the most for "
                            + circuit.sku().tier() + " with " + circuit.bandwidthMbps() + " Mbps is " + most + ".");
        }
    }

    private ArmResponse delete(String type, String id, ArmRequest request) {
        if (shown(type, id).isEmpty()) {
            return new ArmResponse(204, null, Map.of());
        }
        switch (type) {
            case NetworkViews.NETWORKS -> {
                requireUnused(
                        id,
                        gateways.values().stream()
                                .anyMatch(each -> each.network().equalsIgnoreCase(id)));
                networks.remove(key(id));
            }
            case NetworkViews.GATEWAYS -> {
                requireUnused(
                        id,
                        connections.values().stream()
                                .anyMatch(each -> each.gateway().equalsIgnoreCase(id)));
                gateways.remove(key(id));
            }
            default -> Optional.ofNullable(connections.remove(key(id))).ifPresent(this::disconnect);
        }
        return operations.accepted(request, clock.instant().plus(config.operationTime()), Optional::empty);
    }

    private void disconnect(Connection gone) {
        network(gone)
                .ifPresent(network -> gone.circuit()
                        .router()
                        .ifPresent(router -> CircuitStore.await(router.disconnect(network.vnet()))));
    }

    private static void requireUnused(String id, boolean used) {
        if (used) {
            throw new ArmException(409, "ResourceInUse", "The resource " + id + " is in use by another resource.");
        }
    }
}
