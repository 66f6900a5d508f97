package net.popbgp.daemon.store;

import java.util.List;

/** The tables, as the steps from each version to the next. A step that has been released is never changed: another one is added. */
final class Schema {

    /** The statements that lead from version n to n + 1. */
    static final List<List<String>> STEPS = List.of(List.of(
            // time in microseconds since 1970; fields as JSON, without those that are columns
            """
                    CREATE TABLE events (
                        id INTEGER PRIMARY KEY AUTOINCREMENT,
                        time INTEGER NOT NULL,
                        sub_type TEXT NOT NULL,
                        action TEXT NOT NULL,
                        message TEXT NOT NULL,
                        site TEXT,
                        circuit TEXT,
                        peer TEXT,
                        fields TEXT NOT NULL)""",
            "CREATE INDEX events_time ON events (time)",
            "CREATE INDEX events_sub_type ON events (sub_type)",
            "CREATE INDEX events_site ON events (site, sub_type) WHERE site IS NOT NULL",
            // subject: a site, or a circuit of one; time and step in seconds, the rest in milliseconds or counts
            """
                    CREATE TABLE samples (
                        subject TEXT NOT NULL,
                        step INTEGER NOT NULL,
                        time INTEGER NOT NULL,
                        up INTEGER NOT NULL,
                        degraded INTEGER NOT NULL,
                        down INTEGER NOT NULL,
                        stopped INTEGER NOT NULL,
                        active INTEGER NOT NULL,
                        flaps INTEGER NOT NULL,
                        failovers INTEGER NOT NULL,
                        received INTEGER NOT NULL,
                        advertised INTEGER NOT NULL,
                        withheld INTEGER NOT NULL,
                        PRIMARY KEY (subject, step, time)) WITHOUT ROWID"""));

    private Schema() {}
}
