package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4724, RFC 8538 and RFC 9494: E restarts, the daemon keeps its routes, O watches. */
@Execution(ExecutionMode.CONCURRENT)
class GracefulRestartTest {

    private static final String ON = "graceful-restart: {restart-time: 20s, stale-time: 20s}";
    private static final int CAPABILITY = 64;
    private static final int LONG_LIVED = 71;
    private static final int RESTARTED = 0x8;
    private static final int NOTIFICATIONS = 0x4;
    private static final int LONG = 60;

    private static Site site(String... settings) throws IOException, InterruptedException {
        return DaemonUnderTest.shared().site().peer(Who.E, settings).peer(Who.O).start();
    }

    /** The capability for IPv4 unicast, its forwarding state preserved. */
    private static byte[] preserved(int flags, int seconds) {
        return Octets.empty().u16(flags << 12 | seconds).u16(1).u8(1).u8(0x80).toArray();
    }

    private static Open open(Site site, int flags, int seconds) {
        return site.open(Who.E).capability(CAPABILITY, preserved(flags, seconds));
    }

    private static byte[] announce(Site site, int... prefixes) {
        String[] all = new String[prefixes.length];
        for (int i = 0; i < all.length; i++) {
            all[i] = site.prefix(prefixes[i]);
        }
        return site.attributes(Who.E).announce(all);
    }

    /** {@return E's session after prefixes 1 and 2 have reached O} */
    private static TesterPeer withRoutes(Site site, TesterPeer o, Open open) throws IOException, InterruptedException {
        TesterPeer e = site.up(Who.E, open);
        e.send(announce(site, 1, 2), Messages.endOfRib());
        o.expectRoute(site.prefix(1));
        o.expectRoute(site.prefix(2));
        return e;
    }

    private static void untilStale(Site site) {
        site.untilStatus(
                Who.E,
                "stale routes",
                status -> status.at("/stale-routes/families").size() > 0);
    }

    private static void lost(Site site, TesterPeer o, int... prefixes) {
        for (int each : prefixes) {
            o.expectNoRoute(site.prefix(each), Duration.ofSeconds(5));
        }
    }

    private static void kept(Site site, TesterPeer o, int... prefixes) {
        for (int each : prefixes) {
            assertThat(o.history(site.prefix(each))).doesNotContain("-");
        }
    }

