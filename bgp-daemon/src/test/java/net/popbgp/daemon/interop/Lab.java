package net.popbgp.daemon.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The hosts of one test run: network namespaces that are joined by veth pairs and by nothing else. Addresses are of 198.18.0.0/15 (RFC 2544)
 * and 2001:db8::/32 (RFC 3849).
 *
 * <p>A janitor, a shell of its own session that waits for the end of its input, removes namespaces, processes and files when this JVM ends,
 * however it ends.
 *
 * <p>Thread-safe.
 */
final class Lab {

    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/frr");
    private static final long JANITOR_SECONDS = 20;

    private static final String JANITOR = """
            read -r line
            for ns in $(ip netns list | cut -d ' ' -f 1 | grep "^$1-"); do
              for pid in $(ip netns pids "$ns"); do kill -9 "$pid"; done
              ip netns del "$ns"
            done
            rm -rf "$2"
            """;

    private static final class Holder {
        static final Lab LAB = new Lab();
    }

    private final String run = "popbgp-" + ProcessHandle.current().pid();
    private final AtomicInteger hosts = new AtomicInteger();
    private final Path folder;

    private Lab() {
        try {
            folder = Files.createTempDirectory(run + "-");
            Process janitor = new ProcessBuilder("setsid", "sh", "-c", JANITOR, "sh", run, folder.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(() -> dismiss(janitor), "lab-end"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the lab of this JVM} */
    static Lab get() {
        return Holder.LAB;
    }

    private static void dismiss(Process janitor) {
        try {
            janitor.getOutputStream().close();
            if (!janitor.waitFor(JANITOR_SECONDS, java.util.concurrent.TimeUnit.SECONDS)) {
                System.err.println("the lab is still being cleared");
            }
        } catch (IOException e) {
            System.err.println("the lab was not cleared: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Skips the test, with one line that says what is missing, where namespaces or a program are not to be had. */
    static void require(List<String> programs) {
        List<String> missing = new ArrayList<>();
        if (!"root".equals(System.getProperty("user.name"))) {
            missing.add("root");
        }
        for (String program : programs) {
            if (FOLDERS.stream().noneMatch(each -> Files.isExecutable(Path.of(each, program)))) {
                missing.add(program);
            }
        }
        if (!missing.isEmpty()) {
            System.err.println("SKIPPED interoperability test, missing: " + String.join(", ", missing));
        }
        assumeTrue(missing.isEmpty(), "missing: " + missing);
    }

    /** {@return a new folder that goes when the JVM ends} */
    Path folder(String name) throws IOException {
        return Files.createTempDirectory(folder, name + "-");
    }

    /** {@return a new host, to be closed} */
    Host host() throws IOException, InterruptedException {
        String namespace = run + "-" + hosts.incrementAndGet();
        Commands.run("ip", "netns", "add", namespace);
        Host host = new Host(namespace);
        host.ip("link", "set", "lo", "up");
        return host;
    }

    /** Joins two hosts by a veth pair. {@return the name of the interface, the same on both} */
    String join(Host one, Host other, int number) throws IOException, InterruptedException {
        String link = "c" + number;
        one.ip("link", "add", link, "type", "veth", "peer", "name", link, "netns", other.namespace());
        return link;
    }
}
