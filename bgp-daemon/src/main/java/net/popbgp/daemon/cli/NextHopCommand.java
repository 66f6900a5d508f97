package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Says whether next hops can be reached and at which interior cost. */
@Command(
        name = "next-hop",
        description = "Say whether next hops can be reached, and at which interior cost.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class NextHopCommand {

    /** One of the two. */
    static final class Way {
        @Option(names = "--cost", paramLabel = "NUMBER", required = true, description = "Interior cost.")
        private int cost;

        @Option(names = "--unreachable", required = true, description = "Routes by way of it are not used.")
        private boolean unreachable;
    }

    @Command(name = "set", description = "Set it for all next hops in a prefix.", mixinStandardHelpOptions = true)
    int set(
            @Mixin Client client,
            @Parameters(paramLabel = "PREFIX", description = "As 192.0.2.0/24.") String prefix,
            @ArgGroup(multiplicity = "1") Way way) {
        ObjectNode body = JsonNodeFactory.instance.objectNode().put("prefix", prefix);
        return change(client, "set", way.unreachable ? body.put("unreachable", true) : body.put("cost", way.cost));
    }

    @Command(
            name = "clear",
            description = "Forget what was set for exactly this prefix.",
            mixinStandardHelpOptions = true)
    int clear(@Mixin Client client, @Parameters(paramLabel = "PREFIX", description = "As it was set.") String prefix) {
        return change(client, "clear", JsonNodeFactory.instance.objectNode().put("prefix", prefix));
    }

    @Command(name = "list", description = "What is known of next hops.", mixinStandardHelpOptions = true)
    int list(@Mixin Client client) {
        return show(client, client.get("/next-hops"));
    }

    private static int change(Client client, String action, ObjectNode body) {
        return show(client, client.post("/next-hops/" + action, body));
    }

    private static int show(Client client, JsonNode answer) {
        if (!client.printed(answer)) {
            client.print(RoutingRendering.nextHops(answer));
        }
        return 0;
    }
}
