package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.sim.azure.AzurePeer;
import net.popbgp.sim.azure.PeerSnapshot;

/**
 * What a virtual network's gateway has learned from the routers of the circuits that it is connected to, in the shape of captured answers: own
 * networks first, with an empty path, then what the PoPs announce, behind Azure's own AS, with hyphens. The gateway takes the shortest paths
 * among equal weights, all that there are. No state.
 */
final class LearnedRoutes {

    private static final int OWN_WEIGHT = 32_768;
    private static final int WEIGHT = 32_769;

    private LearnedRoutes() {}

    /**
     * {@return the rows of both instances}
     *
     * @param link the network, as any of its circuits has it
     * @param routers of the connected circuits
     */
    static JsonNode of(VnetLink link, List<AzurePeer> routers) {
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        ArrayNode rows = answer.putArray("value");
        link.gateways().forEach(instance -> {
            String local = IpAddresses.text(instance);
            for (Prefix space : link.vnet().addressSpaces()) {
                row(rows, local, space, "", "Network", local, "", OWN_WEIGHT);
            }
            for (AzurePeer router : routers) {
                learned(rows, local, router);
            }
        });
        return answer;
    }

    private static void learned(ArrayNode rows, String local, AzurePeer router) {
        PeerSnapshot snapshot = router.snapshot();
        if (snapshot.vnetOverLimit() || snapshot.faults().contains("core-maintenance")) {
            return; // no session with the gateway, or nothing behind it
        }
        String peer = IpAddresses.text(router.circuit().azureAddress());
        int drain =
                snapshot.faults().contains("drain") ? router.circuit().profile().drainPrepends() : 0;
        String azure = router.circuit().profile().localAs().toString();
        snapshot.received().forEach((prefix, route) -> {
            if (route.refused().isEmpty()) {
                List<String> path = new ArrayList<>(Collections.nCopies(1 + drain, azure));
                path.addAll(words(route.attributes().asPath()));
                row(rows, local, prefix, peer, "EBgp", peer, String.join("-", path), WEIGHT);
            }
        });
    }

    private static List<String> words(AsPath path) {
        String text = path.toString();
        return text.isEmpty() ? List.of() : List.of(text.split(" "));
    }

    private static void row(
            ArrayNode rows,
            String local,
            Prefix network,
            String nextHop,
            String origin,
            String sourcePeer,
            String path,
            int weight) {
        rows.addObject()
                .put("localAddress", local)
                .put("network", network.toString())
                .put("nextHop", nextHop)
                .put("sourcePeer", sourcePeer)
                .put("origin", origin)
                .put("asPath", path)
                .put("weight", weight);
    }
}
