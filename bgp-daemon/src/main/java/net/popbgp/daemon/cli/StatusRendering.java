package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The speaker as a whole, for people. Pure functions. */
final class StatusRendering {

    private StatusRendering() {}

    static String status(JsonNode status) {
        StringBuilder text = new StringBuilder();
        Rendering.line(text, "version", status.path("version").asText());
        Rendering.line(text, "local AS", status.path("local-as").asText());
        Rendering.line(text, "router id", status.path("router-id").asText());
        Rendering.line(text, "cluster id", status.path("cluster-id").asText());
        Rendering.line(text, "listens at", joined(status.path("listen")));
        Rendering.line(
                text,
                "running for",
                Rendering.duration(status.path("uptime-seconds").asLong()));
        Rendering.line(
                text,
                "peers",
                status.path("peers").asText() + ", "
                        + status.path("established").asText() + " Established");
        for (JsonNode range : status.path("dynamic-peers")) {
            Rendering.line(
                    text,
                    "dynamic peers",
                    range.path("peers").asText() + " of at most "
                            + range.path("limit").asText() + " from "
                            + range.path("prefix").asText() + " ("
                            + range.path("name").asText() + "), "
                            + range.path("refused").asText() + " refused");
        }
        JsonNode locRib = status.path("loc-rib");
        Rendering.line(
                text,
                "Loc-RIB",
                locRib.path("ipv4-prefixes").asText() + " IPv4 and "
                        + locRib.path("ipv6-prefixes").asText() + " IPv6 prefixes");
        JsonNode multipath = status.path("multipath");
        if (multipath.path("paths").asInt() > 1) {
            Rendering.line(
                    text,
                    "multipath",
                    multipath.path("paths").asText() + " paths, AS_PATH "
                            + (multipath.path("as-path").asText().equals("same") ? "the same" : "of the same length"));
        }
        if (status.path("drained").asBoolean()) {
            Rendering.line(text, "drained", "yes");
        }
        events(text, status.path("events"));
        restart(text, status.path("restart"));
        return text.toString();
    }

    private static void events(StringBuilder text, JsonNode events) {
        if (events.isMissingNode()) {
            return;
        }
        String file = events.path("file").asText();
        long lost = events.path("lost").asLong();
        Rendering.line(
                text,
                "events",
                events.path("stored").asText() + " stored "
                        + (file.isEmpty()
                                ? "in memory"
                                : "in " + file + " (" + (events.path("bytes").asLong() >> 20) + " MiB)")
                        + (lost == 0 ? "" : ", " + lost + " lost"));
        if (events.has("alarm")) {
            JsonNode alarm = events.path("alarm");
            Rendering.line(
                    text,
                    "ALARM",
                    alarm.path("event_message").asText() + ", since "
                            + alarm.path("time").asText() + "; "
                            + events.path("waiting").asText() + " events wait in memory");
        }
    }

    private static void restart(StringBuilder text, JsonNode restart) {
        if (restart.path("over").asBoolean()) {
            Rendering.line(text, "restarted", "yes, routes are selected");
        }
        restart.path("deferred")
                .properties()
                .forEach(family -> Rendering.line(
                        text,
                        "restarting",
                        family.getKey() + " deferred for at most "
                                + Rendering.duration(family.getValue()
                                        .path("remaining-seconds")
                                        .asLong())
                                + ", until End-of-RIB of "
                                + joined(family.getValue().path("awaited"))));
    }

    private static String joined(JsonNode list) {
        List<String> values = new ArrayList<>();
        list.forEach(each -> values.add(each.asText()));
        return String.join(", ", values);
    }
}
