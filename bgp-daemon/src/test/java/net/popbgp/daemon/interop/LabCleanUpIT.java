package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import net.popbgp.daemon.ChildJvm;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** However a run of the lab ends, no namespace, process or file of it is left. One test at a time, or one's janitor would clear after another's run. */
@Tag("interop")
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class LabCleanUpIT {

    private static final int MAKERS = 4;

    @TempDir
    private Path folder;

    /** A run of the lab, until it is ended, or fails on its own. */
    static final class Run {

        private Run() {}

        public static void main(String[] arguments) throws Exception {
            switch (arguments[1]) {
                case "waits" -> {
                    daemonOnHost(arguments[0]);
                    new CountDownLatch(1).await();
                }
                case "fails" -> {
                    daemonOnHost(arguments[0]);
                    throw new IllegalStateException("as a test that fails outside of any scene");
                }
                default -> {
                    CountDownLatch enough = new CountDownLatch(Integer.parseInt(arguments[1]));
                    for (int i = 0; i < MAKERS; i++) {
                        new Thread(() -> makeHosts(enough), "maker-" + i).start();
                    }
                    enough.await();
                    tell(arguments[0], Lab.get().folder("making"));
                }
            }
        }

        private static void daemonOnHost(String told) throws Exception {
            Path files = Lab.get().folder("cleanup");
            Bird bird = new Bird(Lab.get().host(), files, "198.18.0.2");
            bird.sessions.add(new LabSession("pop", "198.18.0.2", Cell.THEIR_AS, "198.18.0.1", Pop.AS));
            bird.start();
            tell(told, files);
        }

        private static void tell(String told, Path files) throws IOException {
            Path written = Files.writeString(Path.of(told + ".new"), Lab.get().janitor() + "\n" + files.getParent());
            Files.move(written, Path.of(told), StandardCopyOption.ATOMIC_MOVE);
        }

        /** Makes hosts with a process and a folder each, without an end. */
        private static void makeHosts(CountDownLatch enough) {
            try {
                while (true) {
                    Path log = Lab.get().folder("made").resolve("log");
                    Lab.get().host().start(log, Map.of(), List.of("tail", "-f", log.toString()));
                    enough.countDown();
                }
            } catch (IOException | InterruptedException e) {
                System.err.println("no more hosts: " + e);
            }
        }
    }

    @Execution(ExecutionMode.SAME_THREAD)
    @ParameterizedTest
    @ValueSource(strings = {"KILL", "INT"})
    void nothing_is_left_after_a_signal(String signal) throws Exception {
        assertCleared("waits", signal);
    }

    @Execution(ExecutionMode.SAME_THREAD)
    @Test
    void nothing_is_left_after_a_failure() throws Exception {
        assertCleared("fails", "");
    }

    /** A namespace is always under way when the signal comes, for to make one takes long here. */
    @Execution(ExecutionMode.SAME_THREAD)
    @ParameterizedTest
    @CsvSource({"KILL, 1", "INT, 2", "KILL, 3"})
    void nothing_is_left_after_a_signal_while_hosts_are_made(String signal, String hosts) throws Exception {
        assertCleared(hosts, signal);
    }

    /** As after the end of a machine's session, which takes the janitor, too. */
    @Execution(ExecutionMode.SAME_THREAD)
    @Test
    void the_next_run_clears_what_a_run_has_left_whose_janitor_was_killed() throws Exception {
        Process run = start("waits");
        List<String> told = told();
        kill(Long.parseLong(told.get(0)));
        kill(run.pid());
        assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(left(run.pid(), told.get(1))).hasSize(3);

        Files.delete(folder.resolve("told"));
        assertCleared("fails", "");

        assertThat(left(run.pid(), told.get(1))).isEmpty();
    }

    private static void kill(long pid) throws IOException, InterruptedException {
        Commands.run("kill", "-KILL", String.valueOf(pid));
    }

    /** Whoever starts the tests may have SIGINT ignored, and its children with it. */
    private Process start(String how) throws IOException {
        Lab.require(List.of("ip", "setsid", "bird"));
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(
                ChildJvm.main(Run.class, List.of(), folder.resolve("told").toString(), how));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log").toFile());
        builder.environment().merge("PATH", slowIp() + ":", (path, slow) -> slow + path);
        return builder.start();
    }

    /** {@return a folder with an {@code ip} that takes its time to make a namespace} */
    private Path slowIp() throws IOException {
        Path slow = Files.createDirectories(folder.resolve("slow"));
        Path ip = slow.resolve("ip");
        Files.writeString(ip, """
                #!/bin/sh
                [ "$1 $2" != "netns add" ] || sleep 0.3
                PATH=${PATH#*:}
                exec ip "$@"
                """);
        Files.setPosixFilePermissions(ip, PosixFilePermissions.fromString("rwx------"));
        return slow;
    }

    private List<String> told() throws IOException {
        Path told = folder.resolve("told");
        Cell.until("the run is there", () -> Files.exists(told));
        return Files.readAllLines(told);
    }

    private void assertCleared(String how, String signal) throws Exception {
        Process run = start(how);
        try {
            List<String> told = told();
            if (!signal.isEmpty()) {
                Commands.run("kill", "-" + signal, String.valueOf(run.pid()));
            }
            assertThat(run.waitFor(60, TimeUnit.SECONDS)).isTrue();
            long janitor = Long.parseLong(told.get(0));
            Cell.until(
                    "the janitor has ended",
                    () -> !ProcessHandle.of(janitor).map(ProcessHandle::isAlive).orElse(false));

            assertThat(left(run.pid(), told.get(1))).isEmpty();
        } finally {
            run.destroyForcibly();
        }
    }

    /** {@return the namespaces, processes and files of a run that are there now} */
    private static List<String> left(long run, String files) throws Exception {
        String name = Janitor.PREFIX + run + "-";
        List<String> all = new ArrayList<>(Commands.run("ip", "netns", "list")
                .lines()
                .filter(each -> each.startsWith(name))
                .toList());
        ProcessHandle.allProcesses()
                .map(each -> each.pid() + " " + each.info().commandLine().orElse(""))
                .filter(each -> each.contains(name) || each.contains(files))
                .forEach(all::add);
        if (Files.exists(Path.of(files))) {
            all.add(files);
        }
        return all;
    }
}
