package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what the daemon has. */
@Command(
        name = "show",
        description =
                "Show the speaker, peers, routes, the routing table, aggregates, circuits, events or the configuration.",
        subcommands = ShowEventsCommand.class,
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class ShowCommand {

    private static final int PAGE = 5000;

    @Command(name = "status", description = "The speaker as a whole.", mixinStandardHelpOptions = true)
    int status(@Mixin Client client) {
        JsonNode answer = client.get("/status");
        if (!client.printed(answer)) {
            client.print(StatusRendering.status(answer));
        }
        return 0;
    }

    @Command(name = "peers", description = "All peers, one per line.", mixinStandardHelpOptions = true)
    int peers(@Mixin Client client) {
        JsonNode answer = client.get("/peers");
        if (!client.printed(answer)) {
            client.print(Rendering.peers(answer));
        }
        return 0;
    }

    @Command(name = "peer", description = "One peer with all details.", mixinStandardHelpOptions = true)
    int peer(@Mixin Client client, @Parameters(paramLabel = "NAME", description = "Name or address.") String name) {
        JsonNode answer = client.get("/peers/" + Client.encoded(name));
        if (!client.printed(answer)) {
            client.print(Rendering.peer(answer));
        }
        return 0;
    }

    @Command(name = "routes", description = "Routes of a table.", mixinStandardHelpOptions = true)
    int routes(
            @Mixin Client client,
            @Option(
                            names = "--table",
                            defaultValue = "",
                            description = "loc-rib (default), adj-rib-in or adj-rib-out (with --peer).")
                    String table,
            @Option(names = "--peer", defaultValue = "", description = "What was received from this peer.") String peer,
            @Option(names = "--prefix", defaultValue = "", description = "This prefix and its more specifics.")
                    String prefix,
            @Option(names = "--family", defaultValue = "", description = "ipv4-unicast or ipv6-unicast.") String family,
            @Option(names = "--limit", defaultValue = "1000", description = "The most routes (default 1000).")
                    int limit) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        List<JsonNode> routes = new ArrayList<>();
        String query = query(Map.of("table", table, "peer", peer, "prefix", prefix, "family", family));
        String cursor = "0";
        while (!cursor.isEmpty() && routes.size() < limit) {
            int page = Math.min(PAGE, limit - routes.size());
            JsonNode answer = client.get("/routes?limit=" + page + "&cursor=" + cursor + query);
            answer.path("routes").forEach(routes::add);
            cursor = answer.path("next-cursor").asText("");
        }
        all.putArray("routes").addAll(routes);
        if (!client.printed(all)) {
            client.print(Rendering.routes(routes));
        }
        if (!cursor.isEmpty()) {
            client.err().println("popbgp: there are more routes; see --limit");
        }
        return 0;
    }

    @Command(
            name = "routing-table",
            description = "Routes of sites and peers with their circuits; those not in use are dim.",
            mixinStandardHelpOptions = true)
    int routingTable(
            @Mixin Client client,
            @Mixin RoutingTableOptions options,
            @Option(names = "--limit", defaultValue = "1000", description = "The most routes (default 1000).")
                    int limit) {
        List<JsonNode> routes = new ArrayList<>();
        String query = query(options.parameters());
        String cursor = "";
        JsonNode answer;
        do {
            int page = Math.min(PAGE, limit - routes.size());
            answer = client.get("/routing-table?limit=" + page + "&cursor=" + Client.encoded(cursor) + query);
            answer.path("routes").forEach(routes::add);
            cursor = answer.path("next-cursor").asText("");
        } while (!cursor.isEmpty() && routes.size() < limit);
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.putArray("routes").addAll(routes);
        if (!client.printed(all)) {
            client.print(SiteRendering.routingTable(routes, CommandLine.Help.Ansi.AUTO.enabled()));
        }
        if (!cursor.isEmpty()) {
            client.err().println("popbgp: there are more routes, " + RoutingRendering.total(answer) + "; see --limit");
        }
        return 0;
    }

    private static String query(Map<String, String> parameters) {
        StringBuilder query = new StringBuilder();
        parameters.forEach((name, value) -> {
            if (!value.isEmpty()) {
                query.append('&').append(name).append('=').append(Client.encoded(value));
            }
        });
        return query.toString();
    }

    @Command(name = "circuits", description = "Circuit groups and which is active.", mixinStandardHelpOptions = true)
    int circuits(@Mixin Client client) {
        JsonNode answer = client.get("/circuits");
        if (!client.printed(answer)) {
            client.print(Rendering.circuits(answer));
        }
        return 0;
    }

    @Command(name = "aggregates", description = "Aggregates and what they stand for.", mixinStandardHelpOptions = true)
    int aggregates(@Mixin Client client) {
        JsonNode answer = client.get("/aggregates");
        if (!client.printed(answer)) {
            client.print(RoutingRendering.aggregates(answer));
        }
        return 0;
    }

    @Command(
            name = "alerts",
            description = "Alerts: open windows, messages waiting and given up.",
            mixinStandardHelpOptions = true)
    int alerts(@Mixin Client client) {
        JsonNode answer = client.get("/alerts");
        if (!client.printed(answer)) {
            client.print(AlertRendering.alerts(answer));
        }
        return 0;
    }

    @Command(
            name = "lan-monitoring",
            description = "Monitored hosts and whether they answer.",
            mixinStandardHelpOptions = true)
    int lanMonitoring(
            @Mixin Client client,
            @Parameters(paramLabel = "SITE", defaultValue = "", description = "Of this site only.") String site) {
        JsonNode answer = client.get("/lan-monitoring" + (site.isEmpty() ? "" : "?site=" + Client.encoded(site)));
        if (!client.printed(answer)) {
            client.print(AlertRendering.lanMonitoring(answer));
        }
        return 0;
    }

    @Command(name = "config", description = "The configuration in force.", mixinStandardHelpOptions = true)
    int config(@Mixin Client client) throws IOException {
        JsonNode answer = client.get("/config");
        if (!client.printed(answer)) {
            YAMLMapper yaml = YAMLMapper.builder()
                    .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                    .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                    .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                    .build();
            client.print(yaml.writeValueAsString(answer));
        }
        return 0;
    }
}
