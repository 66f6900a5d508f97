package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** Sites for people. Pure functions. */
final class SiteRendering {

    private static final String LINE = System.lineSeparator();

    private SiteRendering() {}

    static String sites(JsonNode answer) {
        if (answer.path("sites").isEmpty()) {
            return "no sites" + LINE;
        }
        Table table = new Table(
                "SITE", "STATE", "CIRCUIT", "POP", "SUBNET", "BGP", "SINCE", "METRIC", "ACTIVE", "RECEIVED", "SENT");
        for (JsonNode site : answer.path("sites")) {
            String name = text(site, "name");
            String state = text(site, "state");
            for (JsonNode circuit : site.path("circuits")) {
                table.row(
                        name,
                        state,
                        text(circuit, "role"),
                        text(circuit, "pop"),
                        text(circuit, "subnet"),
                        text(circuit, "bgp-session"),
                        Rendering.duration(circuit.path("state-seconds").asLong()),
                        text(circuit, "metric"),
                        circuit.path("active").asBoolean() ? "active" : "",
                        circuit.path("prefixes").path("received").asLong(),
                        circuit.path("prefixes").path("advertised").asLong());
                name = "\"";
                state = "\"";
            }
        }
        return table.render();
    }

    static String site(JsonNode site) {
        StringBuilder text = new StringBuilder();
        Rendering.line(text, "site", text(site, "name"));
        Rendering.line(text, "description", text(site, "description"));
        Rendering.line(text, "cloud", text(site, "provider") + ", " + text(site, "sku"));
        Rendering.line(text, "type", text(site, "type"));
        Rendering.line(text, "state", state(site));
        Rendering.line(text, "active", text(site, "active").isEmpty() ? "none" : text(site, "active"));
        JsonNode failover = site.path("last-failover");
        if (!failover.isMissingNode()) {
            Rendering.line(
                    text,
                    "last failover",
                    text(failover, "detected-at") + " from " + orNone(text(failover, "from")) + " to "
                            + orNone(text(failover, "to")) + ": " + text(failover, "trigger"));
        }
        for (JsonNode summary : site.path("auto-summarized").path("summaries")) {
            Rendering.line(text, "summary", summary.asText() + ", made automatically");
        }
        for (JsonNode circuit : site.path("circuits")) {
            circuit(text, circuit);
        }
        for (JsonNode warning : site.path("warnings")) {
            Rendering.line(text, "warning", warning.asText());
        }
        return text.toString();
    }

    private static String state(JsonNode site) {
        return text(site, "state")
                + (text(site, "state").equals("degraded") ? " (connected, but one circuit is down)" : "");
    }

    private static void circuit(StringBuilder text, JsonNode circuit) {
        text.append(LINE);
        Rendering.line(
                text,
                text(circuit, "role"),
                text(circuit, "pop") + (circuit.path("active").asBoolean() ? ", active" : ""));
        Rendering.line(
                text,
                "  link",
                text(circuit, "subnet") + ": PoP " + text(circuit, "pop-address") + ", cloud "
                        + text(circuit, "cloud-address"));
        Rendering.line(text, "  vlan", vlan(circuit));
        Rendering.line(text, "  bandwidth", bandwidth(circuit));
        Rendering.line(text, "  service key", text(circuit, "service-key"));
        Rendering.line(
                text,
                "  bgp",
                text(circuit, "bgp-session") + " for "
                        + Rendering.duration(circuit.path("state-seconds").asLong()) + ", AS "
                        + circuit.path("neighbor").path("peer-as").asText() + ", metric " + text(circuit, "metric"));
        Rendering.line(text, "  diagnosis", text(circuit, "diagnosis"));
        JsonNode disconnect = circuit.path("disconnect");
        if (!disconnect.isMissingNode()) {
            Rendering.line(text, "  last down", text(circuit, "last-down-at") + " " + text(disconnect, "text"));
            Rendering.line(text, "  mostly", text(disconnect, "cause"));
        }
        JsonNode prefixes = circuit.path("prefixes");
        Rendering.line(
                text,
                "  prefixes",
                prefixes.path("received").asLong() + " received, "
                        + prefixes.path("accepted").asLong() + " accepted, "
                        + prefixes.path("best").asLong() + " in use, "
                        + prefixes.path("advertised").asLong() + " sent, "
                        + prefixes.path("withheld").asLong() + " withheld");
        Rendering.line(text, "  advertises", advertises(circuit.path("neighbor").path("advertise")));
        Rendering.line(text, "  accepts", accepts(circuit.path("neighbor").path("accept")));
    }

