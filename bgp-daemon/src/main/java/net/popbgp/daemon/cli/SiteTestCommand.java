package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks whether the other end of a circuit answers. */
@Command(
        name = "test",
        description =
                "Send ICMP echo requests from the PoP's address of a circuit to the cloud's. Exit code 1 unless one is"
                        + " answered.",
        mixinStandardHelpOptions = true)
final class SiteTestCommand implements Callable<Integer> {

    @Mixin
    private Client client = new Client();

    @Parameters(index = "0", paramLabel = "SITE", description = "The site.")
    private String site = "";

    @Parameters(index = "1", paramLabel = "CIRCUIT", description = "primary or secondary.")
    private String circuit = "";

    @Option(names = "--probes", paramLabel = "NUMBER", description = "How many (default 5).")
    private @Nullable Integer probes;

    @Option(names = "--interval", paramLabel = "TIME", description = "From one to the next (default 1s).")
    private @Nullable String interval;

    @Option(names = "--timeout", paramLabel = "TIME", description = "How long a reply may take (default 1s).")
    private @Nullable String timeout;

    @Override
    public Integer call() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        Optional.ofNullable(probes).ifPresent(value -> body.put("probes", value));
        Optional.ofNullable(interval).ifPresent(value -> body.put("interval", value));
        Optional.ofNullable(timeout).ifPresent(value -> body.put("timeout", value));
        JsonNode answer =
                client.post("/sites/" + Client.encoded(site) + "/circuits/" + Client.encoded(circuit) + "/test", body);
        if (!client.printed(answer)) {
            client.print(AlertRendering.connectivity(answer));
        }
        return answer.path("success").asBoolean() ? 0 : CliException.FAILED;
    }
}
