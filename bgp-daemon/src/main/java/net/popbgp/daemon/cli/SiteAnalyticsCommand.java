package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.ZoneId;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how a site has done. */
@Command(
        name = "analytics",
        description = "How a site has done: availability, failures, failovers, limits and when they will be reached.",
        mixinStandardHelpOptions = true)
final class SiteAnalyticsCommand implements Callable<Integer> {

    @Mixin
    private final Client client = new Client();

    @Parameters(paramLabel = "NAME", description = "The site.")
    private String name = "";

    @Option(names = "--window", description = "The time that ends now: 24h, 7d, ... (default 24h, 7d and 30d).")
    private String window = "";

    SiteAnalyticsCommand() {}

    @Override
    public Integer call() {
        JsonNode answer = client.get("/sites/" + Client.encoded(name) + "/analytics"
                + (window.isEmpty() ? "" : "?window=" + Client.encoded(window)));
        if (!client.printed(answer)) {
            client.print(EventRendering.analytics(answer, ZoneId.systemDefault()));
        }
        return 0;
    }
}
