package net.popbgp.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventDispatcherTest {

    private final EventExecutor executor = new DefaultEventExecutor();
    private final AtomicLong missed = new AtomicLong();
    private final AtomicLong handled = new AtomicLong();
    private final CountDownLatch release = new CountDownLatch(1);
    private final CountDownLatch told = new CountDownLatch(1);
    private final EventDispatcher<AtomicLong> dispatcher = new EventDispatcher<>(handled, executor, (l, count) -> {
        missed.set(count);
        told.countDown();
    });

    @AfterEach
    void end() {
        executor.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void block() {
        dispatcher.dispatch(l -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    @Test
    void events_beyond_the_capacity_are_dropped_and_counted() throws Exception {
        block();
        for (int i = 0; i < EventDispatcher.CAPACITY + 9; i++) {
            dispatcher.dispatch(AtomicLong::incrementAndGet);
        }

        release.countDown();

        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(missed).hasValue(10);
        assertThat(handled).hasValue(EventDispatcher.CAPACITY - 1);
    }

    @Test
    void heavy_events_are_bounded_by_their_weight() throws Exception {
        block();
        for (int i = 0; i < 6; i++) {
            dispatcher.dispatch(AtomicLong::incrementAndGet, 1_000_000);
        }

        release.countDown();

        assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(missed).hasValue(2);
        assertThat(handled).hasValue(4);
    }

    @Test
    void listener_that_throws_gets_the_next_event_all_the_same() throws Exception {
        CountDownLatch next = new CountDownLatch(1);
        dispatcher.dispatch(l -> {
            throw new IllegalStateException("listener's bug, expected in the log");
        });
        dispatcher.dispatch(l -> next.countDown());

        assertThat(next.await(10, TimeUnit.SECONDS)).isTrue();
    }
}
