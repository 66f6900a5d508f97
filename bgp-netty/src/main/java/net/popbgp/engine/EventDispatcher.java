package net.popbgp.engine;

import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.ObjLongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands events to one listener on a thread of its own. At most {@link #CAPACITY} events and {@link #MAX_WEIGHT} route changes wait; what
 * comes beyond is dropped, and the listener is told how many once it has caught up.
 *
 * <p>Thread-safe.
 */
public final class EventDispatcher<L> {

    /** Events that may wait for the listener. */
    public static final int CAPACITY = 16_384;

    /** Route changes that may wait for the listener, summed over events. */
    public static final long MAX_WEIGHT = 4_000_000;

    private static final Logger LOG = LoggerFactory.getLogger(EventDispatcher.class);

    private final L listener;
    private final EventExecutor executor;
    private final ObjLongConsumer<L> lagged;
    private final AtomicLong waiting = new AtomicLong();
    private final AtomicLong waitingWeight = new AtomicLong();
    private final AtomicLong missed = new AtomicLong();

    /** @param lagged tells the listener how many events it missed */
    public EventDispatcher(L listener, EventExecutor executor, ObjLongConsumer<L> lagged) {
        this.listener = listener;
        this.executor = executor;
        this.lagged = lagged;
    }

    /** Hands over an event; never blocks. */
    public void dispatch(Consumer<? super L> event) {
        dispatch(event, 0);
    }

    /** @param weight how many route changes the event holds */
    public void dispatch(Consumer<? super L> event, int weight) {
        if (waiting.get() >= CAPACITY || weight > 0 && waitingWeight.get() + weight > MAX_WEIGHT) {
            missed.incrementAndGet();
            return;
        }
        waiting.incrementAndGet();
        waitingWeight.addAndGet(weight);
        try {
            executor.execute(() -> {
                call(event);
                waitingWeight.addAndGet(-weight);
                if (waiting.decrementAndGet() == 0) {
                    long count = missed.getAndSet(0);
                    if (count > 0) {
                        call(l -> lagged.accept(l, count));
                    }
                }
            });
        } catch (java.util.concurrent.RejectedExecutionException e) {
            // The speaker has been closed: nobody listens any more.
            waiting.decrementAndGet();
            waitingWeight.addAndGet(-weight);
        }
    }

    private void call(Consumer<? super L> event) {
        try {
            event.accept(listener);
        } catch (RuntimeException e) {
            LOG.error("event=listener_failed listener={}", listener.getClass().getName(), e);
        }
    }
}
