package net.popbgp.daemon.event;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where events are kept and how long. Immutable.
 *
 * @param file the database; empty to keep the latest {@link MemoryEvents#MAX_EVENTS} in memory only
 * @param keep how long an event is kept; positive
 * @param maxSize how large the database may get, octets, at least {@link #MIN_SIZE}; the oldest events go
 */
public record EventsConfig(Optional<Path> file, Duration keep, long maxSize) {

    /** The smallest size of a database that may be asked for, octets. */
    public static final long MIN_SIZE = 16L << 20;

    public static final EventsConfig DEFAULT = new EventsConfig(Optional.empty(), Duration.ofDays(90), 1L << 30);

    public EventsConfig {
        if (keep.isNegative() || keep.isZero()) {
            throw new IllegalArgumentException("events are kept for more than no time: " + keep);
        }
        if (maxSize < MIN_SIZE) {
            throw new IllegalArgumentException("a database of events needs at least 16 MiB: " + maxSize);
        }
    }
}
