package net.popbgp.daemon.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * The keys of one mapping. Each key is asked for by name; {@link #finish} reports those that nobody asked for. A merge key ({@code <<})
 * brings the keys of other mappings that are not given here. Used by one thread.
 */
final class Section {

    private final ConfigNode self;
    private final Map<String, ConfigNode> values = new LinkedHashMap<>();
    private final Map<String, Integer> keyLines = new LinkedHashMap<>();
    private final Set<String> known = new HashSet<>();

    Section(MappingNode mapping, ConfigNode self) {
        this.self = self;
        add(mapping, true, 0);
    }

    private void add(MappingNode mapping, boolean own, int depth) {
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                self.error("a key must be a plain word");
                continue;
            }
            String name = key.getValue();
            if (name.equals("<<")) {
                continue;
            }
            ConfigNode value = new ConfigNode(tuple.getValueNode(), path(name), self.problems());
            if (!values.containsKey(name)) {
                values.put(name, value);
                keyLines.put(name, key.getStartMark().getLine() + 1);
            } else if (own) {
                value.error("this key is given twice");
            }
        }
        mapping.getValue().stream()
                .filter(tuple -> tuple.getKeyNode() instanceof ScalarNode key
                        && key.getValue().equals("<<"))
                .forEach(tuple -> merge(tuple.getValueNode(), depth + 1));
    }

    private void merge(Node merged, int depth) {
        if (depth > 10) {
            self.error("<< is nested too deep");
        } else if (merged instanceof MappingNode mapping) {
            add(mapping, false, depth);
        } else if (merged instanceof SequenceNode sequence) {
            sequence.getValue().forEach(each -> merge(each, depth + 1));
        } else {
            self.error("<< takes keys and values, or a list of such");
        }
    }

    String path(String key) {
        return self.path().isEmpty() ? key : self.path() + "." + key;
    }

    ConfigNode self() {
        return self;
    }

    /** {@return all keys of a mapping whose keys are names; they count as known} */
    Map<String, ConfigNode> named() {
        known.addAll(values.keySet());
        return values;
    }

    Optional<ConfigNode> get(String key) {
        known.add(key);
        return Optional.ofNullable(values.get(key));
    }

    <T> Optional<T> read(String key, Function<String, T> parser) {
        return get(key).flatMap(node -> node.read(parser));
    }

    <T> T read(String key, T fallback, Function<String, T> parser) {
        return read(key, parser).orElse(fallback);
    }

    /** Hands the value to a setter, if it is given and well-formed. */
    <T> void apply(String key, Function<String, T> parser, Consumer<T> setter) {
        read(key, parser).ifPresent(setter);
    }

    <T> Optional<T> require(String key, Function<String, T> parser) {
        if (get(key).isEmpty()) {
            self.error("'" + key + "' is missing");
        }
        return read(key, parser);
    }

    <T> List<T> readAll(String key, Function<String, T> parser) {
        return get(key).map(node -> node.readAll(parser)).orElse(List.of());
    }

    List<ConfigNode> items(String key) {
        return get(key).map(ConfigNode::items).orElse(List.of());
    }

    Optional<Section> section(String key) {
        return get(key).flatMap(ConfigNode::section);
    }

    /** Reports keys that are not known; those that begin with {@code x-} are the operator's own. */
    void finish() {
        for (String key : values.keySet()) {
            if (!known.contains(key) && !key.startsWith("x-")) {
                String suggestion = Suggestion.nearest(key, known)
                        .map(near -> ", did you mean '" + near + "'?")
                        .orElse("");
                self.problems()
                        .error(path(key), keyLines.getOrDefault(key, 0), "unknown key '" + key + "'" + suggestion);
            }
        }
    }
}
