package net.popbgp.daemon.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.stream.Stream;

/** Runs {@code popbgp} in this process. */
public final class TestCommand {

    private TestCommand() {}

    /** Against the daemon that has its API at that port. {@return the exit code} */
    public static int run(int apiPort, StringWriter out, StringWriter err, String... arguments) {
        return run(
                out,
                err,
                Stream.concat(Stream.of(arguments), Stream.of("--api", "http://127.0.0.1:" + apiPort))
                        .toArray(String[]::new));
    }

    /** {@return the exit code} */
    public static int run(StringWriter out, StringWriter err, String... arguments) {
        return PopbgpCommand.commandLine(arguments)
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
