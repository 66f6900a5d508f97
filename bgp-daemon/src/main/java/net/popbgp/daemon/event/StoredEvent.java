package net.popbgp.daemon.event;

/**
 * An event that has been stored. Immutable.
 *
 * @param id larger than that of every event stored before, also over restarts and where a database was lost; less than 2^53
 */
public record StoredEvent(long id, Event event) {}
