package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** The daemon's answers about routing of the speaker as a whole, for people. Pure functions. */
final class RoutingRendering {

    private static final String LINE = System.lineSeparator();

    private RoutingRendering() {}

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
