package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 4271, 4.2, 4.4, 6.5 and 10; RFC 9687. */
@Execution(ExecutionMode.CONCURRENT)
class TimerTest {

    /** What a busy machine may add. */
    private static final double SLACK_SECONDS = 1.5;

    private static final int SMALL_BUFFER = 4096;

    /** Of 300 KB each: more than the daemon's kernel keeps for a connection. */
    private static final int ROUNDS_TO_FILL = 40;

    @ParameterizedTest
    @CsvSource({"3,9", "9,3"})
    @Row("TMR-01")
    void the_smaller_hold_time_counts(int offered, int configured) throws Exception {
        try (Site site = site("hold-time: " + configured + "s")) {
            TesterPeer e = site.up(Who.E, site.open(Who.E).holdTime(offered));
            e.answering(false);
            e.send(Messages.keepalive());
            long from = System.nanoTime();
            Received notification = e.expectNotification(4, 0, Duration.ofSeconds(8));
            assertThat(seconds(from, notification.nanos())).isBetween(2.9, 3 + SLACK_SECONDS);
        }
    }

    @Test
    @Row({"TMR-02", "TMR-04"})
    void keepalives_come_every_third_of_the_hold_time_and_never_twice_a_second() throws Exception {
        try (Site site = site("hold-time: 9s")) {
            TesterPeer e = site.up(Who.E, site.open(Who.E).holdTime(9));
            e.await(() -> e.messages(Messages.KEEPALIVE).size() >= 5, "five KEEPALIVEs", Duration.ofSeconds(20));
            List<Received> keepalives = e.messages(Messages.KEEPALIVE);
            for (int i = 2; i < keepalives.size(); i++) { // the first two belong to the opening
                assertThat(seconds(
                                keepalives.get(i - 1).nanos(), keepalives.get(i).nanos()))
                        .as("interval %d, 3 s less a jitter of up to a quarter (RFC 4271, 10)", i)
                        .isBetween(2.2, 3 + SLACK_SECONDS);
            }
        }
    }

