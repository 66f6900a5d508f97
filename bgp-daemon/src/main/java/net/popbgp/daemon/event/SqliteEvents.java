package net.popbgp.daemon.event;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.popbgp.daemon.store.Database;
import org.jspecify.annotations.Nullable;

/**
 * Events in a database. One connection writes; readers have up to {@link #MAX_READERS} others, and see what was committed when they began.
 *
 * <p>A page looks at no more than {@link #MAX_SCAN} events; if it has found too few among them, the next one goes on.
 */
final class SqliteEvents implements EventTable {

    /** The most events that one page looks at. */
    static final int MAX_SCAN = 500_000;

    /** The most pages that are read at a time; further readers wait. */
    static final int MAX_READERS = 4;

    /** The most events that are removed in one step. */
    static final int STEP = 20_000;

    /** So many events are put in with one statement, for a statement costs about as much as a row. */
    private static final int TOGETHER = 64;

    /** The most pages that are given back to the file system in one step. */
    private static final int VACUUM = 2048;

    /** So many events are looked at without asking first where the time asked for begins. */
    private static final int FEW = 10_000;

    private final Database database;
    private final Deque<Reader> readers = new ArrayDeque<>();
    private int readersInUse;
    private volatile long size;
    private volatile long lastId;

    // confined to the writing thread
    private @Nullable Connection writer;
    private int generation;
    private boolean begun;

    private record Reader(Connection connection, int generation) {}

    /** @param lastId the id before the first, if the database is new */
    SqliteEvents(Database database, long lastId) {
        this.database = database;
        this.lastId = lastId;
    }

    // ---- the writing thread

    @Override
    public List<StoredEvent> append(List<Event> events) throws SQLException {
        try {
            return append(writer(), events);
        } catch (SQLException e) {
            failed(e);
            throw e;
        }
    }

    private List<StoredEvent> append(Connection connection, List<Event> events) throws SQLException {
        List<StoredEvent> stored = new ArrayList<>(events.size());
        long first = lastId + 1;
        for (Event event : events) {
            stored.add(new StoredEvent(first + stored.size(), event));
        }
        Database.inTransaction(connection, () -> {
            int rest = stored.size() % TOGETHER;
            insert(connection, stored.subList(0, stored.size() - rest), TOGETHER);
            insert(connection, stored.subList(stored.size() - rest, stored.size()), 1);
        });
        lastId = first - 1 + stored.size();
        try {
            measure(connection);
        } catch (SQLException e) {
            failed(e); // they are stored for all that
        }
        return stored;
    }

    /** Puts them in, so many with each statement. */
    private static void insert(Connection connection, List<StoredEvent> events, int together) throws SQLException {
        if (events.isEmpty()) {
            return;
        }
        try (PreparedStatement insert = connection.prepareStatement(EventRows.insert(together))) {
            for (int at = 0; at < events.size(); at += together) {
                for (int row = 0; row < together; row++) {
                    EventRows.bind(insert, row, events.get(at + row));
                }
                insert.executeUpdate();
            }
        }
    }

    private Connection writer() throws SQLException {
        Connection open = writer;
        if (open != null && generation == database.generation()) {
            return open;
        }
        closeWriter();
        open = database.connect();
        generation = database.generation();
        writer = open;
        try (Statement statement = open.createStatement()) {
            long used = number(statement, "SELECT max(seq) FROM sqlite_sequence WHERE name = 'events'");
            if (used > 0) {
                lastId = begun ? Math.max(lastId, used) : used;
            }
        }
        begun = true;
        measure(open);
        return open;
    }

    /** Opens the database if it is not open yet. */
    @Override
    public void begin() throws SQLException {
        try {
            writer();
        } catch (SQLException e) {
            failed(e);
            throw e;
        }
    }

    private void failed(SQLException e) throws SQLException {
        int seen = generation;
        closeWriter(); // which undoes what it has not committed
        if (Database.isDamaged(e)) {
            database.replace(seen, String.valueOf(e.getMessage()));
        }
    }

    private void closeWriter() {
        Connection open = writer;
        writer = null;
        if (open != null) {
            close(open);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            EventStore.LOG.debug("event=database-close", e);
        }
    }

