package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.net.Asn;
import net.popbgp.sim.azure.AzurePeer;
import net.popbgp.sim.azure.AzureProfile;
import net.popbgp.sim.azure.PeerSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * A circuit's resource: what was ordered, how far the provider is, its peerings, and the router behind the private one. Confined to the
 * {@link ArmApi}.
 */
final class ArmCircuit {

    private final String name;
    private final CircuitIdentity identity;
    private final Provisioning provisioning;
    private final Map<String, ArmPeering> peerings = new LinkedHashMap<>();
    private CircuitSku sku;
    private int bandwidthMbps;
    private ObjectNode tags = JsonNodeFactory.instance.objectNode();
    private @Nullable AzurePeer router;
    private @Nullable PeerSnapshot stale;
    private boolean hidden;
    private int version = 1;
    private Instant settled = Instant.MIN;

    ArmCircuit(String name, CircuitIdentity identity, CircuitSku sku) {
        this.name = name;
        this.identity = identity;
        this.sku = sku;
        this.bandwidthMbps = identity.bandwidthMbps();
        this.provisioning = new Provisioning(identity.state());
    }

    String name() {
        return name;
    }

    CircuitIdentity identity() {
        return identity;
    }

    Provisioning provisioning() {
        return provisioning;
    }

    int bandwidthMbps() {
        return bandwidthMbps;
    }

    ObjectNode tags() {
        return tags;
    }

    int version() {
        return version;
    }

    /** {@return whether a fault keeps it from being found} */
    boolean isHidden() {
        return hidden;
    }

    void hide(boolean value) {
        hidden = value;
    }

    /** {@return the SKU; its tier is the router's if that was changed on the control port} */
    CircuitSku sku() {
        if (router != null && router.snapshot().sku() != sku.tier().sku()) {
            return new CircuitSku(CircuitSku.Tier.of(router.snapshot().sku()), sku.family());
        }
        return sku;
    }

    void order(CircuitSku nextSku, int nextBandwidth, ObjectNode nextTags) {
        sku = nextSku;
        bandwidthMbps = nextBandwidth;
        tags = nextTags;
    }

    void tag(ObjectNode nextTags) {
        tags = nextTags;
        version++;
    }

    Optional<AzurePeer> router() {
        return Optional.ofNullable(router);
    }

    void setRouter(AzurePeer value) {
        router = value;
    }

    Asn azureAs() {
        return router == null
                ? AzureProfile.DEFAULT.localAs()
                : router.circuit().profile().localAs();
    }

    /** {@return the router's state, or the one it had when a fault froze the tables} */
    Optional<PeerSnapshot> snapshot() {
        return stale != null ? Optional.of(stale) : router().map(AzurePeer::snapshot);
    }

    void freeze(boolean on) {
        stale = on && router != null ? router.snapshot() : null;
    }

    /** {@return the peering; whether the private one is enabled is up to its router} */
    Optional<ArmPeering> peering(String type) {
        ArmPeering peering = peerings.get(type);
        if (peering == null || router == null || !type.equals(ArmPeering.PRIVATE)) {
            return Optional.ofNullable(peering);
        }
        boolean enabled = !router.snapshot().faults().contains("admin-down");
        return Optional.of(new ArmPeering(
                type,
                enabled,
                peering.peerAs(),
                peering.primary(),
                peering.secondary(),
                peering.vlan(),
                peering.sharedKey(),
                peering.microsoft(),
                peering.lastModifiedBy()));
    }

    List<ArmPeering> peerings() {
        return peerings.keySet().stream()
                .flatMap(type -> peering(type).stream())
                .toList();
    }

    void put(ArmPeering peering) {
        peerings.put(peering.type(), peering);
    }

    void removePeering(String type) {
        peerings.remove(type);
    }

    /** Marks a change that is done at once but told as under way until then. */
    void changed(Instant until) {
        version++;
        settled = until;
    }

    boolean isUpdating(Instant now) {
        return now.isBefore(settled);
    }

    /** Refuses a change while the one before is under way. */
    void requireSettled(ArmClock clock) {
        if (isUpdating(clock.instant())) {
            throw new ArmException(
                    429,
                    "AnotherOperationInProgress",
                    "Another operation on this or dependent resource is in progress.",
                    (int) clock.realSecondsUntil(settled));
        }
    }
}
