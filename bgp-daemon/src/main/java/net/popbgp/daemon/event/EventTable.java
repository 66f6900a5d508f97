package net.popbgp.daemon.event;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/**
 * Where events stay, in memory or in a database. Written to by one thread, read by any. What is read is never half of what was appended
 * together.
 */
interface EventTable extends AutoCloseable {

    /** Gets ready; tried again by what writes, if it fails. */
    void begin() throws SQLException;

    /**
     * Keeps events, all or none of them. {@return them with their ids}
     *
     * @throws SQLException if they cannot be kept now; the same can be tried again
     */
    List<StoredEvent> append(List<Event> events) throws SQLException;

    /**
     * Removes some of what is too old or too much. {@return whether there is more to remove}
     *
     * @param oldest events before this time are too old
     */
    boolean retain(Instant oldest, long maxSize) throws SQLException;

    /** {@return events after this id, oldest first} */
    EventPage after(long cursor, EventFilter filter, int limit) throws SQLException;

    /** {@return events before this id, newest first} */
    EventPage before(long cursor, EventFilter filter, int limit) throws SQLException;

    /** {@return the octets in use, 0 in memory} */
    long size();

    /** {@return the id of the last event that was kept, or the one before the first that will be} */
    long lastId();

    @Override
    void close();
}
