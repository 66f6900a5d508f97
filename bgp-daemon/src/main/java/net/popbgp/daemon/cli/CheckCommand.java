package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.config.Problem;
import net.popbgp.daemon.config.Values;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Checks a configuration file. */
@Command(
        name = "check",
        description = "Check a configuration file and list all its problems.",
        mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "The configuration file.")
    private Path file = Path.of("popbgp.yaml");

    @Option(names = "--json", description = "Print the problems as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        try {
            DaemonConfig config = ConfigReader.read(file);
            report(config.warnings(), true);
            if (!json) {
                List<String> counts =
                        new ArrayList<>(List.of(count(config.peers().size(), "peer")));
                if (!config.sites().isEmpty()) {
                    counts.add(count(config.sites().size(), "site"));
                }
                if (!config.dynamicPeers().isEmpty()) {
                    counts.add(count(config.dynamicPeers().size(), "range") + " of dynamic peers");
                }
                counts.add(count(config.circuitGroups().size(), "circuit group"));
                counts.add(count(config.announcements().size(), "announced prefix"));
                out().println(file + " is fine: " + String.join(", ", counts));
            }
            return 0;
        } catch (ConfigException e) {
            report(e.problems(), false);
            return CliException.USAGE;
        }
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : what.endsWith("x") ? "es" : "s");
    }

    private void report(List<Problem> problems, boolean ok) {
        if (json) {
            ObjectNode answer = JsonNodeFactory.instance.objectNode().put("ok", ok);
            ArrayNode all = answer.putArray("problems");
            problems.forEach(problem -> all.addObject()
                    .put("severity", Values.kebab(problem.severity()))
                    .put("path", problem.path())
                    .put("line", problem.line())
                    .put("message", problem.message()));
            out().println(Client.pretty(answer));
        } else {
            problems.forEach(problem -> Objects.requireNonNull(spec)
                    .commandLine()
                    .getErr()
                    .println(file + ": " + Values.kebab(problem.severity()) + ": " + problem));
        }
    }

    private PrintWriter out() {
        return Objects.requireNonNull(spec).commandLine().getOut();
    }
}
