package net.popbgp.daemon.interop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** One network namespace and the processes that were started in it. Thread-safe. */
final class Host implements AutoCloseable {

    private final String namespace;
    private final List<Process> processes = new ArrayList<>();
    private final List<String> links = new ArrayList<>();

    Host(String namespace) {
        this.namespace = namespace;
    }

    String namespace() {
        return namespace;
    }

    /** Runs an {@code ip} command here. */
    void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip", "-n", namespace));
        command.addAll(List.of(arguments));
        Commands.run(command);
    }

    /** Gives an interface its addresses, with their prefix lengths, and sets it up. */
    void address(String link, String... addresses) throws IOException, InterruptedException {
        StringBuilder lines = new StringBuilder();
        for (String address : addresses) {
            lines.append("addr add ").append(address).append(" dev ").append(link);
            lines.append(address.contains(":") ? " nodad\n" : "\n");
        }
        batch(lines.append("link set ").append(link).append(" up\n").toString());
    }

    /** Runs several {@code ip} commands here, one a line, by one program. */
    private void batch(String lines) throws IOException, InterruptedException {
        Commands.run(List.of("ip", "-n", namespace, "-batch", "-"), Commands.SECONDS, lines);
    }

    /** Makes a veth pair, one end of it here. */
    synchronized void link(String link, Host other) throws IOException, InterruptedException {
        ip("link", "add", link, "type", "veth", "peer", "name", link, "netns", other.namespace);
        links.add(link);
    }

    /** Removes all that {@link #link} has made here, with the other ends. */
    synchronized void unlink() throws IOException {
        try {
            for (String link : links) {
                ip("link", "del", link);
            }
            links.clear();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the janitor does it
        }
    }

    /** {@return how many established TCP connections with an address the kernel has here} */
    int connections(String address) throws IOException, InterruptedException {
        String all = Commands.run(in(List.of("ss", "-Htn", "state", "established", "dst", address)));
        return (int) all.lines().filter(line -> !line.isBlank()).count();
    }

    /** Starts a program here; what it prints is appended to the log. */
    synchronized Process start(Path log, Map<String, String> environment, List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(in(command));
        builder.environment().putAll(environment);
        Janitor.mark(builder);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private List<String> in(List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        return all;
    }

    @Override
    public synchronized void close() throws IOException {
        try {
            for (Process process : processes) {
                process.destroyForcibly().waitFor();
            }
            Commands.run("ip", "netns", "del", namespace);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the janitor does it
        }
    }
}
