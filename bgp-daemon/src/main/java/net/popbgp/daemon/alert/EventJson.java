package net.popbgp.daemon.alert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventField;
import net.popbgp.daemon.event.EventSubType;

/** Events as JSON, for webhooks and for windows on disk; fields have the names of {@link EventField}. No state. */
final class EventJson {

    private static final ObjectMapper JSON = new ObjectMapper();

    private EventJson() {}

    static ObjectNode write(Event event) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("time", event.time().toString())
                .put("event_type", "Routing")
                .put("event_sub_type", event.subType().toString())
                .put("action", event.action())
                .put("event_message", event.message());
        new EnumMap<>(event.fields()).forEach((field, value) -> json.put(field.toString(), value));
        return json;
    }

    static String writeAll(List<Event> events) {
        ArrayNode all = JsonNodeFactory.instance.arrayNode();
        events.forEach(event -> all.add(write(event)));
        return all.toString();
    }

    /** @throws IllegalArgumentException if it is not what {@link #writeAll} writes */
    static List<Event> readAll(String text) {
        List<Event> events = new ArrayList<>();
        try {
            for (JsonNode json : JSON.readTree(text)) {
                Map<EventField, String> fields = new EnumMap<>(EventField.class);
                for (EventField field : EventField.values()) {
                    if (json.has(field.toString())) {
                        fields.put(field, json.get(field.toString()).asText());
                    }
                }
                events.add(new Event(
                        Instant.parse(json.path("time").asText()),
                        EventSubType.of(json.path("event_sub_type").asText()),
                        json.path("action").asText(),
                        json.path("event_message").asText(),
                        fields));
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("not JSON: " + e.getOriginalMessage(), e);
        }
        return events;
    }
}
