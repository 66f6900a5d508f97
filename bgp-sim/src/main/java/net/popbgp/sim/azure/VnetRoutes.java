package net.popbgp.sim.azure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.session.Wire;
import net.popbgp.sim.load.RouteGenerator;

/**
 * The VNet address spaces behind a circuit, and whether and how they are announced. Tells the session only of what changes on the wire.
 *
 * <p>Confined to the peer's loop.
 */
final class VnetRoutes {

    private AzureCircuit circuit;
    private final TreeMap<Prefix, List<Community>> spaces = new TreeMap<>();
    private final List<Prefix> grown = new ArrayList<>();
    private boolean withdrawn;
    private boolean coreMaintenance;
    private boolean draining;

    VnetRoutes(AzureCircuit circuit) {
        this.circuit = circuit;
        circuit.vnets().forEach(this::connect);
    }

    /** Announces by another configuration from here on; the address spaces stay. */
    void reconfigure(AzureCircuit next) {
        circuit = next;
    }

    void connect(AzureCircuit.Vnet vnet) {
        vnet.addressSpaces().forEach(space -> spaces.put(space, vnet.communities()));
    }

    void disconnect(AzureCircuit.Vnet vnet) {
        vnet.addressSpaces().forEach(spaces::remove);
    }

    /** {@return all address spaces, announced or not} */
    List<Prefix> all() {
        return List.copyOf(spaces.keySet());
    }

    boolean isDraining() {
        return draining;
    }

    boolean isCoreMaintenance() {
        return coreMaintenance;
    }

    boolean isWithdrawn() {
        return withdrawn;
    }

    void setDraining(boolean value) {
        draining = value;
    }

    void setCoreMaintenance(boolean value) {
        coreMaintenance = value;
    }

    void setWithdrawn(boolean value) {
        withdrawn = value;
    }

    /** Connects so many more VNets, of one address space each. */
    void grow(int count) {
        int wanted = count;
        for (int i = 0; wanted > 0; i++) {
            Prefix candidate = RouteGenerator.vnetPrefixes(i, 1).get(0);
            if (!spaces.containsKey(candidate)) {
                spaces.put(candidate, List.of());
                grown.add(candidate);
                wanted--;
            }
        }
    }

    /** Disconnects the address spaces connected last, configured ones after all others. */
    void shrink(int count) {
        for (int i = 0; i < count && !spaces.isEmpty(); i++) {
            if (grown.isEmpty()) {
                spaces.remove(spaces.lastKey());
            } else {
                spaces.remove(grown.remove(grown.size() - 1));
            }
        }
    }

    /** {@return whether the gateway has more IPv4 address spaces than it may announce, and so announces none} */
    boolean isOverLimit() {
        return spaces.keySet().stream().filter(Prefix::isIpv4).count()
                > circuit.profile().vnetLimit();
    }

    /** {@return the address spaces that are to be announced now: those of the peering's family, which must be negotiated} */
    List<Prefix> announced(CodecOptions options) {
        boolean negotiated = options.families().contains(circuit.family());
        if (!negotiated || withdrawn || coreMaintenance || isOverLimit()) {
            return List.of();
        }
        return spaces.keySet().stream()
                .filter(space -> space.family().equals(circuit.family()))
                .toList();
    }

    /** {@return what the address space is announced with} */
    private PathAttributes attributes(Prefix space) {
        long[] path = circuit.profile().vnetAsPath().stream()
                .mapToLong(Long::longValue)
                .toArray();
        AsPath asPath = AsPath.of(path);
        if (draining) {
            asPath = asPath.prepend(
                    circuit.profile().localAs(), circuit.profile().drainPrepends());
        }
        return PathAttributes.builder()
                .asPath(asPath)
                .nextHop(circuit.azureAddress())
                .communities(spaces.getOrDefault(space, List.of()))
                .build();
    }

    /** Sends announcements of the address spaces, as few messages as it takes. */
    void announce(Wire wire, CodecOptions options, List<Prefix> which) {
        Map<PathAttributes, List<Prefix>> groups = new LinkedHashMap<>();
        for (Prefix space : which) {
            groups.computeIfAbsent(attributes(space), attributes -> new ArrayList<>())
                    .add(space);
        }
        UpdatePacker packer = new UpdatePacker(options);
        groups.forEach(
                (attributes, prefixes) -> packer.announce(attributes, PackedPrefixes.of(circuit.family(), prefixes)));
        flush(wire, packer);
    }

    void withdraw(Wire wire, CodecOptions options, List<Prefix> which) {
        UpdatePacker packer = new UpdatePacker(options);
        packer.withdraw(PackedPrefixes.of(circuit.family(), which));
        flush(wire, packer);
    }

    static void endOfRib(Wire wire, CodecOptions options) {
        UpdatePacker packer = new UpdatePacker(options);
        options.families().forEach(packer::endOfRib);
        flush(wire, packer);
    }

    private static void flush(Wire wire, UpdatePacker packer) {
        int messages = packer.messages();
        if (messages > 0) {
            wire.sendEncoded(packer.take(), messages);
        }
    }
}
