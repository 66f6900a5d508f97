package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** How the daemon tries again after a peer has refused it, or was refused. */
@Execution(ExecutionMode.CONCURRENT)
class RetryTest {

    private static final int FAILURES = 6;

    @Test
    @Row("OPN-23")
    void who_cannot_parse_capabilities_is_sent_an_open_without_them_after_a_while() throws Exception {
        try (Dialed dialed = Dialed.site(65001, "idle-hold-time: 400ms", "max-idle-hold-time: 400ms")) {
            TesterPeer refusing = dialed.accept();
            assertThat(refusing.expect(Messages.OPEN).octets().length).isGreaterThan(29);
            refusing.send(Messages.notification(2, 4));
            refusing.expectClosed(TesterPeer.SOON);

            TesterPeer e = dialed.accept();
            assertThat(Duration.ofNanos(System.nanoTime() - refusing.closedNanos()))
                    .isGreaterThan(Duration.ofMillis(250));
            assertThat(e.expect(Messages.OPEN).octets()).hasSize(29);
            e.send(Open.bare(65001, Who.E.identifier()).toArray(), Messages.keepalive());
            e.answering(true);
            TesterPeer o = dialed.site().up(Who.O);
            o.send(dialed.site().attributes(Who.O).announce(dialed.site().prefix(1)));
            assertThat(e.expectRoute(dialed.site().prefix(1)).path(2)).isEqualTo("65000 65009");
        }
    }

    @Test
    void who_repeats_a_fatal_update_is_waited_for_twice_as_long_each_time() throws Exception {
        try (Dialed dialed = Dialed.site(65001, "idle-hold-time: 100ms", "max-idle-hold-time: 800ms")) {
            Site site = dialed.site();
            byte[] fatal = site.attributes(Who.E)
                    .add(Attributes.WELL_KNOWN, 99, new byte[1]) // an unrecognised well-known attribute
                    .announce(site.prefix(1));
            long closed = 0;
            for (int failure = 0; failure < FAILURES; failure++) {
                TesterPeer e = dialed.accept();
                if (failure > 1) { // the first loss of an Established session is tried again at once
                    long atLeast = Math.min(800, 100L << failure - 2) * 7 / 10; // with jitter
                    assertThat(Duration.ofNanos(System.nanoTime() - closed))
                            .as("wait after failure %d", failure)
                            .isGreaterThan(Duration.ofMillis(atLeast));
                }
                e.establish(site.open(Who.E).toArray());
                e.send(fatal);
                e.expectNotification(3, 2);
                closed = e.closedNanos();
            }
            assertThat(site.status(Who.E).path("state").asText()).isEqualTo("Idle");
        }
    }
}
