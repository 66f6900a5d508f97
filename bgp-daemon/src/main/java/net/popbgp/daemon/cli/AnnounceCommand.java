package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Announces prefixes until they are withdrawn or the daemon ends. */
@Command(
        name = "announce",
        description = "Announce prefixes until they are withdrawn or the daemon ends.",
        mixinStandardHelpOptions = true)
final class AnnounceCommand implements Callable<Integer> {

    @Mixin
    private Client client = new Client();

    @Parameters(paramLabel = "PREFIX", arity = "1..*", description = "As 10.1.0.0/16.")
    private List<String> prefixes = List.of();

    @Option(names = "--next-hop", paramLabel = "ADDRESS", description = "Default: our own address.")
    private String nextHop = "";

    @Option(names = "--communities", split = ",", paramLabel = "COMMUNITY", description = "Of any kind.")
    private List<String> communities = List.of();

    @Option(names = "--med", paramLabel = "NUMBER", description = "MULTI_EXIT_DISC.")
    private String med = "";

    @Option(names = "--as-path", split = "[, ]+", paramLabel = "AS", description = "Behind our own AS, nearest first.")
    private List<String> asPath = List.of();

    @Override
    public Integer call() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        prefixes.forEach(body.putArray("prefixes")::add);
        if (!nextHop.isEmpty()) {
            body.put("next-hop", nextHop);
        }
        if (!communities.isEmpty()) {
            communities.forEach(body.putArray("communities")::add);
        }
        if (!med.isEmpty()) {
            body.put("med", med);
        }
        if (!asPath.isEmpty()) {
            asPath.forEach(body.putArray("as-path")::add);
        }
        JsonNode answer = client.post("/announce", body);
        if (!client.printed(answer)) {
            client.out().println("announced " + answer.path("announced").asInt());
        }
        return 0;
    }
}
