package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import net.popbgp.daemon.Printable;

/** Events and how sites have done, for people. Pure functions. */
final class EventRendering {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSS", Locale.ROOT);

    private EventRendering() {}

    /** {@return the event in a line, without its end} */
    static String line(JsonNode event, ZoneId zone) {
        String count = event.path("event_count").asText();
        return Printable.of(String.format(
                Locale.ROOT,
                "%s  %-14s  %-19s  %s%s",
                time(event.path("time").asText(), zone),
                event.path("event_sub_type").asText(),
                event.path("action").asText(),
                event.path("event_message").asText(),
                count.isEmpty() || count.equals("1") ? "" : " [" + count + "]"));
    }

    private static String time(String text, ZoneId zone) {
        try {
            return TIME.format(Instant.parse(text).atZone(zone));
        } catch (DateTimeParseException e) {
            return text;
        }
    }

    static String analytics(JsonNode report, ZoneId zone) {
        StringBuilder text = new StringBuilder();
        Rendering.line(text, "site", report.path("site").asText());
        Rendering.line(
                text,
                "state",
                report.path("state").asText() + ", " + report.path("sla").asText());
        Rendering.line(text, "active", report.path("active").asText("none"));
        Table availability = new Table(
                "WINDOW", "OF", "AVAILABLE", "UP", "DOWN", "STOPPED", "UNKNOWN", "ACTIVE", "LOST", "FAILOVERS");
        for (JsonNode window : report.path("windows")) {
            String length = window.path("window").asText();
            JsonNode site = window.path("site");
            availability.row(
                    length,
                    "site",
                    percent(site),
                    duration(site, "connected-seconds") + degraded(site),
                    duration(site, "disconnected-seconds"),
                    duration(site, "stopped-seconds"),
                    duration(site, "unknown-seconds"),
                    "",
                    site.path("outages").asText(),
                    site.path("failovers").asText());
            window.path("circuits")
                    .properties()
                    .forEach(circuit -> availability.row(
                            length,
                            circuit.getKey(),
                            percent(circuit.getValue()),
                            duration(circuit.getValue(), "up-seconds"),
                            duration(circuit.getValue(), "down-seconds"),
                            duration(circuit.getValue(), "stopped-seconds"),
                            duration(circuit.getValue(), "unknown-seconds"),
                            duration(circuit.getValue(), "active-seconds"),
                            circuit.getValue().path("flaps").asText(),
                            ""));
        }
        text.append(System.lineSeparator()).append(availability.render());
        Table budgets = new Table("CIRCUIT", "DIRECTION", "PREFIXES", "LIMIT", "USED", "ESTIMATE");
        for (JsonNode budget : report.path("budgets")) {
            budgets.row(
                    budget.path("circuit").asText(),
                    budget.path("direction").asText().equals("in") ? "from the cloud" : "to the cloud",
                    budget.path("count").asText(),
                    budget.path("limit").asText(),
                    String.format(
                            Locale.ROOT, "%.1f %%", budget.path("used-percent").asDouble()),
                    budget.path("estimate").asText());
        }
        text.append(System.lineSeparator()).append(budgets.render());
        if (!report.path("failovers").isEmpty()) {
            text.append(System.lineSeparator());
            report.path("failovers")
                    .forEach(event -> text.append(line(event, zone)).append(System.lineSeparator()));
        }
        return text.toString();
    }

    private static String degraded(JsonNode site) {
        return site.path("degraded-seconds").asDouble() == 0
                ? ""
                : " (" + duration(site, "degraded-seconds") + " degraded)";
    }

    private static String percent(JsonNode of) {
        return of.has("availability-percent")
                ? String.format(
                        Locale.ROOT, "%.3f %%", of.path("availability-percent").asDouble())
                : "";
    }

    private static String duration(JsonNode of, String key) {
        double seconds = of.path(key).asDouble();
        return seconds == 0
                ? ""
                : seconds < 60 ? String.format(Locale.ROOT, "%.1fs", seconds) : Rendering.duration((long) seconds);
    }
}
