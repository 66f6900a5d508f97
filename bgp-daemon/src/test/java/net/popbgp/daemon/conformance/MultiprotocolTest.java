package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4760, 2545 and 8950: IPv6 unicast on sessions over IPv4. */
@Execution(ExecutionMode.CONCURRENT)
class MultiprotocolTest {

    private static final String FAMILIES = "families: [ipv4-unicast, ipv6-unicast]";
    private static final String NEXT_HOPS = "next-hops: {ipv6: \"2001:db8:ffff::254\"}";
    private static final byte[] OURS = Octets.address("2001:db8:ffff::254");
    private static final byte[] GLOBAL = Octets.address("2001:db8:ffff::1");
    private static final byte[] LINK_LOCAL = Octets.address("fe80::1");
    private static final int MP_REACH = 14;

    private static Site site() throws IOException, InterruptedException {
        return DaemonUnderTest.shared()
                .site()
                .peer(Who.E, FAMILIES, NEXT_HOPS)
                .peer(Who.O, FAMILIES, NEXT_HOPS)
                .start();
    }

    private static TesterPeer up(Site site, Who who) throws IOException, InterruptedException {
        return site.up(who, site.open(who).family(2, 1));
    }

    private static Attributes attributes() {
        return Attributes.none().origin(0).path(Who.E.as());
    }

    private static byte[] update(Attributes attributes) {
        return Messages.update(new byte[0], attributes.toArray(), new byte[0]);
    }

    private static byte[] announce(byte[] nextHop, String... prefixes) {
        return update(attributes().reach(2, nextHop, prefixes));
    }

