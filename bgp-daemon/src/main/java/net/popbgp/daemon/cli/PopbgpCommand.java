package net.popbgp.daemon.cli;

import java.io.PrintWriter;
import net.popbgp.daemon.Version;
import net.popbgp.daemon.demo.DemoCommand;
import net.popbgp.sim.SimCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The command {@code popbgp} with all its subcommands: a new one is listed here. */
@Command(
        name = "popbgp",
        description = "A BGP speaker for cloud points of presence.",
        mixinStandardHelpOptions = true,
        versionProvider = PopbgpCommand.VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            RunCommand.class,
            CheckCommand.class,
            ShowCommand.class,
            ExplainCommand.class,
            PeerCommand.class,
            DrainCommand.class,
            UndrainCommand.class,
            NextHopCommand.class,
            AnnounceCommand.class,
            WithdrawCommand.class,
            ReloadCommand.class,
            SimCommand.class,
            DemoCommand.class,
            VersionCommand.class,
        },
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.",
            "Commands that ask a running daemon find it at --api, or POPBGP_API, or http://127.0.0.1:8179."
        })
public final class PopbgpCommand {

    PopbgpCommand() {}

    /** {@return the command line, ready to execute} */
    public static CommandLine commandLine() {
        return new CommandLine(new PopbgpCommand())
                .setParameterExceptionHandler((e, arguments) -> usage(e))
                .setExecutionExceptionHandler((e, command, result) -> failure(e, command.getErr()));
    }

    private static int usage(ParameterException e) {
        CommandLine command = e.getCommandLine();
        command.getErr().println("popbgp: " + e.getMessage());
        command.getErr().println("Try '" + command.getCommandSpec().qualifiedName() + " --help'.");
        return CliException.USAGE;
    }

    private static int failure(Exception e, PrintWriter err) {
        if (e instanceof CliException failure) {
            err.println("popbgp: " + failure.getMessage());
            return failure.exitCode();
        }
        err.println("popbgp: " + e);
        return CliException.FAILED;
    }

    /** Prints the version of the package. */
    static final class VersionProvider implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"popbgp " + Version.text()};
        }
    }
}
