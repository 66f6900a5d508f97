package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tells why a prefix is routed as it is. */
@Command(
        name = "explain",
        description = "Why a prefix is routed as it is: every candidate, its verdict and the step that decided.",
        mixinStandardHelpOptions = true)
final class ExplainCommand implements Callable<Integer> {

    @Mixin
    private Client client = new Client();

    @Parameters(paramLabel = "PREFIX", description = "As 10.1.0.0/16.")
    private String prefix = "";

    @Override
    public Integer call() {
        JsonNode answer = client.get("/explain?prefix=" + Client.encoded(prefix));
        if (!client.printed(answer)) {
            client.print(Rendering.explanation(answer));
        }
        return 0;
    }
}