    @Test
    @Row({"MP-01", "MP-04", "MP-05"})
    void ipv6_routes_come_and_go_without_a_next_hop_attribute() throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O);
            TesterPeer e = up(site, Who.E);
            e.send(announce(GLOBAL, site.prefix6(1)));
            Update update = o.expectRoute(site.prefix6(1));
            assertThat(update.path(4)).isEqualTo("65000 65001");
            assertThat(update.hex(Update.MP_NEXT_HOP)).isEqualTo(Octets.hex(OURS));
            assertThat(update.attributes()).doesNotContainKey(3);
            e.send(update(Attributes.none().unreach(2, site.prefix6(1))));
            o.expectNoRoute(site.prefix6(1));
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("MP-02")
    void a_link_local_next_hop_is_taken_but_not_handed_beyond_the_link() throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O);
            TesterPeer e = up(site, Who.E);
            e.send(announce(Octets.join(GLOBAL, LINK_LOCAL), site.prefix6(1)));
            assertThat(o.expectRoute(site.prefix6(1)).hex(Update.MP_NEXT_HOP)).isEqualTo(Octets.hex(OURS));
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("MP-03")
    void the_reserved_octet_is_ignored_and_sent_as_zero() throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O); // it reports a reserved octet that is not 0
            TesterPeer e = up(site, Who.E);
            byte[] value = Octets.empty()
                    .u16(2)
                    .u8(1)
                    .u8(16)
                    .add(GLOBAL)
                    .u8(0xA5)
                    .prefix(site.prefix6(1))
                    .toArray();
            e.send(update(attributes().add(Attributes.OPTIONAL, MP_REACH, value)));
            o.expectRoute(site.prefix6(1));
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("MP-06")
    void a_next_hop_attribute_beside_is_ignored() throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O);
            TesterPeer e = up(site, Who.E);
            e.send(update(attributes().nextHop(site.daemonAddress()).reach(2, GLOBAL, site.prefix6(1))));
            o.expectRoute(site.prefix6(1));
            site.proveUp(e, Who.E, o);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 25, 16388})
    @Row("MP-07")
    void a_family_that_was_not_negotiated_is_passed_over(int afi) throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O);
            TesterPeer e = site.up(Who.E); // offers IPv4 alone
            e.send(update(attributes().reach(afi, GLOBAL, site.prefix6(1))));
            e.send(site.attributes(Who.E).announce(site.prefix(1)));
            o.expectRoute(site.prefix(1));
            assertThat(o.history(site.prefix6(1))).isEmpty();
            site.proveUp(e, Who.E, o);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORIGIN", "AS_PATH"})
    @Row("MP-08")
    void without_a_mandatory_attribute_ipv6_routes_are_withdrawn(String missing) throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O);
            TesterPeer e = up(site, Who.E);
            e.send(announce(GLOBAL, site.prefix6(1)));
            o.expectRoute(site.prefix6(1));
            Attributes rest = missing.equals("ORIGIN")
                    ? Attributes.none().path(Who.E.as())
                    : Attributes.none().origin(0);
            e.send(update(rest.reach(2, GLOBAL, site.prefix6(1))));
            o.expectNoRoute(site.prefix6(1));
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("MP-09")
    void ipv4_in_mp_reach_is_like_any_other_ipv4() throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O);
            TesterPeer e = up(site, Who.E);
            e.send(update(attributes().reach(1, Octets.address(site.address(Who.E)), site.prefix(1))));
            assertThat(o.expectRoute(site.prefix(1)).path(4)).isEqualTo("65000 65001");
            e.send(Messages.withdraw(site.prefix(1)));
            o.expectNoRoute(site.prefix(1));
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("MP-10")
    void ipv4_has_an_ipv6_next_hop_where_that_was_negotiated() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, FAMILIES, NEXT_HOPS, "extended-next-hop: true")
                .peer(Who.O)
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E, site.open(Who.E).family(2, 1).capability(5, Octets.hex("000100010002")));
            e.send(update(attributes().reach(1, GLOBAL, site.prefix(1))));
            Update update = o.expectRoute(site.prefix(1));
            assertThat(update.hex(3)).isEqualTo(Octets.hex(Octets.address(site.daemonAddress())));
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("MP-10")
    void without_the_capability_an_ipv6_next_hop_of_ipv4_is_never_taken() throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O);
            TesterPeer e = up(site, Who.E);
            e.send(update(attributes().reach(1, GLOBAL, site.prefix(1))));
            e.expectNotification(3, 9);
            assertThat(o.history(site.prefix(1))).isEmpty();
        }
    }

    @Test
    @Row("MP-12")
    void there_are_no_path_identifiers_unless_both_want_them() throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O);
            TesterPeer e = site.up(Who.E, site.open(Who.E).family(2, 1).capability(69, Octets.hex("0001010300020103")));
            o.send(site.attributes(Who.O).announce(site.prefix(1)));
            e.expectRoute(site.prefix(1)); // with an identifier it would have been another prefix
            e.send(site.attributes(Who.E).announce(site.prefix(2)));
            o.expectRoute(site.prefix(2));
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("MP-14")
    void mp_reach_marked_transitive_ends_the_session() throws Exception {
        try (Site site = site()) {
            TesterPeer o = up(site, Who.O);
            TesterPeer e = up(site, Who.E);
            byte[] value = Octets.empty()
                    .u16(2)
                    .u8(1)
                    .u8(16)
                    .add(GLOBAL)
                    .u8(0)
                    .prefix(site.prefix6(1))
                    .toArray();
            e.send(update(attributes().add(Attributes.OPTIONAL_TRANSITIVE, MP_REACH, value)));
            e.expectNotification(3, -1);
            assertThat(o.history(site.prefix6(1))).isEmpty();
        }
    }

    @Test
    @Row("MP-11")
    void paths_of_a_prefix_are_told_apart_by_their_identifiers() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "add-path: {receive: true}")
                .peer(Who.O)
                .start()) {
            TesterPeer o = site.up(Who.O);
            byte[] sends = Octets.empty().u16(1).u8(1).u8(2).toArray();
            TesterPeer e = site.up(Who.E, site.open(Who.E).capability(69, sends));
            byte[] one = Octets.empty().u32(7).prefix(site.prefix(1)).toArray();
            byte[] other = Octets.empty().u32(1).prefix(site.prefix(1)).toArray();
            e.send(
                    Messages.update(new byte[0], site.attributes(Who.E).toArray(), one),
                    Messages.update(new byte[0], site.attributes(Who.E, 65050).toArray(), other));
            site.untilStatus(
                    Who.E,
                    "two paths",
                    status -> status.at("/prefixes/ipv4-unicast/received").asInt() == 2);
            assertThat(o.expectRoute(site.prefix(1)).path(4)).isEqualTo("65000 65001");

            e.send(Messages.update(one, new byte[0], new byte[0]));
            o.expectRoute(site.prefix(1), update -> update.path(4).equals("65000 65001 65050"), "the other path");
            e.send(Messages.update(other, new byte[0], new byte[0]));
            o.expectNoRoute(site.prefix(1));
        }
    }
}
