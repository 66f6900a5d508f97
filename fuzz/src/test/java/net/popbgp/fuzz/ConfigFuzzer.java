package net.popbgp.fuzz;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;

/** A configuration in YAML: a value, or a ConfigException that names what is wrong. */
public final class ConfigFuzzer {

    /** What the reader of YAML and the regular expressions of values take before they have read anything. */
    private static final long FIXED_BYTES = 4L << 20;

    /**
     * For each octet: the tree of YAML with two positions in the text for every value, which of one octet is some 600 bytes; the same for
     * the events it is made of; and a problem with its text and its suggestion. A document may say the same by reference again and again, up
     * to {@link ConfigReader#MAX_VALUES} values, which the fixed bytes do not hold: those are counted apart.
     */
    private static final long BYTES_PER_OCTET = 8000;

    private static final long BYTES_PER_VALUE = 2000;

    private ConfigFuzzer() {}

    /** Loads what is needed, so that the first input is no slower than the others. */
    public static void fuzzerInitialize() throws Exception {
        fuzzerTestOneInput(seeds().get(0));
    }

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        String text = new String(input, StandardCharsets.UTF_8);
        boolean references = text.indexOf('*') >= 0;
        long fixed = FIXED_BYTES + (references ? BYTES_PER_VALUE * ConfigReader.MAX_VALUES : 0);
        Allocation.bounded(fixed, BYTES_PER_OCTET, input.length, () -> {
            read(text);
            return true;
        });
    }

    private static void read(String text) {
        try {
            DaemonConfig config = ConfigReader.parse(text, Path.of("/nowhere"), name -> null);
            Decoding.require(config.document().isObject(), "a document that cannot be shown");
        } catch (ConfigException e) {
            Decoding.require(!e.problems().isEmpty(), "refused without a problem");
            e.problems().forEach(problem -> Decoding.require(!problem.toString().isEmpty(), "a problem without text"));
        }
        try {
            Decoding.require(!ConfigReader.announcement(text).isEmpty(), "an announcement of nothing");
        } catch (ConfigException e) {
            Decoding.require(!e.problems().isEmpty(), "refused without a problem");
        }
    }

    static List<byte[]> seeds() {
        return Stream.of("popbgp.yaml", "all.yaml", "references.yaml", "announcement.yaml", "wrong.yaml")
                .map(ConfigFuzzer::resource)
                .toList();
    }

    private static byte[] resource(String name) {
        try (InputStream in = ConfigFuzzer.class.getResourceAsStream("config/" + name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
