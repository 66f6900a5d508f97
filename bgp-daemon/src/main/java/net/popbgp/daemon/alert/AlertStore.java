package net.popbgp.daemon.alert;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.BooleanSupplier;
import net.popbgp.daemon.site.Track;

/**
 * What of the alerts outlives the process: how far the events have been read, open windows, messages not delivered yet. It has tables of its
 * own in the database of the events, and a connection of its own. Used by one thread.
 */
final class AlertStore implements AutoCloseable {

    private static final int SCHEMA = 1;

    private final Connection connection;
    private final BooleanSupplier outdated;

    /**
     * Makes the tables, if they are not there.
     *
     * @param connection to the database; closed with the store, also if the constructor fails
     * @param outdated tells when the file has been replaced by another one
     * @throws SQLException if the database cannot be used now, or the tables were written by a newer version
     */
    AlertStore(Connection connection, BooleanSupplier outdated) throws SQLException {
        this.connection = connection;
        this.outdated = outdated;
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE IF NOT EXISTS alert_state (key TEXT PRIMARY KEY, value INTEGER NOT NULL)");
            long schema = state("schema").orElse(SCHEMA);
            if (schema != SCHEMA) {
                throw new SQLException("the tables of the alerts have version " + schema + ", not " + SCHEMA);
            }
            statement.execute("CREATE TABLE IF NOT EXISTS alert_window (key TEXT PRIMARY KEY, frequency TEXT NOT NULL,"
                    + " ends TEXT NOT NULL, count INTEGER NOT NULL, events TEXT NOT NULL)");
            statement.execute("CREATE TABLE IF NOT EXISTS alert_message (id TEXT PRIMARY KEY, channel TEXT NOT NULL,"
                    + " target TEXT NOT NULL, recipient TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL,"
                    + " created TEXT NOT NULL, next_attempt TEXT NOT NULL, attempts INTEGER NOT NULL,"
                    + " error TEXT NOT NULL)");
            put("schema", SCHEMA);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** {@return whether what is written here is of no use any more} */
    boolean isOutdated() {
        return outdated.getAsBoolean();
    }

    private OptionalLong state(String key) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT value FROM alert_state WHERE key = ?")) {
            select.setString(1, key);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? OptionalLong.of(rows.getLong(1)) : OptionalLong.empty();
            }
        }
    }

    private void put(String key, long value) throws SQLException {
        try (PreparedStatement replace =
                connection.prepareStatement("REPLACE INTO alert_state (key, value) VALUES (?, ?)")) {
            replace.setString(1, key);
            replace.setLong(2, value);
            replace.executeUpdate();
        }
    }

    /** {@return the id of the last event that has been looked at; empty if none has} */
    OptionalLong cursor() throws SQLException {
        return state("cursor");
    }

    List<Windows.Window> windows() throws SQLException {
        List<Windows.Window> windows = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("SELECT key, frequency, ends, count, events FROM alert_window")) {
            while (rows.next()) {
                windows.add(new Windows.Window(
                        rows.getString(1),
                        Track.Frequency.valueOf(rows.getString(2)),
                        Instant.parse(rows.getString(3)),
                        rows.getInt(4),
                        EventJson.readAll(rows.getString(5))));
            }
        }
        return windows;
    }

    /** {@return the messages not delivered yet, oldest first} */
    List<Message> messages() throws SQLException {
        List<Message> messages = new ArrayList<>();
        try (Statement select = connection.createStatement();
                ResultSet rows = select.executeQuery("SELECT id, channel, target, recipient, subject, body, created,"
                        + " next_attempt, attempts, error FROM alert_message ORDER BY created, rowid")) {
            while (rows.next()) {
                messages.add(new Message(
                        rows.getString(1),
                        Message.Channel.valueOf(rows.getString(2)),
                        rows.getString(3),
                        rows.getString(4),
                        rows.getString(5),
                        rows.getString(6),
                        Instant.parse(rows.getString(7)),
                        Instant.parse(rows.getString(8)),
                        rows.getInt(9),
                        rows.getString(10)));
            }
        }
        return messages;
    }

    /**
     * Writes what has changed, all of it or nothing.
     *
     * @param cursor the id of the last event that has been looked at
     * @param windows the windows that have changed, by key; empty for one that is closed
     * @param removed ids of messages that are done
     */
    void save(
            long cursor,
            Map<String, Optional<Windows.Window>> windows,
            List<Message> changedMessages,
            Set<String> removed)
            throws SQLException {
        connection.setAutoCommit(false);
        try {
            put("cursor", cursor);
            for (Map.Entry<String, Optional<Windows.Window>> each : windows.entrySet()) {
                if (each.getValue().isPresent()) {
                    replace(each.getValue().get());
                } else {
                    delete("DELETE FROM alert_window WHERE key = ?", each.getKey());
                }
            }
            for (Message message : changedMessages) {
                replace(message);
            }
            for (String id : removed) {
                delete("DELETE FROM alert_message WHERE id = ?", id);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        } finally {
            connection.setAutoCommit(true); // a transaction that only reads would hinder the next one that writes
        }
    }

    private void replace(Windows.Window window) throws SQLException {
        try (PreparedStatement replace = connection.prepareStatement(
                "REPLACE INTO alert_window (key, frequency, ends, count, events) VALUES (?, ?, ?, ?, ?)")) {
            replace.setString(1, window.key());
            replace.setString(2, window.frequency().name());
            replace.setString(3, window.ends().toString());
            replace.setInt(4, window.count());
            replace.setString(5, EventJson.writeAll(window.events()));
            replace.executeUpdate();
        }
    }

    private void replace(Message message) throws SQLException {
        try (PreparedStatement replace =
                connection.prepareStatement("REPLACE INTO alert_message (id, channel, target, recipient, subject, body,"
                        + " created, next_attempt, attempts, error) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
            replace.setString(1, message.id());
            replace.setString(2, message.channel().name());
            replace.setString(3, message.target());
            replace.setString(4, message.recipient());
            replace.setString(5, message.subject());
            replace.setString(6, message.body());
            replace.setString(7, message.created().toString());
            replace.setString(8, message.nextAttempt().toString());
            replace.setInt(9, message.attempts());
            replace.setString(10, message.error());
            replace.executeUpdate();
        }
    }

    private void delete(String sql, String key) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(sql)) {
            delete.setString(1, key);
            delete.executeUpdate();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
