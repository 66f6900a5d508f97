package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Tries whether alerts arrive. */
@Command(
        name = "alert",
        description = "Try whether alerts arrive.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class AlertCommand {

    @Command(
            name = "test",
            description = "Send a test message and print what the server says. Exit code 1 if one was not delivered.",
            mixinStandardHelpOptions = true)
    int test(
            @Mixin Client client,
            @Parameters(paramLabel = "NAME", description = "A mailing list or webhook.") String name) {
        JsonNode answer = client.post(
                "/alerts/test", JsonNodeFactory.instance.objectNode().put("name", name));
        if (!client.printed(answer)) {
            client.print(AlertRendering.test(answer));
        }
        return answer.path("delivered").asBoolean() ? 0 : CliException.FAILED;
    }
}
