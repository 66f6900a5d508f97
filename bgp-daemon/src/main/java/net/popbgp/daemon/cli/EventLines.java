package net.popbgp.daemon.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.function.Consumer;

/** Reads server-sent events, line by line. Used by one thread. */
final class EventLines implements Consumer<String> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Consumer<JsonNode> events;
    private String lastId;
    private String id;
    private String data = "";

    EventLines(String lastId, Consumer<JsonNode> events) {
        this.lastId = lastId;
        this.id = lastId;
        this.events = events;
    }

    @Override
    public void accept(String line) {
        if (line.startsWith("id: ")) {
            id = line.substring(4);
        } else if (line.startsWith("data: ")) {
            data = line.substring(6);
        } else if (line.isEmpty()) {
            if (!data.isEmpty()) {
                tell(data);
            }
            data = "";
            lastId = id;
        }
    }

    private void tell(String text) {
        try {
            JsonNode event = JSON.readTree(text);
            if (event.has("event_id")) {
                events.accept(event);
            }
        } catch (JsonProcessingException e) {
            throw new CliException(CliException.FAILED, "what the daemon sends is no event: " + text);
        }
    }

    /** {@return what to go on after} */
    String lastId() {
        return lastId;
    }
}
