package net.popbgp.daemon.interop;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * The hosts of one test run: network namespaces that are joined by veth pairs and by nothing else. Addresses are of 198.18.0.0/15 (RFC 2544)
 * and 2001:db8::/32 (RFC 3849).
 *
 * <p>A {@link Janitor} removes namespaces, processes and files when this JVM ends, however it ends.
 *
 * <p>Thread-safe.
 */
final class Lab {

    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/lib/frr");
    private static final long CLEARING_SECONDS = 20;

    private static final class Holder {
        static final Lab LAB = new Lab();
    }

    private final AtomicInteger hosts = new AtomicInteger();
    private final Janitor janitor;

    private Lab() {
        try {
            janitor = new Janitor();
            Runtime.getRuntime().addShutdownHook(new Thread(this::clear, "lab-end"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the lab of this JVM} */
    static Lab get() {
        return Holder.LAB;
    }

    /** Clears before the JVM is gone, so that who waits for it finds nothing. */
    private void clear() {
        try {
            CompletableFuture.runAsync(janitor::clear).get(CLEARING_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            System.err.println("the lab is still being cleared");
        } catch (ExecutionException e) {
            System.err.println("the lab was not cleared: " + e.getCause());
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

    /** {@return the process that clears after this JVM} */
    long janitor() {
        return janitor.pid();
    }

    /** {@return a new folder that goes when the JVM ends} */
    Path folder(String name) throws IOException {
        return Files.createTempDirectory(janitor.folder(), name + "-");
    }

    /** {@return a new host, to be closed} */
    Host host() throws IOException, InterruptedException {
        String namespace = Janitor.RUN + "-" + hosts.incrementAndGet();
        janitor.addNamespace(namespace);
        return new Host(namespace);
    }

    /** Joins two hosts by a veth pair. {@return the name of the interface, the same on both} */
    String join(Host one, Host other, int number) throws IOException, InterruptedException {
        String link = "c" + number;
        one.link(link, other);
        return link;
    }
}
