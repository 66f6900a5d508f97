package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.summary.OverCoverage;
import net.popbgp.daemon.summary.Suggestion;
import net.popbgp.daemon.summary.SuggestionJson;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Suggests summaries. */
@Command(
        name = "summarize",
        description = "Fewer prefixes for the same addresses, or for few more.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND")
final class SummarizeCommand {

    @Command(
            name = "suggest",
            description = {
                "Suggest summary routes.",
                "Of the prefixes in a file, one a line, or of what a site of the running daemon would advertise.",
                "Exit code 1 if no suggestion fits the limit."
            },
            mixinStandardHelpOptions = true)
    int suggest(
            @Mixin Client client,
            @Parameters(
                            paramLabel = "FILE",
                            defaultValue = "",
                            description = "Prefixes, one a line; # begins a comment; - for the standard input.")
                    String file,
            @Option(names = "--site", defaultValue = "", description = "What this site would advertise.") String site,
            @Option(names = "--circuit", defaultValue = "", description = "Over this circuit: primary or secondary.")
                    String circuit,
            @Option(names = "--limit", defaultValue = "0", description = "As many prefixes as there should be at most.")
                    int limit,
            @Option(
                            names = "--max-over-coverage",
                            defaultValue = "0%",
                            description = "How much may be added, as 5%% or as a number of addresses.")
                    String overCoverage,
            @Option(
                            names = "--never",
                            description = "A prefix of which no address may be added; more than once if need be.")
                    List<String> never,
            @Option(names = "--yaml", description = "Print summary-routes for the configuration.") boolean yaml)
            throws IOException {
        if (file.isEmpty() == site.isEmpty()) {
            throw new CliException(CliException.USAGE, "name a file, - or --site, one of them");
        }
        List<String> avoided = never == null ? List.of() : never;
        JsonNode answer = site.isEmpty()
                ? ofFile(file, limit, overCoverage, avoided)
                : client.get("/sites/" + Client.encoded(site) + "/summaries/suggest?max-over-coverage="
                        + Client.encoded(overCoverage) + (limit > 0 ? "&limit=" + limit : "")
                        + (circuit.isEmpty() ? "" : "&circuit=" + Client.encoded(circuit))
                        + (avoided.isEmpty() ? "" : "&never=" + Client.encoded(String.join(",", avoided))));
        if (yaml) {
            client.print(SummaryRendering.yaml(answer));
        } else if (!client.printed(answer)) {
            client.print(SummaryRendering.suggestions(answer));
        }
        for (JsonNode each : answer.path("suggestions")) {
            if (!each.path("fits").asBoolean()) {
                client.err()
                        .println("popbgp: " + each.path("family").asText() + ": no suggestion fits "
                                + each.path("limit").asText() + " prefixes within " + overCoverage
                                + " of over-coverage");
                return CliException.FAILED;
            }
        }
        return 0;
    }

    private static JsonNode ofFile(String file, int limit, String overCoverage, List<String> never) throws IOException {
        try {
            Suggestion.Wish wish = new Suggestion.Wish(
                    limit > 0 ? OptionalInt.of(limit) : OptionalInt.empty(),
                    OverCoverage.of(overCoverage),
                    never.stream().map(Prefix::of).toList());
            return SuggestionJson.of(Suggestion.of(read(file), wish));
        } catch (IllegalArgumentException e) {
            throw new CliException(CliException.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static List<Prefix> read(String file) throws IOException {
        List<Prefix> prefixes = new ArrayList<>();
        try (BufferedReader lines = file.equals("-")
                ? new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))
                : Files.newBufferedReader(Path.of(file))) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                number++;
                String text = line.replaceFirst("#.*", "").trim();
                if (text.isEmpty()) {
                    continue;
                }
                if (prefixes.size() == Suggestion.MAX_PREFIXES) {
                    throw new IllegalArgumentException("more than " + Suggestion.MAX_PREFIXES + " prefixes");
                }
                try {
                    prefixes.add(Prefix.of(text));
                } catch (IllegalArgumentException e) {
                    throw new IllegalArgumentException("line " + number + ": " + e.getMessage(), e);
                }
            }
        } catch (NoSuchFileException e) {
            throw new CliException(CliException.USAGE, "there is no file '" + file + "'");
        }
        if (prefixes.isEmpty()) {
            throw new IllegalArgumentException("no prefixes in '" + file + "'");
        }
        return prefixes;
    }
}
