package net.popbgp.daemon.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code popbgp demo}: runs the drill and says whether every check in it held. */
@Command(
        name = "demo",
        description = {
            "Run the drill: this speaker and a simulated Azure edge on loopback, two circuits with MD5,",
            "through failover, failback, prefix limits, drain and restart. Exit code 0 only if every check held."
        },
        mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {

    private static final int MAX_FAILOVERS = 10_000;

    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the report for programs to this file.")
    private @Nullable Path json;

    @Option(
            names = "--failovers",
            paramLabel = "COUNT",
            defaultValue = "0",
            description =
                    "So many failovers in a row, twice, for the distribution of their times; none by default. Some 2 s each.")
    private int failovers;

    @Option(names = "--keep", description = "Keep the working folder with configurations and logs.")
    private boolean keep;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (failovers < 0 || failovers > MAX_FAILOVERS) {
            throw new ParameterException(
                    Objects.requireNonNull(spec).commandLine(),
                    "--failovers: must be 0.." + MAX_FAILOVERS + ", not " + failovers);
        }
        Path folder = Files.createTempDirectory("popbgp-demo");
        DrillReport report = new DrillReport();
        try (DrillSite site = new DrillSite(folder)) {
            Runtime.getRuntime().addShutdownHook(new Thread(site::close, "popbgp-demo-end"));
            new Drill(site, report, failovers).run();
        }
        report.printSummary();
        if (json != null) {
            Files.writeString(json, report.toJson());
        }
        if (keep || !report.passed()) {
            System.out.println("Configurations and logs: " + folder);
        } else {
            delete(folder);
        }
        return report.passed() ? 0 : 1;
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
