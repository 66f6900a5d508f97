package net.popbgp.daemon.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import net.popbgp.daemon.Daemon;
import net.popbgp.daemon.Signals;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.config.Problem;
import net.popbgp.daemon.http.ApiServer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the daemon until a signal ends it or the speaker fails. */
@Command(
        name = "run",
        description =
                "Run the daemon. SIGHUP reads the file again; SIGTERM ends all sessions, for good or as configured for a restart.",
        mixinStandardHelpOptions = true)
final class RunCommand implements Callable<Integer> {

    private static final int CLOSE_SECONDS = 8;

    /** On one processor, peers that have waited for us come up in this time; the API would keep them waiting. */
    private static final long SESSIONS_FIRST_NANOS = 30_000_000;

    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    @Option(
            names = {"-c", "--config"},
            paramLabel = "FILE",
            required = true,
            description = "The configuration file.")
    private Path file = Path.of("popbgp.yaml");

    @Spec
    private @Nullable CommandSpec spec;

    RunCommand() {}

    /** Without picocli's model of the command. */
    RunCommand(Path file) {
        this.file = file;
    }

    private final CompletableFuture<Integer> exit = new CompletableFuture<>();

    @Override
    public Integer call() {
        DaemonConfig config;
        try {
            config = ConfigReader.read(file);
        } catch (ConfigException e) {
            e.problems().forEach(this::report);
            return CliException.USAGE;
        }
        config.warnings().forEach(this::report);
        return run(config);
    }

    private int run(DaemonConfig config) {
        try (Daemon daemon = Daemon.create(config, Optional.of(file));
                ApiServer api = new ApiServer(daemon)) {
            Signals.on("TERM", () -> exit.complete(0));
            Signals.on("INT", () -> exit.complete(0));
            Signals.on("HUP", () -> reload(daemon));
            daemon.speaker().terminated().whenComplete((done, failure) -> {
                if (failure != null) {
                    LOG.error("event=speaker-failed", failure);
                    exit.complete(CliException.FAILED);
                }
            });
            api.listen(); // a second daemon by mistake ends here, before it disturbs the first one's sessions
            daemon.start();
            LockSupport.parkNanos(SESSIONS_FIRST_NANOS);
            daemon.bindMetrics();
            api.start();
            daemon.logStarted();
            daemon.warmUp();
            int code = exit.get();
            haltAfter(CLOSE_SECONDS);
            return code;
        } catch (IOException | IllegalStateException | IllegalArgumentException e) {
            throw new CliException(CliException.FAILED, String.valueOf(e.getMessage()));
        } catch (InterruptedException | ExecutionException e) {
            throw new CliException(CliException.FAILED, "interrupted");
        }
    }

    /** Ends the process even if closing should hang. */
    private static void haltAfter(int seconds) {
        Thread guard = new Thread(
                () -> {
                    LockSupport.parkNanos(TimeUnit.SECONDS.toNanos(seconds));
                    LOG.error("event=close-timeout seconds={}", seconds);
                    Runtime.getRuntime().halt(CliException.FAILED);
                },
                "popbgp-close");
        guard.setDaemon(true);
        guard.start();
    }

    private void report(Problem problem) {
        PrintWriter err = spec == null
                ? new PrintWriter(System.err, true, Charset.defaultCharset())
                : spec.commandLine().getErr();
        err.println(file + ": " + (problem.isError() ? "error: " : "warning: ") + problem);
    }

    private void reload(Daemon daemon) {
        try {
            daemon.reload("signal");
        } catch (ConfigException e) {
            e.problems().forEach(problem -> LOG.error("event=reload-refused problem=\"{}\"", problem));
        }
    }
}
