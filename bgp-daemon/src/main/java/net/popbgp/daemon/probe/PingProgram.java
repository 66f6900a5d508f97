package net.popbgp.daemon.probe;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The program {@code ping} of iputils, which may send ICMP without the daemon having the right to. It is looked for when it is first needed,
 * and again as long as it is missing. Thread-safe.
 */
final class PingProgram implements Echo {

    private static final List<String> DIRECTORIES = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin", "/usr/local/bin");
    private static final Duration START_TIME = Duration.ofSeconds(2);
    private static final int MAX_OUTPUT = 4096;
    private static final Pattern RECEIVED = Pattern.compile("\\d+ packets transmitted, (\\d+) received");
    private static final Pattern TIME = Pattern.compile("rtt min/avg/max/mdev = ([0-9.]+)/");

    /** What a program printed and how it ended. */
    private record Run(int exit, String output) {}

    private final List<Path> directories;
    private @Nullable Path program;

    PingProgram() {
        this(DIRECTORIES.stream().map(Path::of).toList());
    }

    /** @param directories where it is looked for */
    PingProgram(List<Path> directories) {
        this.directories = List.copyOf(directories);
    }

    /** {@return why nothing can be probed; empty if it can} */
    String hindrance() {
        return find().isPresent()
                ? ""
                : "the program ping of iputils is not installed (Debian: apt-get install iputils-ping)";
    }

    private synchronized Optional<Path> find() {
        if (program == null) {
            program = directories.stream()
                    .map(directory -> directory.resolve("ping"))
                    .filter(Files::isExecutable)
                    .filter(PingProgram::isIputils)
                    .findFirst()
                    .orElse(null);
        }
        return Optional.ofNullable(program);
    }

    private static boolean isIputils(Path file) {
        try {
            return run(List.of(file.toString(), "-V"), START_TIME)
                    .filter(each -> each.output.contains("iputils"))
                    .isPresent();
        } catch (IOException e) {
            return false;
        }
    }

    @Override
    public EchoResult probe(InetAddress source, InetAddress target, Duration timeout) {
        Optional<Path> found = find();
        if (found.isEmpty()) {
            return EchoResult.impossible(hindrance());
        }
        List<String> command = new ArrayList<>(List.of(found.get().toString(), "-n", "-q", "-c", "1", "-W"));
        command.add(String.format(Locale.ROOT, "%.3f", timeout.toMillis() / 1000.0));
        command.addAll(List.of("-I", source.getHostAddress(), target.getHostAddress()));
        try {
            return run(command, timeout.plus(START_TIME))
                    .map(PingProgram::result)
                    .orElseGet(() -> EchoResult.impossible("ping did not end in time"));
        } catch (IOException e) {
            return EchoResult.impossible("ping cannot be started: " + e.getMessage());
        }
    }

    private static EchoResult result(Run run) {
        Matcher received = RECEIVED.matcher(run.output);
        if (received.find()) {
            Matcher time = TIME.matcher(run.output);
            return received.group(1).equals("0") || !time.find()
                    ? EchoResult.silence()
                    : EchoResult.reply(Duration.ofNanos(Math.round(Double.parseDouble(time.group(1)) * 1e6)));
        }
        String text = run.output.lines().findFirst().orElse("ping ended with " + run.exit);
        boolean ours = text.contains("socket") || text.contains("permitted") || text.contains("usage");
        return ours ? EchoResult.impossible(text) : EchoResult.unsent(text);
    }

    /** {@return what it printed; empty if it had to be ended} It prints less than a pipe holds, so nothing needs to read meanwhile. */
    private static Optional<Run> run(List<String> command, Duration limit) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().put("LC_ALL", "C");
        Process process = builder.start();
        try {
            process.getOutputStream().close();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return Optional.empty();
            }
            String output = new String(process.getInputStream().readNBytes(MAX_OUTPUT), StandardCharsets.UTF_8);
            return Optional.of(new Run(process.exitValue(), output.strip()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } finally {
            process.destroyForcibly();
        }
    }
}
