package net.popbgp.daemon.interop;

import java.io.IOException;

/** The hosts and speakers that one {@link Feature} is played on; ended with it. */
interface Scene extends AutoCloseable {

    /** {@return a new one, nothing of it started} */
    static Scene of(Class<?> type, Kind kind, Direction direction) throws IOException, InterruptedException {
        if (type == Cell.class) {
            return new Cell(kind, direction);
        }
        if (type == AzureSite.class) {
            return new AzureSite(kind, direction);
        }
        if (type == PopSite.class) {
            return new PopSite(kind, direction);
        }
        throw new IllegalArgumentException("no feature is played on a " + type.getName());
    }

    /** {@return what all sides say, for a test that has failed} */
    String report();

    @Override
    void close() throws IOException;
}
