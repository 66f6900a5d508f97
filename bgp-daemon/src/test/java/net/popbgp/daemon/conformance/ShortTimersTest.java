package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/**
 * RFC 4271, 4.2, 4.4 and 9.2.1.1: what is measured to the tenth of a second, the shortest Hold Time and the advertisement interval; alone,
 * so that nothing but the daemon's own lateness counts.
 */
@Isolated
class ShortTimersTest {

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

    @Test
    @Row("ADV-17")
    void a_prefix_that_flaps_is_advertised_once_in_an_interval() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E)
                .peer(Who.O, "advertisement-interval: 1s")
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            String prefix = site.prefix(1);
            long start = System.nanoTime();
            for (int n = 1; n <= 30; n++) {
                e.send(Messages.withdraw(prefix));
                e.send(site.attributes(Who.E).communities("1:" + n).announce(prefix));
                e.expectOpenFor(Duration.ofMillis(100));
            }
            o.expectRoute(prefix, update -> update.hex(8).equals("0001001e"), "the last of its communities");
            List<Long> times = o.messages(Messages.UPDATE).stream()
                    .filter(each -> Update.parse(each, false).announced().contains(prefix))
                    .map(Received::nanos)
                    .toList();
            assertThat(times).hasSizeBetween(2, 6);
            for (int i = 1; i < times.size(); i++) {
                assertThat(Duration.ofNanos(times.get(i) - times.get(i - 1)))
                        .isGreaterThan(Duration.ofMillis(650)); // the interval less jitter, and how late we read
                assertThat(Duration.ofNanos(times.get(i) - start))
                        .as("advertisement %d, at the earliest after so many intervals less their jitter", i)
                        .isGreaterThan(Duration.ofMillis(750L * i));
            }
        }
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }
}
