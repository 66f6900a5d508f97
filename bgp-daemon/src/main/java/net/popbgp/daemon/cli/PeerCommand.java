package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts, stops, resets, refreshes and drains a peer. */
@Command(
        name = "peer",
        description = "Stop, start, reset, refresh or drain a peer.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class PeerCommand {

    @Command(
            name = "stop",
            description = "End the session with Cease/Administrative Shutdown and stay down.",
            mixinStandardHelpOptions = true)
    int stop(
            @Mixin Client client,
            @Parameters(paramLabel = "NAME", description = "Name or address.") String name,
            @Option(names = "--reason", defaultValue = "", description = "Told to the peer (RFC 9003).")
                    String reason) {
        return act(client, name, "stop", object("reason", reason));
    }

    @Command(name = "start", description = "Bring the session up again.", mixinStandardHelpOptions = true)
    int start(@Mixin Client client, @Parameters(paramLabel = "NAME", description = "Name or address.") String name) {
        return act(client, name, "start", JsonNodeFactory.instance.objectNode());
    }

    @Command(
            name = "reset",
            description = "End the session with Cease/Administrative Reset and start it anew.",
            mixinStandardHelpOptions = true)
    int reset(
            @Mixin Client client,
            @Parameters(paramLabel = "NAME", description = "Name or address.") String name,
            @Option(names = "--reason", defaultValue = "", description = "Told to the peer (RFC 9003).") String reason,
            @Option(
                            names = "--graceful",
                            description = "Routes stay on both sides, if both restart gracefully after a NOTIFICATION"
                                    + " (RFC 8538).")
                    boolean graceful) {
        ObjectNode body = object("reason", reason);
        return act(client, name, "reset", graceful ? body.put("graceful", true) : body);
    }

    @Command(
            name = "bfd-down",
            description = "BFD has lost the peer: end the session with Cease/BFD Down (RFC 9384), and try again.",
            mixinStandardHelpOptions = true)
    int bfdDown(@Mixin Client client, @Parameters(paramLabel = "NAME", description = "Name or address.") String name) {
        return act(client, name, "bfd-down", JsonNodeFactory.instance.objectNode());
    }

    @Command(
            name = "refresh",
            description = "Ask the peer for its routes again, send it ours again, or both.",
            mixinStandardHelpOptions = true)
    int refresh(
            @Mixin Client client,
            @Parameters(paramLabel = "NAME", description = "Name or address.") String name,
            @Option(names = "--direction", defaultValue = "both", description = "in, out or both (default).")
                    String direction) {
        return act(client, name, "refresh", object("direction", direction));
    }

    @Command(
            name = "drain",
            description = "Prepare the end of the session: routes either way give way to others (RFC 8326).",
            mixinStandardHelpOptions = true)
    int drain(@Mixin Client client, @Parameters(paramLabel = "NAME", description = "Name or address.") String name) {
        return act(client, name, "drain", JsonNodeFactory.instance.objectNode());
    }

    @Command(name = "undrain", description = "Take a drain back.", mixinStandardHelpOptions = true)
    int undrain(@Mixin Client client, @Parameters(paramLabel = "NAME", description = "Name or address.") String name) {
        return act(client, name, "undrain", JsonNodeFactory.instance.objectNode());
    }

    private static ObjectNode object(String key, String value) {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        return value.isEmpty() ? body : body.put(key, value);
    }

    private static int act(Client client, String name, String action, ObjectNode body) {
        JsonNode answer = client.post("/peers/" + Client.encoded(name) + "/" + action, body);
        if (!client.printed(answer)) {
            client.out()
                    .println(answer.path("name").asText() + " " + action + ": now "
                            + answer.path("state").asText());
        }
        return 0;
    }
}
