package net.popbgp.daemon.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Objects;
import java.util.concurrent.Callable;
import net.popbgp.daemon.Version;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints the version. */
@Command(name = "version", description = "Print the version.", mixinStandardHelpOptions = true)
final class VersionCommand implements Callable<Integer> {

    @Option(names = "--json", description = "Print it as JSON.")
    private boolean json;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        ObjectNode answer = JsonNodeFactory.instance.objectNode().put("version", Version.text());
        String java = System.getProperty("java.version", "");
        answer.put("java", java);
        Objects.requireNonNull(spec)
                .commandLine()
                .getOut()
                .println(json ? Client.pretty(answer) : "popbgp " + Version.text() + " (java " + java + ")");
        return 0;
    }
}
