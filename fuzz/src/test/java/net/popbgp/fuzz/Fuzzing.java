package net.popbgp.fuzz;

import com.code_intelligence.jazzer.Jazzer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One target fuzzed by Jazzer in a process of its own, for Jazzer instruments a whole virtual machine. Used by one thread. */
final class Fuzzing {

    /** What came out of it. */
    record Result(Target target, long seed, int exitCode, String output, List<byte[]> found) {

        /** {@return whether any input was tried} */
        boolean started() {
            return output.contains("INITED") || !found.isEmpty();
        }

        /** {@return the input that must not happen, in hexadecimal; empty if there is none} */
        String finding() {
            return found.isEmpty() ? exitCode == 0 ? "" : "exit code " + exitCode : hex(found.get(0));
        }

        String summary() {
            String runs = output.lines()
                    .filter(line -> line.startsWith("Done "))
                    .findFirst()
                    .orElse("ended with code " + exitCode);
            String last = output.lines().filter(line -> line.matches("#\\d.*")).reduce("", (before, line) -> line);
            return runs + ", " + last.replaceAll(".*(cov: \\d+ ft: \\d+).*", "$1") + ", seed " + seed;
        }

        String report() {
            return output.lines()
                            .dropWhile(line -> !line.startsWith("== "))
                            .limit(60)
                            .reduce("", (all, line) -> all + "\n" + line)
                    + "\nkeep the input in src/test/resources" + target.findingsFile();
        }

        String lastLines() {
            List<String> lines = output.lines().toList();
            return String.join("\n", lines.subList(Math.max(0, lines.size() - 5), lines.size()));
        }

        private static String hex(byte[] octets) {
            return HexFormat.of().formatHex(octets);
        }
    }

    /** An input that takes longer, seconds, hangs; also on a machine that does much else. */
    private static final int INPUT_TIMEOUT = 60;

    private static final int MAX_INPUT = 8192;

    /** What Jazzer may take to start and to end on a busy machine, seconds. */
    private static final int STARTING = 300;

    /** Of Jazzer's own oracles: queues that use Unsafe as intended, files and connections that a configuration may well name. */
    private static final String NOT_FOR_US = Stream.of(
                    "UnsafeSanitizer", "FilePathTraversal", "ServerSideRequestForgery")
            .map("com.code_intelligence.jazzer.sanitizers."::concat)
            .collect(Collectors.joining(File.pathSeparator));

    private final Target target;
    private final int seconds;
    private final Path directory;
    private final long seed = new Random().nextInt(Integer.MAX_VALUE);

    Fuzzing(Target target, int seconds) {
        this.target = target;
        this.seconds = seconds;
        this.directory = Path.of("target", "fuzz", target.name());
    }

    /** {@return whether Jazzer has a driver for this system} */
    static boolean isPossible() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String name = system.startsWith("mac") ? "macos" : system.startsWith("linux") ? "linux" : "";
        String machine = System.getProperty("os.arch").equals("amd64") ? "x86_64" : System.getProperty("os.arch");
        String driver = "driver/jazzer_driver_" + name + "_" + machine + "/";
        return Stream.of("libjazzer_driver.so", "libjazzer_driver.dylib")
                .anyMatch(file -> Jazzer.class.getResource(driver + file) != null);
    }

    /** Waits until the time is up or something was found. */
    Result run() throws IOException, InterruptedException {
        Path seeds = Files.createDirectories(directory.resolve("seeds"));
        Path corpus = Files.createDirectories(directory.resolve("corpus"));
        Path found = Files.createDirectories(directory.resolve("found"));
        write(seeds);
        try (Stream<Path> old = Files.list(found)) {
            for (Path each : old.toList()) {
                Files.delete(each);
            }
        }
        Path log = directory.resolve("log.txt");
        Process process = new ProcessBuilder(command(corpus, seeds, found))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            if (!process.waitFor(seconds + STARTING, TimeUnit.SECONDS)) {
                throw new IllegalStateException("Jazzer does not end: " + log);
            }
        } finally {
            process.destroyForcibly();
        }
        String output = Files.readString(log, StandardCharsets.ISO_8859_1);
        return new Result(target, seed, process.exitValue(), output, inputs(found));
    }

    private void write(Path seeds) throws IOException {
        int number = 0;
        for (List<byte[]> inputs : Arrays.asList(target.seeds().get(), target.findings())) {
            for (byte[] input : inputs) {
                Files.write(seeds.resolve("seed-" + number++), input);
            }
        }
    }

    private static List<byte[]> inputs(Path found) throws IOException {
        List<byte[]> inputs = new ArrayList<>();
        try (Stream<Path> files = Files.list(found)) {
            for (Path file : files.sorted().toList()) {
                if (file.getFileName().toString().matches("(crash|timeout|oom)-.*")) {
                    inputs.add(Files.readAllBytes(file));
                }
            }
        }
        return inputs;
    }

    private List<String> command(Path corpus, Path seeds, Path found) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+EnableDynamicAgentLoading",
                "--enable-native-access=ALL-UNNAMED",
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                Jazzer.class.getName(),
                "--target_class=" + target.type().getName(),
                "--instrumentation_includes=net.popbgp.**",
                "--disabled_hooks=" + NOT_FOR_US,
                "--reproducer_path=" + found,
                corpus.toString(),
                seeds.toString(),
                "-seed=" + seed,
                "-max_total_time=" + seconds,
                "-timeout=" + INPUT_TIMEOUT,
                "-max_len=" + MAX_INPUT,
                "-artifact_prefix=" + found + "/");
    }
}
