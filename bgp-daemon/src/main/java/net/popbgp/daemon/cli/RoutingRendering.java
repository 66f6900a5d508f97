package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** The daemon's answers about routing of the speaker as a whole, for people. Pure functions. */
final class RoutingRendering {

    private static final String LINE = System.lineSeparator();

    private RoutingRendering() {}

    static String aggregates(JsonNode answer) {
        if (answer.path("aggregates").isEmpty()) {
            return "no aggregates" + LINE;
        }
        Table table = new Table("PREFIX", "CONTRIBUTORS", "SUMMARY ONLY", "PATH", "STATE");
        for (JsonNode row : answer.path("aggregates")) {
            table.row(
                    row.path("prefix").asText(),
                    row.path("contributors").asText(),
                    row.path("summary-only").asBoolean() ? "yes" : "no",
                    row.path("attributes").path("as-path").asText(),
                    state(row));
        }
        return table.render();
    }

    private static String state(JsonNode aggregate) {
        if (aggregate.path("originated").asBoolean()) {
            return "originated";
        }
        return aggregate.path("contributors").asInt() == 0
                ? "nothing contributes"
                : aggregate.path("hindrance").asText();
    }

    /** How many rows a page of the routing table says there are. */
    static String total(JsonNode page) {
        return page.has("total")
                ? page.path("total").asText() + " in all"
                : "at least " + page.path("total-at-least").asText() + " in all";
    }

    static String nextHops(JsonNode answer) {
        if (answer.path("next-hops").isEmpty()) {
            return "all next hops are reachable at cost 0" + LINE;
        }
        Table table = new Table("PREFIX", "COST");
        for (JsonNode row : answer.path("next-hops")) {
            table.row(
                    row.path("prefix").asText(),
                    row.path("unreachable").asBoolean()
                            ? "unreachable"
                            : row.path("cost").asText());
        }
        return table.render();
    }
}
