package net.popbgp.daemon.alert;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import net.popbgp.daemon.event.Event;
import net.popbgp.daemon.event.EventFilter;
import net.popbgp.daemon.event.EventPage;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.event.EventStore;
import net.popbgp.daemon.event.EventSubType;
import net.popbgp.daemon.event.StoredEvent;
import net.popbgp.daemon.site.SiteConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The alerts of a daemon: a thread that follows the events, and two at most that talk to servers. Nothing waits for them. Without mailing
 * lists and webhooks there is no thread.
 *
 * <p>Thread-safe.
 */
public final class Alerts implements AutoCloseable, MeterBinder {

    /** The longest wait for a server to do one thing. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** The most tests at a time. */
    private static final int MAX_TESTS = 2;

    /** The longest that a test may take, as far as it has not begun another address. */
    private static final Duration TEST_TIME = Duration.ofSeconds(30);

    private static final Duration AFTER_FAULT = Duration.ofSeconds(10);
    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
    private static final Duration END = Duration.ofSeconds(2);
    private static final EventFilter KINDS = EventFilter.of(EventSubType.BGP_SESSION, EventSubType.LAN_MONITORING);
    private static final Logger LOG = LoggerFactory.getLogger("popbgp.alert");

    /**
     * What became of a test message to one address or webhook. Immutable.
     *
     * @param detail the server's words, or what went wrong
     */
    public record TestResult(String recipient, boolean delivered, String detail, Duration took) {}

    private final Clock clock;
    private final EventSink sink;
    private final AlertEngine engine;
    private final AlertCounters counters = new AlertCounters();
    private final MailSender mails = new MailSender(TIMEOUT);
    private final WebhookSender webhooks = new WebhookSender(TIMEOUT);
    private final ExecutorService deliveries = deliveries();
    private final BlockingQueue<Boolean> wakes = new ArrayBlockingQueue<>(1);
    private final Semaphore tests = new Semaphore(MAX_TESTS);
    private volatile AlertsConfig config = AlertsConfig.NONE;
    private volatile List<SiteConfig> sites = List.of();
    private volatile boolean closed;
    private @Nullable Thread thread;

    /**
     * Makes them; nothing runs yet.
     *
     * @param opener opens the tables; empty to keep everything in memory
     * @param sink is told of messages that are given up
     */
    Alerts(Feed feed, Optional<AlertEngine.Opener> opener, EventSink sink, Clock clock) {
        this.clock = clock;
        this.sink = sink;
        Outbox outbox = new Outbox(deliveries, this::deliver, this::wake, counters);
        engine = new AlertEngine(feed, opener, outbox, counters, sink);
    }

    /** {@return alerts about what a store keeps; windows and messages are kept in its database, if it has one} */
    public static Alerts over(EventStore store, Clock clock) {
        Feed feed = new Feed() {
            @Override
            public Batch after(long cursor) {
                EventPage page = store.after(cursor, KINDS, EventStore.MAX_PAGE);
                return new Batch(
                        page.events().stream().map(StoredEvent::event).toList(),
                        page.cursor(),
                        page.more(),
                        page.gap());
            }

            @Override
            public long latest() {
                return store.lastId();
            }
        };
        Optional<AlertEngine.Opener> opener = store.database().map(database -> () -> {
            int generation = database.generation();
            return new AlertStore(database.connect(), () -> database.generation() != generation);
        });
        Alerts alerts = new Alerts(feed, opener, store, clock);
        store.subscribe(events -> {
            if (events.stream().anyMatch(each -> KINDS.matches(each.event()))) {
                alerts.wake();
            }
        });
        return alerts;
    }

