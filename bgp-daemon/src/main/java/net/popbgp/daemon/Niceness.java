package net.popbgp.daemon;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has threads give way to the others of the process. Java has priorities of threads, but no JVM applies them on Linux unless it is told to at its
 * start; so {@code renice} does it. Where that cannot be, without Linux or without {@code renice}, nothing happens.
 */
final class Niceness {

    /** The JVM's compiler, by the names that the kernel shows. */
    static final Pattern COMPILER = Pattern.compile("C[12] Compiler.*");

    /** What the exercise starts has its niceness too: a thread begins with that of the thread that starts it. */
    static final Pattern WARM_UP = Pattern.compile("bgp-warm-up");

    private static final Logger LOG = LoggerFactory.getLogger(Niceness.class);
    private static final Path THREADS = Path.of("/proc/self/task");
    private static final int NICEST = 19;
    private static final long WAIT_SECONDS = 5;

    private Niceness() {}

    /**
     * Waits until it is done, some milliseconds.
     *
     * @param names of the threads
     * @param nicer by how much more than the process they are to give way, 0..19; with 10 they get a tenth of a processor that all want
     * @return how many do now
     */
    static int set(Pattern names, int nicer) {
        try {
            List<String> ids = ids(names);
            if (ids.isEmpty()) {
                return 0;
            }
            List<String> command =
                    new ArrayList<>(List.of("renice", "-n", String.valueOf(Math.min(NICEST, own() + nicer)), "-p"));
            command.addAll(ids);
            Process renice = new ProcessBuilder(command)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return renice.waitFor(WAIT_SECONDS, TimeUnit.SECONDS) && renice.exitValue() == 0 ? ids.size() : 0;
        } catch (IOException | NumberFormatException e) {
            LOG.debug("event=not_reniced reason=\"{}\"", e.toString());
            return 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return 0;
        }
    }

    private static List<String> ids(Pattern names) throws IOException {
        List<String> ids = new ArrayList<>();
        if (!Files.isDirectory(THREADS)) {
            return ids;
        }
        try (Stream<Path> threads = Files.list(THREADS)) {
            for (Path thread : threads.toList()) {
                if (names.matcher(name(thread)).matches()) {
                    ids.add(thread.getFileName().toString());
                }
            }
        }
        return ids;
    }

    private static String name(Path thread) {
        try {
            return Files.readString(thread.resolve("comm")).strip();
        } catch (IOException e) {
            return ""; // it has just ended
        }
    }

    /** {@return the process's own: the 17th field after the name, which is in brackets} */
    private static int own() throws IOException {
        String status = Files.readString(Path.of("/proc/self/stat"));
        String[] fields = status.substring(status.lastIndexOf(')') + 2).split(" ", -1);
        return Integer.parseInt(fields[16]);
    }
}
