package net.popbgp.session;

import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import net.popbgp.core.fsm.FsmTimer;
import org.jspecify.annotations.Nullable;

/**
 * The timers of one session. Restarting one that runs only moves its deadline; the scheduled task finds that out when it comes and waits for
 * the rest. So a restart for every received message costs a clock reading, not a queue operation.
 *
 * <p>Confined to the peer's loop.
 */
final class SessionTimers {

    private final class Timer {
        final FsmTimer timer;
        boolean running;
        long deadline;

        @Nullable
        Future<?> task;

        Timer(FsmTimer timer) {
            this.timer = timer;
        }

        void start(long nanos) {
            running = true;
            deadline = now() + nanos;
            if (task == null) {
                schedule(nanos);
            } else if (deadline < scheduledFor) {
                task.cancel(false);
                schedule(nanos);
            }
        }

        long scheduledFor;

        private void schedule(long nanos) {
            scheduledFor = now() + nanos;
            task = loop.schedule(this::due, Math.max(0, nanos), TimeUnit.NANOSECONDS);
        }

        private void due() {
            task = null;
            if (!running) {
                return;
            }
            long rest = deadline - now();
            if (rest > 0) {
                schedule(rest);
                return;
            }
            running = false;
            expired.accept(timer);
        }

        void stop() {
            running = false;
        }

        void cancel() {
            running = false;
            if (task != null) {
                task.cancel(false);
                task = null;
            }
        }
    }

    private final EventExecutor loop;
    private final Consumer<FsmTimer> expired;
    private final Map<FsmTimer, Timer> timers = new EnumMap<>(FsmTimer.class);

    SessionTimers(EventExecutor loop, Consumer<FsmTimer> expired) {
        this.loop = loop;
        this.expired = expired;
    }

    private long now() {
        return loop.ticker().nanoTime();
    }

    void start(FsmTimer timer, Duration duration) {
        timers.computeIfAbsent(timer, Timer::new).start(duration.toNanos());
    }

    void stop(FsmTimer timer) {
        Timer running = timers.get(timer);
        if (running != null) {
            running.stop();
        }
    }

    boolean isRunning(FsmTimer timer) {
        Timer known = timers.get(timer);
        return known != null && known.running;
    }

    /** Ends all for good: nothing stays scheduled. */
    void cancelAll() {
        timers.values().forEach(Timer::cancel);
    }
}
