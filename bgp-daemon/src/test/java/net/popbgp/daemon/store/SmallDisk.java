package net.popbgp.daemon.store;

import java.nio.file.Path;

/** A database on a disk that has room for some pages only. */
public final class SmallDisk {

    private final Database database;

    public SmallDisk(Path file) {
        database = Database.open(file);
    }

    public Database database() {
        return database;
    }

    /** From the next connection on; 0 for all the room there is. */
    public void room(int pages) {
        database.limitPages(pages);
    }
}