    @Test
    @Row("TMR-03")
    void a_hold_time_of_zero_means_no_keepalives_and_no_end() throws Exception {
        try (Site site = site("hold-time: 3s")) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E, site.open(Who.E).holdTime(0));
            e.answering(false);
            assertNothingComes(e, Messages.KEEPALIVE, Duration.ofSeconds(5));
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("TMR-05")
    void the_gap_between_messages_stays_below_a_third_of_the_hold_time_while_updates_go_out() throws Exception {
        try (Site site = site("hold-time: 6s")) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E, site.open(Who.E).holdTime(6));
            long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
            for (int i = 0; System.nanoTime() < end; i++) {
                o.send(site.attributes(Who.O).med(i).announce(site.prefix(1)));
                e.expectRoute(site.prefix(1), update -> update.attributes().size() > 2, "attributes");
                o.send(Messages.withdraw(site.prefix(1)));
                e.expectNoRoute(site.prefix(1));
                pause(e, Duration.ofMillis(300));
            }
            List<Received> all = e.messages();
            for (int i = 1; i < all.size(); i++) {
                assertThat(seconds(all.get(i - 1).nanos(), all.get(i).nanos())).isLessThan(2 * 1.1 + 0.5);
            }
        }
    }

    @Test
    @Row({"TMR-06", "TMR-12"})
    void a_peer_that_takes_nothing_is_given_up_and_delays_nobody() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "hold-time: 3s", "send-hold-time: 4s")
                .peer(Who.E2)
                .peer(Who.E3, "hold-time: 3s")
                .peer(Who.O, "hold-time: 3s")
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e2 = site.up(Who.E2);
            TesterPeer e = site.connect(Who.E, SMALL_BUFFER);
            e.establish(site.open(Who.E).toArray());
            e.send(site.attributes(Who.E).announce(site.prefix(1)));
            o.expectRoute(site.prefix(1));
            e.reading(false);
            for (int i = 0; i < ROUNDS_TO_FILL; i++) {
                flood(site, e2, i);
                sendIfOpen(e, Messages.keepalive());
                pause(e2, Duration.ofMillis(50));
            }
            TesterPeer e3 = site.up(Who.E3);
            long worst = 0;
            long from = System.nanoTime();
            for (int i = 0; o.route(site.prefix(1)).isPresent(); i++) {
                assertThat(seconds(from, System.nanoTime()))
                        .as("time to give up")
                        .isLessThan(20);
                sendIfOpen(e, Messages.keepalive());
                String path = "65000 65003 " + (65100 + i % 100);
                long sent = System.nanoTime();
                e3.send(site.attributes(Who.E3, 65100 + i % 100).announce(site.prefix(2)));
                o.expectRoute(site.prefix(2), u -> u.path(4).equals(path), path);
                worst = Math.max(worst, System.nanoTime() - sent);
                pause(e3, Duration.ofMillis(100));
            }
            System.out.printf("TMR-12: slowest update to the observer %.1f ms%n", worst / 1e6);
            assertThat(worst).as("slowest update to the observer, ns").isLessThan(TimeUnit.SECONDS.toNanos(1));
            site.untilStatus(
                    Who.E,
                    "its own reason",
                    s -> s.path("last-down")
                            .asText()
                            .toLowerCase(java.util.Locale.ROOT)
                            .contains("send hold"));
            assertThat(e3.isClosed() || o.isClosed()).isFalse();
        }
    }

    /** Sends enough for everybody else to fill what kernels and daemon buffer for one who does not read. */
    private static void flood(Site site, TesterPeer e2, int round) throws IOException {
        byte[] padding = new byte[3000];
        java.util.Arrays.fill(padding, (byte) round);
        for (int i = 10; i < 110; i++) {
            e2.send(site.attributes(Who.E2)
                    .add(Attributes.OPTIONAL_TRANSITIVE, 200, padding, new byte[] {(byte) i})
                    .announce(site.prefix(i)));
        }
    }

    private static void sendIfOpen(TesterPeer e, byte[] message) {
        try {
            e.send(message);
        } catch (IOException closed) {
            // It has been given up; the observer tells.
        }
    }

    @Test
    @Row("TMR-07")
    void a_send_hold_time_not_above_the_hold_time_is_refused() throws Exception {
        try (Site site = DaemonUnderTest.shared().site().peer(Who.E, "hold-time: 30s", "send-hold-time: 30s")) {
            assertThatThrownBy(site::start).hasMessageContaining("send-hold").hasMessageContaining("30");
            site.peer(Who.E);
        }
    }

    @Test
    @Row("TMR-08")
    void by_default_a_peer_that_takes_nothing_is_given_up_after_eight_minutes_at_least() throws Exception {
        try (Site site = site("hold-time: 90s")) {
            assertThat(site.status(Who.E).at("/config/send-hold-time").asText()).isIn("8m", "480s");
        }
        try (Site site = site("hold-time: 600s")) {
            assertThat(site.status(Who.E).at("/config/send-hold-time").asText()).isIn("20m", "1200s");
        }
    }

    @Test
    @Row("TMR-09")
    void a_peer_that_reads_slowly_but_steadily_is_kept() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "hold-time: 3s", "send-hold-time: 4s")
                .peer(Who.E2)
                .peer(Who.O)
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e2 = site.up(Who.E2);
            TesterPeer e = site.connect(Who.E, SMALL_BUFFER);
            e.establish(site.open(Who.E).toArray());
            for (int i = 0; i < 100; i++) {
                flood(site, e2, i);
                e.reading(i % 2 == 1);
                pause(e2, Duration.ofMillis(100));
                e.send(Messages.keepalive());
            }
            e.reading(true);
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("TMR-10")
    void without_a_hold_time_a_peer_that_takes_nothing_is_kept() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "hold-time: 3s", "send-hold-time: 4s")
                .peer(Who.E2)
                .peer(Who.O)
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e2 = site.up(Who.E2);
            TesterPeer e = site.connect(Who.E, SMALL_BUFFER);
            e.establish(site.open(Who.E).holdTime(0).toArray());
            e.reading(false);
            for (int i = 0; i < 60; i++) {
                flood(site, e2, i);
                pause(e2, Duration.ofMillis(100));
            }
            e.reading(true);
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("TMR-11")
    void the_peer_s_send_hold_timer_is_told_by_its_name() throws Exception {
        try (Site site = site("hold-time: 90s")) {
            TesterPeer e = site.up(Who.E);
            e.send(Messages.notification(8, 0));
            e.expectClosed(TesterPeer.SOON);
            assertThat(e.messages(Messages.NOTIFICATION)).isEmpty();
            site.untilStatus(
                    Who.E, "its name", s -> s.path("last-down").asText().contains("Send Hold Timer Expired"));
        }
    }

    private static Site site(String setting) throws IOException, InterruptedException {
        return DaemonUnderTest.shared().site().peer(Who.E, setting).peer(Who.O).start();
    }

    private static void assertNothingComes(TesterPeer peer, int type, Duration time) {
        int before = peer.messages(type).size();
        pause(peer, time);
        assertThat(peer.messages(type)).hasSize(before);
    }

    /** Lets time pass in which the connection must not end. */
    private static void pause(TesterPeer peer, Duration time) {
        assertThatThrownBy(() -> peer.await(peer::isClosed, "end", time)).isInstanceOf(AssertionError.class);
    }

    private static double seconds(long from, long to) {
        return (to - from) / 1e9;
    }
}
