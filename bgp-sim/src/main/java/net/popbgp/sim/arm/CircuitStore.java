package net.popbgp.sim.arm;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.azure.AzureEdge;
import net.popbgp.sim.azure.AzurePeer;
import net.popbgp.sim.azure.AzureProfile;

/** The circuits, and what changes of them do to the routers. Confined to the {@link ArmApi}. */
final class CircuitStore {

    private static final int MAX_CIRCUITS = 1000;
    private static final long ROUTER_SECONDS = 5;

    private final ArmConfig config;
    private final AzureEdge edge;
    private final Map<String, ArmCircuit> circuits = new LinkedHashMap<>();

    CircuitStore(ArmConfig config, AzureEdge edge) {
        this.config = config;
        this.edge = edge;
        for (AzurePeer peer : edge.peers()) {
            adopt(peer, circuits.size() + 1);
        }
    }

    /** Makes a resource of a circuit that is configured; its session runs already. */
    private void adopt(AzurePeer peer, int number) {
        AzureCircuit configured = peer.circuit();
        CircuitIdentity identity = config.identities()
                .getOrDefault(
                        configured.name(), CircuitIdentity.preset(config.resourceGroup(), configured.name(), number));
        ArmCircuit circuit = new ArmCircuit(
                configured.name(), identity, new CircuitSku(CircuitSku.Tier.of(configured.sku()), identity.family()));
        Prefix primary = configured.peering();
        Prefix otherHalf = new Prefix(primary.family(), primary.high(), primary.low() ^ 4, primary.length());
        circuit.setRouter(peer);
        circuit.put(new ArmPeering(
                ArmPeering.PRIVATE,
                true,
                configured.peerAs(),
                primary,
                identity.secondary().orElse(otherHalf),
                identity.vlan().orElse(100),
                configured.sharedKey(),
                Optional.empty(),
                "Customer"));
        circuits.put(key(identity.resourceGroup(), configured.name()), circuit);
    }

    private static String key(String group, String name) {
        return (group + "/" + name).toLowerCase(Locale.ROOT);
    }

    /** {@return all that can be found} */
    List<ArmCircuit> all() {
        return circuits.values().stream().filter(circuit -> !circuit.isHidden()).toList();
    }

    Optional<ArmCircuit> find(String group, String name) {
        return Optional.ofNullable(circuits.get(key(group, name))).filter(circuit -> !circuit.isHidden());
    }

    ArmCircuit require(String group, String name) {
        return find(group, name).orElseThrow(() -> ArmException.notFound("expressRouteCircuits", name, group));
    }

    /** {@return a circuit by its name alone, hidden or not} */
    ArmCircuit named(String name) {
        return circuits.values().stream()
                .filter(circuit -> circuit.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no such circuit: '" + name + "'"));
    }

    /** Adds a circuit without a peering. */
    ArmCircuit create(String name, CircuitIdentity identity, CircuitSku sku) {
        boolean taken = edge.peer(name).isPresent()
                || circuits.values().stream().anyMatch(circuit -> circuit.name().equalsIgnoreCase(name));
        if (taken || circuits.size() >= MAX_CIRCUITS) {
            throw new ArmException(
                    409,
                    taken ? "CircuitNameInUse" : "SubscriptionQuotaExceeded",
                    taken
                            ? "This simulator has a circuit named '" + name + "' in another resource group."
                            : "This simulator holds at most " + MAX_CIRCUITS + " circuits.");
        }
        ArmCircuit circuit = new ArmCircuit(name, identity, sku);
        circuits.put(key(identity.resourceGroup(), name), circuit);
        return circuit;
    }

    void delete(ArmCircuit circuit) {
        circuit.router().ifPresent(router -> await(edge.remove(router.circuit().name())));
        circuits.remove(key(circuit.identity().resourceGroup(), circuit.name()));
    }

    /** Configures the private peering: the session is ended with 6/6 if it cannot go on, 6/2 if the peering is disabled. */
    void apply(ArmCircuit circuit, ArmPeering next, List<AzureCircuit.Vnet> vnets) {
        Optional<AzurePeer> present = circuit.router();
        Optional<ArmPeering> before = circuit.peering(ArmPeering.PRIVATE);
        AzurePeer router = present.orElseGet(() -> start(circuit, next, vnets));
        if (!next.enabled()) {
            await(router.adminDown(""));
        }
        if (present.isPresent() && before.map(next::isOtherSession).orElse(true)) {
            await(router.reconfigure(router.circuit().withPeering(next.primary(), next.peerAs(), next.sharedKey())));
        }
        if (next.enabled()) {
            await(router.adminUp());
        }
        boolean lost = isLost(circuit, next.vlan());
        if (lost != before.map(peering -> isLost(circuit, peering.vlan())).orElse(false)) {
            await(router.linkDown(lost));
        }
    }

    /** {@return whether the provider does not carry frames with this tag} */
    private static boolean isLost(ArmCircuit circuit, int vlan) {
        return circuit.identity().vlan().orElse(vlan) != vlan;
    }

    private AzurePeer start(ArmCircuit circuit, ArmPeering peering, List<AzureCircuit.Vnet> vnets) {
        AzurePeer router = edge.add(new AzureCircuit(
                circuit.name(),
                peering.primary(),
                peering.peerAs(),
                config.bgpPort(),
                config.popPort(),
                false,
                peering.sharedKey(),
                circuit.sku().tier().sku(),
                vnets,
                AzureProfile.DEFAULT));
        try {
            await(router.start());
        } catch (ArmException e) {
            await(edge.remove(circuit.name()));
            throw e;
        }
        circuit.setRouter(router);
        return router;
    }

    /** Deletes a peering: the session is ended with 6/3. */
    static void deletePeering(ArmCircuit circuit, String type) {
        circuit.removePeering(type);
        if (type.equals(ArmPeering.PRIVATE)) {
            circuit.router().ifPresent(router -> await(router.unconfigure()));
        }
    }

    /** Waits for a router; what it fails with is answered. */
    static void await(CompletableFuture<Void> done) {
        try {
            done.orTimeout(ROUTER_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException e) {
            Throwable cause = e;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new ArmException(400, "PeeringNotConfigured", "The router failed: " + cause.getMessage());
        }
    }

    /** {@return what is to be shown of the routers of the private peering} */
    static Optional<RouterView> view(ArmCircuit circuit, List<VnetLink> links, ArmClock clock) {
        Optional<ArmPeering> peering = circuit.peering(ArmPeering.PRIVATE);
        Instant now = clock.real();
        return circuit.snapshot()
                .flatMap(snapshot -> peering.map(each -> {
                    List<String> faults = new ArrayList<>(snapshot.faults());
                    faults.retainAll(List.of("blackhole", "link-down", "admin-down", "unconfigured"));
                    return new RouterView(each, snapshot, links, now, clock.start(), faults.isEmpty());
                }));
    }
}
