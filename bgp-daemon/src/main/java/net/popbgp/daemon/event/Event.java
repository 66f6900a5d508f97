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
 * @param fields further values; no secrets. In all texts a question mark stands for each character that would do something else than show itself
 */
public record Event(Instant time, EventSubType subType, String action, String message, Map<EventField, String> fields) {

    /** The most characters of a message or a value; what is longer is cut. */
    public static final int MAX_TEXT = 1000;

    public Event {
        action = clean(action);
        message = clean(message);
        Map<EventField, String> copy = new EnumMap<>(EventField.class);
        fields.forEach((field, value) -> {
            if (!value.isEmpty()) {
                copy.put(field, clean(value));
            }
        });
        fields = Map.copyOf(copy);
    }

    /** What peers and files say must not steer a terminal, a mail or a log. */
    private static String clean(String text) {
        String cut = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT - 1) + "…";
        if (cut.chars().allMatch(c -> c >= ' ' && c < 0x7F)) {
            return cut;
        }
        return cut.codePoints()
                .map(c -> isFit(c) ? c : '?')
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static boolean isFit(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    public Optional<String> field(EventField field) {
        return Optional.ofNullable(fields.get(field));
    }
}
