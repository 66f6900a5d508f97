package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Shows what Azure sees of a site. */
@Command(
        name = "azure",
        description = "Azure's own view of a site's circuits: provisioning, ARP, BGP neighbours, availability.",
        mixinStandardHelpOptions = true)
final class SiteAzureCommand implements Callable<Integer> {

    @Mixin
    private Client client = new Client();

    @Parameters(paramLabel = "NAME", description = "The site's name.")
    private String name = "";

    @Override
    public Integer call() {
        JsonNode answer = client.get("/sites/" + Client.encoded(name) + "/azure");
        if (!client.printed(answer)) {
            client.print(AzureRendering.sides(answer));
        }
        return 0;
    }
}