    private void measure(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            size = number(statement, "PRAGMA page_count") * number(statement, "PRAGMA page_size");
        }
    }

    private static long number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getLong(1) : 0;
        }
    }

    @Override
    public boolean retain(Instant oldest, long maxSize) throws SQLException {
        try {
            return retain(writer(), EventRows.micros(oldest), maxSize);
        } catch (SQLException e) {
            failed(e);
            throw e;
        }
    }

    private boolean retain(Connection connection, long oldest, long maxSize) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            int removed = delete(
                    connection,
                    statement,
                    "id IN (SELECT id FROM events WHERE time < " + oldest + " ORDER BY time LIMIT " + STEP + ")");
            boolean more = removed == STEP;
            long pageSize = number(statement, "PRAGMA page_size");
            long used =
                    (number(statement, "PRAGMA page_count") - number(statement, "PRAGMA freelist_count")) * pageSize;
            if (used > maxSize && removed == 0) {
                long first = bound(connection, "min(id)");
                long count = bound(connection, "max(id)") - first + 1;
                long enough = first + Math.min(STEP, (used - maxSize) * count / used + 100);
                more = delete(connection, statement, "id < " + enough) > 0;
            }
            more |= shrink(statement, maxSize, pageSize);
            measure(connection);
            return more;
        }
    }

    private static int delete(Connection connection, Statement statement, String which) throws SQLException {
        int[] removed = new int[1];
        Database.inTransaction(
                connection, () -> removed[0] = statement.executeUpdate("DELETE FROM events WHERE " + which));
        return removed[0];
    }

    /** Gives back to the file system what is free and too much. {@return whether there is more of it} */
    private static boolean shrink(Statement statement, long maxSize, long pageSize) throws SQLException {
        long excess = number(statement, "PRAGMA page_count") - maxSize / pageSize;
        long free = number(statement, "PRAGMA freelist_count");
        if (excess <= 0 || free == 0) {
            return false;
        }
        long pages = Math.min(VACUUM, Math.min(excess, free));
        statement.executeUpdate("PRAGMA incremental_vacuum(" + pages + ")"); // a query would stop after a page
        return pages == VACUUM;
    }

    // ---- readers

    private interface Reading {
        EventPage read(Connection connection) throws SQLException;
    }

    private EventPage read(Reading reading) throws SQLException {
        Reader reader = take();
        boolean fine = false;
        try {
            EventPage page = reading.read(reader.connection());
            fine = true;
            return page;
        } finally {
            giveBack(reader, fine);
        }
    }

    private Reader take() throws SQLException {
        synchronized (readers) {
            while (readersInUse == MAX_READERS) {
                try {
                    readers.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new SQLException("interrupted", e);
                }
            }
            readersInUse++;
            Reader free = readers.poll();
            if (free != null && free.generation() == database.generation()) {
                return free;
            }
            if (free != null) {
                close(free.connection());
            }
        }
        int now = database.generation();
        Connection connection = null;
        try {
            connection = database.connect();
            return new Reader(connection, now);
        } finally {
            if (connection == null) {
                synchronized (readers) {
                    readersInUse--;
                    readers.notify();
                }
            }
        }
    }

    private void giveBack(Reader reader, boolean fine) {
        synchronized (readers) {
            readersInUse--;
            if (fine) {
                readers.push(reader);
            } else {
                close(reader.connection());
            }
            readers.notify();
        }
    }

    @Override
    public EventPage after(long cursor, EventFilter filter, int limit) throws SQLException {
        return read(connection -> {
            long first = bound(connection, "min(id)");
            long last = bound(connection, "max(id)");
            boolean gap = cursor > 0 && cursor < first - 1 || first == 0 && cursor > 0 && cursor < lastId;
            long from = Math.max(cursor + 1, first);
            if (filter.since().isPresent() && last - from > FEW) {
                from = Math.max(from, firstSince(connection, filter.since().get()));
            }
            long to = Math.min(last, from + MAX_SCAN - 1);
            if (last < from) {
                return new EventPage(List.of(), Math.max(last, Math.min(cursor, lastId)), false, gap);
            }
            return new EventRows.Query(filter, from, to, limit, true).run(connection, to < last, gap);
        });
    }

    @Override
    public EventPage before(long cursor, EventFilter filter, int limit) throws SQLException {
        return read(connection -> {
            long first = bound(connection, "min(id)");
            long to = Math.min(cursor - 1, bound(connection, "max(id)"));
            if (filter.since().isPresent() && to - first > FEW) {
                first = Math.max(first, firstSince(connection, filter.since().get()));
            }
            if (filter.until().isPresent() && to - first > FEW) {
                to = Math.min(to, lastBefore(connection, filter.until().get()));
            }
            long from = Math.max(first, to - MAX_SCAN + 1);
            if (first == 0 || to < from) {
                return new EventPage(List.of(), Math.min(cursor, lastId + 1), false, false);
            }
            return new EventRows.Query(filter, from, to, limit, false).run(connection, from > first, false);
        });
    }

    private static long bound(Connection connection, String which) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return number(statement, "SELECT " + which + " FROM events");
        }
    }

    /** The index on time has both, so that this is quick however many they are; clocks may have been set back in between. */
    private static long firstSince(Connection connection, Instant time) throws SQLException {
        long first = boundary(connection, "SELECT min(id) FROM events WHERE time >= ", time);
        return first == 0 ? Long.MAX_VALUE : first;
    }

    private static long lastBefore(Connection connection, Instant time) throws SQLException {
        return boundary(connection, "SELECT max(id) FROM events WHERE time < ", time);
    }

    private static long boundary(Connection connection, String sql, Instant time) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return number(statement, sql + EventRows.micros(time));
        }
    }

    @Override
    public long size() {
        return size;
    }

    @Override
    public long lastId() {
        return lastId;
    }

    @Override
    public void close() {
        closeWriter();
        synchronized (readers) {
            readers.forEach(each -> close(each.connection()));
            readers.clear();
        }
    }
}
