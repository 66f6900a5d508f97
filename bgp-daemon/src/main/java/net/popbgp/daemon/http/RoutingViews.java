package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.rib.AggregateStatus;
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

    static ObjectNode aggregates(List<AggregateStatus> aggregates) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode rows = json.putArray("aggregates");
        for (AggregateStatus each : aggregates) {
            ObjectNode row = rows.addObject()
                    .put("prefix", each.aggregate().prefix().toString())
                    .put("summary-only", each.aggregate().summaryOnly())
                    .put("ignore-med", each.aggregate().ignoreMed())
                    .put("contributors", each.contributors())
                    .put("originated", each.attributes().isPresent())
                    .put("hindrance", each.hindrance());
            each.attributes().ifPresent(attributes -> row.set("attributes", Views.attributes(attributes)));
        }
        return json;
    }

    static void routing(ObjectNode json, PeerRouting routing) {
        json.put("reflector-client", routing.reflectorClient())
                .put("graceful-shutdown", routing.gracefulShutdown())
                .put("drain-prepend", routing.drainPrepend())
                .put("more-specifics", routing.moreSpecifics())
                .put("export-blackholes", routing.exportBlackholes())
                .put("default-originate", routing.defaultOriginate());
    }
}
