package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 2918 and RFC 7313. */
@Execution(ExecutionMode.CONCURRENT)
class RouteRefreshTest {

    private static final int ENHANCED = 70;
    private static final int BEGIN = 1;
    private static final int END = 2;

    private static Site site(String... settings) throws IOException, InterruptedException {
        return DaemonUnderTest.shared().site().peer(Who.E, settings).peer(Who.O).start();
    }

    private static TesterPeer enhanced(Site site) throws IOException, InterruptedException {
        return site.up(Who.E, site.open(Who.E).capability(ENHANCED));
    }

    private static byte[] refresh(int subtype) {
        return Messages.routeRefresh(1, subtype, 1);
    }

    private static byte[] announce(Site site, int... prefixes) {
        String[] all = new String[prefixes.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = site.prefix(prefixes[i]);
        }
        return site.attributes(Who.E).announce(all);
    }

    /** Waits until the observer has seen the last prefix, and so all before it. */
    private static void announced(Site site, TesterPeer e, TesterPeer o, int... prefixes) throws IOException {
        e.send(announce(site, prefixes));
        for (int each : prefixes) {
            o.expectRoute(site.prefix(each));
        }
    }

    @Test
    @Row("RR-01")
    void a_request_brings_the_whole_table_again() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            o.send(site.attributes(Who.O).med(5).announce(site.prefix(1)));
            o.send(site.attributes(Who.O, 64999).communities("7:7").announce(site.prefix(2), site.prefix(3)));
            for (int i = 1; i <= 3; i++) {
                e.expectRoute(site.prefix(i));
            }
            List<String> before = contents(e);

            e.send(refresh(0));

