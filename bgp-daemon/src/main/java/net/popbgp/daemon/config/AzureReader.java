package net.popbgp.daemon.config;

import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import net.popbgp.daemon.arm.ArmFailure;
import net.popbgp.daemon.arm.AzureConfig;
import net.popbgp.daemon.arm.TokenSource;
import org.jspecify.annotations.Nullable;

/** Reads {@code azure}: how Azure Resource Manager is reached. No state. */
final class AzureReader {

    private static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);
    private static final int MAX_MBPS = 1_000_000;

    private AzureReader() {}

    /**
     * Reads the section.
     *
     * @param directory what relative paths start from
     * @param environment gives the value of a variable, or null
     */
    static Optional<AzureConfig> read(Section root, Path directory, Function<String, @Nullable String> environment) {
        return root.section("azure").flatMap(section -> azure(section, directory, environment));
    }

    private static Optional<AzureConfig> azure(
            Section section, Path directory, Function<String, @Nullable String> environment) {
        Optional<URI> endpoint = section.require("endpoint", AzureConfig::endpoint);
        Optional<String> subscription = section.require("subscription", AzureReader::subscription);
        Optional<TokenSource> token = section.get("token").flatMap(node -> token(node, directory, environment));
        String apiVersion = section.read("api-version", AzureConfig.DEFAULT_API_VERSION, AzureReader::apiVersion);
        OptionalInt licence = section.read("licence-mbps", Values.integer(1, MAX_MBPS))
                .map(OptionalInt::of)
                .orElse(OptionalInt.empty());
        Duration timeout = section.read("timeout", AzureConfig.DEFAULT_TIMEOUT, AzureReader::timeout);
        Map<String, String> locations = new HashMap<>();
        section.section("peering-locations")
                .ifPresent(each -> each.named()
                        .forEach((pop, node) ->
                                node.read(Function.identity()).ifPresent(location -> locations.put(pop, location))));
        section.finish();
        if (token.isEmpty()) {
            endpoint.filter(uri -> uri.getScheme().equalsIgnoreCase("https"))
                    .ifPresent(uri -> section.self().warning("without 'token' Azure refuses every question"));
        }
        if (endpoint.isEmpty() || subscription.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new AzureConfig(endpoint.get(), token, subscription.get(), apiVersion, licence, locations, timeout));
    }

    private static Optional<TokenSource> token(
            ConfigNode node, Path directory, Function<String, @Nullable String> environment) {
        if (!node.isMapping()) {
            node.error("a token does not belong into this file: write {file: PATH} or {env: NAME}");
            return Optional.empty();
        }
        return node.section().flatMap(section -> {
            Optional<TokenSource> file = section.read("file", text -> new TokenSource.InFile(path(text, directory)));
            Optional<TokenSource> given = section.read("env", text -> given(text, environment));
            boolean one = section.get("file").isPresent() != section.get("env").isPresent();
            section.finish();
            if (!one) {
                node.error("exactly one of 'file' and 'env' is needed");
                return Optional.empty();
            }
            file.ifPresent(source -> adviseReadable(node, source));
            return file.or(() -> given);
        });
    }

    /** Whoever fetches tokens may write the first one later. */
    private static void adviseReadable(ConfigNode node, TokenSource source) {
        try {
            source.token();
        } catch (ArmFailure e) {
            node.warning(e.getMessage() + "; it is read again for each question");
        }
    }

    private static Path path(String text, Path directory) {
        try {
            return directory.resolve(text).normalize();
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not the name of a file: '" + text + "'", e);
        }
    }

    private static TokenSource given(String name, Function<String, @Nullable String> environment) {
        String value = environment.apply(name);
        if (value == null) {
            throw new IllegalArgumentException("the environment variable is not set: " + name);
        }
        try {
            return new TokenSource.Given(value);
        } catch (ArmFailure e) {
            throw new IllegalArgumentException(e.getMessage() + ": environment variable " + name, e);
        }
    }

    private static String subscription(String text) {
        if (!text.matches("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")) {
            throw new IllegalArgumentException("a subscription is a GUID: '" + text + "'");
        }
        return text;
    }

    private static String apiVersion(String text) {
        if (!text.matches("\\d{4}-\\d{2}-\\d{2}(-preview)?")) {
            throw new IllegalArgumentException(
                    "an API version is a date such as " + AzureConfig.DEFAULT_API_VERSION + ": '" + text + "'");
        }
        return text;
    }

    private static Duration timeout(String text) {
        Duration value = Values.positiveDuration(text);
        if (value.compareTo(LONGEST_TIMEOUT) > 0) {
            throw new IllegalArgumentException("at most " + Values.text(LONGEST_TIMEOUT) + ": '" + text + "'");
        }
        return value;
    }
}
