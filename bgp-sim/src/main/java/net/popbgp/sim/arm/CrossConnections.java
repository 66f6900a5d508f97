package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/**
 * Answers for {@code expressRouteCrossConnections}: what the connectivity provider sees of the circuits, each called by its service key, and
 * where it says how far it is. Confined to the {@link ArmApi}.
 */
final class CrossConnections {

    private final ArmConfig config;
    private final ArmClock clock;
    private final CircuitStore store;
    private final CircuitViews views;
    private final Operations operations;
    private final RouterActions actions;

    CrossConnections(
            ArmConfig config,
            ArmClock clock,
            CircuitStore store,
            CircuitViews views,
            Operations operations,
            RouterActions actions) {
        this.config = config;
        this.clock = clock;
        this.store = store;
        this.views = views;
        this.operations = operations;
        this.actions = actions;
    }

    ArmResponse handle(ArmRequest request) {
        Instant now = clock.instant();
        if (request.size() == 1 && request.isMethod("GET")) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode();
            ArrayNode value = answer.putArray("value");
            store.all().stream()
                    .filter(circuit -> request.group()
                            .map(group -> group.equalsIgnoreCase(CircuitViews.crossGroup(circuit)))
                            .orElse(true))
                    .forEach(circuit -> value.add(views.crossConnection(circuit, now)));
            return ArmResponse.ok(answer);
        }
        ArmCircuit circuit = require(request);
        if (request.size() == 2) {
            return switch (request.method()) {
                case "GET" -> ArmResponse.ok(views.crossConnection(circuit, now));
                case "PUT" -> put(request, circuit, now);
                default -> throw request.notAllowed();
            };
        }
        boolean ofPeering =
                request.word(2).equals("peerings") && request.word(3).equals("azureprivatepeering");
        if (request.size() == 6 && request.isMethod("POST") && ofPeering) {
            return actions.begin(request, circuit, true);
        }
        throw request.notAllowed();
    }

    private ArmCircuit require(ArmRequest request) {
        String group = request.requireGroup();
        List<ArmCircuit> found = store.all().stream()
                .filter(circuit -> circuit.identity().serviceKey().toString().equalsIgnoreCase(request.name(1)))
                .filter(circuit -> group.equalsIgnoreCase(CircuitViews.crossGroup(circuit)))
                .toList();
        if (found.isEmpty()) {
            throw ArmException.notFound("expressRouteCrossConnections", request.name(1), group);
        }
        return found.get(0);
    }

    private ArmResponse put(ArmRequest request, ArmCircuit circuit, Instant now) {
        JsonNode wanted = request.body().path("properties").path("serviceProviderProvisioningState");
        ProviderState state = ProviderState.of(wanted.asText())
                .orElseThrow(() -> ArmException.invalid(
                        "serviceProviderProvisioningState",
                        "must be one of " + List.of(ProviderState.values()) + ", not '" + wanted.asText() + "'"));
        Instant ready = now.plus(config.operationTime());
        circuit.provisioning().ask(state, now, config.operationTime());
        return operations.updating(request, 200, views.crossConnection(circuit, now), ready);
    }
}
