package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacingTest {

    private long now = -5; // clocks may begin anywhere
    private final Pacing pacing = new Pacing(100, () -> now);

    @Test
    void the_first_advertisement_of_a_prefix_does_not_wait_and_the_next_one_does() {
        assertThat(pacing.holds(7)).isFalse();
        pacing.advertised(7);
        now += 99;

        assertThat(pacing.holds(7)).isTrue();
        assertThat(pacing.holds(8)).isFalse();
        assertThat(pacing.nanosToNext()).isEqualTo(1);
        assertThat(pacing.takeDue()).isEqualTo(-1);

        now += 1;
        assertThat(pacing.hasDue()).isTrue();
        assertThat(pacing.takeDue()).isEqualTo(7);
        assertThat(pacing.nanosToNext()).isEqualTo(Pacing.NEVER);
    }

    @Test
    void a_prefix_that_changes_often_waits_once() {
        pacing.advertised(7);
        assertThat(pacing.holds(7)).isTrue();
        assertThat(pacing.holds(7)).isTrue();
        now += 100;

        assertThat(pacing.takeDue()).isEqualTo(7);
        assertThat(pacing.takeDue()).isEqualTo(-1);
    }

    @Test
    void a_withdrawn_prefix_waits_no_more() {
        pacing.advertised(7);
        assertThat(pacing.holds(7)).isTrue();
        pacing.forget(7);
        now += 100;

        assertThat(pacing.isWaiting(7)).isFalse();
        assertThat(pacing.takeDue()).isEqualTo(-1);
    }

    @Test
    void a_thousand_prefixes_come_back_in_the_order_in_which_they_began_to_wait() {
        for (int id = 0; id < 1000; id++) {
            pacing.advertised(id);
            now++;
        }
        now -= 950; // all of them are still within the interval
        for (int id = 0; id < 1000; id++) {
            assertThat(pacing.holds(id)).isTrue();
        }
        now += 2000;

        for (int id = 0; id < 1000; id++) {
            assertThat(pacing.takeDue()).isEqualTo(id);
        }
        assertThat(pacing.takeDue()).isEqualTo(-1);
    }
}
