package net.popbgp.daemon.conformance;

import static net.popbgp.daemon.conformance.Attributes.OPTIONAL;
import static net.popbgp.daemon.conformance.Attributes.OPTIONAL_TRANSITIVE;
import static net.popbgp.daemon.conformance.Attributes.WELL_KNOWN;
import static net.popbgp.daemon.conformance.Octets.hex;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 4271, 6.3 and RFC 7606, 3: errors that end the session, and the data of their NOTIFICATIONs. */
@Execution(ExecutionMode.CONCURRENT)
class UpdateResetTest {

    private static final byte[] NONE = {};
    private static final Path VECTORS = Path.of("..", "bgp-core", "src", "test", "resources", "wire", "dev.tsv");

    /** Sends it on a session of its own, which has a route: it ends with one of these subcodes, and the route goes. */
    private static void resets(Site site, TesterPeer o, byte[] update, int subcode, String data) throws Exception {
        site.untilState(Who.E, "Active");
        TesterPeer e = site.up(Who.E, site.open(Who.E).family(2, 1));
        e.send(site.attributes(Who.E).announce(site.prefix(9)));
        o.expectRoute(site.prefix(9));
        e.send(update);
        e.expectNotification(3, subcode, data);
        o.expectNoRoute(site.prefix(9));
        assertThat(o.history(site.prefix(1))).isEmpty();
    }

    private static Site site() throws Exception {
        return DaemonUnderTest.shared()
                .site()
                .peer(Who.E, UpdateSession.BOTH_FAMILIES)
                .peer(Who.O)
                .start();
    }

