package net.popbgp.daemon.event;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.popbgp.core.net.Prefix;

/**
 * Which route changes have an event of their own: of each peer and kind the first {@link #MAX_SINGLE} of a second. The rest of that second
 * becomes one event with their count. Used under its owner's lock.
 */
final class RouteBursts {

    /** How many prefixes of a peer and kind get an event of their own in a second. */
    static final int MAX_SINGLE = 100;

    private static final Duration WINDOW = Duration.ofSeconds(1);

    /** The prefixes that an event about many names. */
    private static final int NAMED = 5;

    private record Key(String peer, String action) {}

    private static final class Burst {
        final Subjects.Subject subject;
        int count;
        final List<Prefix> first = new ArrayList<>();

        Burst(Subjects.Subject subject) {
            this.subject = subject;
        }
    }

    private final EventSink sink;
    private final Map<Key, Burst> bursts = new LinkedHashMap<>();
    private Instant start = Instant.EPOCH;

    RouteBursts(EventSink sink) {
        this.sink = sink;
    }

    /** {@return whether the change gets an event of its own; otherwise it is counted} */
    boolean isSingle(Subjects.Subject subject, String action, Prefix prefix) {
        Burst burst = bursts.computeIfAbsent(new Key(subject.peer(), action), key -> new Burst(subject));
        burst.count++;
        if (burst.count > MAX_SINGLE && burst.first.size() < NAMED) {
            burst.first.add(prefix);
        }
        return burst.count <= MAX_SINGLE;
    }

    /** Tells what was counted, if its second is over, and begins another one. */
    void turn(Instant now) {
        if (now.isBefore(start) || !now.isBefore(start.plus(WINDOW))) {
            flush(now);
        }
    }

    /** Tells what was counted. */
    void flush(Instant now) {
        bursts.forEach((key, burst) -> {
            int further = burst.count - MAX_SINGLE;
            if (further > 0) {
                sink.accept(event(now, key, burst, further));
            }
        });
        bursts.clear();
        start = now;
    }

    private static Event event(Instant now, Key key, Burst burst, int further) {
        List<String> named = burst.first.stream().map(Prefix::toString).toList();
        String more = further > named.size() ? ", …" : "";
        return new Event(
                now,
                EventSubType.BGP_ROUTING,
                key.action(),
                further + " further prefixes of the " + burst.subject.text() + ": " + String.join(", ", named) + more,
                burst.subject.with(EventField.EVENT_COUNT, further));
    }
}
