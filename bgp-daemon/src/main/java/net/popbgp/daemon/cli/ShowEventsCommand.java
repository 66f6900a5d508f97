package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what has happened, and goes on showing it. */
@Command(
        name = "events",
        description = "What has happened, one line per event, the latest last; times in the local zone.",
        mixinStandardHelpOptions = true)
final class ShowEventsCommand implements Callable<Integer> {

    private static final int PAGE = 1000;
    private static final long RETRY_SECONDS = 2;

    @Mixin
    private final Client client = new Client();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until interrupted.")
    private boolean follow;

    @Option(names = "--limit", defaultValue = "50", description = "The most events (default 50).")
    private int limit;

    @Option(
            names = "--type",
            paramLabel = "SUB-TYPE",
            description =
                    "bgp-session, bgp-routing, lan-monitoring, circuit, configuration, system; several with commas.")
    private List<String> types = List.of();

    @Option(names = "--action", description = "As the events show it: Connected, Failover, ...")
    private List<String> actions = List.of();

    @Option(names = "--preset", description = "bgp-peers-disconnected, lan-hosts-unreachable, failovers or limits.")
    private String preset = "";

    @Option(names = "--site", description = "Of this site.")
    private List<String> sites = List.of();

    @Option(names = "--circuit", description = "primary or secondary.")
    private List<String> circuits = List.of();

    @Option(names = "--peer", description = "Of this peer.")
    private List<String> peers = List.of();

    @Option(names = "--since", paramLabel = "TIME", description = "How long ago (2h), or 2026-11-30T12:00:00Z.")
    private String since = "";

    @Option(names = "--until", paramLabel = "TIME", description = "As --since.")
    private String until = "";

    @Option(names = "--prefix", description = "About this prefix and its more specifics.")
    private String prefix = "";

    @Option(names = "--text", description = "With this text in them.")
    private String text = "";

    ShowEventsCommand() {}

    @Override
    public Integer call() {
        if (limit < 0 || limit == 0 && !follow) {
            throw new CliException(CliException.USAGE, "--limit must be at least 1: " + limit);
        }
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        List<JsonNode> events = new ArrayList<>();
        String cursor = "";
        boolean more = true;
        while (more && events.size() < limit) {
            int page = Math.min(PAGE, limit - events.size());
            JsonNode answer =
                    client.get("/events?limit=" + page + (cursor.isEmpty() ? "" : "&before=" + cursor) + query());
            answer.path("events").forEach(events::add);
            cursor = answer.path("next-cursor").asText();
            more = answer.path("more").asBoolean();
            if (answer.has("alarm")) {
                all.set("alarm", answer.get("alarm"));
            }
        }
        if (follow) {
            Collections.reverse(events);
            events.forEach(this::print);
            follow(
                    events.isEmpty()
                            ? ""
                            : events.get(events.size() - 1).path("event_id").asText());
        }
        all.putArray("events").addAll(events);
        if (!client.printed(all)) {
            Collections.reverse(events);
            events.forEach(this::print);
            if (events.isEmpty()) {
                client.err().println("popbgp: no such event");
            }
        }
        if (all.has("alarm")) {
            client.err()
                    .println(
                            "popbgp: " + all.path("alarm").path("event_message").asText());
        }
        if (more) {
            client.err().println("popbgp: there may be more events; see --limit");
        }
        return 0;
    }

    private void print(JsonNode event) {
        client.out().println(client.json ? event.toString() : EventRendering.line(event, ZoneId.systemDefault()));
        client.out().flush();
    }

    /** Never ends by itself: a daemon that restarts is asked again for what came after the last event. */
    private void follow(String after) {
        String last = after;
        while (!Thread.currentThread().isInterrupted()) {
            EventLines lines = new EventLines(last, this::print);
            client.lines("/events/stream?" + (last.isEmpty() ? "" : "after=" + last) + query(), lines);
            last = lines.lastId();
            LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(RETRY_SECONDS));
        }
    }

    private String query() {
        StringBuilder query = new StringBuilder();
        add(query, "sub-type", String.join(",", types));
        add(query, "action", String.join(",", actions));
        add(query, "preset", preset);
        add(query, "site", String.join(",", sites));
        add(query, "circuit", String.join(",", circuits));
        add(query, "peer", String.join(",", peers));
        add(query, "since", since);
        add(query, "until", until);
        add(query, "prefix", prefix);
        add(query, "text", text);
        return query.toString();
    }

    private static void add(StringBuilder query, String name, String value) {
        if (!value.isEmpty()) {
            query.append('&').append(name).append('=').append(Client.encoded(value));
        }
    }
}
