package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** The routes of GoBGP's JSON, whose attributes are told apart by their type codes. */
final class GobgpRoutes {

    private static final int MP_REACH_NLRI = 14;
    private static final int EXTENDED_COMMUNITIES = 16;
    private static final int LARGE_COMMUNITIES = 32;
    private static final int ROUTE_TARGET = 2;

    private GobgpRoutes() {}

    /** {@return the paths of a prefix} */
    static List<LabRoute> ofJson(String prefix, JsonNode paths) {
        List<LabRoute> all = new ArrayList<>();
        for (JsonNode path : paths) {
            Map<Integer, JsonNode> attributes = new HashMap<>();
            path.path("attrs").forEach(each -> attributes.put(each.path("type").asInt(), each));
            all.add(route(prefix, attributes));
        }
        return all;
    }

    private static LabRoute route(String prefix, Map<Integer, JsonNode> attributes) {
        JsonNode nextHop = attributes.containsKey(MP_REACH_NLRI)
                ? attributes.get(MP_REACH_NLRI)
                : attribute(attributes, MrtTable.NEXT_HOP);
        return new LabRoute(
                prefix,
                String.join(" ", texts(attribute(attributes, MrtTable.AS_PATH).findValues("asns"))),
                LabRoute.ORIGINS.get(
                        attribute(attributes, MrtTable.ORIGIN).path("value").asInt()),
                nextHop.path("nexthop").asText(),
                attribute(attributes, MrtTable.MULTI_EXIT_DISC).path("metric").asText(),
                communities(attribute(attributes, MrtTable.COMMUNITIES).path("communities")),
                large(attribute(attributes, LARGE_COMMUNITIES).path("value")),
                extended(attribute(attributes, EXTENDED_COMMUNITIES).path("value")));
    }

    private static JsonNode attribute(Map<Integer, JsonNode> attributes, int type) {
        return attributes.getOrDefault(type, MissingNode.getInstance());
    }

    private static List<String> texts(List<JsonNode> arrays) {
        return arrays.stream()
                .flatMap(each -> StreamSupport.stream(each.spliterator(), false))
                .map(JsonNode::asText)
                .toList();
    }

    private static List<String> communities(JsonNode values) {
        List<String> all = new ArrayList<>();
        values.forEach(each -> all.add((each.asLong() >>> 16) + ":" + (each.asLong() & 0xFFFF)));
        return all;
    }

    private static List<String> large(JsonNode values) {
        List<String> all = new ArrayList<>();
        values.forEach(each -> all.add(each.path("ASN").asText()
                + ':'
                + each.path("LocalData1").asText()
                + ':'
                + each.path("LocalData2").asText()));
        return all;
    }

    private static List<String> extended(JsonNode values) {
        List<String> all = new ArrayList<>();
        for (JsonNode each : values) {
            String type = each.path("subtype").asInt() == ROUTE_TARGET
                    ? "rt"
                    : each.path("subtype").asText();
            all.add(type + ':' + each.path("value").asText());
        }
        return all;
    }
}
