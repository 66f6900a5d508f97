package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.popbgp.daemon.ChildJvm;
import org.jspecify.annotations.Nullable;

/** A {@code popbgp} command as a process on a host, reached through {@link LabDaemon}'s door. Thread-safe. */
final class LabProcess {

    private static final long START_SECONDS = 60;

    private final Host host;
    private final Path folder;
    private final String base;
    private final List<String> options;
    private Door door;
    private int starts;
    private @Nullable Process process;

    /**
     * @param folder where its log and its door are
     * @param base what all paths of its interface begin with
     */
    LabProcess(Host host, Path folder, String base) {
        this(host, folder, base, ClassArchive.get().options());
    }

    /**
     * The same.
     *
     * @param options for its JVM
     */
    LabProcess(Host host, Path folder, String base, List<String> options) {
        this.host = host;
        this.folder = folder;
        this.base = base;
        this.options = options;
        door = new Door(folder.resolve("door"), base);
    }

    /**
     * Starts it and waits until it answers.
     *
     * @param probe a path of its interface
     */
    synchronized void start(String probe, String... arguments) throws IOException, InterruptedException {
        door = new Door(folder.resolve("door" + ++starts), base);
        List<String> all = new ArrayList<>(options);
        all.add("-Xmx1g");
        all.add("-D" + LabDaemon.DOOR + "=" + door.socket());
        process =
                host.start(log(), Map.of("POPBGP_LOG_LEVEL", "DEBUG"), ChildJvm.main(LabDaemon.class, all, arguments));
        long deadline = System.nanoTime() + Duration.ofSeconds(START_SECONDS).toNanos();
        while (!answers(probe)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the process does not come up:\n" + Files.readString(log()));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private boolean answers(String probe) {
        try {
            door.get(probe);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    Path log() {
        return folder.resolve("popbgp.log");
    }

    synchronized boolean isAlive() {
        return process != null && process.isAlive();
    }

    private Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    /** Ends the process as a crash would. */
    synchronized void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    /** Ends the process as a system's shutdown would, by SIGTERM. */
    synchronized void terminate() throws InterruptedException {
        process().destroy();
        process().waitFor();
    }

    /** Stops the process where it is; its connections stay. */
    synchronized void freeze() throws IOException, InterruptedException {
        Commands.run("kill", "-STOP", String.valueOf(process().pid()));
    }

    synchronized void thaw() throws IOException, InterruptedException {
        Commands.run("kill", "-CONT", String.valueOf(process().pid()));
    }

    JsonNode get(String path) throws IOException {
        return door().get(path);
    }

    JsonNode post(String path, String contentType, String body) throws IOException {
        return door().post(path, contentType, body);
    }

    private synchronized Door door() {
        return door;
    }
}
