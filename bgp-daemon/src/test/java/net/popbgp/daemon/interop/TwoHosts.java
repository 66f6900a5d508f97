package net.popbgp.daemon.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import net.popbgp.daemon.ChildJvm;

/**
 * Two hosts, each a network namespace of its own, joined by one veth pair and by nothing else: 198.18.0.1 is ours, 198.18.0.2 the foreign
 * daemon's (RFC 2544 addresses), and 198.18.0.5 and 198.18.0.6 are for a second session. Closing ends the processes that were started here and removes the namespaces.
 */
final class TwoHosts implements AutoCloseable {

    static final String OURS = "198.18.0.1";
    static final String THEIRS = "198.18.0.2";
    static final String OURS_TOO = "198.18.0.5";
    static final String THEIRS_TOO = "198.18.0.6";

    private static final long COMMAND_SECONDS = 30;

    private final String ours = "popbgp-" + ProcessHandle.current().pid() + "-a";
    private final String theirs = "popbgp-" + ProcessHandle.current().pid() + "-b";
    private final List<Process> processes = new ArrayList<>();

    /** Skips the test, with one line that says what is missing, where namespaces or a program are not to be had. */
    static void require(String... programs) {
        List<String> missing = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            missing.add("root");
        }
        for (String program : programs) {
            boolean found = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin").stream()
                    .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
            if (!found) {
                missing.add(program);
            }
        }
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED interoperability test, missing: " + String.join(", ", missing));
        }
        assumeTrue(missing.isEmpty(), "missing: " + missing);
    }

    TwoHosts() throws IOException, InterruptedException {
        try {
            run("ip", "netns", "add", ours);
            run("ip", "netns", "add", theirs);
            run("ip", "-n", ours, "link", "add", "veth-a", "type", "veth", "peer", "name", "veth-b", "netns", theirs);
            bringUp(ours, "veth-a", OURS, OURS_TOO);
            bringUp(theirs, "veth-b", THEIRS, THEIRS_TOO);
        } catch (IOException | InterruptedException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private static void bringUp(String namespace, String link, String... addresses)
            throws IOException, InterruptedException {
        run("ip", "-n", namespace, "link", "set", "lo", "up");
        for (String address : addresses) {
            run("ip", "-n", namespace, "addr", "add", address + "/30", "dev", link);
        }
        run("ip", "-n", namespace, "link", "set", link, "up");
    }

    /** Starts {@code popbgp} on our host. */
    Process popbgp(Path log, Map<String, String> environment, String... arguments) throws IOException {
        return start(ours, log, environment, ChildJvm.popbgp(List.of(), arguments));
    }

    /** Runs a {@code popbgp} command on our host. {@return what it printed, whatever its exit code} */
    String ask(String... arguments) throws IOException, InterruptedException {
        return output(in(ours, ChildJvm.popbgp(List.of(), arguments)));
    }

    /** Starts a program on the other host. */
    Process foreign(Path log, String... command) throws IOException {
        return start(theirs, log, Map.of(), List.of(command));
    }

    /** Runs a program on the other host. {@return what it printed} */
    String askForeign(String... command) throws IOException, InterruptedException {
        return output(in(theirs, List.of(command)));
    }

    private static List<String> in(String namespace, List<String> command) {
        List<String> all = new ArrayList<>(List.of("ip", "netns", "exec", namespace));
        all.addAll(command);
        return all;
    }

    private Process start(String namespace, Path log, Map<String, String> environment, List<String> command)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(in(namespace, command));
        builder.environment().putAll(environment);
        builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        Process process = builder.start();
        processes.add(process);
        return process;
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + text);
        }
    }

    private static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(COMMAND_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return text;
    }

    /** Ends a process as a crash would; {@code ip netns exec} has become the program itself. */
    static void kill(Process process) throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        for (Process process : processes) {
            process.destroyForcibly();
            try {
                process.waitFor();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        for (String namespace : List.of(ours, theirs)) {
            try {
                output(List.of("ip", "netns", "del", namespace));
            } catch (IOException | InterruptedException e) {
                System.err.println("namespace " + namespace + " is left: " + e);
            }
        }
    }
}
