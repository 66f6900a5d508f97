package net.popbgp.daemon.event;

import java.nio.file.Path;
import java.util.Optional;

/**
 * A store of events at one moment. Immutable.
 *
 * @param taken events given to it since it was made
 * @param stored those that were stored and published
 * @param lost those that were not: the queue was full, or the store was closed while they could not be stored
 * @param waiting those that wait to be stored
 * @param bytes the size of the database, octets; 0 in memory
 * @param file the database; empty in memory
 * @param alarm what keeps events from being stored just now
 */
public record EventStoreStatus(
        long taken, long stored, long lost, long waiting, long bytes, Optional<Path> file, Optional<Event> alarm) {}
