package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.popbgp.daemon.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** However a run of the lab ends, no namespace, process or file of it is left. */
@Tag("interop")
@Timeout(120)
class LabCleanUpIT {

    @TempDir
    private Path folder;

    /** A run of the lab with a daemon on a host, until it is ended, or fails on its own. */
    static final class Run {

        private Run() {}

        public static void main(String[] arguments) throws Exception {
            Host host = Lab.get().host();
            Path files = Lab.get().folder("cleanup");
            Bird bird = new Bird(host, files, "198.18.0.2");
            bird.sessions.add(new LabSession("pop", "198.18.0.2", Cell.THEIR_AS, "198.18.0.1", Pop.AS));
            bird.start();
            Files.writeString(Path.of(arguments[0]), host.namespace() + "\n" + files + "\n" + bird.pid());
            if (arguments[1].equals("fails")) {
                throw new IllegalStateException("as a test that fails outside of any scene");
            }
            new CountDownLatch(1).await();
        }
    }

    @Test
    void nothing_is_left_after_kill_9() throws Exception {
        assertCleared("waits", Process::destroyForcibly);
    }

    @Test
    void nothing_is_left_after_an_interrupt() throws Exception {
        assertCleared("waits", Process::destroy);
    }

    @Test
    void nothing_is_left_after_a_failure() throws Exception {
        assertCleared("fails", process -> {});
    }

    private void assertCleared(String how, Consumer<Process> end) throws Exception {
        Lab.require(List.of("ip", "setsid", "bird"));
        Path told = folder.resolve("told");
        Process run = new ProcessBuilder(ChildJvm.main(Run.class, List.of(), told.toString(), how))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile())
                .start();
        try {
            Cell.until("the run is there", () -> Files.readAllLines(told).size() == 3);
            List<String> lines = Files.readAllLines(told);
            long daemon = Long.parseLong(lines.get(2));
            end.accept(run);
            assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();

            Cell.until(
                    "no namespace", () -> !Commands.run("ip", "netns", "list").contains(lines.get(0)));
            Cell.until("no file", () -> Files.notExists(Path.of(lines.get(1)).getParent()));
            Cell.until("no process", () -> ProcessHandle.of(daemon).isEmpty());
        } finally {
            run.destroyForcibly();
        }
    }
}
