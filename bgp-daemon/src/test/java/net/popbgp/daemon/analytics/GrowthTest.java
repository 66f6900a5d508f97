package net.popbgp.daemon.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GrowthTest {

    /** A point every quarter of an hour. */
    private static List<Growth.Point> points(int count, IntUnaryOperator value) {
        return IntStream.range(0, count)
                .mapToObj(i -> new Growth.Point(900L * i, value.applyAsInt(i)))
                .toList();
    }

    @Test
    void steady_growth_gives_the_time_to_the_limit() {
        // 10 an hour, 3,281 at the end: 719 to go
        Growth growth = Growth.estimate(points(673, i -> 1601 + i * 10 / 4), 4000);

        assertThat(growth.kind()).isEqualTo(Growth.Kind.GROWING);
        assertThat(growth.reachedIn().orElseThrow().toHours()).isBetween(71L, 73L);
        assertThat(growth.text()).isEqualTo("limit reached in about 3 days");
    }

    @Test
    void noise_and_outliers_do_not_change_it_much() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Growth growth = Growth.estimate(
                points(
                        673,
                        i -> random.nextInt(10) == 0
                                ? random.nextInt(4000)
                                : 1601 + i * 10 / 4 + random.nextInt(40) - 20),
                4000);

        assertThat(growth.kind()).isIn(Growth.Kind.GROWING, Growth.Kind.REACHED);
        if (growth.kind() == Growth.Kind.GROWING) {
            assertThat(growth.reachedIn().orElseThrow().toHours()).isBetween(50L, 100L);
        }
    }

    @Test
    void what_stays_shrinks_or_goes_up_and_down_does_not_grow() {
        Random random = new Random(1);
        assertThat(Growth.estimate(points(673, i -> 1000), 4000).text()).isEqualTo("no growth");
        assertThat(Growth.estimate(points(673, i -> 3000 - i), 4000).text()).isEqualTo("no growth");
        assertThat(Growth.estimate(points(673, i -> 1000 + random.nextInt(50)), 4000)
                        .text())
                .isEqualTo("no growth");
        assertThat(Growth.estimate(points(673, i -> i < 600 ? 1000 : 1200), 4000)
                        .text())
                .as("a single step")
                .isEqualTo("no growth");
    }

    @Test
    void growth_that_needs_more_than_a_year_is_none() {
        assertThat(Growth.estimate(points(673, i -> 1000 + i / 100), 400_000).kind())
                .isEqualTo(Growth.Kind.NONE);
    }

    @Test
    void little_data_gives_no_estimate_and_a_full_limit_is_reached() {
        assertThat(Growth.estimate(List.of(), 10).text()).isEqualTo("too little is known yet");
        assertThat(Growth.estimate(points(5, i -> i), 1000).kind()).isEqualTo(Growth.Kind.UNKNOWN);
        assertThat(Growth.estimate(points(1, i -> 4000), 4000).text()).isEqualTo("limit reached");
        assertThat(new Growth(Growth.Kind.GROWING, java.util.Optional.of(Duration.ofSeconds(20))).text())
                .isEqualTo("limit reached in about 1 minute");
        assertThat(new Growth(Growth.Kind.GROWING, java.util.Optional.of(Duration.ofHours(30))).text())
                .isEqualTo("limit reached in about 30 hours");
    }
}
