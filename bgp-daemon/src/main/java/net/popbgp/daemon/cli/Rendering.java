package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import net.popbgp.daemon.Printable;

/** The daemon's answers for people. Pure functions. */
final class Rendering {

    private static final String LINE = System.lineSeparator();

    private Rendering() {}

    static String peers(JsonNode answer) {
        Table table = new Table(
                "PEER", "ADDRESS", "AS", "STATE", "SINCE", "METRIC", "RECEIVED", "ACCEPTED", "BEST", "SENT", "NOTE");
        for (JsonNode peer : answer.path("peers")) {
            table.row(
                    text(peer, "name"),
                    text(peer, "address"),
                    text(peer, "remote-as"),
                    peer.path("enabled").asBoolean() ? text(peer, "state") : text(peer, "state") + " (stopped)",
                    duration(peer.path("state-seconds").asLong()),
                    text(peer, "metric"),
                    sum(peer, "received"),
                    sum(peer, "accepted"),
                    sum(peer, "best"),
                    sum(peer, "advertised"),
                    note(peer));
        }
        return answer.path("peers").isEmpty() ? "no peers" + LINE : table.render();
    }

    private static String note(JsonNode peer) {
        List<String> notes = new ArrayList<>();
        if (sum(peer, "withheld") > 0) {
            notes.add(sum(peer, "withheld") + " withheld");
        }
        for (JsonNode family : peer.path("stale-routes").path("families")) {
            notes.add(family.path("routes").asLong() + " stale");
        }
        for (JsonNode family : peer.path("prefixes")) {
            if (family.path("limit-warning").asBoolean()) {
                notes.add("prefix-limit near");
            }
            if (family.path("guard-warning").asBoolean()) {
                notes.add("outbound-guard near");
            }
        }
        if (!text(peer, "drain").equals("none")) {
            notes.add("drained");
        }
        if (!text(peer, "dynamic-peers").isEmpty()) {
            notes.add("dynamic");
        }
        if (!text(peer, "diagnosis").isEmpty()) {
            notes.add(text(peer, "diagnosis"));
        }
        return String.join(", ", notes);
    }

    private static long sum(JsonNode peer, String count) {
        long sum = 0;
        for (JsonNode family : peer.path("prefixes")) {
            sum += family.path(count).asLong();
        }
        return sum;
    }

    static String peer(JsonNode peer) {
        StringBuilder text = new StringBuilder();
        line(text, "peer", text(peer, "name"));
        line(text, "description", text(peer, "description"));
        line(text, "dynamic", text(peer, "dynamic-peers"));
        line(
                text,
                "address",
                text(peer, "address") + " port "
                        + peer.path("config").path("port").asText());
        line(text, "local address", text(peer, "local-address"));
        line(text, "remote AS", text(peer, "remote-as"));
        line(text, "metric", text(peer, "metric"));
        line(
                text,
                "state",
                text(peer, "state") + " for "
                        + duration(peer.path("state-seconds").asLong())
                        + (peer.path("enabled").asBoolean() ? "" : ", stopped by the operator"));
        if (!text(peer, "drain").equals("none")) {
            line(text, "drained", text(peer, "drain"));
        }
        line(text, "diagnosis", text(peer, "diagnosis"));
        if (!text(peer, "last-down").equals("none")) {
            line(text, "last down", text(peer, "last-down") + " at " + text(peer, "last-down-at"));
        }
        line(text, "established", text(peer, "established-count") + " times");
        staleRoutes(text, peer.path("stale-routes"));
        section(text, "negotiated", peer.path("negotiated"));
        capabilities(text, peer.path("capabilities"));
        section(text, "configured", peer.path("config"));
        section(text, "messages", peer.path("counters"));
        if (!peer.path("prefixes").isEmpty()) {
            Table table = new Table("FAMILY", "RECEIVED", "ACCEPTED", "BEST", "SENT", "WITHHELD", "END-OF-RIB");
            peer.path("prefixes")
                    .properties()
                    .forEach(each -> table.row(
                            each.getKey(),
                            text(each.getValue(), "received"),
                            text(each.getValue(), "accepted"),
                            text(each.getValue(), "best"),
                            text(each.getValue(), "advertised"),
                            text(each.getValue(), "withheld"),
                            each.getValue().path("end-of-rib").asBoolean() ? "received" : ""));
            text.append(LINE).append(table.render());
        }
        return text.toString();
    }

    private static void staleRoutes(StringBuilder text, JsonNode stale) {
        stale.path("families").properties().forEach(each -> {
            JsonNode family = each.getValue();
            line(
                    text,
                    "stale routes",
                    family.path("routes").asText() + " of " + each.getKey()
                            + (family.path("long-lived").asBoolean() ? ", as a last resort," : "")
                            + " since " + duration(stale.path("seconds").asLong()) + ", for at most "
                            + duration(family.path("remaining-seconds").asLong()) + " more");
        });
    }

    private static void capabilities(StringBuilder text, JsonNode capabilities) {
        if (capabilities.isEmpty()) {
            return;
        }
        Table table = new Table("CAPABILITY", "OFFERED", "RECEIVED", "IN USE");
        capabilities.forEach(each ->
                table.row(text(each, "name"), list(each, "offered"), list(each, "received"), list(each, "in-use")));
        text.append(LINE).append(table.render()).append(LINE);
    }

    private static String list(JsonNode json, String key) {
        List<String> values = new ArrayList<>();
        json.path(key).forEach(each -> values.add(each.asText()));
        return String.join(", ", values);
    }

    static void line(StringBuilder text, String name, String value) {
        if (!value.isEmpty()) {
            text.append(String.format("%-16s%s%n", name, Printable.of(value)));
        }
    }

