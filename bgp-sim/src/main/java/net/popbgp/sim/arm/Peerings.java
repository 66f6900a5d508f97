package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzureCircuit;

/** Answers for the {@code peerings} of a circuit; a private one is what its router does. Confined to the {@link ArmApi}. */
final class Peerings {

    private final ArmConfig config;
    private final ArmClock clock;
    private final CircuitStore store;
    private final CircuitViews views;
    private final Operations operations;
    private final VirtualNetworks networks;
    private final RouterActions actions;

    Peerings(
            ArmConfig config,
            ArmClock clock,
            CircuitStore store,
            CircuitViews views,
            Operations operations,
            VirtualNetworks networks,
            RouterActions actions) {
        this.config = config;
        this.clock = clock;
        this.store = store;
        this.views = views;
        this.operations = operations;
        this.networks = networks;
        this.actions = actions;
    }

    ArmResponse handle(ArmRequest request, ArmCircuit circuit) {
        Instant now = clock.instant();
        boolean get = request.isMethod("GET");
        if (get && request.size() == 3) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            ArrayNode value = answer.putArray("value");
            circuit.peerings().forEach(peering -> value.add(views.peering(circuit, peering, now)));
            return ArmResponse.ok(answer);
        }
        String type = type(request.name(3));
        if (request.size() == 4 && request.isMethod("PUT")) {
            return putPeering(request, circuit, type);
        }
        if (request.size() == 4 && request.isMethod("DELETE")) {
            return deletePeering(request, circuit, type);
        }
        ArmPeering peering = circuit.peering(type)
                .orElseThrow(() -> ArmException.notFound(
                        "expressRouteCircuits/" + circuit.name() + "/peerings",
                        type,
                        circuit.identity().resourceGroup()));
        if (get && request.size() == 4) {
            return ArmResponse.ok(views.peering(circuit, peering, now));
        }
        if (get && request.size() == 5 && request.word(4).equals("stats")) {
            return ArmResponse.ok(RouterTables.stats(actions.view(circuit)));
        }
        if (request.size() == 6 && request.isMethod("POST") && type.equals(ArmPeering.PRIVATE)) {
            return actions.begin(request, circuit, false);
        }
        throw request.notAllowed();
    }

    private static String type(String name) {
        if (name.equalsIgnoreCase(ArmPeering.PRIVATE)) {
            return ArmPeering.PRIVATE;
        }
        if (name.equalsIgnoreCase(ArmPeering.MICROSOFT)) {
            return ArmPeering.MICROSOFT;
        }
        throw ArmException.invalid(
                "peeringName", "must be AzurePrivatePeering or MicrosoftPeering, not '" + name + "'");
    }

    private ArmResponse putPeering(ArmRequest request, ArmCircuit circuit, String type) {
        circuit.requireSettled(clock);
        circuit.provisioning().requireConfigurable(circuit.name(), clock.instant());
        Optional<ArmPeering> present = circuit.peering(type);
        List<ArmPeering> others = circuit.peerings().stream()
                .filter(peering -> !peering.type().equals(type))
                .toList();
        List<AzureCircuit.Vnet> vnets =
                networks.links(circuit).stream().map(VnetLink::vnet).toList();
        List<Prefix> spaces =
                vnets.stream().flatMap(vnet -> vnet.addressSpaces().stream()).toList();
        ArmPeering next =
                PeeringRules.read(type, request.body().path("properties"), circuit.azureAs(), present, others, spaces);
        if (type.equals(ArmPeering.PRIVATE)) {
            store.apply(circuit, next, vnets);
        }
        circuit.put(next);
        Instant ready = clock.instant().plus(config.operationTime());
        circuit.changed(ready);
        return operations.updating(
                request,
                present.isPresent() ? 200 : 201,
                views.peering(circuit, circuit.peering(type).orElseThrow(), clock.instant()),
                ready);
    }

    private ArmResponse deletePeering(ArmRequest request, ArmCircuit circuit, String type) {
        if (circuit.peering(type).isEmpty()) {
            return new ArmResponse(204, null, Map.of());
        }
        circuit.requireSettled(clock);
        CircuitStore.deletePeering(circuit, type);
        Instant ready = clock.instant().plus(config.operationTime());
        circuit.changed(ready);
        return operations.accepted(request, ready, Optional::empty);
    }
}