    @Test
    @Row({"GR-01", "GR-02"})
    void every_family_ends_with_its_marker_even_without_routes() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, ON, UpdateSession.BOTH_FAMILIES[0], UpdateSession.BOTH_FAMILIES[1])
                .start()) {
            TesterPeer e = site.up(Who.E, open(site, 0, LONG).family(2, 1));
            e.await(() -> e.messages(Messages.UPDATE).size() == 2, "End-of-RIB of both families", TesterPeer.SOON);
            assertThat(e.messages(Messages.UPDATE))
                    .extracting(each -> Octets.hex(each.body()))
                    .containsExactlyInAnyOrder("00000000", "00000006800f03000201");
        }
    }

    @Test
    @Row({"GR-03", "GR-04"})
    void routes_stay_for_the_restart_time_and_no_longer() throws Exception {
        try (Site site = site(ON)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = withRoutes(site, o, open(site, 0, 3));
            long lost = System.nanoTime();
            e.reset();
            lost(site, o, 1, 2);
            assertThat(Duration.ofNanos(System.nanoTime() - lost))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
        }
    }

    @Test
    @Row("GR-05")
    void what_is_not_sent_again_goes_with_the_end_of_rib() throws Exception {
        try (Site site = site(ON)) {
            TesterPeer o = site.up(Who.O);
            withRoutes(site, o, open(site, 0, LONG)).reset();
            TesterPeer e = site.up(Who.E, open(site, RESTARTED, LONG));
            e.send(announce(site, 1));
            site.proveUp(e, Who.E, o);
            kept(site, o, 1, 2);
            e.send(Messages.endOfRib());
            lost(site, o, 2);
            site.proveUp(e, Who.E, o);
            kept(site, o, 1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"000a00010100", "000a", "none"})
    @Row("GR-06")
    void who_has_not_preserved_its_forwarding_state_loses_its_routes_at_once(String capability) throws Exception {
        try (Site site = site(ON)) {
            TesterPeer o = site.up(Who.O);
            withRoutes(site, o, open(site, 0, LONG)).reset();
            Open back = site.open(Who.E);
            site.up(Who.E, capability.equals("none") ? back : back.capability(CAPABILITY, Octets.hex(capability)));
            lost(site, o, 1, 2);
        }
    }

    @Test
    @Row("GR-07")
    void a_new_connection_takes_the_place_of_the_old_one() throws Exception {
        try (Site site = site(ON)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer old = withRoutes(site, o, open(site, 0, LONG));
            TesterPeer e =
                    site.connect(Who.E).establish(open(site, RESTARTED, LONG).toArray());
            old.expectClosed(TesterPeer.SOON);
            assertThat(old.messages(Messages.NOTIFICATION)).isEmpty();
            e.send(announce(site, 1), Messages.endOfRib());
            lost(site, o, 2);
            site.proveUp(e, Who.E, o);
            kept(site, o, 1);
        }
    }

    @Test
    @Row("GR-08")
    void a_notification_takes_the_routes_along() throws Exception {
        endedBy(0, Messages.notification(6, 4), true);
    }

    @Test
    @Row("GR-13")
    void with_the_n_bit_a_notification_leaves_the_routes() throws Exception {
        endedBy(NOTIFICATIONS, Messages.notification(6, 4), false);
    }

    @Test
    @Row("GR-14")
    void a_hard_reset_takes_the_routes_along() throws Exception {
        endedBy(NOTIFICATIONS, Messages.notification(6, 9, new byte[] {6, 4}), true);
    }

    private static void endedBy(int flags, byte[] notification, boolean gone) throws Exception {
        try (Site site = site(ON)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = withRoutes(site, o, open(site, flags, LONG));
            e.send(notification);
            e.expectClosed(TesterPeer.SOON);
            if (gone) {
                lost(site, o, 1, 2);
            } else {
                untilStale(site);
                TesterPeer back = site.up(Who.E, open(site, flags | RESTARTED, LONG));
                back.send(announce(site, 1, 2), Messages.endOfRib());
                site.proveUp(back, Who.E, o);
                kept(site, o, 1, 2);
            }
        }
    }

    @Test
    @Row("GR-09")
    void a_second_restart_takes_what_is_stale_since_the_first() throws Exception {
        try (Site site = site(ON)) {
            TesterPeer o = site.up(Who.O);
            withRoutes(site, o, open(site, 0, LONG)).reset();
            TesterPeer e = site.up(Who.E, open(site, RESTARTED, LONG));
            e.send(announce(site, 1));
            site.proveUp(e, Who.E, o);
            e.reset();
            lost(site, o, 2);
            kept(site, o, 1);
        }
    }

    @Test
    @Row("GR-10")
    void of_two_capabilities_the_last_counts() throws Exception {
        byte[] nothing = Octets.empty().u16(LONG).toArray();
        Function<Site, Open> lastKeeps =
                site -> site.open(Who.E).capability(CAPABILITY, nothing).capability(CAPABILITY, preserved(0, LONG));
        Function<Site, Open> lastDoesNot = site ->
                site.open(Who.E).capability(CAPABILITY, preserved(0, LONG)).capability(CAPABILITY, nothing);
        for (Function<Site, Open> open : List.of(lastKeeps, lastDoesNot)) {
            try (Site site = site(ON)) {
                TesterPeer o = site.up(Who.O);
                withRoutes(site, o, open.apply(site)).reset();
                if (open == lastDoesNot) {
                    lost(site, o, 1, 2);
                } else {
                    untilStale(site);
                    kept(site, o, 1, 2);
                }
            }
        }
    }

    @Test
    @Row("GR-12")
    void who_has_restarted_is_sent_the_table_without_waiting_for_its_own() throws Exception {
        try (Site site = site(ON)) {
            TesterPeer o = site.up(Who.O);
            o.send(site.attributes(Who.O).announce(site.prefix(9)));
            TesterPeer e = site.up(Who.E, open(site, RESTARTED, LONG));
            e.expectRoute(site.prefix(9));
            e.expect(
                    each -> each.type() == Messages.UPDATE && each.octets().length == 23,
                    "End-of-RIB",
                    TesterPeer.SOON);
        }
    }

    @Test
    @Row("GR-15")
    void with_the_n_bit_silence_leaves_the_routes() throws Exception {
        try (Site site = site(ON)) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = withRoutes(site, o, open(site, NOTIFICATIONS, LONG).holdTime(3));
            e.answering(false);
            e.expectNotification(4, 0);
            untilStale(site);
            kept(site, o, 1, 2);
        }
    }

    @Test
    @Row("GR-16")
    void long_lived_routes_are_marked_the_last_choice_and_go_at_their_time() throws Exception {
        String longLived = "graceful-restart: {restart-time: 20s, long-lived: {ipv4-unicast: 2s}}";
        byte[] twoSeconds = Octets.empty().u16(1).u8(1).u8(0x80).u8(0).u16(2).toArray();
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, longLived)
                .peer(Who.O, longLived)
                .peer(Who.E2)
                .start()) {
            TesterPeer o = site.up(
                    Who.O,
                    site.open(Who.O).capability(CAPABILITY, preserved(0, LONG)).capability(LONG_LIVED, twoSeconds));
            TesterPeer e2 = site.up(Who.E2); // without the capability
            TesterPeer e = withRoutes(site, o, open(site, 0, 1).capability(LONG_LIVED, twoSeconds));
            String forbidden = site.prefix(3);
            String better = site.prefix(4);
            e.send(
                    site.attributes(Who.E).communities("65535:7").announce(forbidden),
                    site.attributes(Who.E).announce(better));
            e2.send(site.attributes(Who.E2, 65050).announce(better));
            o.expectRoute(forbidden);
            o.expectRoute(better, update -> update.path(4).equals("65000 65001"), "the shorter path");
            site.proveUp(e2, Who.E2, o);
            e2.expectRoute(site.prefix(1));

            e.reset();

            o.expectRoute(site.prefix(1), update -> update.hex(8).equals("ffff0006"), "LLGR_STALE");
            long marked = System.nanoTime();
            o.expectRoute(better, update -> update.path(4).equals("65000 65002 65050"), "the one that is not stale");
            lost(site, o, 3);
            lost(site, e2, 1, 2);
            kept(site, o, 1, 2, 4);
            lost(site, o, 1, 2);
            assertThat(Duration.ofNanos(System.nanoTime() - marked))
                    .isBetween(Duration.ofMillis(1500), Duration.ofSeconds(4));
            kept(site, o, 4);
        }
    }
}
