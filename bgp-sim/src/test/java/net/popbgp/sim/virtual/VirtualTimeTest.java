package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void timers_run_in_order_each_at_its_own_time() {
        time.schedule(() -> log.add("b " + time.elapsed()), 2, TimeUnit.SECONDS);
        time.schedule(() -> log.add("a " + time.elapsed()), 1, TimeUnit.SECONDS);
        time.execute(() -> log.add("now"));

        time.advance(Duration.ofSeconds(1));
        assertThat(log).containsExactly("now", "a PT1S");

        time.advance(Duration.ofDays(1));
        assertThat(log).containsExactly("now", "a PT1S", "b PT2S");
        assertThat(time.elapsed()).isEqualTo(Duration.ofDays(1).plusSeconds(1));
        assertThat(time.clock().instant()).isEqualTo(Instant.EPOCH.plus(time.elapsed()));
    }

    @Test
    void nothing_runs_before_it_is_asked_to() {
        time.execute(() -> log.add("task"));

        assertThat(log).isEmpty();
        time.runUntilIdle();
        assertThat(log).containsExactly("task");
        assertThat(time.elapsed()).isZero();
    }

    @Test
    void timers_set_on_the_way_run_on_the_way() {
        time.schedule(
                () -> time.schedule(() -> log.add("inner " + time.elapsed()), 1, TimeUnit.SECONDS),
                1,
                TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(5));

        assertThat(log).containsExactly("inner PT2S");
    }

    @Test
    void periodic_timers_keep_their_rate() {
        Future<?> timer = time.scheduleAtFixedRate(() -> log.add(time.elapsed().toString()), 1, 2, TimeUnit.SECONDS);

        time.advance(Duration.ofSeconds(6));
        timer.cancel(false);
        time.advance(Duration.ofSeconds(6));

        assertThat(log).containsExactly("PT1S", "PT3S", "PT5S");
    }

    @Test
    void cancelled_timer_never_runs() {
        Future<?> timer = time.schedule(() -> log.add("never"), 1, TimeUnit.SECONDS);
        timer.cancel(false);

        time.advance(Duration.ofMinutes(1));

        assertThat(log).isEmpty();
    }

    @Test
    void advance_until_stops_at_the_timer_that_made_the_condition_true() {
        time.scheduleAtFixedRate(() -> log.add("tick"), 1, 1, TimeUnit.SECONDS);

        assertThat(time.advanceUntil(() -> log.size() == 3, Duration.ofMinutes(1)))
                .isTrue();
        assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(3));
        assertThat(time.advanceUntil(() -> log.size() == 100, Duration.ofSeconds(2)))
                .isFalse();
        assertThat(time.elapsed()).isEqualTo(Duration.ofSeconds(5));
    }

    @Test
    void exception_of_a_timer_reaches_the_test() {
        time.schedule(
                () -> {
                    throw new IllegalStateException("broken");
                },
                1,
                TimeUnit.SECONDS);

        assertThatIllegalStateException()
                .isThrownBy(() -> time.advance(Duration.ofSeconds(1)))
                .withMessage("broken");
    }

    @Test
    void promises_complete_on_the_loop() throws Exception {
        Future<String> answer = time.submit(() -> "done");

        time.runUntilIdle();

        assertThat(answer.isSuccess()).isTrue();
        assertThat(answer.getNow()).isEqualTo("done");
    }

    @Test
    void other_threads_are_kept_out() throws Exception {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread stranger = new Thread(() -> time.execute(() -> log.add("stranger")));
        stranger.setUncaughtExceptionHandler((thread, e) -> thrown.set(e));
        stranger.start();
        stranger.join();

        assertThat(thrown.get()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void after_shutdown_nothing_is_taken() {
        time.schedule(() -> log.add("never"), 1, TimeUnit.SECONDS);
        time.shutdownGracefully();

        assertThat(time.isTerminated()).isTrue();
        assertThatThrownBy(() -> time.execute(() -> {})).isInstanceOf(RejectedExecutionException.class);
    }
}
