package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Locale;

/** Suggested summaries for people and for the configuration. Pure functions. */
final class SummaryRendering {

    private static final String LINE = System.lineSeparator();
    private static final int LISTED = 20;

    private SummaryRendering() {}

    static String suggestions(JsonNode answer) {
        if (answer.path("suggestions").isEmpty()) {
            return "no prefixes" + LINE;
        }
        StringBuilder text = new StringBuilder();
        for (JsonNode each : answer.path("suggestions")) {
            suggestion(text, each);
        }
        return text.toString();
    }

    private static void suggestion(StringBuilder text, JsonNode suggestion) {
        text.append(suggestion.path("family").asText()).append(LINE);
        Rendering.line(
                text,
                "prefixes",
                suggestion.path("prefixes").asText()
                        + (suggestion.has("limit")
                                ? ", limit " + suggestion.path("limit").asText()
                                : ""));
        Rendering.line(text, "lossless", counted(suggestion, suggestion.path("lossless")));
        JsonNode lossy = suggestion.path("lossy");
        if (!lossy.isMissingNode()) {
            Rendering.line(text, "lossy", counted(suggestion, lossy));
            Rendering.line(
                    text,
                    "adds",
                    lossy.path("added-addresses").asText() + " addresses, "
                            + percent(lossy.path("added-percent").asDouble()));
            if (!lossy.path("best").asBoolean()) {
                Rendering.line(
                        text,
                        "at best",
                        String.format(
                                        Locale.ROOT,
                                        "%.0f",
                                        Math.ceil(lossy.path("bound").asDouble()))
                                + (suggestion.path("fits").asBoolean() && suggestion.has("limit")
                                        ? " addresses would have to be added by any other choice"
                                        : " prefixes would be left by any other choice"));
            }
        }
        JsonNode shown = lossy.isMissingNode() ? suggestion.path("lossless") : lossy;
        if (shown.path("summaries").isEmpty()) {
            text.append(LINE).append("nothing to summarize").append(LINE).append(LINE);
            return;
        }
        Table table = new Table("SUMMARY", "REPLACES");
        shown.path("summaries")
                .forEach(each -> table.row(
                        each.path("subnet").asText(), each.path("replaces").asText()));
        text.append(LINE).append(table.render()).append(LINE);
        if (!lossy.isMissingNode()) {
            text.append("added addresses, which nothing was advertised for:").append(LINE);
            int listed = 0;
            for (JsonNode range : lossy.path("added")) {
                if (listed++ == LISTED) {
                    break;
                }
                text.append("  ").append(range.asText()).append(LINE);
            }
            int more = lossy.path("added-ranges").asInt() - LISTED;
            if (more > 0) {
                text.append("  and ")
                        .append(more)
                        .append(" ranges more: --json")
                        .append(LINE);
            }
            text.append(LINE);
        }
    }

    private static String counted(JsonNode suggestion, JsonNode summary) {
        return summary.path("count").asText() + " prefixes"
                + (suggestion.has("limit") ? summary.path("fits").asBoolean() ? ", fits" : ", does not fit" : "");
    }

    private static String percent(double value) {
        return value != 0 && value < 0.01 ? "less than 0.01 %" : String.format(Locale.ROOT, "%.2f %%", value);
    }

    /** Keys to be pasted into {@code advertise} of a site. */
    static String yaml(JsonNode answer) {
        StringBuilder text = new StringBuilder("summary-only: true" + LINE + "summary-routes:" + LINE);
        boolean some = false;
        for (JsonNode each : answer.path("suggestions")) {
            JsonNode shown = each.has("lossy") ? each.path("lossy") : each.path("lossless");
            for (JsonNode summary : shown.path("summaries")) {
                some = true;
                text.append("  - ").append(summary.path("subnet").asText()).append(LINE);
            }
        }
        return some ? text.toString() : "summary-routes: []" + LINE;
    }
}
