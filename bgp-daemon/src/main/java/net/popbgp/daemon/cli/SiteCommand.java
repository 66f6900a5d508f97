package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows Cloud Interconnect sites. */
@Command(
        name = "site",
        description = "Cloud Interconnect sites: their state, circuits and routes.",
        subcommands = {
            SiteTestCommand.class,
            SiteAnalyticsCommand.class,
            SiteValidateCommand.class,
            SiteAzureCommand.class
        },
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class SiteCommand {

    @Command(name = "list", description = "All sites, one line each circuit.", mixinStandardHelpOptions = true)
    int list(@Mixin Client client) {
        JsonNode answer = client.get("/sites");
        if (!client.printed(answer)) {
            client.print(SiteRendering.sites(answer));
        }
        return 0;
    }

    @Command(name = "show", description = "One site with its circuits.", mixinStandardHelpOptions = true)
    int show(@Mixin Client client, @Parameters(paramLabel = "NAME", description = "The site's name.") String name) {
        JsonNode answer = client.get("/sites/" + Client.encoded(name));
        if (!client.printed(answer)) {
            client.print(SiteRendering.site(answer));
        }
        return 0;
    }

    @Command(
            name = "status",
            description = "The BGP status of a site's circuits, with all routes.",
            mixinStandardHelpOptions = true)
    int status(
            @Mixin Client client,
            @Parameters(paramLabel = "NAME", description = "The site's name.") String name,
            @Option(names = "--circuit", defaultValue = "", description = "primary or secondary (default: both).")
                    String circuit,
            @Option(names = "--raw", description = "The raw status, as JSON.") boolean raw) {
        String site = "/sites/" + Client.encoded(name);
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        for (String role : circuit.isEmpty() ? roles(client.get(site)) : List.of(circuit)) {
            all.add(client.get(site + "/circuits/" + Client.encoded(role) + (raw ? "/raw-status" : "/status")));
        }
        if (raw || client.json) {
            client.out().println(Client.pretty(all.size() == 1 ? all.get(0) : all));
        } else {
            all.forEach(each -> client.print(SiteRendering.status(each)));
        }
        return 0;
    }

    private static List<String> roles(JsonNode site) {
        List<String> roles = new ArrayList<>();
        site.path("circuits").forEach(each -> roles.add(each.path("role").asText()));
        return roles;
    }

    @Command(
            name = "what-if",
            description = "What would be if a circuit went down: which way each prefix would take, and what has none.",
            mixinStandardHelpOptions = true)
    int whatIf(
            @Mixin Client client,
            @Parameters(paramLabel = "NAME", description = "The site's name.") String name,
            @Parameters(paramLabel = "CASE", description = "primary-down or secondary-down.") String what) {
        if (!what.matches("(primary|secondary)-down")) {
            throw new CliException(CliException.USAGE, "the case is primary-down or secondary-down: '" + what + "'");
        }
        JsonNode answer = client.get("/sites/" + Client.encoded(name) + "/what-if?down=" + what.replace("-down", ""));
        if (!client.printed(answer)) {
            client.print(SiteRendering.whatIf(answer));
        }
        return 0;
    }
}
