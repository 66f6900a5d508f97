package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.SoftAssertions;

/** Compares JSON with files of {@code src/test/resources/arm}, to the last blank; what was got is left in {@code target/golden}. */
final class Golden {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final SoftAssertions soft = new SoftAssertions();

    void assertSame(String file, JsonNode actual) throws IOException {
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(actual);
        Path got = Files.createDirectories(Path.of("target", "golden")).resolve(file);
        Files.writeString(got, text + System.lineSeparator());
        try (InputStream in = Golden.class.getResourceAsStream("/arm/" + file)) {
            String wanted =
                    in == null ? "no such file" : new String(in.readAllBytes(), StandardCharsets.UTF_8).stripTrailing();
            soft.assertThat(text).as(file).isEqualTo(wanted);
        }
    }

    void assertAll() {
        soft.assertAll();
    }
}
