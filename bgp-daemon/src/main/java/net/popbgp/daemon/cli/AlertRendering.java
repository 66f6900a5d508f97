package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;
import net.popbgp.daemon.Printable;

/** The daemon's answers about alerts and probes, for people. Pure functions. */
final class AlertRendering {

    private static final String LINE = System.lineSeparator();

    private AlertRendering() {}

    static String test(JsonNode answer) {
        Table table = new Table("TO", "RESULT", "TIME", "ANSWER");
        for (JsonNode row : answer.path("results")) {
            table.row(
                    text(row, "recipient"),
                    row.path("delivered").asBoolean() ? "delivered" : "not delivered",
                    text(row, "milliseconds") + " ms",
                    text(row, "answer"));
        }
        return table.render();
    }

    static String alerts(JsonNode answer) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                        Locale.ROOT,
                        "%s sent, %s waiting, %s failed attempts, %s given up",
                        text(answer, "sent"),
                        text(answer, "queued"),
                        text(answer, "failed-attempts"),
                        text(answer, "lost")))
                .append(LINE);
        if (!answer.path("kept-over-restarts").asBoolean()) {
            text.append("windows and messages are in memory only: no 'events' with a 'file' is configured")
                    .append(LINE);
        }
        if (!text(answer, "trouble").isEmpty()) {
            text.append("trouble: ")
                    .append(Printable.of(text(answer, "trouble")))
                    .append(LINE);
        }
        text.append(windows(answer.path("windows")));
        text.append(messages(answer.path("messages")));
        text.append(lost(answer.path("lost-messages")));
        return text.toString();
    }

    private static String windows(JsonNode rows) {
        if (rows.isEmpty()) {
            return LINE + "no open windows" + LINE;
        }
        Table table = new Table("SITE", "SUBJECT", "FREQUENCY", "GATHERED", "NEXT MAIL");
        rows.forEach(row -> table.row(
                text(row, "site"),
                text(row, "subject"),
                text(row, "frequency"),
                text(row, "count"),
                row.path("count").asInt() == 0 ? "none due; " + text(row, "ends") : text(row, "ends")));
        return LINE + table.render();
    }

    private static String messages(JsonNode rows) {
        if (rows.isEmpty()) {
            return LINE + "no messages waiting" + LINE;
        }
        Table table = new Table("TO", "SUBJECT", "ATTEMPTS", "NEXT", "ERROR");
        rows.forEach(row -> table.row(
                text(row, "recipient"),
                text(row, "subject"),
                text(row, "attempts"),
                text(row, "next-attempt"),
                text(row, "error")));
        return LINE + table.render();
    }

    private static String lost(JsonNode rows) {
        if (rows.isEmpty()) {
            return "";
        }
        Table table = new Table("GIVEN UP", "SUBJECT", "AT", "REASON");
        rows.forEach(
                row -> table.row(text(row, "recipient"), text(row, "subject"), text(row, "at"), text(row, "reason")));
        return LINE + table.render();
    }

    static String connectivity(JsonNode answer) {
        StringBuilder text = new StringBuilder(text(answer, "result"))
                .append(": ")
                .append(Printable.of(text(answer, "message")))
                .append(LINE);
        if (answer.has("loss-percent")) {
            text.append("loss ").append(text(answer, "loss-percent")).append(" %");
            if (answer.has("average-ms")) {
                text.append(String.format(
                        Locale.ROOT,
                        ", round trip min/avg/max %.3f/%.3f/%.3f ms",
                        answer.path("minimum-ms").asDouble(),
                        answer.path("average-ms").asDouble(),
                        answer.path("maximum-ms").asDouble()));
            }
            text.append(LINE);
        }
        return text.toString();
    }

    static String lanMonitoring(JsonNode answer) {
        if (answer.path("hosts").isEmpty()) {
            return "no monitored hosts" + LINE;
        }
        Table table = new Table("SITE", "HOST", "ADDRESS", "STATE", "SINCE", "MISSED", "RTT", "NOTE");
        for (JsonNode row : answer.path("hosts")) {
            table.row(
                    text(row, "site"),
                    text(row, "name"),
                    text(row, "address"),
                    text(row, "state"),
                    text(row, "since"),
                    text(row, "missed") + "/" + text(row, "fault-threshold"),
                    row.has("round-trip-ms")
                            ? String.format(
                                    Locale.ROOT,
                                    "%.3f ms",
                                    row.path("round-trip-ms").asDouble())
                            : "",
                    note(row));
        }
        return table.render();
    }

    private static String note(JsonNode row) {
        return switch (text(row, "paused")) {
            case "disconnected" -> "not probed: the site is disconnected";
            case "schedule" -> "not probed: outside of its schedule";
            default ->
                text(row, "detail").isEmpty() && row.path("skipped").asLong() > 0
                        ? text(row, "skipped") + " probes skipped"
                        : text(row, "detail");
        };
    }

    private static String text(JsonNode json, String key) {
        return json.path(key).asText("");
    }
}
