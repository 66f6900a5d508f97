package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How the daemon tries again after a peer has refused it, or was refused. */
@Execution(ExecutionMode.CONCURRENT)
class RetryTest {

    @Test
    @Row("OPN-23")
    void who_cannot_parse_capabilities_is_sent_an_open_without_them_after_a_while() throws Exception {
        try (Dialed dialed = Dialed.site(65001, "idle-hold-time: 400ms", "max-idle-hold-time: 400ms")) {
            TesterPeer refusing = dialed.accept();
            assertThat(refusing.expect(Messages.OPEN).octets().length).isGreaterThan(29);
            refusing.send(Messages.notification(2, 4));
            refusing.expectClosed(TesterPeer.SOON);

            TesterPeer e = dialed.accept();
            assertThat(since(refusing)).isGreaterThan(Duration.ofMillis(250));
            assertThat(e.expect(Messages.OPEN).octets()).hasSize(29);
            e.send(Open.bare(65001, Who.E.identifier()).toArray(), Messages.keepalive());
            e.answering(true);
            TesterPeer o = dialed.site().up(Who.O);
            o.send(dialed.site().attributes(Who.O).announce(dialed.site().prefix(1)));
            assertThat(e.expectRoute(dialed.site().prefix(1)).path(2)).isEqualTo("65000 65009");
        }
    }

    @Test
    @Row("FSM-35")
    void who_repeats_a_fatal_update_is_waited_for_twice_as_long_each_time_until_it_was_stable() throws Exception {
        try (Dialed dialed =
                Dialed.site(65001, "idle-hold-time: 100ms", "max-idle-hold-time: 1600ms", "stable-time: 500ms")) {
            failFatally(dialed.site(), dialed.accept());
            TesterPeer next = dialed.accept(); // the first loss of an Established session is tried again at once
            for (long wait : new long[] {100, 200, 400, 800, 1600}) {
                TesterPeer failed = next;
                failFatally(dialed.site(), failed);
                next = dialed.accept();
                assertThat(since(failed)).isGreaterThan(Duration.ofMillis(wait * 7 / 10)); // with jitter
            }
            TesterPeer stable = next.establish(dialed.site().open(Who.E).toArray());
            stable.expectOpenFor(Duration.ofMillis(800));
            stable.reset();
            long lost = System.nanoTime();
            dialed.accept();
            assertThat(Duration.ofNanos(System.nanoTime() - lost))
                    .as("at once, not after the longest wait")
                    .isLessThan(Duration.ofMillis(1100));
        }
    }

    @Test
    @Row("FSM-35")
    void who_connects_by_itself_after_a_fatal_update_is_not_heard_for_twice_as_long_each_time() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "idle-hold-time: 100ms", "max-idle-hold-time: 800ms")
                .start()) {
            failFatally(site, heard(site));
            TesterPeer next = heard(site);
            for (long wait : new long[] {100, 200, 400, 800, 800}) {
                TesterPeer failed = next;
                failFatally(site, failed);
                next = heard(site);
                assertThat(since(failed)).isGreaterThan(Duration.ofMillis(wait * 7 / 10)); // with jitter
            }
        }
    }

    /** Connects until the daemon sends an OPEN. {@return that connection} */
    private static TesterPeer heard(Site site) {
        return await("an OPEN")
                .atMost(TesterPeer.SOON)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> site.connect(Who.E), RetryTest::isHeard);
    }

    private static boolean isHeard(TesterPeer e) {
        e.await(() -> e.isClosed() || !e.messages(Messages.OPEN).isEmpty(), "answer", TesterPeer.SOON);
        return !e.isClosed();
    }

    private static void failFatally(Site site, TesterPeer e) throws IOException {
        byte[] fatal = site.attributes(Who.E)
                .add(Attributes.WELL_KNOWN, 99, new byte[1]) // an unrecognised well-known attribute
                .announce(site.prefix(1));
        e.establish(site.open(Who.E).toArray());
        e.send(fatal);
        e.expectNotification(3, 2);
    }

    private static Duration since(TesterPeer closed) {
        return Duration.ofNanos(System.nanoTime() - closed.closedNanos());
    }
}