    static String status(JsonNode status) {
        StringBuilder text = new StringBuilder();
        Rendering.line(text, "site", text(status, "site") + ", " + text(status, "role"));
        circuit(text, status.path("circuit"));
        routes(text, "from the cloud", status.path("routes-from-peer"));
        routes(text, "rejected", status.path("rejected-routes-from-peer"));
        routes(text, "to the cloud", status.path("routes-to-peer"));
        return text.append(LINE).toString();
    }

    private static void routes(StringBuilder text, String title, JsonNode routes) {
        text.append(LINE)
                .append(title)
                .append(": ")
                .append(routes.isEmpty() ? "none" : "")
                .append(LINE);
        if (routes.isEmpty()) {
            return;
        }
        Table table = new Table("SUBNET", "NEXT HOP", "AS PATH", "COMMUNITIES", "STATE");
        for (JsonNode route : routes) {
            List<String> communities = new ArrayList<>();
            route.path("community").forEach(each -> communities.add(each.asText()));
            table.row(
                    text(route, "subnet"),
                    text(route, "next-hop"),
                    text(route, "as-path"),
                    String.join(" ", communities),
                    route.has("rule") ? text(route, "rule") : text(route, "status"));
        }
        text.append(table.render());
    }

    static String whatIf(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        Rendering.line(text, "site", text(answer, "site") + " without its " + text(answer, "down"));
        Rendering.line(text, "state", text(answer, "state"));
        Rendering.line(
                text,
                "prefixes",
                text(answer, "prefixes") + " move, " + text(answer, "without-backup") + " of them have no other way");
        answer.path("notes").forEach(note -> Rendering.line(text, "note", note.asText()));
        if (!answer.path("moves").isEmpty()) {
            Table table = new Table("PREFIX", "NEXT");
            answer.path("moves")
                    .forEach(move ->
                            table.row(text(move, "prefix"), move.has("next-peer") ? text(move, "next-peer") : "none"));
            text.append(LINE).append(table.render());
        }
        if (!answer.path("unadvertised").isEmpty()) {
            Table table = new Table("OUR PREFIX", "THE CLOUD WOULD LOSE IT BECAUSE");
            answer.path("unadvertised").forEach(each -> table.row(text(each, "prefix"), text(each, "reason")));
            text.append(LINE).append(table.render());
        }
        return text.toString();
    }

    /** @param terminal whether routes that are not in use are written faint */
    static String routingTable(List<JsonNode> routes, boolean terminal) {
        if (routes.isEmpty()) {
            return "no routes" + LINE;
        }
        Table table = new Table("SUBNET", "TYPE", "SITE", "CIRCUIT", "PEER", "NEXT HOP", "POP", "METRIC", "STATE");
        for (JsonNode route : routes) {
            table.row(
                    text(route, "subnet"),
                    text(route, "type"),
                    text(route, "site"),
                    text(route, "circuit"),
                    text(route, "peer"),
                    text(route, "next-hop"),
                    text(route, "pop"),
                    text(route, "metric"),
                    text(route, "state"));
            if (!route.path("selected").asBoolean()) {
                table.faint();
            }
        }
        return table.render(terminal);
    }

    private static String vlan(JsonNode circuit) {
        return circuit.has("s-vlan")
                ? "S-tag " + text(circuit, "s-vlan") + ", C-tag " + text(circuit, "c-vlan")
                : text(circuit, "vlan");
    }

    private static String bandwidth(JsonNode circuit) {
        List<String> parts = new ArrayList<>();
        if (circuit.has("upstream-mbps")) {
            parts.add(text(circuit, "upstream-mbps") + " Mbit/s up");
        }
        if (circuit.has("downstream-mbps")) {
            parts.add(text(circuit, "downstream-mbps") + " Mbit/s down");
        }
        return String.join(", ", parts);
    }

    private static String advertises(JsonNode advertise) {
        List<String> parts = new ArrayList<>();
        if (advertise.path("default-route").asBoolean()) {
            parts.add("default route");
        }
        if (advertise.path("all-routes").asBoolean()) {
            parts.add(
                    advertise.path("summary-only").asBoolean()
                            ? "all routes but those within summaries"
                            : "all routes");
        }
        for (JsonNode summary : advertise.path("summary-routes")) {
            parts.add("summary " + text(summary, "subnet"));
        }
        return parts.isEmpty() ? "nothing" : String.join(", ", parts);
    }

    private static String accepts(JsonNode accept) {
        int exclusions = accept.path("exclusions").size();
        return (accept.path("dynamic-routes").asBoolean() ? "all dynamic routes" : "no dynamic routes")
                + (exclusions == 0 ? "" : " but " + exclusions + " exclusions")
                + (accept.path("default-route").asBoolean() ? ", and a default route" : ", no default route");
    }

    private static String orNone(String text) {
        return text.isEmpty() ? "none" : text;
    }

    private static String text(JsonNode node, String key) {
        return node.path(key).asText("");
    }
}
