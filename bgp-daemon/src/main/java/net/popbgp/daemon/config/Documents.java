package net.popbgp.daemon.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** Makes JSON of a valid document, for showing. Keys only point to secrets, so there are none to hide. */
final class Documents {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private Documents() {}

    static JsonNode json(Node node) {
        if (node instanceof MappingNode mapping) {
            ObjectNode object = JSON.objectNode();
            for (NodeTuple tuple : mapping.getValue()) {
                if (tuple.getKeyNode() instanceof ScalarNode key) {
                    put(object, key.getValue(), tuple.getValueNode());
                }
            }
            return object;
        }
        if (node instanceof SequenceNode sequence) {
            ArrayNode array = JSON.arrayNode();
            sequence.getValue().forEach(each -> array.add(json(each)));
            return array;
        }
        return scalar((ScalarNode) node);
    }

    private static void put(ObjectNode object, String key, Node value) {
        JsonNode json = json(value);
        if (!key.equals("<<")) {
            object.set(key, json);
            return;
        }
        // The keys given here win over the merged ones, wherever the << stands.
        Iterable<JsonNode> sources = json.isArray() ? json : List.of(json);
        sources.forEach(source -> source.properties().forEach(entry -> {
            if (!object.has(entry.getKey())) {
                object.set(entry.getKey(), entry.getValue());
            }
        }));
    }

    private static JsonNode scalar(ScalarNode node) {
        String text = node.getValue();
        if (Tag.BOOL.equals(node.getTag()) && text.matches("(?i)true|false")) {
            return JSON.booleanNode(Boolean.parseBoolean(text));
        }
        // Only plain numbers: YAML takes 12076:50 for a number to the base of 60.
        return text.matches("0|[1-9]\\d{0,9}") ? JSON.numberNode(Long.parseLong(text)) : JSON.textNode(text);
    }
}
