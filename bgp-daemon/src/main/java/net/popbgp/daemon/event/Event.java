package net.popbgp.daemon.event;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * Something that happened. Immutable.
 *
 * @param action what, in a word or two as operators filter for: {@code Connected}, {@code Disconnected}, {@code Route added},
 *     {@code Failover}, {@code Host Unreachable}
 * @param message one sentence for people; no secrets
 * @param fields further values; no secrets
 */
public record Event(Instant time, EventSubType subType, String action, String message, Map<EventField, String> fields) {

    /** The most characters of a message or a value; what is longer is cut. */
    public static final int MAX_TEXT = 1000;

    public Event {
        action = cut(action);
        message = cut(message);
        Map<EventField, String> copy = new EnumMap<>(EventField.class);
        fields.forEach((field, value) -> {
            if (!value.isEmpty()) {
                copy.put(field, cut(value));
            }
        });
        fields = Map.copyOf(copy);
    }

    private static String cut(String text) {
        return text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
    }

    public Optional<String> field(EventField field) {
        return Optional.ofNullable(fields.get(field));
    }
}
