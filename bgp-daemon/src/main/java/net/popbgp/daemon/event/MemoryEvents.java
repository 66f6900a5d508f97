package net.popbgp.daemon.event;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The latest {@link #MAX_EVENTS} events, in at most {@link #MAX_CHARACTERS} characters of text. Thread-safe. */
final class MemoryEvents implements EventTable {

    /** The most events that are kept; the oldest go. */
    static final int MAX_EVENTS = 10_000;

    /** The most characters of all events together; the oldest events go. */
    static final long MAX_CHARACTERS = 16L << 20;

    private final NavigableMap<Long, StoredEvent> events = new TreeMap<>();
    private long characters;
    private long lastId;

    /** @param lastId the id before the first */
    MemoryEvents(long lastId) {
        this.lastId = lastId;
    }

    @Override
    public void begin() {
        // always ready
    }

    @Override
    public synchronized List<StoredEvent> append(List<Event> added) {
        List<StoredEvent> stored = new ArrayList<>(added.size());
        for (Event event : added) {
            StoredEvent next = new StoredEvent(++lastId, event);
            stored.add(next);
            events.put(next.id(), next);
            characters += length(event);
            while (events.size() > MAX_EVENTS || characters > MAX_CHARACTERS) {
                StoredEvent oldest = events.values().iterator().next();
                characters -= length(oldest.event());
                events.remove(oldest.id());
            }
        }
        return stored;
    }

    private static long length(Event event) {
        return event.action().length()
                + event.message().length()
                + event.fields().values().stream().mapToLong(String::length).sum();
    }

    @Override
    public synchronized boolean retain(Instant oldest, long maxSize) {
        Iterator<StoredEvent> all = events.values().iterator();
        while (all.hasNext()) {
            Event event = all.next().event();
            if (event.time().isBefore(oldest)) {
                characters -= length(event);
                all.remove();
            }
        }
        return false;
    }

    @Override
    public synchronized EventPage after(long cursor, EventFilter filter, int limit) {
        boolean gap = cursor > 0 && cursor < lastId && (events.isEmpty() || cursor < events.firstKey() - 1);
        return page(events.tailMap(cursor, false), cursor, filter, limit, gap);
    }

    @Override
    public synchronized EventPage before(long cursor, EventFilter filter, int limit) {
        return page(events.headMap(cursor, false).descendingMap(), cursor, filter, limit, false);
    }

    private EventPage page(
            NavigableMap<Long, StoredEvent> from, long cursor, EventFilter filter, int limit, boolean gap) {
        List<StoredEvent> page = new ArrayList<>();
        long next = Math.min(cursor, lastId);
        for (StoredEvent each : from.values()) {
            if (page.size() == limit) {
                return new EventPage(page, next, true, gap);
            }
            next = each.id();
            if (filter.matches(each.event())) {
                page.add(each);
            }
        }
        return new EventPage(page, next, false, gap);
    }

    @Override
    public long size() {
        return 0;
    }

    @Override
    public synchronized long lastId() {
        return lastId;
    }

    @Override
    public void close() {
        // nothing to give back
    }
}
