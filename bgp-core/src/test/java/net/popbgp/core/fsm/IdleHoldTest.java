package net.popbgp.core.fsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IdleHoldTest {

    private long nanos;
    private final IdleHold idleHold = Fsms.idleHold(() -> nanos);

    private void establishedFor(Duration duration) {
        idleHold.established();
        nanos += duration.toNanos();
    }

    @Test
    void the_first_failure_of_an_established_session_costs_nothing_and_the_next_ones_double() {
        assertThat(idleHold.next(true)).isZero();
        for (int seconds : new int[] {3, 6, 12, 24, 48, 48, 48}) {
            assertThat(idleHold.next(true)).hasSeconds(seconds);
        }
        assertThat(idleHold.failures()).isEqualTo(8);
    }

    @Test
    void a_connection_that_never_got_established_always_waits() {
        assertThat(idleHold.next(false)).hasSeconds(3);
        assertThat(idleHold.next(false)).hasSeconds(6);
        assertThat(idleHold.next(true)).hasSeconds(12);
    }

    @Test
    void a_session_that_lasted_as_long_as_the_wait_that_is_due_does_not_wait_but_the_next_one_doubles_all_the_same() {
        idleHold.next(true);
        establishedFor(Duration.ofSeconds(4));
        assertThat(idleHold.next(true)).isZero();
        establishedFor(Duration.ofSeconds(4));
        assertThat(idleHold.next(true)).hasSeconds(6);
        establishedFor(Duration.ofSeconds(16));
        assertThat(idleHold.next(true)).isZero();
        establishedFor(Duration.ofSeconds(32).minusNanos(1));
        assertThat(idleHold.next(true)).hasSeconds(24);
        assertThat(idleHold.failures()).isEqualTo(5);
    }

    @Test
    void however_long_a_session_lasted_a_connection_that_did_not_get_established_after_it_waits() {
        establishedFor(Duration.ofHours(1));
        idleHold.next(true);

        assertThat(idleHold.next(false)).hasSeconds(3);
    }

    @Test
    void a_reset_forgets_failures_and_a_forced_wait() {
        idleHold.next(true);
        idleHold.next(true);
        idleHold.holdFor(Duration.ofHours(1));

        idleHold.reset();

        assertThat(idleHold.failures()).isZero();
        assertThat(idleHold.next(true)).isZero();
        assertThat(idleHold.next(true)).hasSeconds(3);
    }

    @Test
    void a_forced_wait_holds_once_and_without_jitter() {
        idleHold.holdFor(Duration.ofMinutes(30));

        assertThat(idleHold.next(true)).hasMinutes(30);
        assertThat(idleHold.next(true)).hasSeconds(3);
    }

    @Test
    void other_times_count_from_the_next_wait_on_and_failures_stay_counted() {
        idleHold.next(false);
        idleHold.next(false);

        idleHold.changeTimes(Duration.ofSeconds(4), Duration.ofSeconds(12));
        assertThat(idleHold.next(true)).hasSeconds(9);
        idleHold.changeTimes(Duration.ofMillis(40), Duration.ofMillis(40));
        assertThat(idleHold.next(true)).hasMillis(30);
        idleHold.changeTimes(Duration.ofSeconds(8), Duration.ofSeconds(64));
        assertThat(idleHold.next(true)).hasSeconds(6);
        assertThat(idleHold.next(true)).hasSeconds(12);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> idleHold.changeTimes(Duration.ofSeconds(2), Duration.ofSeconds(1)));
    }

    @Test
    void the_maximum_need_not_be_a_power_of_two_of_the_first() {
        IdleHold uneven = new IdleHold(Duration.ofSeconds(4), Duration.ofSeconds(10), Fsms.LOW, () -> 0);

        assertThat(uneven.next(false)).hasMillis(3_000);
        assertThat(uneven.next(false)).hasMillis(6_000);
        assertThat(uneven.next(false)).hasMillis(7_500);
        assertThat(uneven.next(false)).hasMillis(7_500);
    }

    @Test
    void jitter_is_three_quarters_to_the_whole() {
        long seed = new Random().nextLong();
        System.out.println("IdleHoldTest seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 1_000; i++) {
            assertThat(IdleHold.jittered(Duration.ofSeconds(100), random))
                    .as("seed %d", seed)
                    .isBetween(Duration.ofSeconds(75), Duration.ofSeconds(100));
        }
    }

    @Test
    void waits_that_would_spin_or_shrink_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdleHold(Duration.ZERO, Duration.ofSeconds(1), Fsms.LOW, () -> 0))
                .withMessageContaining("PT0S");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new IdleHold(Duration.ofSeconds(2), Duration.ofSeconds(1), Fsms.LOW, () -> 0))
                .withMessageContaining("PT1S");
        assertThatIllegalArgumentException().isThrownBy(() -> idleHold.holdFor(Duration.ofSeconds(-1)));
    }
}
