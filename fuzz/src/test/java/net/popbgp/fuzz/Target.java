package net.popbgp.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Supplier;

/**
 * What is fuzzed, where it starts from, and what it once stumbled over.
 *
 * @param name as its file of findings is called
 * @param type the class that Jazzer calls
 */
record Target(String name, Class<?> type, Try once, Supplier<List<byte[]>> seeds) {

    static final List<Target> ALL = List.of(
            new Target("message", MessageFuzzer.class, MessageFuzzer::fuzzerTestOneInput, MessageFuzzer::seeds),
            new Target("attribute", AttributeFuzzer.class, AttributeFuzzer::fuzzerTestOneInput, AttributeFuzzer::seeds),
            new Target("nlri", NlriFuzzer.class, NlriFuzzer::fuzzerTestOneInput, NlriFuzzer::seeds),
            new Target("session", SessionFuzzer.class, SessionFuzzer::fuzzerTestOneInput, SessionFuzzer::seeds),
            new Target("config", ConfigFuzzer.class, ConfigFuzzer::fuzzerTestOneInput, ConfigFuzzer::seeds),
            new Target("rest", RestFuzzer.class, RestFuzzer::fuzzerTestOneInput, RestFuzzer::seeds));

    /** Tries one input; throws whatever must not happen. */
    @FunctionalInterface
    interface Try {
        void run(byte[] input) throws Exception;
    }

    /** Where findings are kept: one input in hexadecimal per line, above it what was wrong. */
    String findingsFile() {
        return "/fuzz/" + name + ".hex";
    }

    List<byte[]> findings() {
        try (InputStream in = Target.class.getResourceAsStream(findingsFile())) {
            List<byte[]> findings = new ArrayList<>();
            if (in != null) {
                new String(in.readAllBytes(), StandardCharsets.UTF_8)
                        .lines()
                        .filter(line -> !line.isBlank() && !line.startsWith("#"))
                        .forEach(line -> findings.add(HexFormat.of().parseHex(line)));
            }
            return findings;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
