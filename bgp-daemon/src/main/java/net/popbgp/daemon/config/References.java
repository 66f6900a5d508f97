package net.popbgp.daemon.config;

import java.util.IdentityHashMap;
import org.yaml.snakeyaml.nodes.CollectionNode;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Counts the values of a document as they are with every reference (YAML's {@code *name}) replaced by what it stands for: a few lines of
 * references to references can stand for more values than there is memory. Used by one thread.
 */
final class References {

    private static final long UNDER_WAY = -1;

    private final IdentityHashMap<Node, Long> counted = new IdentityHashMap<>();

    /**
     * {@return how many values there are, {@code Long.MAX_VALUE} at most}
     *
     * @throws IllegalArgumentException if one refers to what it is part of
     */
    long count(Node node) {
        if (!(node instanceof CollectionNode<?>)) {
            return 1;
        }
        Long known = counted.putIfAbsent(node, UNDER_WAY);
        if (known == null) {
            long values = node instanceof MappingNode mapping ? ofMapping(mapping) : ofSequence((SequenceNode) node);
            counted.put(node, values);
            return values;
        }
        if (known == UNDER_WAY) {
            throw new IllegalArgumentException("a value refers to what it is part of");
        }
        return known;
    }

    private long ofMapping(MappingNode mapping) {
        long values = 1;
        for (NodeTuple tuple : mapping.getValue()) {
            values = sum(values, sum(count(tuple.getKeyNode()), count(tuple.getValueNode())));
        }
        return values;
    }

    private long ofSequence(SequenceNode sequence) {
        long values = 1;
        for (Node each : sequence.getValue()) {
            values = sum(values, count(each));
        }
        return values;
    }

    private static long sum(long one, long other) {
        return one > Long.MAX_VALUE - other ? Long.MAX_VALUE : one + other;
    }
}
