package net.popbgp.daemon.event;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import net.popbgp.daemon.store.Database;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what happened, in a database or in memory, and hands it out by cursor. {@link #accept} puts an event into a queue of {@link #QUEUE};
 * one thread commits what waits there together and publishes it: from then on the event has an id and outlives a crash, of the power too. At
 * a full queue events are lost, counted, and told by an event.
 *
 * <p>While the database fails, because the disk is full for one, what has been taken waits, up to {@link #BATCH} and the queue. That is a line
 * in the log, the {@link EventStoreStatus#alarm}, and an event when it is over, which says how many were lost.
 *
 * <p>Thread-safe.
 */
public final class EventStore implements EventSink, AutoCloseable {

    /** The most events that wait to be taken by the thread that stores them. */
    public static final int QUEUE = 65_536;

    /** The most events that are committed together. */
    public static final int BATCH = 8192;

    /** The most events of a page. */
    public static final int MAX_PAGE = 1000;

    /** How long {@link #close} waits at most for what still has to be stored. */
    public static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(2);

    static final Logger LOG = LoggerFactory.getLogger("popbgp");

    /** How long readers wait for the tables to be opened. */
    private static final Duration BEGIN_TIMEOUT = Duration.ofSeconds(5);

    /** Between two attempts to store what could not be stored. */
    private static final Duration RETRY = Duration.ofSeconds(1);

    /** Between two looks for events that are too old, while there is nothing to do. */
    private static final Duration RETENTION = Duration.ofSeconds(30);

    /** What the writer is woken with. */
    private static final Event WAKE_UP = new Event(Instant.EPOCH, EventSubType.SYSTEM, "", "", Map.of());

    private final InstantSource clock;
    private final Optional<Database> database;
    private final EventTable table;
    private final BlockingQueue<Event> queue = new ArrayBlockingQueue<>(QUEUE);
    private final List<Consumer<List<StoredEvent>>> subscribers = new CopyOnWriteArrayList<>();
    private final LongAdder taken = new LongAdder();
    private final LongAdder lost = new LongAdder();
    private final AtomicLong stored = new AtomicLong();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final Object published = new Object();
    private final Object closeLock = new Object();
    private final Thread writer;
    private volatile EventsConfig config;
    private volatile int pending;
    private volatile @Nullable Event alarm;
    private volatile boolean cleanNow;
    private volatile boolean closing;

    // confined to the writer's thread
    private long toldLost;
    private long cleanAt = System.nanoTime();

    /**
     * Opens the database, if there is one.
     *
     * @throws IllegalStateException as {@link Database#open}
     */
    public static EventStore open(EventsConfig config, InstantSource clock) {
        return open(config, config.file().map(Database::open), clock);
    }

    static EventStore open(EventsConfig config, Optional<Database> database, InstantSource clock) {
        EventStore store = new EventStore(config, database, clock);
        store.writer.start();
        return store;
    }

    private EventStore(EventsConfig config, Optional<Database> database, InstantSource clock) {
        this.config = config;
        this.database = database;
        this.clock = clock;
        long firstId = clock.millis() * 1000; // larger than the ids of all that was kept before, wherever it was
        this.table = database.<EventTable>map(each -> new SqliteEvents(each, firstId))
                .orElseGet(() -> new MemoryEvents(firstId));
        this.writer = new Thread(this::write, "popbgp-events");
        this.writer.setDaemon(true);
    }

    /** Opens the tables, on the writer's thread: to load SQLite takes a while that sessions need not wait for. */
    private void begin() {
        try {
            table.begin();
        } catch (SQLException e) {
            fails(e);
        } finally {
            begun.countDown();
        }
    }

    private void awaitBegun() {
        try {
            if (!begun.await(BEGIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("event=event-store-slow");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    // ---- taking

    @Override
    public void accept(Event event) {
        taken.increment();
        if (closing || !queue.offer(event)) {
            lost.increment();
        }
    }

    /** Changes how long and how much is kept, and removes what that is too much of. The file stays. */
    public void retain(Duration keep, long maxSize) {
        config = new EventsConfig(config.file(), keep, maxSize);
        cleanNow = true;
        wakeWriter();
    }

    private void wakeWriter() {
        if (!queue.offer(WAKE_UP)) {
            LOG.debug("event=event-store-busy"); // it is awake
        }
    }

    // ---- handing out

    /**
     * {@return events after a cursor, oldest first}
     *
     * @param cursor the id of an event, or what a page before has given; 0 for the oldest; what lies in the future counts as the present
     * @param limit 1..{@link #MAX_PAGE}
     * @throws IllegalStateException if they cannot be read
     */
    public EventPage after(long cursor, EventFilter filter, int limit) {
        return read(() -> table.after(cursor, filter, checked(limit)));
    }

    /**
     * {@return events before a cursor, newest first}
     *
     * @param cursor as with {@link #after}; {@link Long#MAX_VALUE} for the newest
     * @param limit 1..{@link #MAX_PAGE}
     * @throws IllegalStateException if they cannot be read
     */
    public EventPage before(long cursor, EventFilter filter, int limit) {
        return read(() -> table.before(cursor, filter, checked(limit)));
    }

    private interface Reading {
        EventPage read() throws SQLException;
    }

    private EventPage read(Reading reading) {
        awaitBegun();
        try {
            return reading.read();
        } catch (SQLException e) {
            throw new IllegalStateException("the events cannot be read: " + e.getMessage(), e);
        }
    }

    private static int checked(int limit) {
        if (limit < 1 || limit > MAX_PAGE) {
            throw new IllegalArgumentException("the limit of a page is 1.." + MAX_PAGE + ": " + limit);
        }
        return limit;
    }

    /** {@return the id of the newest event} */
    public long lastId() {
        awaitBegun();
        return table.lastId();
    }

    /**
     * Hands over each batch of events once it is stored, in order, on the thread that stores them: to be quick. What cannot wait for a slow
     * one uses it as a wake-up and reads by cursor.
     *
     * @return ends it
     */
    public Runnable subscribe(Consumer<List<StoredEvent>> subscriber) {
        subscribers.add(subscriber);
        return () -> subscribers.remove(subscriber);
    }

    /** Waits until there is an event after this cursor. {@return whether there is} */
    public boolean awaitAfter(long cursor, Duration limit) throws InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        synchronized (published) {
            while (table.lastId() <= cursor) {
                long millis = millisUntil(deadline);
                if (millis <= 0) {
                    return false;
                }
                published.wait(millis);
            }
            return table.lastId() > cursor;
        }
    }

    private static long millisUntil(long deadline) {
        return TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    }

    /** {@return the database that the events are in, for other tables of it; empty in memory} */
    public Optional<Database> database() {
        return database;
    }

    public EventStoreStatus status() {
        return new EventStoreStatus(
                taken.sum(),
                stored.get(),
                lost.sum(),
                queue.size() + pending,
                table.size(),
                config.file(),
                Optional.ofNullable(alarm));
    }

    // ---- the writer's thread

    private void write() {
        List<Event> batch = new ArrayList<>();
        try {
            begin();
            while (!closing || !queue.isEmpty() || !batch.isEmpty()) {
                if (batch.isEmpty()) {
                    take(batch);
                }
                boolean last = closing;
                if (!store(batch) || !clean()) {
                    if (last) {
                        return;
                    }
                    pause();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException bug) {
            LOG.error("event=event-store-failed", bug);
            alarm = system("Event store failed", "the store of events has failed: " + bug, Map.of());
        } finally {
            closing = true;
            lost.add(batch.size() + queue.size());
            queue.clear();
            table.close();
            database.ifPresent(Database::close);
            wakeReaders();
        }
    }

    private void take(List<Event> batch) throws InterruptedException {
        Duration wait = alarm == null ? RETENTION : RETRY;
        Event first = closing ? queue.poll() : queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        if (first != null) {
            batch.add(first);
            queue.drainTo(batch, BATCH - 1);
            batch.removeIf(WAKE_UP::equals);
        }
        long count = lost.sum() - toldLost;
        if (count > 0) {
            String why = "the queue of the event store was full";
            LOG.warn("event=events-lost count={} reason=\"{}\"", count, why);
            batch.add(lost(count, "Events lost", count + " events were lost: " + why));
            toldLost += count;
        }
        pending = batch.size();
    }

    /** Returns whether there is nothing left of the batch. */
    private boolean store(List<Event> batch) {
        Event told = alarm;
        if (batch.isEmpty() && told == null) {
            return true;
        }
        List<Event> all = new ArrayList<>();
        long lostNow = lost.sum();
        if (told != null) {
            all.add(told); // before what waited: in the order of time
        }
        all.addAll(batch);
        if (told != null) {
            long count = lostNow - toldLost;
            all.add(lost(
                    count,
                    "Event store recovered",
                    "events are stored again, since " + told.time() + " they were not; "
                            + (count == 0 ? "none was lost" : count + " were lost")));
        }
        List<StoredEvent> done;
        try {
            done = table.append(all);
        } catch (SQLException e) {
            fails(e);
            return false;
        }
        if (told != null) {
            LOG.info("event=event-store-recovered lost={}", lostNow - toldLost);
            toldLost = lostNow;
            alarm = null;
        }
        stored.addAndGet(done.size());
        batch.clear();
        pending = 0;
        wakeReaders();
        publish(done);
        return true;
    }

    private void publish(List<StoredEvent> done) {
        for (Consumer<List<StoredEvent>> subscriber : subscribers) {
            try {
                subscriber.accept(done);
            } catch (RuntimeException e) {
                LOG.error("event=event-subscriber-failed", e);
            }
        }
    }

    private void wakeReaders() {
        synchronized (published) {
            published.notifyAll();
        }
    }

    private void fails(SQLException e) {
        if (alarm == null) {
            String why = Database.isFull(e) ? "the disk is full" : String.valueOf(e.getMessage());
            LOG.error(
                    "event=event-store-failed file={} reason=\"{}\" action=\"at most {} events wait in memory\"",
                    config.file().map(Object::toString).orElse("none"),
                    why,
                    QUEUE + BATCH);
            alarm = system("Event store failed", "events cannot be stored: " + why, Map.of());
        }
    }

    private Event lost(long count, String action, String message) {
        return system(action, message, count == 0 ? Map.of() : Map.of(EventField.EVENT_COUNT, Long.toString(count)));
    }

    private Event system(String action, String message, Map<EventField, String> fields) {
        return new Event(clock.instant(), EventSubType.SYSTEM, action, message, fields);
    }

    /** Removes what is too old or too much: all of it, or one step if there are events to store. Returns whether the database works. */
    private boolean clean() {
        if (!cleanNow && System.nanoTime() - cleanAt < 0 && table.size() <= config.maxSize()) {
            return true;
        }
        try {
            cleanNow = false;
            boolean more;
            do {
                more = table.retain(clock.instant().minus(config.keep()), config.maxSize());
            } while (more && queue.isEmpty() && !closing);
            if (!more) {
                cleanAt = System.nanoTime() + RETENTION.toNanos();
            }
            return true;
        } catch (SQLException e) {
            fails(e);
            return false;
        }
    }

    private void pause() throws InterruptedException {
        long deadline = System.nanoTime() + RETRY.toNanos();
        synchronized (closeLock) {
            for (long left = RETRY.toMillis(); left > 0 && !closing; left = millisUntil(deadline)) {
                closeLock.wait(left);
            }
        }
    }

    /** Stores what has been taken, as far as that takes no longer than {@link #CLOSE_TIMEOUT}, and closes the database. */
    @Override
    public void close() {
        synchronized (closeLock) {
            closing = true;
            closeLock.notifyAll();
        }
        wakeWriter();
        wakeReaders();
        try {
            writer.join(CLOSE_TIMEOUT.toMillis());
            if (writer.isAlive()) {
                LOG.warn("event=event-store-close reason=\"the disk does not answer\" lost={}", queue.size() + pending);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
