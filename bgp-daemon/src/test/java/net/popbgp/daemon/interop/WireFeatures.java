package net.popbgp.daemon.interop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import net.popbgp.daemon.conformance.Attributes;
import net.popbgp.daemon.conformance.Messages;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Chapter(number = 6, title = "On the wire, as tshark sees it")
@Execution(ExecutionMode.CONCURRENT)
class WireFeatures {

    private static final String TEXT = "fibre works until 6";
    private static final String AS_TRANS = "23456";
    private static final List<String> PROGRAMS = List.of("dumpcap", "tshark");

    @Feature(
            row = 1,
            value =
                    "A session from OPEN to Cease 6/2 with a text: nothing malformed, no expert error, every octet BGP, all contents right")
    void whole_session(Cell cell) throws Exception {
        Lab.require(PROGRAMS);
        cell.bothFamilies();
        LabRoute theirs = attributes(cell.theirPrefix(0));
        cell.foreign.routes.add(theirs);
        cell.foreign.routes.add(LabRoute.to(cell.theirPrefix6(0)));
        Capture capture = cell.capture();
        cell.start().untilUp();
        LabRoute ours = attributes(cell.ourPrefix(0));
        cell.announce(ours, LabRoute.to(cell.ourPrefix6(0)));
        cell.untilReceived(theirs.from(Cell.THEIR_AS, cell.theirs()));
        cell.untilTheyHave(ours.from(Pop.AS, cell.ours()));
        cell.untilTheyHave(LabRoute.to(cell.ourPrefix6(0)).from(Pop.AS, cell.ours6()));

        cell.operate("refresh", "{\"direction\": \"in\"}");
        cell.foreign.refreshIn(cell.session);
        cell.foreign.routes.clear();
        cell.foreign.reload();
        cell.pop().withdraw(cell.ourPrefix(0));
        cell.pop().withdraw(cell.ourPrefix6(0));
        Cell.until("theirs are gone", () -> cell.received("").isEmpty());
        Cell.until(
                "ours are gone",
                () -> cell.foreign.paths(cell.session, cell.ourPrefix(0)).isEmpty());
        cell.operate("stop", "{\"reason\": \"" + TEXT + "\"}");
        Cell.until("down", () -> !cell.foreign.isUp(cell.session));
        cell.operate("start", "{}");
        cell.untilUp();
        cell.foreign.shutdown(cell.session, TEXT);
        cell.untilDown();
        capture.stop();

        assertThat(capture.problems()).isEmpty();
        assertOpen(capture, cell.ours(), Pop.ROUTER_ID, Pop.AS);
        assertOpen(capture, cell.theirs(), cell.theirs(), Cell.THEIR_AS);
        assertUpdates(capture, cell.ours(), Pop.AS, ours, cell.ourPrefix6(0), cell.ours6());
        assertUpdates(capture, cell.theirs(), Cell.THEIR_AS, theirs, cell.theirPrefix6(0), cell.theirs6());
        for (String side : List.of(cell.ours(), cell.theirs())) {
            assertThat(capture.messages(side, Messages.KEEPALIVE)).isNotEmpty();
            assertThat(capture.messages(side, Messages.NOTIFICATION))
                    .singleElement()
                    .satisfies(WireFeatures::isShutdown);
        }
        assertThat(capture.messages(cell.ours(), Messages.ROUTE_REFRESH))
                .extracting(each -> each.first("route_refresh.afi") + "/" + each.first("route_refresh.safi"))
                .contains("1/1", "2/1");
        if (cell.kind == Kind.GOBGP) {
            assertWhatGobgpCannot(capture, cell.theirs());
        } else {
            assertThat(capture.messages(cell.theirs(), Messages.ROUTE_REFRESH)).isNotEmpty();
        }
    }

    /** What the table says that it cannot: it asks for no refresh, and offers no extended messages, roles or enhanced refresh. */
    private static void assertWhatGobgpCannot(Capture capture, String address) {
        assertThat(capture.messages(address, Messages.ROUTE_REFRESH)).isEmpty();
        assertThat(capture.messages(address, Messages.OPEN).get(0).all("cap.type"))
                .doesNotContain("6", "9", "70");
    }

    private static LabRoute attributes(String prefix) {
        return LabRoute.to(prefix)
                .by("64999 4200000777")
                .med(7)
                .communities("65100:1", "65100:2")
                .large("4200000777:1:4294967295")
                .extended("rt:65100:77");
    }

    private static void assertOpen(Capture capture, String from, String identifier, long as) {
        List<Capture.Message> opens = capture.messages(from, Messages.OPEN);
        assertThat(opens).hasSizeGreaterThanOrEqualTo(2); // of two sessions
        Capture.Message open = opens.get(opens.size() - 1);
        assertThat(open.first("open.version")).isEqualTo("4");
        assertThat(open.first("open.myas")).isEqualTo(AS_TRANS);
        assertThat(open.first("open.holdtime")).isEqualTo("9");
        assertThat(open.first("open.identifier")).isEqualTo(identifier);
        assertThat(open.all("cap.type")).contains("1", "2", "65");
        assertThat(open.all("cap.mp.afi")).contains("1", "2");
        assertThat(open.all("cap.mp.safi")).containsOnly("1");
        assertThat(open.all("cap.4as")).containsExactly(String.valueOf(as));
    }

