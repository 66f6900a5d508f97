package net.popbgp.daemon.analytics;

import java.sql.SQLException;
import java.util.List;

/** Where samples stay, in memory or in a database. Thread-safe. */
interface SampleTable {

    /**
     * Adds samples of a minute to what there is, for each {@link Step}, and removes what is older than it is kept.
     *
     * @param now seconds since 1970
     */
    void add(List<Sample> samples, long now) throws SQLException;

    /** {@return the samples of a subject from a time on and before another, oldest first} */
    List<Sample> read(String subject, Step step, long from, long to) throws SQLException;
}
