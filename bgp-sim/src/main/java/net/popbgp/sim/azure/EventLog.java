package net.popbgp.sim.azure;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last 10,000 events of an edge; older ones are forgotten. Thread-safe. */
public final class EventLog {

    public static final int CAPACITY = 10_000;

    private final Clock clock;
    private final Deque<EdgeEvent> events = new ArrayDeque<>();
    private long last;

    public EventLog(Clock clock) {
        this.clock = clock;
    }

    Instant now() {
        return clock.instant();
    }

    synchronized void add(String circuit, String kind, String detail) {
        if (events.size() == CAPACITY) {
            events.removeFirst();
        }
        events.addLast(new EdgeEvent(++last, clock.instant(), circuit, kind, detail));
    }

    /** {@return the events with larger numbers, oldest first} */
    public synchronized List<EdgeEvent> after(long number) {
        return events.stream().filter(event -> event.number() > number).toList();
    }
}
