package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/** RFC 4271, 4.2 and 4.4: the shortest Hold Time, to the tenth of a second; alone, so that nothing but the daemon's own lateness counts. */
@Isolated
class ShortestHoldTimeTest {

    @Test
    @Row("OPN-10")
    void a_hold_time_of_3_seconds_is_taken_over() throws Exception {
        try (Site site = DaemonUnderTest.shared().site().peer(Who.E).peer(Who.O).start()) {
            TesterPeer e = site.up(Who.E, site.open(Who.E).holdTime(3));
            List<Received> keepalives = e.expectKeepalives(6, Duration.ofSeconds(10));
            for (int i = 1; i < keepalives.size(); i++) {
                assertThat(seconds(
                                keepalives.get(i - 1).nanos(), keepalives.get(i).nanos()))
                        .isLessThanOrEqualTo(1.2);
            }
            assertThat(seconds(keepalives.get(0).nanos(), keepalives.get(5).nanos()) / 5)
                    .isLessThanOrEqualTo(1);
            e.answering(false);
            long silent = System.nanoTime();
            e.send(Messages.keepalive());

            e.expectNotification(4, 0, "");

            assertThat(seconds(silent, e.closedNanos())).isBetween(3.0, 4.0);
        }
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }
}
