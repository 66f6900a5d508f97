package net.popbgp.daemon.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Events for tests. */
final class Events {

    static final Instant START = Instant.parse("2026-11-30T12:00:00Z");

    private Events() {}

    static Event of(int number) {
        return new Event(
                START.plusSeconds(number),
                EventSubType.SYSTEM,
                "Tested",
                "event " + number,
                Map.of(EventField.EVENT_COUNT, Integer.toString(number)));
    }

    static Event random(Random random, int number) {
        Map<EventField, String> fields = new EnumMap<>(EventField.class);
        if (random.nextBoolean()) {
            fields.put(EventField.SRC_SITE_NAME, "site-" + random.nextInt(3));
            fields.put(EventField.CIRCUIT, random.nextBoolean() ? "primary" : "secondary");
        }
        if (random.nextBoolean()) {
            fields.put(EventField.PEER, "peer-" + random.nextInt(3));
        }
        if (random.nextInt(3) == 0) {
            fields.put(EventField.BGP_ROUTE_CIDR, "10." + random.nextInt(3) + "." + random.nextInt(3) + ".0/24");
        }
        if (random.nextInt(4) == 0) {
            fields.put(EventField.BGP_SUBERROR_CODE, "5 \"Wartung\" in Zürich, 50% \\ done\n");
        }
        return new Event(
                START.plusSeconds(number).plusNanos(random.nextInt(1_000_000) * 1000L),
                EventSubType.values()[random.nextInt(EventSubType.values().length)],
                random.nextBoolean() ? "Connected" : "Disconnected",
                "message " + number + (random.nextBoolean() ? " of the Edge" : ""),
                fields);
    }

    /** {@return all events of a store, in pages of this size} */
    static List<StoredEvent> all(EventStore store, EventFilter filter, int limit) {
        return all(store::after, 0, filter, limit);
    }

    static List<StoredEvent> allNewestFirst(EventStore store, EventFilter filter, int limit) {
        return all(store::before, Long.MAX_VALUE, filter, limit);
    }

    private interface Pages {
        EventPage page(long cursor, EventFilter filter, int limit);
    }

    private static List<StoredEvent> all(Pages pages, long start, EventFilter filter, int limit) {
        List<StoredEvent> all = new ArrayList<>();
        EventPage page = pages.page(start, filter, limit);
        all.addAll(page.events());
        while (page.more()) {
            page = pages.page(page.cursor(), filter, limit);
            all.addAll(page.events());
        }
        return all;
    }
}
