package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Take the drain of all sessions back. */
@Command(name = "undrain", description = "Take the drain of all sessions back.", mixinStandardHelpOptions = true)
final class UndrainCommand implements Callable<Integer> {

    @Mixin
    private Client client = new Client();

    @Override
    public Integer call() {
        JsonNode answer = client.post("/undrain", JsonNodeFactory.instance.objectNode());
        if (!client.printed(answer)) {
            client.out().println("all peers are no longer drained");
        }
        return 0;
    }
}
