package net.popbgp.daemon.cli;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
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
        footer = {
            "",
            "Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.",
            "Commands that ask a running daemon find it at --api, or POPBGP_API, or as its own file says (--config),",
            "or at http://127.0.0.1:8179."
        })
public final class PopbgpCommand {

    private static final List<Class<?>> SUBCOMMANDS = List.of(
            RunCommand.class,
            WarmUpCommand.class,
            CheckCommand.class,
            ShowCommand.class,
            ExplainCommand.class,
            PeerCommand.class,
            SiteCommand.class,
            SummarizeCommand.class,
            AlertCommand.class,
            DrainCommand.class,
            UndrainCommand.class,
            NextHopCommand.class,
            AnnounceCommand.class,
            WithdrawCommand.class,
            ReloadCommand.class,
            SimCommand.class,
            DemoCommand.class,
            VersionCommand.class);

    PopbgpCommand() {}

    /**
     * Does what the arguments say. {@code run -c FILE} goes past picocli, whose classes are too old for the archive of classes and take a
     * start longer than reading the configuration does.
     *
     * @return the exit code
     */
    public static int execute(String... arguments) {
        boolean plainRun = arguments.length == 3
                && arguments[0].equals("run")
                && (arguments[1].equals("-c") || arguments[1].equals("--config"))
                && !arguments[2].startsWith("-")
                && !arguments[2].startsWith("@");
        if (!plainRun) {
            return commandLine(arguments).execute(arguments);
        }
        try {
            return new RunCommand(Path.of(arguments[2])).call();
        } catch (RuntimeException e) {
            return failure(e, new PrintWriter(System.err, true, Charset.defaultCharset()));
        }
    }

    /**
     * {@return the command line, ready to execute these arguments} Picocli's models of the subcommands that are not called are not built: all
     * of them together cost every start some 0.3 s.
     *
     * @param arguments without one that names a subcommand there are all of them, for the help
     */
    public static CommandLine commandLine(String... arguments) {
        List<Class<?>> called = SUBCOMMANDS.stream()
                .filter(each -> arguments.length > 0 && name(each).equals(arguments[0]))
                .toList();
        CommandLine command = new CommandLine(new PopbgpCommand());
        (called.isEmpty() ? SUBCOMMANDS : called).forEach(each -> command.addSubcommand(name(each), each));
        return command.setParameterExceptionHandler((e, any) -> usage(e))
                .setExecutionExceptionHandler((e, failed, result) -> failure(e, failed.getErr()));
    }

    private static String name(Class<?> subcommand) {
        return subcommand.getAnnotation(Command.class).name();
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
