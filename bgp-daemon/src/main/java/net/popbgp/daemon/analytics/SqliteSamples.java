package net.popbgp.daemon.analytics;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import net.popbgp.daemon.store.Database;

/** Samples in a database: of each subject at most 2880 of minutes, 2880 of quarters and 8784 of hours. Thread-safe. */
final class SqliteSamples implements SampleTable {

    private static final String COLUMNS =
            "time, up, degraded, down, stopped, active, flaps, failovers, received, advertised, withheld";

    private static final String ADD = "INSERT INTO samples (subject, step, " + COLUMNS
            + ") VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (subject, step, time) DO UPDATE SET "
            + "up = up + excluded.up, degraded = degraded + excluded.degraded, down = down + excluded.down, "
            + "stopped = stopped + excluded.stopped, active = active + excluded.active, "
            + "flaps = flaps + excluded.flaps, failovers = failovers + excluded.failovers, "
            + "received = max(received, excluded.received), advertised = max(advertised, excluded.advertised), "
            + "withheld = max(withheld, excluded.withheld)";

    private static final String REMOVE = "DELETE FROM samples WHERE subject = ? AND step = ? AND time < ?";

    private static final String READ = "SELECT " + COLUMNS
            + " FROM samples WHERE subject = ? AND step = ? AND time >= ? AND time < ? ORDER BY time";

    /** Between two looks for what is too old. */
    private static final long LOOK_SECONDS = 3600;

    private final Database database;
    private volatile long lookedAt;

    SqliteSamples(Database database) {
        this.database = database;
    }

    @Override
    public void add(List<Sample> samples, long now) throws SQLException {
        try (Connection connection = database.connect()) {
            Database.inTransaction(connection, () -> {
                try (PreparedStatement add = connection.prepareStatement(ADD)) {
                    for (Sample sample : samples) {
                        for (Step step : Step.values()) {
                            bind(add, sample, step);
                            add.executeUpdate();
                        }
                    }
                }
            });
            if (Math.abs(now - lookedAt) >= LOOK_SECONDS) {
                lookedAt = now;
                removeOld(connection, now);
            }
        }
    }

    /** Of all subjects, also of those that are configured no longer; each in a transaction of its own, so that events do not wait long. */
    private static void removeOld(Connection connection, long now) throws SQLException {
        List<String> subjects = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT DISTINCT subject FROM samples")) {
            while (row.next()) {
                subjects.add(row.getString(1));
            }
        }
        for (String subject : subjects) {
            Database.inTransaction(connection, () -> {
                try (PreparedStatement remove = connection.prepareStatement(REMOVE)) {
                    for (Step step : Step.values()) {
                        remove.setString(1, subject);
                        remove.setInt(2, step.seconds());
                        remove.setLong(3, now - step.kept().toSeconds());
                        remove.executeUpdate();
                    }
                }
            });
        }
    }

    private static void bind(PreparedStatement add, Sample sample, Step step) throws SQLException {
        add.setString(1, sample.subject());
        add.setInt(2, step.seconds());
        add.setLong(3, step.floor(sample.time()));
        add.setLong(4, sample.up());
        add.setLong(5, sample.degraded());
        add.setLong(6, sample.down());
        add.setLong(7, sample.stopped());
        add.setLong(8, sample.active());
        add.setInt(9, sample.flaps());
        add.setInt(10, sample.failovers());
        add.setInt(11, sample.received());
        add.setInt(12, sample.advertised());
        add.setInt(13, sample.withheld());
    }

    @Override
    public List<Sample> read(String subject, Step step, long from, long to) throws SQLException {
        List<Sample> found = new ArrayList<>();
        try (Connection connection = database.connect();
                PreparedStatement read = connection.prepareStatement(READ)) {
            read.setString(1, subject);
            read.setInt(2, step.seconds());
            read.setLong(3, from);
            read.setLong(4, to);
            try (ResultSet row = read.executeQuery()) {
                while (row.next()) {
                    found.add(new Sample(
                            subject,
                            row.getLong(1),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getLong(5),
                            row.getLong(6),
                            row.getInt(7),
                            row.getInt(8),
                            row.getInt(9),
                            row.getInt(10),
                            row.getInt(11)));
                }
            }
        }
        return found;
    }
}