    private static void assertUpdates(
            Capture capture, String from, long as, LabRoute route, String prefix6, String nextHop6) {
        List<Capture.Message> updates = capture.messages(from, Messages.UPDATE);
        Capture.Message announcement = updates.stream()
                .filter(each -> each.all("nlri_prefix").contains(address(route.prefix())))
                .findFirst()
                .orElseThrow();
        assertThat(announcement.first("update.path_attribute.origin")).isEqualTo("0");
        assertThat(announcement.all("update.path_attribute.as_path_segment.as4"))
                .containsExactly((as + " " + route.asPath()).split(" "));
        assertThat(announcement.first("update.path_attribute.next_hop")).isEqualTo(from);
        assertThat(announcement.first("update.path_attribute.multi_exit_disc")).isEqualTo(route.med());
        assertThat(communities(announcement)).containsExactlyInAnyOrderElementsOf(route.communities());
        assertThat(announcement.all("update.path_attribute.type_code")).contains("16", "32");
        assertThat(updates)
                .as("IPv6 by MP_REACH_NLRI")
                .anyMatch(each -> each.all("update.path_attribute.mp_reach_nlri.next_hop.ipv6")
                                .contains(nextHop6)
                        && each.all("mp_reach_nlri_ipv6_prefix").contains(address(prefix6)));
        assertThat(updates)
                .as("withdrawn")
                .anyMatch(each -> each.all("withdrawn_prefix").contains(address(route.prefix())));
    }

    private static String address(String prefix) {
        return prefix.substring(0, prefix.indexOf('/'));
    }

    private static List<String> communities(Capture.Message update) {
        List<String> all = new ArrayList<>();
        List<String> values = update.all("update.path_attribute.community_value");
        List<String> numbers = update.all("update.path_attribute.community_as");
        for (int i = 0; i < numbers.size(); i++) {
            all.add(numbers.get(i) + ":" + values.get(i));
        }
        return all;
    }

    private static void isShutdown(Capture.Message notification) {
        assertThat(notification.first("notify.major_error")).isEqualTo("6");
        assertThat(notification.first("notify.minor_error_cease")).isEqualTo("2");
        assertThat(notification.first("notify.communication_length")).isEqualTo(String.valueOf(TEXT.length()));
        assertThat(notification.first("notify.communication")).isEqualTo(TEXT);
    }

    @Feature(
            row = 3,
            value =
                    "Unrecognized attributes by way of them (RFC 4271, 5): transitive ones reach us with Partial, another one does not")
    @Quirk(
            daemon = Kind.GOBGP,
            what = "passes unrecognized transitive attributes on without setting Partial",
            rfc = "RFC 4271, 5")
    void unrecognized_by_way_of_them(Cell cell) throws Exception {
        Lab.require(PROGRAMS);
        cell.rawFeeder(unrecognized(cell.address(3), cell.theirPrefix(0))).toThem(Feeder.AS);
        Capture capture = cell.capture();
        cell.start().untilUp();
        Cell.until("here", () -> cell.received(cell.theirPrefix(0)).size() == 1);
        assertThat(cell.pop().rows(cell.peerName(), cell.theirPrefix(0)).get(0).at("/attributes/unrecognized"))
                .hasSize(2);
        capture.stop();

        assertPassedOn(capture, cell.theirs(), cell.theirPrefix(0), cell.kind != Kind.GOBGP);
    }

    @Feature(
            row = 4,
            value =
                    "Unrecognized attributes by way of us: transitive ones passed on with Partial and taken by them, another one not")
    void unrecognized_by_way_of_us(Cell cell) throws Exception {
        Lab.require(PROGRAMS);
        cell.rawFeeder(unrecognized(cell.address(3), cell.ourPrefix(0))).toUs(Feeder.AS);
        Capture capture = cell.capture();
        cell.start().untilUp();
        cell.untilTheyHave(
                LabRoute.to(cell.ourPrefix(0)).by(String.valueOf(Feeder.AS)).from(Pop.AS, cell.ours()));
        capture.stop();

        assertPassedOn(capture, cell.ours(), cell.ourPrefix(0), true);
    }

    /** Type 200 and, with Extended Length, 201 are optional transitive, 202 is optional non-transitive. */
    private static byte[] unrecognized(String nextHop, String prefix) {
        return Attributes.base(nextHop, Feeder.AS)
                .add(0xC0, 200, new byte[] {1, 2, 3, 4})
                .add(0xC0, 201, new byte[300])
                .add(0x80, 202, new byte[] {5})
                .announce(prefix);
    }

    private static void assertPassedOn(Capture capture, String from, String prefix, boolean partial) {
        assertThat(capture.problems()).isEmpty();
        Capture.Message update = capture.messages(from, Messages.UPDATE).stream()
                .filter(each -> each.all("nlri_prefix").contains(address(prefix)))
                .findFirst()
                .orElseThrow();
        List<String> types = update.all("update.path_attribute.type_code");
        List<String> flags = update.all("update.path_attribute.flags");
        assertThat(types).contains("200", "201").doesNotContain("202");
        assertThat(flags.get(types.indexOf("200"))).isEqualTo(partial ? "0xe0" : "0xc0");
        assertThat(flags.get(types.indexOf("201"))).isEqualTo(partial ? "0xf0" : "0xd0");
        assertThat(update.all("update.path_attribute.length").get(types.indexOf("201")))
                .isEqualTo("300");
    }

    @Feature(row = 2, value = "MD5: every segment of both sides is signed")
    void every_segment_signed(Cell cell) throws Exception {
        Lab.require(PROGRAMS);
        cell.session.password = "InteropKey1";
        cell.key("InteropKey1");
        cell.foreign.routes.add(LabRoute.to(cell.theirPrefix(0)));
        Capture capture = cell.capture();
        cell.start().untilUp();
        Cell.until("we have it", () -> cell.count(LabSession.IPV4, "received") == 1);
        capture.stop();

        assertThat(capture.problems()).isEmpty();
        assertThat(capture.messages(cell.theirs(), Messages.UPDATE)).isNotEmpty();
        assertThat(capture.unsigned()).isZero();
    }
}
