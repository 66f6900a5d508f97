package net.popbgp.core.fsm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OpenNegotiationTest {

    private static final AddressFamily V4 = AddressFamily.IPV4_UNICAST;
    private static final AddressFamily V6 = AddressFamily.IPV6_UNICAST;
    private static final RouterId REMOTE_ID = RouterId.of("10.0.0.2");

    /** What a test varies of the local side. */
    private record Local(
            long as,
            long remoteAs,
            int hold,
            int keepalive,
            int minHold,
            Set<AddressFamily> required,
            List<Capability> capabilities,
            Set<Integer> requiredCapabilities,
            boolean strictRole) {

        static Local of(
                long as,
                long remoteAs,
                int hold,
                int keepalive,
                int minHold,
                Set<AddressFamily> required,
                Capability... capabilities) {
            return new Local(as, remoteAs, hold, keepalive, minHold, required, List.of(capabilities), Set.of(), false);
        }

        Local requiring(Integer... codes) {
            return new Local(as, remoteAs, hold, keepalive, minHold, required, capabilities, Set.of(codes), false);
        }

        Local strict() {
            return new Local(as, remoteAs, hold, keepalive, minHold, required, capabilities, Set.of(), true);
        }

        static Local offering(Capability... capabilities) {
            return Local.of(65010, 12076, 90, 0, 3, Set.of(), capabilities);
        }

        FsmConfig config() {
            return new FsmConfig(
                    Asn.of(as),
                    remoteAs < 0 ? Optional.empty() : Optional.of(Asn.of(remoteAs)),
                    RouterId.of("10.0.0.1"),
                    hold,
                    keepalive,
                    minHold,
                    false,
                    Duration.ofSeconds(120),
                    Duration.ZERO,
                    Duration.ofMinutes(4),
                    Duration.ofSeconds(4),
                    Duration.ofSeconds(64),
                    Duration.ofSeconds(300),
                    Duration.ZERO,
                    capabilities,
                    new OpenRequirements(required, requiredCapabilities, strictRole));
        }

        NegotiatedSession with(OpenMessage received) throws NotificationException {
            FsmConfig config = config();
            return OpenNegotiation.negotiate(config, OpenNegotiation.open(config), received);
        }

        /** {@return code/subcode and data of the refusal} */
        String refusal(OpenMessage received) {
            NotificationMessage notification = catchThrowableOfType(NotificationException.class, () -> with(received))
                    .notification();
            String data = HexFormat.of().formatHex(notification.data());
            return notification.code() + "/" + notification.subcode() + (data.isEmpty() ? "" : " " + data);
        }
    }

    private static OpenMessage remote(Capability... capabilities) {
        return remote(12076, 90, REMOTE_ID, capabilities);
    }

    private static OpenMessage remote(int myAs, int hold, RouterId id, Capability... capabilities) {
        return new OpenMessage(myAs, hold, id, List.of(capabilities));
    }

    private static Capability mp(AddressFamily family) {
        return new Capability.Multiprotocol(family);
    }

    private static Capability as4(long as) {
        return new Capability.FourOctetAs(Asn.of(as));
    }

    @ParameterizedTest
    @CsvSource({
        // configured, 2-octet field, capability (-1 none), result
        "12076, 12076, -1, 12076",
        "12076, 12076, 12076, 12076",
        "12076, 12077, -1, 2/2",
        "12076, 12076, 12077, 2/2",
        "12076, 65000, 12076, 12076",
        "4200000001, 23456, 4200000001, 4200000001",
        "4200000001, 23456, -1, 2/2",
        "-1, 23456, -1, 2/2",
        "-1, 23456, 23456, 2/2",
        "-1, 12076, -1, 12076",
        "-1, 0, -1, 2/2",
        "-1, 0, 12076, 2/2",
        "-1, 12076, 0, 2/2",
    })
    void the_peers_as_is_the_capabilitys_then_the_fields(long configured, int field, long capability, String expected)
            throws NotificationException {
        Local local = Local.of(65010, configured, 90, 0, 3, Set.of());
        OpenMessage open =
                capability < 0 ? remote(field, 90, REMOTE_ID) : remote(field, 90, REMOTE_ID, as4(capability));

        if (expected.contains("/")) {
            assertThat(local.refusal(open)).isEqualTo(expected);
        } else {
            assertThat(local.with(open).remoteAs()).isEqualTo(Asn.of(Long.parseLong(expected)));
            assertThat(local.with(open).fourOctetAs()).isEqualTo(capability >= 0);
        }
    }

    @ParameterizedTest
    @CsvSource({
        // ours, configured keepalive, minimum, theirs, result: hold/keepalive or the refusal
        "90, 0, 3, 30, 30 10",
        "30, 0, 3, 90, 30 10",
        "90, 5, 3, 90, 90 5",
        "90, 60, 3, 90, 90 30",
        "90, 0, 3, 3, 3 1",
        "90, 0, 3, 4, 4 1",
        "90, 0, 3, 0, 0 0",
        "0, 0, 0, 90, 0 0",
        "90, 0, 3, 1, 2/6",
        "90, 0, 0, 2, 2/6",
        "90, 0, 20, 19, 2/6",
        "90, 0, 20, 20, 20 6",
        "90, 0, 20, 0, 2/6",
    })
    void the_hold_time_is_the_smaller_and_keepalive_at_most_a_third(
            int ours, int keepalive, int minimum, int theirs, String expected) throws NotificationException {
        Local local = Local.of(65010, 12076, ours, keepalive, minimum, Set.of());
        OpenMessage open = remote(12076, theirs, REMOTE_ID);

        if (expected.contains("/")) {
            assertThat(local.refusal(open)).isEqualTo(expected);
        } else {
            NegotiatedSession session = local.with(open);
            assertThat(session.holdTime() + " " + session.keepaliveTime()).isEqualTo(expected);
        }
    }

    @Test
    void an_identifier_of_zero_and_an_internal_peer_with_ours_are_refused() throws NotificationException {
        Local internal = Local.of(65010, 65010, 90, 0, 3, Set.of());
        RouterId ours = RouterId.of("10.0.0.1");

        assertThat(Local.offering().refusal(remote(12076, 90, new RouterId(0)))).isEqualTo("2/3");
        assertThat(internal.refusal(remote(65010, 90, ours))).isEqualTo("2/3");
        assertThat(internal.with(remote(65010, 90, REMOTE_ID)).peerType()).isEqualTo(PeerType.INTERNAL);
        assertThat(Local.offering().with(remote(12076, 90, ours)).peerType()).isEqualTo(PeerType.EXTERNAL);
        assertThat(Local.offering()
                        .with(remote(12076, 90, RouterId.of("224.0.0.5")))
                        .remoteRouterId())
                .hasToString("224.0.0.5");
    }

    @Test
    void families_are_those_of_both_and_ipv4_unicast_where_none_is_named() throws NotificationException {
        Local both = Local.offering(mp(V4), mp(V6));

        assertThat(both.with(remote()).families()).containsExactly(V4);
        assertThat(both.with(remote(mp(V6))).families()).containsExactly(V6);
        assertThat(both.with(remote(mp(V6), mp(V4), mp(V4))).families()).containsExactlyInAnyOrder(V4, V6);
        assertThat(Local.offering().with(remote(mp(V4), mp(V6))).families()).containsExactly(V4);
        assertThat(both.with(remote(new Capability.Unknown(200, (byte) 1))).families())
                .containsExactly(V4);
    }

    @Test
    void a_missing_required_family_is_named_in_the_refusal() {
        Local local = Local.of(65010, 12076, 90, 0, 3, Set.of(V4, V6), mp(V4), mp(V6));

        assertThat(local.refusal(remote(mp(V4)))).isEqualTo("2/7 010400020001");
        assertThat(local.refusal(remote(mp(AddressFamily.of(1, 2))))).isEqualTo("2/7 010400010001010400020001");
    }

    @Test
    void in_strict_mode_a_peer_without_a_role_is_refused() throws NotificationException {
        Local provider = Local.offering(mp(V4), new Capability.Role(0));

        assertThat(provider.strict().refusal(remote(mp(V4)))).isEqualTo("2/11");
        assertThat(provider.strict()
                        .with(remote(mp(V4), new Capability.Role(3)))
                        .families())
                .containsExactly(V4);
        assertThat(provider.with(remote(mp(V4))).families()).containsExactly(V4);
    }

    @Test
    void missing_required_capabilities_are_named_in_the_refusal() {
        Local local = Local.offering(mp(V4))
                .requiring(Capability.ROUTE_REFRESH, Capability.FOUR_OCTET_AS, Capability.GRACEFUL_RESTART);

        assertThat(local.refusal(remote(mp(V4)))).isEqualTo("2/7 020040020000" + "41040000fdf2");
        assertThat(local.refusal(remote(mp(V4), new Capability.RouteRefresh(), as4(12076))))
                .isEqualTo("2/7 40020000");
    }

    @Test
    void a_required_capability_that_is_there_lets_the_session_come_up() throws NotificationException {
        NegotiatedSession session =
                Local.offering(mp(V4)).requiring(Capability.ROUTE_REFRESH).with(remote(new Capability.RouteRefresh()));

        assertThat(session.localCapabilities()).containsExactly(mp(V4), as4(65010));
        assertThat(session.remoteCapabilities()).containsExactly(new Capability.RouteRefresh());
    }

    @Test
    void a_session_without_any_common_family_is_refused() {
        assertThat(Local.offering(mp(V6)).refusal(remote())).isEqualTo("2/7 010400020001");
    }

    @ParameterizedTest
    @CsvSource({
        "0, 3, ok",
        "3, 0, ok",
        "1, 2, ok",
        "2, 1, ok",
        "4, 4, ok",
        "0, 0, 2/11",
        "3, 3, 2/11",
        "0, 4, 2/11",
        "1, 1, 2/11",
        "4, 3, 2/11",
        "0, 200, 2/11",
        "-1, 3, ok",
        "3, -1, ok",
    })
    void roles_must_be_counterparts_if_both_sides_name_one(int ours, int theirs, String expected)
            throws NotificationException {
        Local local = ours < 0 ? Local.offering() : Local.offering(new Capability.Role(ours));
        OpenMessage open = theirs < 0 ? remote() : remote(new Capability.Role(theirs), new Capability.Role(theirs));

        if (expected.equals("ok")) {
            assertThat(local.with(open).peerType()).isEqualTo(PeerType.EXTERNAL);
        } else {
            assertThat(local.refusal(open)).isEqualTo(expected);
        }
    }

    @Test
    void several_different_roles_are_a_mismatch_and_roles_of_internal_peers_do_not_matter()
            throws NotificationException {
        Capability provider = new Capability.Role(0);
        Capability customer = new Capability.Role(3);
        Local internal = Local.of(65010, 65010, 90, 0, 3, Set.of(), provider);

        assertThat(Local.offering(provider).refusal(remote(customer, provider))).isEqualTo("2/11");
        assertThat(internal.with(remote(65010, 90, REMOTE_ID, provider)).peerType())
                .isEqualTo(PeerType.INTERNAL);
    }

    @Test
    void features_need_both_sides_but_long_messages_are_taken_of_any_peer() throws NotificationException {
        Local local = Local.offering(new Capability.RouteRefresh(), new Capability.EnhancedRouteRefresh());
        NegotiatedSession bare = local.with(remote(new Capability.ExtendedMessage()));
        NegotiatedSession full = Local.offering(
                        new Capability.RouteRefresh(),
                        new Capability.EnhancedRouteRefresh(),
                        new Capability.ExtendedMessage())
                .with(remote(new Capability.RouteRefresh(), new Capability.EnhancedRouteRefresh()));

        assertThat(bare.routeRefresh()).isFalse();
        assertThat(bare.enhancedRouteRefresh()).isFalse();
        assertThat(bare.extendedMessageSend()).isFalse();
        assertThat(bare.extendedMessageReceive()).isFalse();
        assertThat(full.routeRefresh()).isTrue();
        assertThat(full.enhancedRouteRefresh()).isTrue();
        assertThat(full.extendedMessageSend()).isFalse();
        assertThat(full.extendedMessageReceive()).isTrue();
    }

    @Test
    void long_messages_are_sent_where_both_sides_take_them() throws NotificationException {
        NegotiatedSession session =
                Local.offering(new Capability.ExtendedMessage()).with(remote(new Capability.ExtendedMessage()));

        assertThat(session.extendedMessageSend()).isTrue();
        assertThat(session.extendedMessageReceive()).isTrue();
    }

    @Test
    void path_identifiers_go_where_one_side_sends_and_the_other_receives() throws NotificationException {
        Local local = Local.offering(mp(V4), mp(V6), addPath(family(V4, true, false), family(V6, true, true)));
        NegotiatedSession session =
                local.with(remote(mp(V4), mp(V6), addPath(family(V4, true, true), family(V6, true, false))));

        assertThat(session.addPathReceive()).containsExactly(V4);
        assertThat(session.addPathSend()).containsExactly(V6);
        assertThat(local.with(remote(mp(V4), addPath(family(V6, true, true)))).addPathSend())
                .isEmpty();
    }

    private static Capability addPath(Capability.AddPath.Family... families) {
        return new Capability.AddPath(List.of(families));
    }

    private static Capability.AddPath.Family family(AddressFamily family, boolean receive, boolean send) {
        return new Capability.AddPath.Family(family, receive, send);
    }

    @Test
    void an_ipv6_next_hop_for_ipv4_needs_both_sides() throws NotificationException {
        Capability extended = new Capability.ExtendedNextHop(List.of(new Capability.ExtendedNextHop.Entry(V4, 2)));

        assertThat(Local.offering(mp(V4), extended)
                        .with(remote(mp(V4), extended))
                        .extendedNextHop())
                .containsExactly(V4);
        assertThat(Local.offering(mp(V4), extended).with(remote(mp(V4))).extendedNextHop())
                .isEmpty();
        assertThat(Local.offering(mp(V4), mp(V6), extended)
                        .with(remote(mp(V6), extended))
                        .extendedNextHop())
                .isEmpty();
    }

    @Test
    void the_last_graceful_restart_capability_counts() throws NotificationException {
        Capability first = new Capability.GracefulRestart(false, false, 60, List.of());
        Capability.GracefulRestart last = new Capability.GracefulRestart(true, true, 120, List.of());
        NegotiatedSession session = Local.offering().with(remote(first, last));

        assertThat(session.gracefulRestart()).contains(last);
        assertThat(session.remoteCapabilities()).containsExactly(first, last);
    }

    @Test
    void our_open_has_as_trans_and_the_four_octet_capability_once() {
        Local local = Local.of(4200000001L, 12076, 90, 0, 3, Set.of(), mp(V4), as4(1));
        OpenMessage open = OpenNegotiation.open(local.config());

        assertThat(open.myAs()).isEqualTo(23456);
        assertThat(open.asn()).isEqualTo(Asn.of(4200000001L));
        assertThat(open.holdTime()).isEqualTo(90);
        assertThat(open.capabilities()).containsExactly(mp(V4), as4(4200000001L));
        assertThat(OpenNegotiation.open(Local.offering().config()).myAs()).isEqualTo(65010);
    }
}
