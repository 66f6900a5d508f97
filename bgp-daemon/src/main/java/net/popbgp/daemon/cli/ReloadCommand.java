package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Makes the daemon read its file again. */
@Command(
        name = "reload",
        description = "Read the configuration file again and apply what has changed, with the least disturbance.",
        mixinStandardHelpOptions = true)
final class ReloadCommand implements Callable<Integer> {

    @Mixin
    private Client client = new Client();

    @Override
    public Integer call() {
        JsonNode answer = client.post("/config");
        if (!client.printed(answer)) {
            client.print(Rendering.reload(answer));
        }
        return answer.path("failed").asBoolean() ? CliException.FAILED : 0;
    }
}
