package net.popbgp.daemon.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** One value of a document, with its path and line. Scalars are read as their text. Used by one thread. */
record ConfigNode(Node node, String path, Problems problems) {

    int line() {
        return node.getStartMark().getLine() + 1;
    }

    void error(String message) {
        problems.error(path, line(), message);
    }

    void warning(String message) {
        problems.warning(path, line(), message);
    }

    boolean isMapping() {
        return node instanceof MappingNode;
    }

    boolean isList() {
        return node instanceof SequenceNode;
    }

    /** {@return the value, or nothing after an error was reported} */
    <T> Optional<T> read(Function<String, T> parser) {
        if (!(node instanceof ScalarNode scalar) || Tag.NULL.equals(scalar.getTag())) {
            error(node instanceof ScalarNode ? "a value is missing" : "one value is expected here, not " + shape());
            return Optional.empty();
        }
        try {
            return Optional.of(parser.apply(scalar.getValue()));
        } catch (IllegalArgumentException e) {
            error(String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    /** {@return the elements; empty after an error was reported} */
    List<ConfigNode> items() {
        if (!(node instanceof SequenceNode sequence)) {
            error("a list is expected here, not " + shape());
            return List.of();
        }
        List<Node> values = sequence.getValue();
        return IntStream.range(0, values.size())
                .mapToObj(i -> new ConfigNode(values.get(i), path + "[" + i + "]", problems))
                .toList();
    }

    /** {@return the values of a list of scalars; those with an error are left out} */
    <T> List<T> readAll(Function<String, T> parser) {
        return items().stream().flatMap(item -> item.read(parser).stream()).toList();
    }

    /** {@return the keys and values; none after an error was reported} */
    Optional<Section> section() {
        if (node instanceof MappingNode mapping) {
            return Optional.of(new Section(mapping, this));
        }
        error("keys and values are expected here, not " + shape());
        return Optional.empty();
    }

    private String shape() {
        return node instanceof MappingNode ? "keys" : node instanceof SequenceNode ? "a list" : "a single value";
    }
}
