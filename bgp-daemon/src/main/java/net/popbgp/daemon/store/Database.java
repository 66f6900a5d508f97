package net.popbgp.daemon.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * An SQLite database in a file that one process uses at a time. Its tables have a version ({@code user_version}); an older one is brought up
 * to date when the database is opened. A file that is damaged is moved aside, at most {@link #MAX_MOVED} such are kept, and a new one begun.
 *
 * <p>Every write is synced to the disk before it counts: what is committed outlives the process and the power.
 *
 * <p>Thread-safe; a connection is not.
 */
public final class Database implements AutoCloseable {

    /** The version of the tables that {@link Schema} ends with. */
    public static final int VERSION = Schema.STEPS.size();

    /** How many damaged files are kept. */
    public static final int MAX_MOVED = 3;

    /** How long a writer waits for another one of this process, milliseconds. */
    private static final int BUSY_MILLIS = 5000;

    /** The longest log of changes that stays on the disk when it has been worked in, octets. */
    private static final int JOURNAL_LIMIT = 16 << 20;

    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);
    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    private final Path file;
    private final Path directory;
    private final FileChannel lock;
    private boolean ready;
    private final AtomicInteger generation = new AtomicInteger();
    private volatile int maxPages;

    private Database(Path file, Path directory, FileChannel lock) {
        this.file = file;
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes the file for this process and looks whether it can be used, as far as that is told by its first page. A disk that is full or does
     * not answer is no error here but one of {@link #connect}.
     *
     * @throws IllegalStateException if the tables are of a later version, the directory cannot be written to, another process uses the file,
     *     or SQLite cannot run on this machine
     */
    public static Database open(Path file) {
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new IllegalStateException("the directory of the database " + file + " does not exist");
        }
        if (!Files.isWritable(directory) || Files.exists(file) && !Files.isWritable(file)) {
            throw new IllegalStateException("the database " + file + " cannot be written to, or its directory cannot");
        }
        Database database = new Database(file, directory, lock(file));
        try {
            database.refuseLaterVersion();
            return database;
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    private static FileChannel lock(Path file) {
        Path lockFile = sibling(file, ".lock");
        FileChannel channel;
        try {
            channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IllegalStateException("the file " + lockFile + " cannot be made: " + e.getMessage(), e);
        }
        try {
            FileLock taken = channel.tryLock();
            if (taken != null) {
                return channel;
            }
        } catch (IOException | OverlappingFileLockException e) {
            LOG.debug("event=database-lock file={}", lockFile, e);
        }
        close(channel);
        throw new IllegalStateException("the database " + file + " is in use by another process");
    }

    /** Before anything is opened for writing, which would change the file. */
    private void refuseLaterVersion() {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] header = in.readNBytes(100);
            if (header.length == 100 && Arrays.equals(header, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
                int version = (header[60] & 0xFF) << 24
                        | (header[61] & 0xFF) << 16
                        | (header[62] & 0xFF) << 8
                        | header[63] & 0xFF;
                refuse(version);
            }
        } catch (NoSuchFileException e) {
            LOG.debug("event=database-new file={}", file);
        } catch (IOException e) {
            throw new IllegalStateException("the database " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private void refuse(int version) {
        if (version > VERSION) {
            throw new IllegalStateException("the database " + file + " has tables of version " + version
                    + ", this program knows up to version " + VERSION
                    + ": use the later program again, or configure another file");
        }
    }

    public Path file() {
        return file;
    }

    /** {@return a number that is another one whenever a new file has been begun: connections from before are of no use then} */
    public int generation() {
        return generation.get();
    }

    /**
     * {@return a new connection, with the tables there; to be closed by the caller}
     *
     * @throws SQLException if the disk is full or fails
     * @throws IllegalStateException if the tables are of a later version
     */
    public synchronized Connection connect() throws SQLException {
        if (!ready) {
            prepare();
            ready = true;
        }
        return raw();
    }

    /** Makes connections from now on take the disk for full when the file has so many pages; 0 for no such limit. For tests. */
    void limitPages(int pages) {
        maxPages = pages;
    }

    private Connection raw() throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setBusyTimeout(BUSY_MILLIS);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setJournalSizeLimit(JOURNAL_LIMIT);
        config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
        if (maxPages > 0) {
            config.setPragma(SQLiteConfig.Pragma.MAX_PAGE_COUNT, Integer.toString(maxPages));
        }
        try {
            return config.createConnection("jdbc:sqlite:" + file.toAbsolutePath());
        } catch (LinkageError e) {
            throw new SQLException("SQLite cannot run on this machine: " + e.getMessage(), e);
        }
    }

    private void prepare() throws SQLException {
        try {
            migrate();
        } catch (SQLException e) {
            if (!isDamaged(e)) {
                throw e;
            }
            moveAside(String.valueOf(e.getMessage()));
            migrate();
        }
    }

    private void migrate() throws SQLException {
        try (Connection connection = raw();
                Statement statement = connection.createStatement()) {
            int version = number(statement, "PRAGMA user_version");
            refuse(version);
            if (version == 0) {
                statement.execute("PRAGMA auto_vacuum=INCREMENTAL"); // only before the first table
            }
            statement.execute("PRAGMA journal_mode=WAL");
            number(statement, "SELECT count(*) FROM sqlite_master"); // what is damaged at its beginning tells it here
            inTransaction(connection, () -> {
                for (List<String> step : Schema.STEPS.subList(version, VERSION)) {
                    for (String sql : step) {
                        statement.execute(sql);
                    }
                }
                statement.execute("PRAGMA user_version=" + VERSION);
            });
        }
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Work {
        void run() throws SQLException;
    }

    /**
     * Does something with a connection in one transaction, which nobody else writes in the middle of. If it fails, the connection is to be closed.
     */
    public static void inTransaction(Connection connection, Work work) throws SQLException {
        connection.setAutoCommit(false); // begins it
        work.run();
        connection.setAutoCommit(true); // commits it: commit() would begin another one, and keep others from writing
    }

    private static int number(Statement statement, String sql) throws SQLException {
        try (ResultSet result = statement.executeQuery(sql)) {
            return result.next() ? result.getInt(1) : 0;
        }
    }

    /** {@return whether the error says that the file is damaged, or is no database} */
    public static boolean isDamaged(SQLException e) {
        SQLiteErrorCode code = code(e);
        return code == SQLiteErrorCode.SQLITE_CORRUPT || code == SQLiteErrorCode.SQLITE_NOTADB;
    }

    /** {@return whether the error says that there is no room} */
    public static boolean isFull(SQLException e) {
        return code(e) == SQLiteErrorCode.SQLITE_FULL;
    }

    private static @Nullable SQLiteErrorCode code(SQLException e) {
        return e instanceof SQLiteException sqlite
                ? SQLiteErrorCode.getErrorCode(sqlite.getResultCode().code & 0xFF) // without what extends it
                : null;
    }

    /**
     * Moves the file aside because it is damaged; the next {@link #connect} begins a new one. Connections that are open go on with the old one.
     *
     * @param seen the generation that the damage was seen in; nothing is done if it is over
     */
    public synchronized void replace(int seen, String reason) throws SQLException {
        if (seen == generation.get()) {
            moveAside(reason);
            ready = false;
        }
    }

    private void moveAside(String reason) throws SQLException {
        Path aside = sibling(file, ".damaged-" + STAMP.format(Instant.now()));
        try {
            for (String suffix : List.of("", "-wal", "-shm")) {
                Path from = sibling(file, suffix);
                if (Files.exists(from)) {
                    Files.move(from, sibling(aside, suffix), StandardCopyOption.ATOMIC_MOVE);
                }
            }
            generation.incrementAndGet();
            LOG.warn(
                    "event=database-damaged file={} moved-to={} reason=\"{}\" action=began-a-new-one",
                    file,
                    aside,
                    reason);
            forgetOldest();
        } catch (IOException e) {
            throw new SQLException("the damaged database " + file + " cannot be moved aside: " + e.getMessage(), e);
        }
    }

    private void forgetOldest() throws IOException {
        String prefix = file.getFileName() + ".damaged-";
        try (Stream<Path> files = Files.list(directory)) {
            List<Path> moved = files.filter(
                            each -> String.valueOf(each.getFileName()).startsWith(prefix))
                    .filter(each -> each.toString().endsWith("Z"))
                    .sorted()
                    .toList();
            for (Path old : moved.subList(0, Math.max(0, moved.size() - MAX_MOVED))) {
                for (String suffix : List.of("", "-wal", "-shm")) {
                    Files.deleteIfExists(sibling(old, suffix));
                }
            }
        }
    }

    private static Path sibling(Path file, String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static void close(FileChannel channel) {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("event=database-lock-close", e);
        }
    }

    /** Gives the file back to other processes. Connections are closed by those who opened them. */
    @Override
    public void close() {
        close(lock);
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