    private static ExecutorService deliveries() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(2, 2, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(4), task -> {
                    Thread thread = new Thread(task, "popbgp-alert-delivery-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Goes over to another configuration, and begins if there was nobody to be told before. */
    public synchronized void follow(AlertsConfig next, List<SiteConfig> nextSites) {
        config = next;
        sites = List.copyOf(nextSites);
        boolean needed = !next.mailingLists().isEmpty() || !next.webhooks().isEmpty();
        if (thread == null && needed && !closed) {
            engine.begin();
            Thread started = new Thread(this::loop, "popbgp-alerts");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
        wake();
    }

    /** There are new events. Returns at once. */
    public void wake() {
        wakes.offer(true);
    }

    private void loop() {
        while (!closed) {
            try {
                engine.follow(config, sites);
                Instant now = clock.instant();
                Duration sleep = engine.run(now)
                        .map(next -> Duration.between(clock.instant(), next))
                        .filter(each -> each.compareTo(LONGEST_SLEEP) < 0)
                        .orElse(LONGEST_SLEEP);
                if (sleep.toMillis() > 0) {
                    wakes.poll(sleep.toMillis(), TimeUnit.MILLISECONDS);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                break;
            } catch (RuntimeException e) {
                LOG.error("event=alerts-failed", e);
                sink.accept(new Event(
                        clock.instant(),
                        EventSubType.SYSTEM,
                        "Alerts failed",
                        "a fault of the alerts, see the log; they go on in " + AFTER_FAULT.toSeconds() + " s",
                        Map.of()));
                rest(AFTER_FAULT);
            }
        }
        engine.closeStore();
    }

    private void rest(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        while (!closed && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    private Outcome deliver(Message message) {
        AlertsConfig current = config;
        return switch (message.channel()) {
            case MAIL ->
                current.mail()
                        .map(server -> mails.send(server, message))
                        .orElseGet(() -> Outcome.refused("no mail server is configured any more"));
            case WEBHOOK ->
                Optional.ofNullable(current.webhooks().get(message.target()))
                        .map(webhook -> webhooks.send(webhook, message))
                        .orElseGet(() -> Outcome.refused("no webhook of this name is configured any more"));
        };
    }

    /**
     * Sends a message that says that it is a test, past the queue; each address is tried once.
     *
     * @param name of a mailing list or webhook
     * @throws IllegalArgumentException if there is none of this name
     * @throws IllegalStateException if two tests are running already
     */
    public List<TestResult> test(String name) {
        List<Message> messages = testMessages(name);
        if (!tests.tryAcquire()) {
            throw new IllegalStateException(MAX_TESTS + " tests of alerts are running already, try again later");
        }
        try {
            List<TestResult> results = new ArrayList<>();
            Instant end = Instant.now().plus(TEST_TIME);
            for (Message message : messages) {
                Instant begun = Instant.now();
                Outcome outcome = begun.isBefore(end)
                        ? deliver(message)
                        : Outcome.failed("not tried: the others took " + TEST_TIME.toSeconds() + " s");
                results.add(new TestResult(
                        message.recipient(),
                        outcome.kind() == Outcome.Kind.DELIVERED,
                        outcome.detail(),
                        Duration.between(begun, Instant.now())));
            }
            return results;
        } finally {
            tests.release();
        }
    }

    private List<Message> testMessages(String name) {
        AlertsConfig current = config;
        Composer composer = new Composer(current);
        Instant now = clock.instant();
        if (current.webhooks().containsKey(name)) {
            return List.of(composer.test(Message.Channel.WEBHOOK, name, name, now));
        }
        List<String> addresses = current.mailingLists().get(name);
        if (addresses == null) {
            TreeSet<String> known = new TreeSet<>(current.mailingLists().keySet());
            known.addAll(current.webhooks().keySet());
            throw new IllegalArgumentException("there is no mailing list or webhook named '" + name + "'; there "
                    + (known.isEmpty() ? "are none" : "are " + String.join(", ", known)));
        }
        return addresses.stream()
                .map(address -> composer.test(Message.Channel.MAIL, name, address, now))
                .toList();
    }

    public AlertsStatus status() {
        return engine.status();
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counters.bindTo(registry);
        Gauge.builder("popbgp.alerts.waiting", this, each -> each.status().queued())
                .description("messages not delivered yet")
                .register(registry);
        Gauge.builder(
                        "popbgp.alerts.windows",
                        this,
                        each -> each.status().windows().size())
                .description("windows that gather occurrences")
                .register(registry);
    }

    /** Ends the threads; what is not delivered stays in the database. Waits at most {@link #END}. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        wake();
        if (running != null) {
            try {
                running.join(END.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
        deliveries.shutdownNow();
    }
}
