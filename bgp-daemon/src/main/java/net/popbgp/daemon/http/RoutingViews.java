package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.route.PeerRouting;

/** What is beyond policies about routes, as JSON; names as in the configuration file. */
final class RoutingViews {

    private RoutingViews() {}

    static ObjectNode nextHops(NextHopTable table) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode rows = json.putArray("next-hops");
        table.entries().forEach((prefix, cost) -> {
            ObjectNode row = rows.addObject().put("prefix", prefix.toString());
            if (cost == NextHopTable.UNREACHABLE) {
                row.put("unreachable", true);
            } else {
                row.put("cost", cost);
            }
        });
        return json;
    }

    static void routing(ObjectNode json, PeerRouting routing) {
        json.put("reflector-client", routing.reflectorClient())
                .put("graceful-shutdown", routing.gracefulShutdown())
                .put("drain-prepend", routing.drainPrepend());
    }
}
