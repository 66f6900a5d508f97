package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Withdraws prefixes that we announce. */
@Command(name = "withdraw", description = "Withdraw prefixes that we announce.", mixinStandardHelpOptions = true)
final class WithdrawCommand implements Callable<Integer> {

    @Mixin
    private Client client = new Client();

    @Parameters(paramLabel = "PREFIX", arity = "1..*", description = "As 10.1.0.0/16.")
    private List<String> prefixes = List.of();

    @Override
    public Integer call() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        prefixes.forEach(body.putArray("prefixes")::add);
        JsonNode answer = client.post("/withdraw", body);
        if (!client.printed(answer)) {
            client.out().println("withdrawn " + answer.path("withdrawn").asInt());
        }
        return 0;
    }
}
