package net.popbgp.sim.azure;

import java.net.InetAddress;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.PeerSnapshot.ReceivedRoute;

/** What the PoP announces on one session, and how much of it. Confined to the peer's loop. */
final class ReceivedRoutes {

    private AzureCircuit circuit;
    private final SortedMap<Prefix, ReceivedRoute> routes = new TreeMap<>();
    private final Map<AddressFamily, Integer> counts = new HashMap<>();

    ReceivedRoutes(AzureCircuit circuit) {
        this.circuit = circuit;
    }

    /** Judges by another configuration from here on. */
    void reconfigure(AzureCircuit next) {
        circuit = next;
    }

    void clear() {
        routes.clear();
        counts.clear();
    }

    int count(AddressFamily family) {
        return counts.getOrDefault(family, 0);
    }

    SortedMap<Prefix, ReceivedRoute> copy() {
        return Collections.unmodifiableSortedMap(new TreeMap<>(routes));
    }

    void withdraw(UpdateMessage update) {
        for (PackedPrefixes prefixes : update.withdrawn()) {
            for (int i = 0; i < prefixes.size(); i++) {
                if (routes.remove(prefixes.get(i)) != null) {
                    counts.merge(prefixes.family(), -1, Integer::sum);
                }
            }
        }
    }

    /** Judges attributes once for all the prefixes that share them. */
    ReceivedRoute judge(PathAttributes attributes) {
        int ownAs = attributes.asPath().count(circuit.profile().localAs());
        String refused = "";
        if (ownAs > circuit.profile().allowOwnAs()) {
            refused = "own AS " + ownAs + " times in the path";
        } else if (!isUsable(attributes)) {
            refused = "next hop not usable";
        }
        return new ReceivedRoute(attributes, refused, ownAs > 0);
    }

    /** A next hop of the link's family must be on the link and not the router itself. */
    private boolean isUsable(PathAttributes attributes) {
        Optional<InetAddress> address = attributes.nextHop().map(hop -> hop.address());
        if (address.isEmpty()) {
            return false;
        }
        boolean sameFamily =
                address.get().getAddress().length == circuit.azureAddress().getAddress().length;
        return !sameFamily || circuit.isOnLink(address.get()) && !address.get().equals(circuit.azureAddress());
    }

    /** {@return whether the prefix is new} */
    boolean put(Prefix prefix, ReceivedRoute route) {
        boolean fresh = routes.put(prefix, route) == null;
        if (fresh) {
            counts.merge(prefix.family(), 1, Integer::sum);
        }
        return fresh;
    }
}
