package net.popbgp.sim;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.arm.ArmConfig;
import net.popbgp.sim.arm.CircuitIdentity;
import net.popbgp.sim.arm.CircuitSku;
import net.popbgp.sim.arm.ProviderState;

/** Reads {@code arm}, and what is said of it under {@code azure} of each circuit. Not thread-safe. */
final class ArmReader {

    private final Map<String, CircuitIdentity> identities = new HashMap<>();
    private final String resourceGroup;
    private int circuits;

    /** @param top the whole file, whose {@code arm} may give the resource group */
    ArmReader(ConfigNode top) {
        resourceGroup = top.child("arm").text("resource-group", ArmConfig.RESOURCE_GROUP, text -> text);
    }

    /** Reads a circuit's {@code azure}; circuits are read in the order of the file. */
    void circuit(String name, ConfigNode circuit) {
        circuits++;
        CircuitIdentity preset = CircuitIdentity.preset(resourceGroup, name, circuits);
        ConfigNode node = circuit.child("azure");
        try {
            identities.put(
                    name,
                    new CircuitIdentity(
                            node.text("resource-group", preset.resourceGroup(), text -> text),
                            node.text("region", preset.region(), text -> text),
                            node.text("service-key", preset.serviceKey(), UUID::fromString),
                            node.text("provider", preset.provider(), text -> text),
                            node.text("peering-location", preset.peeringLocation(), text -> text),
                            node.integer("bandwidth-mbps", preset.bandwidthMbps()),
                            node.text("family", preset.family(), ArmReader::family),
                            node.integer("stag", preset.stag()),
                            OptionalInt.of(node.integer("vlan", preset.vlan().orElse(1))),
                            node.text("secondary-peering", preset.secondary(), text -> Optional.of(Prefix.of(text))),
                            node.text("provider-state", preset.state(), ArmReader::state)));
        } catch (IllegalArgumentException e) {
            circuit.problem("azure", String.valueOf(e.getMessage()));
        } finally {
            node.refuseUnknown();
        }
    }

    private static CircuitSku.Family family(String text) {
        return switch (text) {
            case "metered" -> CircuitSku.Family.MeteredData;
            case "unlimited" -> CircuitSku.Family.UnlimitedData;
            default -> throw new IllegalArgumentException("must be metered or unlimited, not '" + text + "'");
        };
    }

    private static ProviderState state(String text) {
        return ProviderState.of(text)
                .orElseThrow(() -> new IllegalArgumentException(
                        "must be one of " + List.of(ProviderState.values()) + ", not '" + text + "'"));
    }

    /** {@return what {@code arm} says; empty if there is none} */
    Optional<ArmConfig> read(ConfigNode top, Path directory) {
        if (!top.has("arm")) {
            return Optional.empty();
        }
        ConfigNode node = top.child("arm");
        requireKeysApart(top);
        try {
            return Optional.of(new ArmConfig(
                    node.text(
                            "listen",
                            new InetSocketAddress(IpAddresses.parse("127.0.0.1"), ArmConfig.DEFAULT_PORT),
                            SimConfig::socketAddress),
                    SimConfig.secret(node, "token", directory),
                    node.text("subscription", ArmConfig.SUBSCRIPTION, text -> text),
                    node.text("resource-group", ArmConfig.RESOURCE_GROUP, text -> text),
                    node.integer("clock-speed", 1),
                    node.duration("operation-time", ArmConfig.OPERATION_TIME),
                    node.duration("gateway-time", ArmConfig.GATEWAY_TIME),
                    node.integer("bgp-port", SimConfig.BGP_PORT),
                    node.integer("pop-port", SimConfig.BGP_PORT),
                    node.text("arp-rows", false, ArmReader::onPremOnly),
                    identities));
        } catch (IllegalArgumentException e) {
            top.problem("arm", String.valueOf(e.getMessage()));
            return Optional.empty();
        } finally {
            node.refuseUnknown();
        }
    }

    private void requireKeysApart(ConfigNode top) {
        long different = identities.values().stream()
                .map(CircuitIdentity::serviceKey)
                .distinct()
                .count();
        if (different < identities.size()) {
            top.problem("circuits", "two circuits have the same service key");
        }
    }

    private static boolean onPremOnly(String text) {
        if (!Arrays.asList("both", "on-prem-only").contains(text)) {
            throw new IllegalArgumentException("must be both or on-prem-only, not '" + text + "'");
        }
        return text.equals("on-prem-only");
    }
}
