package net.popbgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FaultReportsTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final FaultReports reports = new FaultReports();

    private int told(int faults, long nanoTime) {
        int told = 0;
        for (int i = 0; i < faults; i++) {
            told += reports.mayTell(nanoTime) ? 1 : 0;
        }
        return told;
    }

    @Test
    void ten_a_minute_are_told_and_the_next_one_says_how_many_were_not() {
        assertThat(told(25, -SECOND)).isEqualTo(10);
        assertThat(told(5, 58 * SECOND)).isZero();

        assertThat(told(1, 59 * SECOND)).isEqualTo(1);
        assertThat(reports.untold()).isEqualTo(20);
        assertThat(told(1, 59 * SECOND)).isEqualTo(1);
        assertThat(reports.untold()).isZero();
    }
}
