package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4271, 4.1 and 6.1: the message header. */
@Execution(ExecutionMode.CONCURRENT)
class HeaderTest {

    private static Site site() throws IOException, InterruptedException {
        return DaemonUnderTest.shared().site().peer(Who.E).peer(Who.O).start();
    }

    @Test
    @Row("HDR-01")
    void a_marker_that_is_not_all_ones_before_the_open_is_refused() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.connect(Who.E);
            byte[] keepalive = Messages.keepalive();
            keepalive[0] = 0;
            e.send(keepalive);
            e.expectNotification(1, 1);
        }
    }

    @Test
    @Row("HDR-02")
    void a_wrong_marker_ends_an_established_session_and_its_routes() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.send(site.attributes(Who.E).announce(site.prefix(1)));
            o.expectRoute(site.prefix(1));
            byte[] update = site.attributes(Who.E).announce(site.prefix(2));
            update[15] = (byte) 0xFE;
            e.send(update);
            e.expectNotification(1, 1);
            o.expectNoRoute(site.prefix(1));
            assertThat(o.history(site.prefix(2))).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {18, 0, 65535})
    @Row({"HDR-03", "HDR-04", "HDR-06"})
    void a_length_that_no_message_has_is_named(int length) throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.connect(Who.E);
            e.send(Messages.header(length, Messages.KEEPALIVE));
            e.expectNotification(1, 2, String.format("%04x", length));
        }
    }

    @Test
    @Row("HDR-05")
    void a_long_update_is_refused_without_waiting_for_it() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            e.send(Messages.header(4097, Messages.UPDATE));
            e.expectNotification(1, 2, "1001");
        }
    }

    @Test
    @Row("HDR-14")
    void messages_in_one_segment_and_a_cut_one_are_all_processed_in_order() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            byte[] last = site.attributes(Who.E).announce(site.prefix(2));
            e.send(
                    Messages.keepalive(),
                    site.attributes(Who.E).announce(site.prefix(1)),
                    Messages.keepalive(),
                    Arrays.copyOf(last, 30));
            o.expectRoute(site.prefix(1));
            assertThat(o.history(site.prefix(2))).isEmpty();
            e.send(Arrays.copyOfRange(last, 30, last.length));
            o.expectRoute(site.prefix(2));
            site.proveUp(e, Who.E, o);
        }
    }
}
