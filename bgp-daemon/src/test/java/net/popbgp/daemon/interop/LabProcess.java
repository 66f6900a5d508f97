package net.popbgp.daemon.interop;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.popbgp.daemon.ChildJvm;
import org.jspecify.annotations.Nullable;

/**
 * A host with a {@code popbgp} command as a process, reached through {@link LabDaemon}'s door. The process is either the program as it is, of
 * its own; or one that is kept: after the scene whose it was, the daemon or simulator in it ends, and the next scene has its own started
 * there. For a JVM's start takes a processor longer than most scenes do.
 *
 * <p>Thread-safe.
 */
final class LabProcess implements AutoCloseable {

    private static final long START_SECONDS = 60;

    private static final Deque<LabProcess> FREE = new ArrayDeque<>();

    private final Host host;
    private final Path folder;
    private final List<String> options;
    private final boolean kept;
    private Door door;
    private int starts;
    private @Nullable Process process;
    private boolean running;
    private boolean failed;

    private LabProcess(List<String> options, boolean kept) throws IOException, InterruptedException {
        this.options = options;
        this.kept = kept;
        folder = Lab.get().folder("popbgp");
        host = Lab.get().host();
        door = new Door(folder.resolve("door"));
    }

    /** {@return one of its own, not yet started} */
    static LabProcess own() throws IOException, InterruptedException {
        return own(ClassArchive.get().options());
    }

    /**
     * {@return one of its own, not yet started}
     *
     * @param options for its JVM
     */
    static LabProcess own(List<String> options) throws IOException, InterruptedException {
        return new LabProcess(options, false);
    }

    /** {@return one that is kept, with nothing running in it} */
    static LabProcess kept() throws IOException, InterruptedException {
        LabProcess free;
        synchronized (FREE) {
            free = FREE.poll();
        }
        if (free != null) {
            Files.writeString(free.log(), ""); // what is told there is to be of this scene
            return free;
        }
        return new LabProcess(ClassArchive.get().options(), true);
    }

    Host host() {
        return host;
    }

    /**
     * Starts a command and waits until it answers.
     *
     * @param probe a path of its interface
     * @param command {@code run} or {@code sim}
     */
    synchronized void start(String probe, String command, Path configuration) throws IOException, InterruptedException {
        if (!kept) {
            launch(List.of(command, "-c", configuration.toString()));
            await(() -> door.get(probe));
        } else {
            if (process == null || !process.isAlive()) {
                launch(List.of());
                await(() -> door.order("hello"));
            }
            door.order(command + ' ' + configuration);
        }
        running = true;
    }

    private interface Question {
        void ask() throws IOException;
    }

    private void launch(List<String> arguments) throws IOException {
        door = new Door(folder.resolve("door" + ++starts));
        List<String> all = new ArrayList<>(options);
        all.add("-Xmx1g");
        all.add("-Dio.netty.jfr.enabled=false"); // as the program itself sets it
        all.add("-D" + LabDaemon.DOOR + "=" + door.socket());
        process = host.start(
                log(),
                Map.of("POPBGP_LOG_LEVEL", "DEBUG"),
                ChildJvm.main(LabDaemon.class, all, arguments.toArray(String[]::new)));
    }

    private void await(Question question) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(START_SECONDS).toNanos();
        while (!isAnswered(question)) {
            if (!process().isAlive() || System.nanoTime() > deadline) {
                throw new IOException("the process does not come up:\n" + Files.readString(log()));
            }
            TimeUnit.MILLISECONDS.sleep(100);
        }
    }

    private static boolean isAnswered(Question question) {
        try {
            question.ask();
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    Path log() {
        return folder.resolve("popbgp.log");
    }

    /** {@return whether a command runs} */
    synchronized boolean isRunning() {
        return running && process().isAlive();
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

    /** Ends the process, one of its own, as a system's shutdown would, by SIGTERM. */
    synchronized void terminate() throws InterruptedException {
        if (kept) {
            throw new IllegalStateException("the program itself must be there to answer SIGTERM");
        }
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

    /** Says that the scene has failed, so that nobody shall have this process after it. */
    synchronized void failed() {
        failed = true;
    }

    /** Ends it, or what runs in it. */
    @Override
    public synchronized void close() throws IOException {
        if (!kept || failed || !isRunning()) {
            host.close();
            return;
        }
        door.order("end");
        running = false;
        host.unlink();
        synchronized (FREE) {
            FREE.push(this);
        }
    }
}