    private static void section(StringBuilder text, String title, JsonNode json) {
        if (json.isEmpty()) {
            return;
        }
        text.append(title).append(LINE);
        for (Map.Entry<String, JsonNode> entry : json.properties()) {
            String value = value(entry.getValue());
            if (!value.isEmpty()) {
                text.append(String.format("  %-24s%s%n", entry.getKey(), value));
            }
        }
    }

    private static String value(JsonNode json) {
        if (json.isArray()) {
            List<String> values = new ArrayList<>();
            json.forEach(each -> values.add(value(each)));
            return String.join(" ", values);
        }
        if (json.isObject()) {
            List<String> values = new ArrayList<>();
            json.properties().forEach(entry -> values.add(entry.getKey() + " " + value(entry.getValue())));
            return String.join(", ", values);
        }
        return Printable.of(json.asText());
    }

    /** {@return a table of routes, {@code *>} before the best as on routers} */
    static String routes(Iterable<JsonNode> routes) {
        Table table = new Table("", "PREFIX", "NEXT HOP", "PEER", "METRIC", "PREF", "MED", "PATH", "STATUS", "NOTE");
        Iterator<JsonNode> rows = routes.iterator();
        if (!rows.hasNext()) {
            return "no routes" + LINE;
        }
        rows.forEachRemaining(route -> {
            JsonNode attributes = route.path("attributes");
            table.row(
                    mark(text(route, "status")),
                    text(route, "prefix"),
                    text(attributes, "next-hop"),
                    peerAndPath(route),
                    text(route, "metric"),
                    text(attributes, "local-pref"),
                    text(attributes, "med"),
                    path(attributes),
                    text(route, "status"),
                    text(route, "note")
                            + also(", with ", list(route, "multipath-peers"))
                            + also(", backup ", text(route, "backup-peer")));
        });
        return table.render();
    }

    private static String also(String introduction, String text) {
        return text.isEmpty() ? "" : introduction + text;
    }

    /** Returns the peer, with the Path Identifier behind it where there is one. */
    private static String peerAndPath(JsonNode route) {
        return text(route, "peer") + (route.has("path-id") ? " #" + text(route, "path-id") : "");
    }

    private static String mark(String status) {
        return switch (status) {
            case "best" -> "*>";
            case "multipath" -> "*=";
            case "backup" -> "*b";
            case "valid" -> "*";
            case "rejected", "withheld" -> "x";
            default -> ">";
        };
    }

    private static String path(JsonNode attributes) {
        String letter = switch (text(attributes, "origin")) {
            case "igp" -> "i";
            case "egp" -> "e";
            default -> "?";
        };
        return (text(attributes, "as-path") + " " + letter).trim();
    }

    static String explanation(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        text.append(text(answer, "prefix")).append(LINE);
        if (answer.path("candidates").isEmpty()) {
            return text.append("  no route").append(LINE).toString();
        }
        Table table =
                new Table("", "PEER", "METRIC", "STATUS", "VERDICT", "LOST AT", "NEXT HOP", "PATH", "PREF", "MED");
        for (JsonNode each : answer.path("candidates")) {
            JsonNode attributes = each.has("accepted") ? each.get("accepted") : each.path("received");
            table.row(
                    mark(text(each, "status")),
                    peerAndPath(each),
                    text(each, "metric"),
                    text(each, "status"),
                    text(each, "verdict"),
                    text(each, "lost-at"),
                    text(attributes, "next-hop"),
                    path(attributes),
                    text(attributes, "local-pref"),
                    text(attributes, "med"));
        }
        return text.append("  decided by ")
                .append(text(answer, "decided-by"))
                .append(LINE)
                .append(table.render())
                .toString();
    }

    static String circuits(JsonNode answer) {
        if (answer.path("circuits").isEmpty()) {
            return "no circuit groups" + LINE;
        }
        Table table = new Table(
                "GROUP",
                "STATUS",
                "ACTIVE",
                "PRIMARY",
                "STATE",
                "METRIC",
                "SECONDARY",
                "STATE",
                "METRIC",
                "LAST FAILOVER");
        for (JsonNode group : answer.path("circuits")) {
            JsonNode failover = group.path("last-failover");
            table.row(
                    text(group, "name"),
                    text(group, "status"),
                    text(group, "active"),
                    text(group.path("primary"), "peer"),
                    text(group.path("primary"), "state"),
                    text(group.path("primary"), "metric"),
                    text(group.path("secondary"), "peer"),
                    text(group.path("secondary"), "state"),
                    text(group.path("secondary"), "metric"),
                    failover.isMissingNode()
                            ? ""
                            : text(failover, "detected-at") + " to " + text(failover, "to") + duration(failover));
        }
        return table.render();
    }

    private static String duration(JsonNode failover) {
        JsonNode micros = failover.path("detection-to-switch-us");
        return micros.isMissingNode() ? ", routes moving" : " in " + micros.asLong() / 1000.0 + " ms";
    }

    static String reload(JsonNode answer) {
        if (answer.path("steps").isEmpty()) {
            return "nothing has changed" + LINE;
        }
        Table table = new Table("SUBJECT", "ACTION", "DETAIL");
        answer.path("steps")
                .forEach(step -> table.row(text(step, "subject"), text(step, "action"), text(step, "detail")));
        return table.render();
    }

    /** {@return a time as routers show it: {@code 00:01:05} or {@code 3d04h}} */
    static String duration(long seconds) {
        if (seconds >= 86_400) {
            return String.format("%dd%02dh", seconds / 86_400, seconds % 86_400 / 3600);
        }
        return String.format("%02d:%02d:%02d", seconds / 3600, seconds % 3600 / 60, seconds % 60);
    }

    private static String text(JsonNode json, String key) {
        return json.path(key).asText("");
    }
}
