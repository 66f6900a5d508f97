package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;

/** The actions on a peering that ask its routers, the customer's and the provider's. Confined to the {@link ArmApi}. */
final class RouterActions {

    private final ArmConfig config;
    private final ArmClock clock;
    private final Operations operations;
    private final VirtualNetworks networks;

    RouterActions(ArmConfig config, ArmClock clock, Operations operations, VirtualNetworks networks) {
        this.config = config;
        this.clock = clock;
        this.operations = operations;
        this.networks = networks;
    }

    /** Begins {@code …/peerings/TYPE/ACTION/DEVICE}; the table is read when the result is fetched. */
    ArmResponse begin(ArmRequest request, ArmCircuit circuit, boolean provider) {
        String action = request.word(4);
        String device = request.word(5);
        if (!device.equals("primary") && !device.equals("secondary")) {
            throw ArmException.invalid("devicePath", "must be 'primary' or 'secondary', not '" + request.name(5) + "'");
        }
        if (!action.equals("arptables") && !action.equals("routetables") && !action.equals("routetablessummary")) {
            throw new ArmException(404, "InvalidResourceType", "There is no action '" + request.name(4) + "'.");
        }
        view(circuit);
        boolean primary = device.equals("primary");
        return operations.accepted(
                request,
                clock.instant().plus(config.operationTime()),
                () -> Optional.of(table(view(circuit), action, primary, provider)));
    }

    private JsonNode table(RouterView view, String action, boolean primary, boolean provider) {
        return switch (action) {
            case "arptables" -> RouterTables.arp(view, primary, config.onPremOnlyArp());
            case "routetables" -> RouterTables.routes(view, primary);
            default -> provider ? RouterTables.providerSummary(view, primary) : RouterTables.summary(view, primary);
        };
    }

    /** {@return what is to be shown of the routers} */
    RouterView view(ArmCircuit circuit) {
        return CircuitStore.view(circuit, networks.links(circuit), clock)
                .orElseThrow(() -> new ArmException(
                        404,
                        "ResourceNotFound",
                        "Circuit " + circuit.name() + " has no " + ArmPeering.PRIVATE + " with a router."));
    }
}
