package net.popbgp.daemon.probe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import net.popbgp.daemon.event.EventSink;
import net.popbgp.daemon.site.CircuitRole;
import net.popbgp.daemon.site.SiteConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The probes of a daemon: one thread that decides, and up to {@link #MAX_PROBES} that wait for a ping process each. Without monitored hosts
 * there is no thread. Thread-safe.
 */
public final class LanMonitor implements AutoCloseable, MeterBinder {

    /** The most probes under way; a host whose turn comes while all are in use waits, and skips a turn if it waits too long. */
    static final int MAX_PROBES = 64;

    /** The most connectivity tests at a time. */
    static final int MAX_TESTS = 4;

    private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);
    private static final Duration AFTER_FAULT = Duration.ofSeconds(10);
    private static final Duration END = Duration.ofSeconds(1);
    private static final Logger LOG = LoggerFactory.getLogger("popbgp.probe");

    private final Clock clock;
    private final Echo echo;
    private final LanTargets targets;
    private final ProbeCounters counters = new ProbeCounters();
    private final ThreadPoolExecutor probes = probes();
    private final BlockingQueue<Boolean> wakes = new ArrayBlockingQueue<>(1);
    private final Semaphore tests = new Semaphore(MAX_TESTS);
    private volatile List<SiteConfig> sites = List.of();
    private volatile boolean closed;
    private @Nullable Thread thread;

    /** @param active the circuit of a site that carries its traffic; empty if none is Established */
    public LanMonitor(Echo echo, EventSink sink, Function<SiteConfig, Optional<CircuitRole>> active, Clock clock) {
        this.clock = clock;
        this.echo = echo;
        targets = new LanTargets(probes, echo, active, sink, counters, this::wake);
    }

    private static ThreadPoolExecutor probes() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                MAX_PROBES, MAX_PROBES, 10, TimeUnit.SECONDS, new ArrayBlockingQueue<>(1024), task -> {
                    Thread thread = new Thread(task, "popbgp-probe-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    /** Goes over to other sites, and begins if there was nothing to probe before. */
    public synchronized void follow(List<SiteConfig> next) {
        sites = List.copyOf(next);
        boolean needed =
                next.stream().anyMatch(site -> !site.lanMonitoring().rules().isEmpty());
        if (thread == null && needed && !closed) {
            Thread started = new Thread(this::loop, "popbgp-lan-monitoring");
            started.setDaemon(true);
            started.start();
            thread = started;
        }
        wake();
    }

    private void wake() {
        wakes.offer(true);
    }

    private void loop() {
        List<SiteConfig> followed = List.of();
        while (!closed) {
            try {
                Instant now = clock.instant();
                List<SiteConfig> current = sites;
                if (current != followed) {
                    targets.follow(current, now);
                    followed = current;
                }
                sleep(Duration.between(clock.instant(), targets.run(now)));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (RuntimeException e) {
                LOG.error("event=lan-monitoring-failed", e);
                pause();
            }
        }
    }

    private void sleep(Duration wanted) throws InterruptedException {
        long millis = Math.min(wanted.toMillis() + 1, LONGEST_SLEEP.toMillis());
        if (millis > 0) {
            wakes.poll(millis, TimeUnit.MILLISECONDS);
        }
    }

    private void pause() {
        try {
            sleep(AFTER_FAULT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return all monitored hosts} */
    public List<LanStatus> status() {
        return targets.status();
    }

    /** Does a test on the caller's thread. More than {@link #MAX_TESTS} at a time are an Error. */
    public ConnectivityTest.Result test(ConnectivityTest test, InetAddress source, InetAddress target) {
        if (!tests.tryAcquire()) {
            return ConnectivityTest.Result.error(
                    "the test was not done: " + MAX_TESTS + " others are running", clock.instant());
        }
        try {
            return test.run(echo, source, target, clock);
        } finally {
            tests.release();
        }
    }

    /** {@return a test that was not done} */
    public ConnectivityTest.Result refused(String reason) {
        return ConnectivityTest.Result.error("the test was not done: " + reason, clock.instant());
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        counters.bindTo(registry);
        for (LanStatus.State state : LanStatus.State.values()) {
            Gauge.builder(
                            "popbgp.monitored.hosts",
                            this,
                            each -> each.status().stream()
                                    .filter(status -> status.state() == state)
                                    .count())
                    .description("monitored hosts")
                    .tag("state", state.toString())
                    .register(registry);
        }
    }

    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        probes.shutdownNow();
        wake();
        if (running != null) {
            try {
                running.join(END.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