    @Test
    @Row({"UPD-01", "UPD-02", "UPD-03", "UPD-04", "UPD-05"})
    void fields_that_cannot_be_parsed_end_the_session() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            byte[] attributes = site.attributes(Who.E).toArray();
            resets(site, o, Messages.message(Messages.UPDATE, hex("0064 0000")), 1, "");
            resets(site, o, Messages.message(Messages.UPDATE, hex("0000 0064 400101")), 1, "");
            resets(site, o, Messages.update(NONE, attributes, hex("21 0a00000000")), 10, "");
            resets(site, o, Messages.update(NONE, attributes, hex("18 0a01")), 10, "");
            resets(site, o, Messages.update(hex("21 0a00000000"), NONE, NONE), 10, "");
            resets(site, o, Messages.update(hex("18 0a01"), NONE, NONE), 10, "");
        }
    }

    @Test
    @Row({"UPD-09", "UPD-37", "UPD-57"})
    void an_error_without_routes_to_withdraw_ends_the_session_with_the_attribute_as_data() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            Attributes rest = Attributes.none().path(Who.E.as()).nextHop(site.address(Who.E));
            byte[] others = rest.toArray();
            resets(site, o, Attributes.none().origin(7).raw(others).announce(), 6, "40010107");
            resets(
                    site,
                    o,
                    Attributes.none().add(0xC0, 1, new byte[1]).raw(others).announce(),
                    4,
                    "c0010100");
            resets(
                    site,
                    o,
                    Attributes.none()
                            .add(WELL_KNOWN, 1, new byte[2])
                            .raw(others)
                            .announce(),
                    5,
                    "4001020000");
            resets(
                    site,
                    o,
                    site.attributes(Who.E)
                            .add(OPTIONAL_TRANSITIVE, 8, new byte[5])
                            .announce(),
                    9,
                    "c008050000000000");
            resets(site, o, site.attributes(Who.E).add(OPTIONAL, 4, new byte[3]).announce(), 5, "800403000000");
            byte[] unknown =
                    site.attributes(Who.E).add(WELL_KNOWN, 99, hex("aabb")).announce(site.prefix(1));
            resets(site, o, unknown, 2, "406302aabb");
        }
    }

    @Test
    @Row({"UPD-33", "UPD-36", "UPD-52", "UPD-53", "UPD-57"})
    void nlri_attributes_that_cannot_be_parsed_end_the_session() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            byte[] hop = Octets.address("2001:db8::1");
            Attributes base = Attributes.none().origin(0).path(Who.E.as());
            byte[] common = base.toArray();
            byte[] twice = Attributes.none()
                    .reach(2, hop, site.prefix6(1))
                    .reach(2, hop, site.prefix6(2))
                    .raw(common)
                    .announce();
            resets(site, o, twice, 1, "");
            for (int length : new int[] {0, 9, 15, 17}) {
                byte[] reach = reachValue(length, site.prefix6(1));
                resets(site, o, attribute(OPTIONAL, 14, reach, common), 9, data(OPTIONAL, 14, reach));
            }
            byte[] med = Attributes.none().add(OPTIONAL, 4, new byte[3]).toArray();
            byte[] badHop = reachValue(9, site.prefix6(1));
            resets(site, o, attribute(OPTIONAL, 14, badHop, Octets.join(common, med)), 9, data(OPTIONAL, 14, badHop));
            byte[] tooLong = Octets.join(hex("0002 01 10"), hop, hex("00 81"), new byte[17]);
            resets(site, o, attribute(OPTIONAL, 14, tooLong, common), 9, data(OPTIONAL, 14, tooLong));
            resets(site, o, attribute(OPTIONAL, 15, hex("0002"), NONE), 9, data(OPTIONAL, 15, hex("0002")));
            resets(site, o, attribute(OPTIONAL, 14, hex("00020110"), common), 9, data(OPTIONAL, 14, hex("00020110")));
            byte[] good = reachValue(16, site.prefix6(1));
            resets(site, o, attribute(OPTIONAL_TRANSITIVE, 14, good, common), 4, data(OPTIONAL_TRANSITIVE, 14, good));
        }
    }

    private static byte[] reachValue(int hopLength, String prefix) {
        byte[] hop = new byte[hopLength];
        if (hopLength > 0) {
            hop[0] = 0x20;
        }
        return Octets.empty()
                .u16(2)
                .u8(1)
                .u8(hopLength)
                .add(hop)
                .u8(0)
                .prefix(prefix)
                .toArray();
    }

    private static byte[] attribute(int flags, int type, byte[] value, byte[] others) {
        return Attributes.none().add(flags, type, value).raw(others).announce();
    }

    private static String data(int flags, int type, byte[] value) {
        return hex(Attributes.none().add(flags, type, value).toArray());
    }

    @Test
    @Row("UPD-59")
    void messages_of_other_programs_tests_are_survived() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            List<String[]> updates = Files.readAllLines(VECTORS).stream()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .filter(row -> row[5].startsWith("02", 36))
                    .toList();
            assertThat(updates).hasSizeGreaterThan(100);
            for (String[] row : updates) {
                boolean four = row[1].equals("4");
                Open open = site.open(Who.E).family(2, 1);
                site.untilState(Who.E, "Active");
                TesterPeer e = site.up(Who.E, four ? open : open.without(65));
                byte[] path = Attributes.segment(2, four ? 4 : 2, Who.E.as());
                Attributes good =
                        Attributes.none().origin(0).add(WELL_KNOWN, 2, path).nextHop(site.address(Who.E));
                e.send(hex(row[5]), good.announce(site.prefix(2)));
                o.await(() -> e.isClosed() || o.route(site.prefix(2)).isPresent(), row[0], TesterPeer.SOON);
                assertThat(e.messages(Messages.NOTIFICATION))
                        .as(row[0])
                        .allMatch(answer -> answer.isNotification(1, -1) || answer.isNotification(3, -1));
                e.close();
                o.expectNoRoute(site.prefix(2));
            }
            assertThat(o.isClosed()).isFalse();
            o.send(site.attributes(Who.O).announce(site.prefix(3)));
            site.untilState(Who.E, "Active");
            TesterPeer e = site.up(Who.E);
            e.expectRoute(site.prefix(3));
            site.proveUp(e, Who.E, o);
        }
    }
}
