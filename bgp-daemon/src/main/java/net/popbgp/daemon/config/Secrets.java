package net.popbgp.daemon.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import net.popbgp.daemon.alert.Secret;
import net.popbgp.speaker.Md5Key;
import org.jspecify.annotations.Nullable;

/** Fetches keys from files and environment variables; they never stand in the configuration. Used by one thread. */
final class Secrets {

    private static final int MAX_FILE = 1024;

    private final Path directory;
    private final Function<String, @Nullable String> environment;

    /** @param directory what relative paths start from */
    Secrets(Path directory, Function<String, @Nullable String> environment) {
        this.directory = directory;
        this.environment = environment;
    }

    /** {@return the TCP MD5 key that the node points to, or nothing after an error was reported} */
    Optional<String> read(ConfigNode node) {
        return parsed(node, text -> {
            Md5Key.of(text);
            return text;
        });
    }

    /** {@return the password or key that the node points to, or nothing after an error was reported} */
    Optional<Secret> secret(ConfigNode node) {
        return parsed(node, Secret::of);
    }

    /** {@return the text that the node points to, or nothing after an error was reported} */
    Optional<String> text(ConfigNode node) {
        return parsed(node, Function.identity());
    }

    /** {@return what the parser makes of the text that the node points to, or nothing after an error was reported} */
    <T> Optional<T> parsed(ConfigNode node, Function<String, T> parser) {
        if (!node.isMapping()) {
            node.error("a secret does not belong into this file: write {file: PATH} or {env: NAME}");
            return Optional.empty();
        }
        return node.section().flatMap(section -> {
            Optional<String> file = section.read("file", Function.identity());
            Optional<String> env = section.read("env", Function.identity());
            section.finish();
            if (file.isPresent() == env.isPresent()) {
                node.error("exactly one of 'file' and 'env' is needed");
                return Optional.empty();
            }
            try {
                String secret = file.isPresent() ? fromFile(file.get()) : fromEnvironment(env.orElseThrow());
                return Optional.of(parser.apply(secret));
            } catch (IllegalArgumentException e) {
                node.error(String.valueOf(e.getMessage()));
                return Optional.empty();
            }
        });
    }

    private String fromFile(String name) {
        try (var in = Files.newInputStream(directory.resolve(name))) {
            byte[] octets = in.readNBytes(MAX_FILE + 1);
            if (octets.length > MAX_FILE) {
                throw new IllegalArgumentException("the key file is longer than " + MAX_FILE + " octets: " + name);
            }
            String text = new String(octets, StandardCharsets.UTF_8);
            return text.replaceFirst("\\r?\\n\\z", "");
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "the key file cannot be read: " + name + " (" + e.getClass().getSimpleName() + ")", e);
        }
    }

    private String fromEnvironment(String name) {
        String value = environment.apply(name);
        if (value == null) {
            throw new IllegalArgumentException("the environment variable is not set: " + name);
        }
        return value;
    }
}
