package net.popbgp.daemon.interop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A BGP daemon of somebody else's, a process on a host of its own. What it is to be is set in its sessions and routes; {@link #start} and
 * {@link #reload} write that in the daemon's language.
 *
 * <p>For one thread.
 */
abstract class Foreign {

    final Host host;
    final Path folder;
    final String routerId;
    final List<LabSession> sessions = new ArrayList<>();
    final List<LabRoute> routes = new ArrayList<>();
    private @Nullable Process process;

    Foreign(Host host, Path folder, String routerId) {
        this.host = host;
        this.folder = folder;
        this.routerId = routerId;
    }

    /** {@return the configuration, in the daemon's language} */
    abstract String configuration();

    /**
     * {@return the command line}
     *
     * @param restarting whether it is to come back from a restart, for those that must be told
     */
    abstract List<String> command(boolean restarting);

    /** Takes over what was changed in sessions and routes, with as little disturbance as the daemon can. */
    abstract void reload() throws IOException, InterruptedException;

    /** {@return how a route that was not said to have this or that attribute is announced} */
    LabRoute announced(LabRoute route) {
        return route;
    }

    /** {@return how long after the last message its HoldTimer expires at the earliest, with 100 ms for what clocks and timers differ} */
    Duration earliestHoldTimer(int seconds) {
        return Duration.ofSeconds(seconds).minusMillis(100);
    }

    abstract boolean isUp(LabSession session) throws IOException, InterruptedException;

    /** {@return how many paths it has from this neighbour, of a family} */
    abstract int received(LabSession session, String family) throws IOException, InterruptedException;

    /** {@return the paths to a prefix that it has from this neighbour, as received} */
    abstract List<LabRoute> paths(LabSession session, String prefix) throws IOException, InterruptedException;

    /** {@return all IPv4 paths that it has from this neighbour} */
    abstract List<LabRoute> allPaths(LabSession session) throws IOException, InterruptedException;

    /** {@return for how many IPv4 prefixes it has selected the path of each session, by the sessions' names} */
    abstract Map<String, Integer> selected() throws IOException, InterruptedException;

    /** {@return counts by neighbours' addresses as such by the sessions' names} */
    final Map<String, Integer> bySession(Map<String, Integer> byAddress) {
        Map<String, Integer> counts = new HashMap<>();
        sessions.forEach(each -> counts.put(each.name, byAddress.getOrDefault(each.remote, 0)));
        return counts;
    }

    /** {@return all that it tells about a prefix} */
    abstract String details(LabSession session, String prefix) throws IOException, InterruptedException;

    /** {@return all that it tells about a session} */
    abstract String status(LabSession session) throws IOException, InterruptedException;

    /** Asks the neighbour for its routes again (RFC 2918). */
    abstract void refreshIn(LabSession session) throws IOException, InterruptedException;

    /** Ends a session as an operator does, with a text (RFC 9003). */
    abstract void shutdown(LabSession session, String text) throws IOException, InterruptedException;

    /** Takes back {@link #shutdown}. */
    abstract void enable(LabSession session) throws IOException, InterruptedException;

    // ---- for a test that has failed

    /** {@return whether it lives, the end of its log, what it says of its sessions, and what its threads do; this may end it} */
    final String report() throws IOException, InterruptedException {
        StringBuilder text = new StringBuilder("---- its log\n").append(Cell.tail(logText()));
        text.append("\n---- it ")
                .append(process == null ? "was not started" : process.isAlive() ? "runs" : "has ended");
        if (process != null) {
            if (process.isAlive()) {
                thaw(); // or it would not answer
            }
            for (LabSession each : sessions) {
                text.append('\n');
                try {
                    text.append(status(each));
                } catch (IOException e) {
                    text.append(e);
                }
            }
            text.append('\n').append(stacks());
        }
        return text.toString();
    }

    /** {@return what its threads are doing, where it can tell that without answering; this may end it} */
    String stacks() throws IOException, InterruptedException {
        return "";
    }

    // ---- the process

    Path log() {
        return folder.resolve("foreign.log");
    }

    String logText() throws IOException {
        return Files.exists(log()) ? Files.readString(log()) : "";
    }

    final void start() throws IOException, InterruptedException {
        start(false);
    }

    /**
     * Starts the process with what is set.
     *
     * @param restarting whether it comes back from a restart
     */
    void start(boolean restarting) throws IOException, InterruptedException {
        writeConfiguration(configuration());
        run(restarting);
    }

    final void run(boolean restarting) throws IOException {
        process = host.start(log(), Map.of(), command(restarting));
    }

    final void writeConfiguration(String text) throws IOException {
        Files.writeString(configurationFile(), text);
    }

    final Path configurationFile() {
        return folder.resolve("foreign.conf");
    }

    final Process process() {
        if (process == null) {
            throw new IllegalStateException("not started");
        }
        return process;
    }

    final long pid() {
        return process().pid();
    }

    /** Ends the process as a crash would. */
    final void kill() throws InterruptedException {
        process().destroyForcibly().waitFor();
    }

    /** Stops the process where it is; its connections stay. */
    final void freeze() throws IOException, InterruptedException {
        signal("STOP");
    }

    final void thaw() throws IOException, InterruptedException {
        signal("CONT");
    }

    final void signal(String name) throws IOException, InterruptedException {
        Commands.run("kill", "-" + name, String.valueOf(pid()));
    }
}
