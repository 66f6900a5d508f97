package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Prepare the end of all sessions: routes either way give way to others (RFC 8326). */
@Command(
        name = "drain",
        description = "Prepare the end of all sessions: routes either way give way to others (RFC 8326).",
        mixinStandardHelpOptions = true)
final class DrainCommand implements Callable<Integer> {

    @Mixin
    private Client client = new Client();

    @Override
    public Integer call() {
        JsonNode answer = client.post("/drain", JsonNodeFactory.instance.objectNode());
        if (!client.printed(answer)) {
            client.out().println("all peers are drained");
        }
        return 0;
    }
}
