package net.popbgp.sim.virtual;

import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import io.netty.util.concurrent.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop whose clock stands still until it is advanced. Tasks run in the order they came, timers in the order of their deadlines,
 * each at its own time. The first exception of a task is thrown again from the call that ran it.
 *
 * <p>At most 10,000,000 tasks run without the clock moving; more are taken for an endless loop, an IllegalStateException.
 *
 * <p>Confined to the thread that made it.
 */
public final class VirtualTime extends AbstractScheduledEventExecutor {

    private static final int MAX_TASKS_AT_ONCE = 10_000_000;

    private final Thread thread = Thread.currentThread();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final Promise<Void> terminated = new DefaultPromise<>(this);
    private final Ticker ticker = new VirtualTicker();
    private long now;
    private boolean shutdown;
    private @Nullable Throwable failure;

    /** {@return how far the clock has been advanced} */
    public Duration elapsed() {
        return Duration.ofNanos(now);
    }

    /** {@return a clock that started at the epoch, UTC} */
    public Clock clock() {
        return new VirtualClock();
    }

    /** Runs what is due, and what that makes due, without moving the clock. */
    public void runUntilIdle() {
        requireThread();
        for (int count = 0; ; count++) {
            Runnable task = tasks.poll();
            if (task == null) {
                task = pollScheduledTask(now);
            }
            if (task == null) {
                return;
            }
            if (count == MAX_TASKS_AT_ONCE) {
                throw new IllegalStateException("tasks beget tasks without end at " + elapsed());
            }
            task.run();
            rethrow();
        }
    }

    /** Moves the clock, stopping at every timer on the way. */
    public void advance(Duration duration) {
        long end = now + duration.toNanos();
        advanceUntil(() -> false, end);
    }

    /** Moves the clock at once, as when the machine had paused: all that was due meanwhile runs late, at the end. */
    public void leap(Duration duration) {
        runUntilIdle();
        now += duration.toNanos();
        runUntilIdle();
    }

    /** {@return whether any timer runs} */
    public boolean hasTimers() {
        return nextScheduledTaskDeadlineNanos() >= 0;
    }

    /**
     * Moves the clock from timer to timer until the condition holds.
     *
     * @return whether it held within the limit
     */
    public boolean advanceUntil(BooleanSupplier condition, Duration limit) {
        return advanceUntil(condition, now + limit.toNanos());
    }

    private boolean advanceUntil(BooleanSupplier condition, long end) {
        runUntilIdle();
        while (!condition.getAsBoolean()) {
            long next = nextScheduledTaskDeadlineNanos();
            if (next < 0 || next > end) {
                now = end;
                return false;
            }
            now = Math.max(now, next);
            runUntilIdle();
        }
        return true;
    }

    private void requireThread() {
        if (!inEventLoop()) {
            throw new IllegalStateException("virtual time belongs to " + thread.getName());
        }
    }

    private void rethrow() {
        Throwable thrown = failure;
        failure = null;
        if (thrown instanceof RuntimeException exception) {
            throw exception;
        }
        if (thrown instanceof Error error) {
            throw error;
        }
        if (thrown != null) {
            throw new IllegalStateException(thrown);
        }
    }

    @Override
    public void execute(Runnable task) {
        if (shutdown) {
            throw new RejectedExecutionException("virtual time was shut down");
        }
        requireThread();
        tasks.add(Objects.requireNonNull(task));
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable task, long delay, TimeUnit unit) {
        return super.schedule(watched(task), delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> task, long delay, TimeUnit unit) {
        return super.schedule(
                () -> {
                    try {
                        return task.call();
                    } catch (Exception | Error e) {
                        failure = e;
                        throw e;
                    }
                },
                delay,
                unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(Runnable task, long delay, long period, TimeUnit unit) {
        return super.scheduleAtFixedRate(watched(task), delay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(Runnable task, long initial, long delay, TimeUnit unit) {
        return super.scheduleWithFixedDelay(watched(task), initial, delay, unit);
    }

    /** {@return the task, whose exception is kept: its future would keep it to itself} */
    private Runnable watched(Runnable task) {
        return () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failure = e;
                throw e;
            }
        };
    }

    @Override
    public Ticker ticker() {
        return ticker;
    }

    @Override
    public boolean inEventLoop(Thread candidate) {
        return candidate == thread;
    }

    @Override
    public boolean isShuttingDown() {
        return shutdown;
    }

    @Override
    public boolean isShutdown() {
        return shutdown;
    }

    @Override
    public boolean isTerminated() {
        return shutdown;
    }

    /** Drops all tasks and timers at once. */
    @Override
    public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
        if (!shutdown) {
            cancelScheduledTasks();
            tasks.clear();
            shutdown = true;
            terminated.trySuccess(null);
        }
        return terminated;
    }

    @Override
    @Deprecated
    public void shutdown() {
        shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    }

    @Override
    public Future<?> terminationFuture() {
        return terminated;
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) {
        return shutdown;
    }

    private final class VirtualTicker implements Ticker {
        @Override
        public long initialNanoTime() {
            return 0;
        }

        @Override
        public long nanoTime() {
            return now;
        }

        @Override
        public void sleep(long delay, TimeUnit unit) {
            throw new UnsupportedOperationException("nothing sleeps in virtual time");
        }
    }

    private final class VirtualClock extends Clock {
        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plus(elapsed());
        }
    }
}
