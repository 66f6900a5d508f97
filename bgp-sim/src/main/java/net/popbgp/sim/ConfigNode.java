package net.popbgp.sim;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A mapping of the file with its path. Collects what is wrong instead of stopping at the first problem. Not thread-safe. */
final class ConfigNode {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m)");

    private final JsonNode node;
    private final String path;
    private final List<String> problems;
    private final Set<String> known = new TreeSet<>();

    ConfigNode(JsonNode node, String path, List<String> problems) {
        this.node = node;
        this.path = path;
        this.problems = problems;
        if (!node.isObject() && !node.isMissingNode()) {
            problems.add(path + ": must be a mapping");
        }
    }

    void problem(String key, String text) {
        problems.add((path.isEmpty() ? key : path + "." + key) + ": " + text);
    }

    private JsonNode value(String key) {
        known.add(key);
        JsonNode value = node.path(key);
        return value.isNull() ? MissingNode.getInstance() : value;
    }

    boolean has(String key) {
        return !value(key).isMissingNode();
    }

    boolean isText(String key) {
        return value(key).isTextual();
    }

    private <T> T read(String key, T preset, String wanted, Predicate<JsonNode> fits, Function<JsonNode, T> map) {
        JsonNode value = value(key);
        if (value.isMissingNode()) {
            return preset;
        }
        if (!fits.test(value)) {
            problem(key, "must be " + wanted + ", not " + value);
            return preset;
        }
        try {
            return map.apply(value);
        } catch (IllegalArgumentException e) {
            problem(key, String.valueOf(e.getMessage()));
            return preset;
        }
    }

    int integer(String key, int preset) {
        return read(key, preset, "a whole number", JsonNode::canConvertToInt, JsonNode::intValue);
    }

    long longInteger(String key, long preset) {
        return read(key, preset, "a whole number", JsonNode::canConvertToLong, JsonNode::longValue);
    }

    boolean flag(String key, boolean preset) {
        return read(key, preset, "true or false", JsonNode::isBoolean, JsonNode::booleanValue);
    }

    /** {@return a text made into something; a mapper's IllegalArgumentException becomes a problem} */
    <T> T text(String key, T preset, Function<String, T> mapper) {
        return read(key, preset, "a text", JsonNode::isValueNode, value -> mapper.apply(value.asText()));
    }

    <T> Optional<T> required(String key, Function<String, T> mapper) {
        if (!has(key)) {
            problem(key, "is missing");
            return Optional.empty();
        }
        return text(key, Optional.empty(), value -> Optional.of(mapper.apply(value)));
    }

    Duration duration(String key, Duration preset) {
        return text(key, preset, value -> {
            Matcher matcher = DURATION.matcher(value);
            if (!matcher.matches()) {
                throw new IllegalArgumentException("must be a duration such as 30s, 500ms or 2m, not '" + value + "'");
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "ms" -> Duration.ofMillis(number);
                case "s" -> Duration.ofSeconds(number);
                default -> Duration.ofMinutes(number);
            };
        });
    }

    <T> List<T> texts(String key, List<T> preset, Function<String, T> mapper) {
        return read(key, preset, "a list", JsonNode::isArray, list -> {
            List<T> result = new ArrayList<>();
            list.forEach(entry -> result.add(mapper.apply(entry.asText())));
            return result;
        });
    }

    ConfigNode child(String key) {
        return new ConfigNode(value(key), path.isEmpty() ? key : path + "." + key, problems);
    }

    List<ConfigNode> children(String key) {
        JsonNode list = value(key);
        List<ConfigNode> result = new ArrayList<>();
        if (!list.isMissingNode() && !list.isArray()) {
            problem(key, "must be a list");
        } else {
            for (int i = 0; i < list.size(); i++) {
                result.add(new ConfigNode(
                        list.get(i), (path.isEmpty() ? "" : path + ".") + key + "[" + i + "]", problems));
            }
        }
        return result;
    }

    /** Complains about every key that was not asked for. */
    void refuseUnknown() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                problem(key, "unknown key; known are " + String.join(", ", known));
            }
        });
    }
}