            e.await(
                    () -> e.history(site.prefix(1)).equals("++")
                            && e.history(site.prefix(2)).equals("++")
                            && e.history(site.prefix(3)).equals("++"),
                    "all again",
                    TesterPeer.SOON);
            assertThat(contents(e)).isEqualTo(before);
            site.proveUp(e, Who.E, o);
        }
    }

    private static List<String> contents(TesterPeer peer) {
        return peer.routes().entrySet().stream()
                .map(route -> route.getKey() + " "
                        + route.getValue().attributes().entrySet().stream()
                                .map(each ->
                                        each.getKey() + "=" + each.getValue().hex())
                                .collect(Collectors.joining(" ")))
                .sorted()
                .toList();
    }

    @Test
    @Row("RR-02")
    void a_request_for_another_family_is_ignored() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            o.send(site.attributes(Who.O).announce(site.prefix(1)));
            e.expectRoute(site.prefix(1));
            e.send(Messages.routeRefresh(2, 0, 1), Messages.routeRefresh(1, 0, 128));
            site.proveUp(e, Who.E, o);
            assertThat(e.history(site.prefix(1))).isEqualTo("+");
        }
    }

    @Test
    @Row("RR-03")
    void without_the_capability_nothing_is_requested_and_a_request_is_ignored() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E, site.open(Who.E).without(2));
            assertThatThrownBy(() -> site.operate(Who.E, "refresh", "")).hasMessageContaining("not negotiated");
            e.send(refresh(0));
            site.proveUp(e, Who.E, o);
            assertThat(e.messages(Messages.ROUTE_REFRESH)).isEmpty();
        }
    }

    @ParameterizedTest(name = "AFI {0}")
    @ValueSource(ints = {1, 2})
    @Row("RR-04")
    void an_enhanced_refresh_of_one_family_is_marked_at_both_ends(int afi) throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, UpdateSession.BOTH_FAMILIES)
                .peer(Who.O, UpdateSession.BOTH_FAMILIES)
                .start()) {
            TesterPeer o = site.up(Who.O, site.open(Who.O).family(2, 1));
            TesterPeer e = site.up(Who.E, site.open(Who.E).family(2, 1).capability(ENHANCED));
            Attributes ipv6 = Attributes.none().origin(0).path(Who.O.as());
            ipv6.reach(2, Octets.address("2001:db8:ffff::1"), site.prefix6(1));
            o.send(
                    site.attributes(Who.O).announce(site.prefix(1)),
                    Messages.update(new byte[0], ipv6.toArray(), new byte[0]));
            e.expectRoute(site.prefix(1));
            e.expectRoute(site.prefix6(1));

            e.send(Messages.routeRefresh(afi, 0, 1));

            e.expect(each -> isMark(each, END), "EoRR", TesterPeer.SOON);
            List<Received> messages = e.messages();
            int begin = indexOfMark(messages, BEGIN);
            int end = indexOfMark(messages, END);
            assertThat(messages.subList(begin + 1, end)).anyMatch(each -> each.type() == Messages.UPDATE);
            assertThat(Octets.hex(messages.get(begin).body())).isEqualTo("000%d0101".formatted(afi));
            assertThat(Octets.hex(messages.get(end).body())).isEqualTo("000%d0201".formatted(afi));
            assertThat(e.history(site.prefix(1))).isEqualTo(afi == 1 ? "++" : "+");
            assertThat(e.history(site.prefix6(1))).isEqualTo(afi == 2 ? "++" : "+");
        }
    }

    private static boolean isMark(Received message, int subtype) {
        return message.type() == Messages.ROUTE_REFRESH && message.u8(21) == subtype;
    }

    private static int indexOfMark(List<Received> messages, int subtype) {
        for (int i = 0; i < messages.size(); i++) {
            if (isMark(messages.get(i), subtype)) {
                return i;
            }
        }
        throw new AssertionError("no ROUTE-REFRESH of subtype " + subtype + " in " + messages);
    }

    @Test
    @Row("RR-05")
    void what_is_not_sent_again_goes_with_the_end_mark() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = enhanced(site);
            announced(site, e, o, 1, 2, 3, 4);

            e.send(refresh(BEGIN), announce(site, 1, 2));
            site.proveUp(e, Who.E, o);
            assertThat(o.history(site.prefix(3))).isEqualTo("+");

            e.send(refresh(END));
            o.expectNoRoute(site.prefix(3));
            o.expectNoRoute(site.prefix(4));
            site.proveUp(e, Who.E, o);
            assertThat(o.history(site.prefix(1))).doesNotContain("-");
            assertThat(o.history(site.prefix(2))).doesNotContain("-");
        }
    }

    @Test
    @Row("RR-06")
    void a_second_begin_mark_starts_over() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = enhanced(site);
            announced(site, e, o, 1, 2, 3);
            e.send(refresh(BEGIN), announce(site, 1), refresh(BEGIN), announce(site, 2), refresh(END));
            o.expectNoRoute(site.prefix(1));
            o.expectNoRoute(site.prefix(3));
            site.proveUp(e, Who.E, o);
            assertThat(o.history(site.prefix(2))).doesNotContain("-");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0001010100", "0001020100", "000101", "000102"})
    @Row("RR-07")
    void a_mark_of_a_wrong_length_is_answered_with_the_whole_message(String body) throws Exception {
        try (Site site = site()) {
            TesterPeer e = enhanced(site);
            byte[] message = Messages.message(Messages.ROUTE_REFRESH, Octets.hex(body));
            e.send(message);
            e.expectNotification(7, 1, Octets.hex(message));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 255})
    @Row("RR-08")
    void other_subtypes_are_ignored(int subtype) throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = enhanced(site);
            announced(site, e, o, 1);
            e.send(refresh(subtype));
            site.proveUp(e, Who.E, o);
            assertThat(o.history(site.prefix(1))).isEqualTo("+");
            assertThat(e.messages(Messages.ROUTE_REFRESH)).isEmpty();
        }
    }

    @Test
    @Row("RR-09")
    void with_graceful_restart_marks_count_only_after_the_first_table() throws Exception {
        try (Site site = site("graceful-restart: {restart-time: 20s}")) {
            TesterPeer o = site.up(Who.O);
            o.send(site.attributes(Who.O).announce(site.prefix(9)));
            TesterPeer e = site.connect(Who.E);
            byte[] restart = Octets.empty().u16(20).u16(1).u8(1).u8(0).toArray();
            e.send(site.open(Who.E).capability(ENHANCED).capability(64, restart).toArray());
            e.expect(Messages.OPEN);
            e.send(Messages.keepalive(), refresh(0));
            e.answering(true);

            e.expect(each -> isMark(each, END), "EoRR", TesterPeer.SOON);
            List<Received> messages = e.messages();
            assertThat(messages.subList(0, indexOfMark(messages, BEGIN)))
                    .anyMatch(each -> each.octets().length == 23 && each.type() == Messages.UPDATE);

            announced(site, e, o, 1, 2);
            e.send(refresh(BEGIN), announce(site, 1), refresh(END));
            site.proveUp(e, Who.E, o);
            assertThat(o.history(site.prefix(2))).isEqualTo("+");

            e.send(Messages.endOfRib(), refresh(BEGIN), announce(site, 1), refresh(END));
            o.expectNoRoute(site.prefix(2));
        }
    }

    @Test
    @Row("RR-10")
    void without_an_end_mark_stale_routes_go_when_their_time_is_over() throws Exception {
        try (Site site = site("route-refresh: {stale-time: 1s}")) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = enhanced(site);
            announced(site, e, o, 1, 2);
            long began = System.nanoTime();
            e.send(refresh(BEGIN), announce(site, 1));
            o.expectNoRoute(site.prefix(2));
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThan(Duration.ofMillis(900));
            site.proveUp(e, Who.E, o);
            assertThat(o.history(site.prefix(1))).doesNotContain("-");
        }
    }
}
