package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4271, 4.1 and 6.1: the message header. */
@Execution(ExecutionMode.CONCURRENT)
class HeaderTest {

    private static final String[] BOTH_FAMILIES = {
        "families: [ipv4-unicast, ipv6-unicast]", "next-hops: {ipv6: \"2001:db8::ffff\"}"
    };

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
            e.answering(false); // or the answer to a late End-of-RIB comes between the parts of the cut message
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

    @Test
    @Row("HDR-07")
    void an_open_below_its_minimum_is_refused() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.connect(Who.E);
            e.send(Messages.header(28, Messages.OPEN), new byte[9]);
            e.expectNotification(1, 2, "001c");
        }
    }

    @Test
    @Row("HDR-08")
    void an_update_below_its_minimum_is_refused() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            e.send(Messages.header(22, Messages.UPDATE), new byte[3]);
            e.expectNotification(1, 2, "0016");
        }
    }

    @Test
    @Row("HDR-09")
    void a_keepalive_with_a_body_is_refused() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            e.send(Messages.header(20, Messages.KEEPALIVE), new byte[1]);
            e.expectNotification(1, 2, "0014");
        }
    }

    @Test
    @Row("HDR-10")
    void a_notification_that_is_too_short_ends_the_connection() throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            e.send(Messages.header(20, Messages.NOTIFICATION), new byte[1]);
            e.expectClosed(TesterPeer.SOON);
            assertThat(e.messages(Messages.NOTIFICATION)).allMatch(each -> each.isNotification(1, 2));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 6, 255})
    @Row({"HDR-11", "HDR-12"})
    void a_type_that_no_message_has_is_named(int type) throws Exception {
        try (Site site = site()) {
            TesterPeer e = site.up(Who.E);
            e.send(Messages.header(19, type));
            e.expectNotification(1, 3, String.format("%02x", type));
        }
    }

    @Test
    @Row("HDR-13")
    void an_update_that_comes_octet_by_octet_is_taken() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            e.sendOctetByOctet(site.attributes(Who.E).announce(site.prefix(1)));
            o.expectRoute(site.prefix(1));
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("HDR-15")
    void an_update_of_4096_octets_is_taken_whole() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            String whole = site.prefix(0).replace(".0/24", ".0/16");
            List<String> prefixes = hosts(site, 810);
            prefixes.add(whole);
            byte[] update = site.attributes(Who.E).announce(prefixes.toArray(String[]::new));
            assertThat(update).hasSize(4096);
            e.send(update);
            prefixes.forEach(o::expectRoute);
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("HDR-16")
    void whatever_the_daemon_sends_has_a_right_header() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, BOTH_FAMILIES)
                .peer(Who.O, BOTH_FAMILIES)
                .start()) {
            TesterPeer o = site.up(Who.O, site.open(Who.O).family(2, 1));
            TesterPeer e = site.up(Who.E, site.open(Who.E).family(2, 1));
            List<String> prefixes = hosts(site, 2000);
            for (int from = 0; from < prefixes.size(); from += 500) {
                e.send(site.attributes(Who.E)
                        .announce(prefixes.subList(from, from + 500).toArray(String[]::new)));
            }
            e.send(Attributes.none()
                    .origin(0)
                    .path(Who.E.as())
                    .reach(2, Octets.address("2001:db8::1"), site.prefix6(1))
                    .announce());
            prefixes.forEach(o::expectRoute);
            o.expectRoute(site.prefix6(1));
            o.send(Messages.routeRefresh(1, 0, 1));
            e.send(Messages.withdraw(prefixes.subList(0, 500).toArray(String[]::new)));
            o.expectNoRoute(prefixes.get(0));
            site.operate(Who.E, "refresh", "");
            e.expect(Messages.ROUTE_REFRESH);
            o.send(Messages.header(0, Messages.KEEPALIVE));
            o.expectNotification(1, 2);
            for (TesterPeer each : List.of(e, o)) {
                assertThat(each.messages()).allSatisfy(message -> {
                    assertThat(Octets.hex(message.octets())).startsWith("f".repeat(32));
                    assertThat(message.u16(16))
                            .isEqualTo(message.octets().length)
                            .isBetween(19, 4096);
                    assertThat(message.type()).isBetween(Messages.OPEN, Messages.ROUTE_REFRESH);
                });
            }
            assertThat(o.messages()).extracting(Received::type).contains(1, 2, 3, 4);
        }
    }

    @Test
    @Row("HDR-17")
    void a_long_update_is_taken_where_agreed_and_never_sent_where_not() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "extended-messages: true")
                .peer(Who.O, "extended-messages: true")
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E, site.open(Who.E).capability(6)).takesLongMessages();
            List<String> prefixes = hosts(site, 11_991);
            byte[] update = site.attributes(Who.E).announce(prefixes.toArray(String[]::new));
            assertThat(update.length).isBetween(59_990, 60_010);
            e.send(update);
            prefixes.forEach(o::expectRoute);
            assertThat(o.messages(Messages.UPDATE)).allMatch(each -> each.octets().length <= 4096);
            site.proveUp(e, Who.E, o);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {Messages.OPEN, Messages.KEEPALIVE})
    @Row("HDR-18")
    void a_long_open_or_keepalive_is_refused_though_long_messages_are_agreed(int type) throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "extended-messages: true")
                .start()) {
            TesterPeer e = site.up(Who.E, site.open(Who.E).capability(6));
            e.send(Messages.header(4097, type));
            e.expectNotification(1, 2, "1001");
        }
    }

    @Test
    @Row("HDR-19")
    void a_long_update_is_taken_of_a_peer_that_did_not_offer_to_take_one() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "extended-messages: true")
                .peer(Who.O)
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            List<String> prefixes = hosts(site, 810);
            prefixes.add(site.prefix(200));
            byte[] update = site.attributes(Who.E).announce(prefixes.toArray(String[]::new));
            assertThat(update).hasSize(4097);
            e.send(update);
            prefixes.forEach(o::expectRoute);
            site.proveUp(e, Who.E, o);
        }
    }

    /** {@return the first host routes of the site} */
    private static List<String> hosts(Site site, int count) {
        List<String> hosts = new ArrayList<>();
        for (int n = 0; n < count; n++) {
            hosts.add(site.prefix(n / 256).replace(".0/24", "." + n % 256 + "/32"));
        }
        return hosts;
    }
}
