package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import net.popbgp.daemon.Printable;

/** Texts of what Azure says. No state. */
final class AzureRendering {

    private static final String LINE = System.lineSeparator();

    private AzureRendering() {}

    static String verdicts(JsonNode answer) {
        if (!answer.has("circuits")) {
            return verdict("", answer);
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode circuit : answer.path("circuits")) {
            text.append(verdict(circuit.path("circuit").asText() + " ", circuit));
        }
        return text.toString();
    }

    private static String verdict(String role, JsonNode verdict) {
        String key = printable(verdict, "service-key");
        StringBuilder text = new StringBuilder(role)
                .append(key.isEmpty() ? "without a key" : key)
                .append(verdict.path("valid").asBoolean() ? ": valid" : ": refused")
                .append(LINE);
        if (verdict.has("name")) {
            field(text, "circuit", printable(verdict, "name") + " (" + printable(verdict, "sku") + ")");
            field(text, "provider", printable(verdict, "provider") + ", " + printable(verdict, "provider-state"));
            field(text, "location", printable(verdict, "peering-location"));
            field(text, "bandwidth", verdict.path("bandwidth-mbps").asInt() + " Mbit/s");
        }
        remarks(text, verdict);
        return text.toString();
    }

    private static void remarks(StringBuilder text, JsonNode json) {
        json.path("problems").forEach(each -> field(text, "problem", Printable.of(each.asText())));
        json.path("notes").forEach(each -> field(text, "note", Printable.of(each.asText())));
    }

    private static void field(StringBuilder text, String name, String value) {
        text.append("  %-11s%s".formatted(name, value)).append(LINE);
    }

    private static String printable(JsonNode json, String key) {
        return Printable.of(json.path(key).asText());
    }

    static String sides(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        for (JsonNode circuit : answer.path("circuits")) {
            text.append(text.isEmpty() ? "" : LINE).append(side(circuit));
        }
        return text.toString();
    }

    private static String side(JsonNode circuit) {
        StringBuilder text = new StringBuilder(printable(circuit, "circuit"));
        text.append(
                        circuit.has("name")
                                ? ": " + printable(circuit, "name") + " (" + printable(circuit, "sku") + ")"
                                : "")
                .append(LINE);
        if (circuit.has("name")) {
            field(
                    text,
                    "provider",
                    printable(circuit, "provider") + " " + printable(circuit, "peering-location") + ", "
                            + circuit.path("bandwidth-mbps").asInt() + " Mbit/s, "
                            + printable(circuit, "provider-state"));
        }
        JsonNode peering = circuit.path("peering");
        if (peering.isObject()) {
            field(
                    text,
                    "peering",
                    printable(peering, "state") + ", AS "
                            + peering.path("peer-as").asLong() + ", VLAN "
                            + peering.path("vlan").asInt() + ", " + printable(peering, "primary") + " and "
                            + printable(peering, "secondary"));
        }
        JsonNode here = circuit.path("here");
        if (here.isObject()) {
            field(
                    text,
                    "here",
                    printable(here, "state") + ", "
                            + here.path("prefixes-advertised").asInt() + " prefixes advertised, "
                            + here.path("prefixes-received").asInt() + " received");
        }
        tables(text, circuit);
        remarks(text, circuit);
        return text.toString();
    }

    private static void tables(StringBuilder text, JsonNode circuit) {
        if (!circuit.path("availability").isEmpty()) {
            Table table = new Table("ROUTER", "METRIC", "PERCENT");
            circuit.path("availability")
                    .forEach(row -> table.row(
                            row.path("device").asText(),
                            row.path("metric").asText(),
                            String.format(
                                    Locale.ROOT, "%.0f", row.path("percent").asDouble())));
            text.append(indented(table));
        }
        if (!circuit.path("neighbors").isEmpty()) {
            Table table = new Table("ROUTER", "NEIGHBOR", "AS", "UP/DOWN", "STATE/PREFIXES");
            circuit.path("neighbors")
                    .forEach(row -> table.row(
                            row.path("device").asText(),
                            row.path("neighbor").asText(),
                            row.path("as").asText(),
                            row.path("up-down").asText(),
                            row.path("state-or-prefixes").asText()));
            text.append(indented(table));
        }
        if (!circuit.path("arp").isEmpty()) {
            Table table = new Table("ROUTER", "INTERFACE", "ADDRESS", "MAC", "AGE");
            circuit.path("arp")
                    .forEach(row -> table.row(
                            row.path("device").asText(),
                            row.path("interface").asText(),
                            row.path("address").asText(),
                            row.path("mac-address").asText(),
                            row.path("age").asText()));
            text.append(indented(table));
        }
    }

    private static String indented(Table table) {
        return table.render().lines().map(line -> "  " + line + LINE).reduce("", String::concat);
    }
}
