package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks Azure whether service keys can be used. Exit code 0 if they can, 1 if not. */
@Command(
        name = "validate",
        description = "Ask Azure whether the service keys of a site, or a new one, can be used; fills in bandwidth and"
                + " peering location.",
        mixinStandardHelpOptions = true)
final class SiteValidateCommand implements Callable<Integer> {

    @Mixin
    private Client client = new Client();

    @ArgGroup(multiplicity = "1")
    private Subject subject = new Subject();

    /** A site that is configured, or a key. */
    static final class Subject {
        @Parameters(paramLabel = "NAME", description = "The site's name.")
        private @Nullable String site;

        @ArgGroup(exclusive = false)
        private @Nullable NewCircuit circuit;
    }

    /** A circuit that is not configured yet. */
    static final class NewCircuit {
        @Option(names = "--service-key", paramLabel = "GUID", required = true, description = "The key to validate.")
        private String serviceKey = "";

        @Option(names = "--pop", paramLabel = "POP", required = true, description = "The PoP it is for: \"New York\".")
        private String pop = "";
    }

    @Override
    public Integer call() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        if (subject.circuit != null) {
            body.put("service-key", subject.circuit.serviceKey).put("pop", subject.circuit.pop);
        } else {
            body.put("site", subject.site);
        }
        JsonNode answer = client.post("/sites/validate", body);
        if (!client.printed(answer)) {
            client.print(AzureRendering.verdicts(answer));
        }
        return answer.path("valid").asBoolean() ? 0 : CliException.FAILED;
    }
}
