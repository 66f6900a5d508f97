package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
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
                out().println(file + " is fine: " + config.peers().size() + " peers, "
                        + (config.sites().isEmpty() ? "" : config.sites().size() + " sites, ")
                        + (config.dynamicPeers().isEmpty()
                                ? ""
                                : config.dynamicPeers().size() + " ranges of dynamic peers, ")
                        + config.circuitGroups().size() + " circuit groups, "
                        + config.announcements().size() + " announced prefixes");
            }
            return 0;
        } catch (ConfigException e) {
            report(e.problems(), false);
            return CliException.USAGE;
        }
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
