package net.popbgp.daemon.http;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.TreeMap;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventPage;
import net.popbgp.daemon.event.EventStoreStatus;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.event.StoredEvent;

/** Events as JSON, with the names that the fields of events have everywhere. Pure functions. */
final class EventViews {

    private EventViews() {}

    static ObjectNode event(StoredEvent stored) {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("event_id", Long.toString(stored.id()));
        put(json, stored.event());
        return json;
    }

    private static void put(ObjectNode json, Event event) {
        json.put("time", event.time().toString())
                .put("event_type", type(event.subType()))
                .put("event_sub_type", event.subType().toString())
                .put("action", event.action())
                .put("event_message", event.message());
        new TreeMap<>(event.fields()).forEach((field, value) -> json.put(field.toString(), value));
    }

    private static String type(EventSubType subType) {
        return switch (subType) {
            case BGP_SESSION, BGP_ROUTING, LAN_MONITORING, CIRCUIT -> "Routing";
            case CONFIGURATION, SYSTEM -> "System";
        };
    }

    static ObjectNode page(EventPage page, EventStoreStatus status) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        ArrayNode events = json.putArray("events");
        page.events().forEach(each -> events.add(event(each)));
        json.put("next-cursor", Long.toString(page.cursor())).put("more", page.more());
        if (page.gap()) {
            json.put("gap", true);
        }
        status.alarm().ifPresent(alarm -> put(json.putObject("alarm"), alarm));
        return json;
    }

    static ObjectNode status(EventStoreStatus status) {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("file", status.file().map(Object::toString).orElse(""))
                .put("taken", status.taken())
                .put("stored", status.stored())
                .put("lost", status.lost())
                .put("waiting", status.waiting())
                .put("bytes", status.bytes());
        status.alarm().ifPresent(alarm -> put(json.putObject("alarm"), alarm));
        return json;
    }
}
