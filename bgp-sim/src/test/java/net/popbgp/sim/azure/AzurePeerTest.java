package net.popbgp.sim.azure;

import static net.popbgp.sim.azure.Circuits.VNET;
import static net.popbgp.sim.azure.Circuits.VNET_WITH_COMMUNITIES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.sim.azure.AzureProfile.LimitSemantics;
import net.popbgp.sim.fault.MalformedUpdate;
import net.popbgp.sim.virtual.VirtualNetwork;
import net.popbgp.sim.virtual.VirtualTime;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AzurePeerTest {

    private static final InetAddress POP = IpAddresses.parse("169.254.10.1");
    private static final InetAddress AZURE = IpAddresses.parse("169.254.10.2");

    private final long seed = Long.getLong("popbgp.seed", 20261123L);
    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, seed);
    private final TestPop pop = new TestPop(POP, network.host(POP));
    private final EventLog events = new EventLog(time.clock());
    private AzurePeer azure = azure(Circuits.FAST, false);

    @BeforeEach
    void print_seed(TestInfo test) {
        System.out.println(test.getDisplayName() + " seed " + seed);
    }

    private AzurePeer azure(AzureProfile profile, boolean passiveOnly) {
        AzureCircuit circuit = Circuits.circuit("169.254.10.0/30", 179, passiveOnly, Optional.empty(), profile);
        return new AzurePeer(circuit, time, network.host(AZURE), events, seed);
    }

    private void bringUp() {
        pop.listen(179, AZURE);
        azure.start().join();
        seconds(2);
        assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
    }

    /** Lets time pass, the PoP sending KEEPALIVEs. */
    private void seconds(int seconds) {
        for (int i = 0; i < seconds; i++) {
            time.advance(Duration.ofSeconds(1));
            if (i % 10 == 5 && azure.state() == FsmState.ESTABLISHED && pop.hasConnection()) {
                pop.keepalive();
            }
        }
    }

    private List<String> kinds() {
        return events.after(0).stream().map(EdgeEvent::kind).toList();
    }

    @Nested
    class Session {

        @Test
        void offers_what_is_known_of_azure_and_announces_vnets_with_end_of_rib() {
            bringUp();

            OpenMessage open = (OpenMessage) pop.messages.get(0);
            assertThat(open.asn()).isEqualTo(Asn.of(12076));
            assertThat(open.holdTime()).isEqualTo(180);
            assertThat(open.routerId()).isEqualTo(RouterId.of("169.254.10.2"));
            assertThat(pop.routes.keySet()).containsExactly(VNET, VNET_WITH_COMMUNITIES);
            PathAttributes vnet = pop.route(VNET);
            assertThat(vnet.asPath()).isEqualTo(AsPath.of(12076));
            assertThat(vnet.origin()).isEqualTo(Origin.IGP);
            assertThat(vnet.nextHop().orElseThrow().address()).isEqualTo(AZURE);
            assertThat(vnet.multiExitDisc()).isEmpty();
            assertThat(vnet.communities()).isEmpty();
            assertThat(pop.route(VNET_WITH_COMMUNITIES).communities())
                    .containsExactlyInAnyOrderElementsOf(Circuits.COMMUNITIES);
            assertThat(pop.endOfRibs).isEqualTo(1);
            assertThat(azure.snapshot().announced()).containsExactly(VNET, VNET_WITH_COMMUNITIES);
            assertThat(azure.snapshot().holdTime()).isEqualTo(60);
        }

        @Test
        void takes_an_inbound_connection_when_passive() {
            azure = azure(Circuits.FAST, true);
            azure.start().join();
            seconds(5);
            assertThat(azure.state()).isEqualTo(FsmState.ACTIVE);

            pop.dial(azure.address());
            seconds(1);

            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
        }

        @Test
        void resets_connections_from_other_addresses() {
            azure.start().join();
            InetAddress stranger = IpAddresses.parse("169.254.10.3");
            TestPop other = new TestPop(stranger, network.host(stranger));
            other.dial(azure.address());
            time.advance(Duration.ofMillis(500));

            assertThat(other.closed).containsExactly("connection reset by the peer");
            assertThat(kinds()).contains("refused");
        }

        @Test
        void refuses_a_wrong_as_with_2_2() {
            pop.asn = 64513;
            pop.listen(179, AZURE);
            azure.start().join();
            time.advance(Duration.ofMillis(500));

            assertThat(pop.notifications).containsExactly(NotificationMessage.of(ErrorCode.OPEN_MESSAGE_ERROR, 2));
        }

        @ParameterizedTest
        @ValueSource(ints = {1, 2})
        void refuses_a_hold_time_of_one_or_two_seconds_with_2_6(int holdTime) {
            pop.holdTime = holdTime;
            pop.listen(179, AZURE);
            azure.start().join();
            time.advance(Duration.ofMillis(500));

            assertThat(pop.notifications).hasSize(1);
            assertThat(pop.notifications.get(0).code()).isEqualTo(2);
            assertThat(pop.notifications.get(0).subcode()).isEqualTo(6);
        }

        @Test
        void hold_time_zero_means_no_keepalives_and_no_expiry() {
            pop.holdTime = 0;
            bringUp();
            int before = pop.messages.size();
            time.advance(Duration.ofHours(1));

            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(pop.messages).hasSize(before);
        }

        @Test
        void sends_keepalives_every_third_of_the_hold_time() {
            bringUp();
            pop.messages.clear();
            seconds(60);

            assertThat(pop.messages).hasSize(3).containsOnly(KeepaliveMessage.INSTANCE);
        }

        @Test
        void expires_a_silent_pop_with_4_0_and_dials_again() {
            bringUp();
            time.advance(Duration.ofSeconds(64));

            assertThat(pop.notifications).containsExactly(NotificationMessage.of(ErrorCode.HOLD_TIMER_EXPIRED, 0));
            assertThat(azure.snapshot().establishedCount()).isEqualTo(2);
        }

        @ParameterizedTest
        @ValueSource(strings = {"1.1.1.1", "200.1.1.1"})
        void collision_leaves_one_session(String routerId) {
            pop.routerId = RouterId.of(routerId);
            pop.answersOpen = false;
            TestPop dialer = new TestPop(POP, network.host(POP));
            dialer.routerId = pop.routerId;
            dialer.answersOpen = false;
            pop.listen(179, AZURE);
            azure.start().join();
            dialer.dial(azure.address());
            time.advance(Duration.ofMillis(500));
            TestPop winner = pop.hasConnection() ? pop : dialer;
            TestPop loser = winner == pop ? dialer : pop;
            winner.keepalive();
            time.advance(Duration.ofMillis(500));

            assertThat(loser.notifications).containsExactly(NotificationMessage.cease(7));
            assertThat(winner.notifications).isEmpty();
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            boolean popHasLargerId = RouterId.of(routerId).compareTo(RouterId.of("169.254.10.2")) > 0;
            assertThat(winner).isSameAs(popHasLargerId ? dialer : pop);
        }

        @Test
        void second_connection_to_an_established_session_is_ceased_with_6_7() {
            bringUp();
            TestPop second = new TestPop(POP, network.host(POP));
            second.dial(azure.address());
            seconds(1);

            assertThat(second.notifications).containsExactly(NotificationMessage.cease(7));
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(azure.snapshot().establishedCount()).isEqualTo(1);
        }

        @Test
        void route_refresh_is_answered_with_all_vnets() {
            bringUp();
            pop.routes.clear();
            pop.wire().send(RouteRefreshMessage.request(AddressFamily.IPV4_UNICAST));
            seconds(1);

            assertThat(pop.routes).hasSize(2);
        }

        @Test
        void ipv6_peering_carries_ipv6_vnets_only_and_has_a_limit_of_its_own() {
            Prefix vnet = Prefix.of("fd00:1::/48");
            AzureCircuit circuit = new AzureCircuit(
                    "six",
                    Prefix.of("2001:db8::/126"),
                    Asn.of(64512),
                    0,
                    179,
                    false,
                    Optional.empty(),
                    Sku.PREMIUM,
                    List.of(new AzureCircuit.Vnet("v", List.of(VNET, vnet), List.of())),
                    Circuits.FAST);
            InetAddress popAddress = IpAddresses.parse("2001:db8::1");
            InetAddress azureAddress = IpAddresses.parse("2001:db8::2");
            assertThat(circuit.popAddress()).isEqualTo(popAddress);
            assertThat(circuit.azureAddress()).isEqualTo(azureAddress);
            TestPop sixPop = new TestPop(popAddress, network.host(popAddress));
            AzurePeer six = new AzurePeer(circuit, time, network.host(azureAddress), events, seed);
            sixPop.listen(179, azureAddress);
            six.start().join();
            seconds(2);

            assertThat(sixPop.routes.keySet()).containsExactly(vnet);
            assertThat(sixPop.route(vnet).nextHop().orElseThrow().address()).isEqualTo(azureAddress);
            assertThat(sixPop.endOfRibs).isEqualTo(1);

            List<Prefix> offered = IntStream.range(0, 101)
                    .mapToObj(i -> Prefix.of("fd01:" + Integer.toHexString(i) + "::/32"))
                    .toList();
            sixPop.announce(sixPop.attributes(64512), offered);
            seconds(1);
            assertThat(sixPop.notifications)
                    .containsExactly(NotificationMessage.maximumPrefixes(AddressFamily.IPV6_UNICAST, 100));
        }

        @Test
        void ipv6_offered_on_an_ipv4_session_carries_no_routes() {
            AzureProfile preset = Circuits.FAST;
            azure = azure(
                    new AzureProfile(
                            preset.localAs(),
                            preset.holdTime(),
                            preset.keepaliveTime(),
                            preset.minHoldTime(),
                            preset.connectRetry(),
                            preset.standardLimit(),
                            preset.premiumLimit(),
                            preset.ipv6Limit(),
                            preset.warnPercent(),
                            preset.semantics(),
                            preset.restart(),
                            preset.vnetAsPath(),
                            preset.vnetLimit(),
                            preset.allowOwnAs(),
                            preset.drainPrepends(),
                            true,
                            true,
                            true,
                            OptionalInt.of(120)),
                    false);
            bringUp();

            OpenMessage open = (OpenMessage) pop.messages.get(0);
            assertThat(open.capabilities())
                    .contains(
                            new Capability.Multiprotocol(AddressFamily.IPV6_UNICAST),
                            new Capability.GracefulRestart(false, false, 120, List.of()));
            assertThat(pop.endOfRibs).isEqualTo(1);
            assertThat(pop.routes).hasSize(2);
        }

        @Test
        void peering_must_be_a_30() {
            assertThatIllegalArgumentException()
                    .isThrownBy(() ->
                            Circuits.circuit("169.254.10.0/29", 179, false, Optional.empty(), AzureProfile.DEFAULT))
                    .withMessageContaining("169.254.10.0/29");
        }
    }

    @Nested
    class Received {

        @Test
        void own_as_is_tolerated_twice_and_flagged() {
            bringUp();
            List<Prefix> prefixes = TestPop.prefixes(0, 3);
            pop.announce(pop.attributes(64512), prefixes.subList(0, 1));
            pop.announce(pop.attributes(64512, 12076, 12076), prefixes.subList(1, 2));
            pop.announce(pop.attributes(64512, 12076, 12076, 12076), prefixes.subList(2, 3));
            seconds(1);

            PeerSnapshot snapshot = azure.snapshot();
            assertThat(snapshot.leaked()).isEqualTo(prefixes.subList(1, 3));
            assertThat(snapshot.route(prefixes.get(1)).orElseThrow().refused()).isEmpty();
            assertThat(snapshot.route(prefixes.get(2)).orElseThrow().refused()).contains("own AS 3 times");
            assertThat(kinds()).contains("leak");
        }

        @ParameterizedTest
        @ValueSource(strings = {"169.254.10.2", "8.8.8.8"})
        void bogus_next_hop_is_refused_but_counted(String nextHop) {
            bringUp();
            pop.announce(
                    pop.attributes(64512).toBuilder()
                            .nextHop(IpAddresses.parse(nextHop))
                            .build(),
                    TestPop.prefixes(0, 1));
            seconds(1);

            assertThat(azure.snapshot().received())
                    .hasSize(1)
                    .allSatisfy((prefix, route) -> assertThat(route.refused()).isEqualTo("next hop not usable"));
        }

        @Test
        void withdrawn_and_repeated_prefixes_are_counted_once() {
            bringUp();
            pop.announce(0, 10);
            pop.announce(5, 10);
            pop.wire()
                    .send(UpdateMessage.withdraw(
                            PackedPrefixes.of(AddressFamily.IPV4_UNICAST, TestPop.prefixes(0, 3))));
            pop.wire().send(UpdateMessage.endOfRib(AddressFamily.IPV4_UNICAST));
            seconds(1);

            assertThat(azure.snapshot().count(AddressFamily.IPV4_UNICAST)).isEqualTo(12);
            assertThat(azure.snapshot().endOfRibReceived()).containsEntry(AddressFamily.IPV4_UNICAST, true);
        }
    }

    @Nested
    class Limit {

        @Test
        void exactly_4000_prefixes_are_taken_with_a_warning() {
            bringUp();
            pop.announce(0, 3199);
            seconds(1);
            assertThat(kinds()).doesNotContain("prefix-warning");
            pop.announce(3199, 801);
            seconds(30);

            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(azure.snapshot().count(AddressFamily.IPV4_UNICAST)).isEqualTo(4000);
            assertThat(kinds()).containsOnlyOnce("prefix-warning");
        }

        @Test
        void prefix_4001_ends_the_session_with_6_1_until_fewer_are_offered() {
            azure = azure(Circuits.profile(LimitSemantics.EXCEEDS, Duration.ofSeconds(60), true), false);
            bringUp();
            pop.announce(0, 4001);
            seconds(1);

            assertThat(pop.notifications)
                    .containsExactly(NotificationMessage.maximumPrefixes(AddressFamily.IPV4_UNICAST, 4000));
            assertThat(azure.state()).isEqualTo(FsmState.IDLE);
            pop.dial(azure.address());
            seconds(50);
            assertThat(pop.closed).containsExactly("connection refused");
            assertThat(azure.state()).isEqualTo(FsmState.IDLE);

            seconds(11);
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            pop.announce(0, 4001);
            seconds(1);
            assertThat(azure.snapshot().limitDrops()).isEqualTo(2);

            seconds(62);
            pop.announce(0, 40);
            seconds(300);
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(azure.snapshot().limitDrops()).isEqualTo(2);
        }

        @Test
        void meets_semantics_ends_it_at_the_4000th() {
            azure = azure(Circuits.profile(LimitSemantics.MEETS, Duration.ofSeconds(60), true), false);
            bringUp();
            pop.announce(0, 3999);
            seconds(1);
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            pop.announce(3999, 1);
            seconds(1);

            assertThat(azure.state()).isEqualTo(FsmState.IDLE);
        }

        @Test
        void premium_takes_10000_and_a_downgrade_ends_it() {
            bringUp();
            azure.setSku(Sku.PREMIUM).join();
            pop.announce(0, 10_000);
            seconds(1);
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);

            azure.setSku(Sku.STANDARD).join();
            seconds(1);
            assertThat(pop.notifications)
                    .containsExactly(NotificationMessage.maximumPrefixes(AddressFamily.IPV4_UNICAST, 4000));
        }
    }

    @Nested
    class Vnets {

        @Test
        void drain_announces_the_own_as_nine_times_and_back() {
            bringUp();
            azure.drain(true).join();
            seconds(1);
            assertThat(pop.route(VNET).asPath()).isEqualTo(AsPath.of(12076).prepend(Asn.of(12076), 8));
            assertThat(pop.route(VNET).asPath().length()).isEqualTo(9);
            assertThat(azure.snapshot().faults()).containsExactly("drain");

            azure.drain(false).join();
            seconds(1);
            assertThat(pop.route(VNET).asPath()).isEqualTo(AsPath.of(12076));
        }

        @Test
        void growing_and_shrinking_change_only_what_is_new() {
            bringUp();
            azure.vnetGrow(10).join();
            seconds(1);
            assertThat(pop.routes).hasSize(12);
            assertThat(pop.messages.stream().filter(m -> m.type() == MessageType.UPDATE))
                    .hasSize(4);

            azure.vnetShrink(11).join();
            seconds(1);
            assertThat(pop.routes.keySet()).containsExactly(VNET);
        }

        @Test
        void more_than_1000_address_spaces_are_all_withdrawn_and_the_session_stays() {
            bringUp();
            azure.vnetGrow(998).join();
            seconds(1);
            assertThat(pop.routes).hasSize(1000);
            azure.vnetGrow(1).join();
            seconds(1);
            assertThat(pop.routes).isEmpty();
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);

            azure.vnetShrink(1).join();
            seconds(1);
            assertThat(pop.routes).hasSize(1000);
        }

        @Test
        void core_maintenance_and_withdraw_all_leave_the_session_up() {
            bringUp();
            azure.coreMaintenance(true).join();
            seconds(1);
            assertThat(pop.routes).isEmpty();
            azure.coreMaintenance(false).join();
            seconds(1);
            assertThat(pop.routes).hasSize(2);
            azure.withdrawAll().join();
            seconds(1);
            assertThat(pop.routes).isEmpty();
            azure.announceAll().join();
            seconds(1);
            assertThat(pop.routes).hasSize(2);
            assertThat(azure.snapshot().establishedCount()).isEqualTo(1);
        }
    }

    @Nested
    class FaultsOnCommand {

        @Test
        void tcp_reset_and_fin_come_without_notification() {
            bringUp();
            azure.tcpReset().join();
            time.advance(Duration.ofMillis(500));
            assertThat(pop.closed).containsExactly("connection reset by the peer");
            seconds(2);
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            azure.fin().join();
            time.advance(Duration.ofMillis(500));

            assertThat(pop.closed).last().isEqualTo("closed by the peer");
            assertThat(pop.notifications).isEmpty();
        }

        @Test
        void silence_sends_nothing_reads_on_and_catches_up() {
            bringUp();
            azure.silence(true).join();
            pop.messages.clear();
            azure.vnetGrow(3).join();
            pop.announce(0, 5);
            seconds(59);
            assertThat(pop.messages).isEmpty();
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(azure.snapshot().received()).hasSize(5);

            azure.silence(false).join();
            seconds(1);
            assertThat(pop.routes).hasSize(5);
            assertThat(pop.messages).contains(KeepaliveMessage.INSTANCE);
        }

        @Test
        void blackhole_neither_sends_nor_reads_and_outlives_the_hold_time() {
            bringUp();
            azure.blackhole(true).join();
            pop.messages.clear();
            pop.announce(0, 5);
            seconds(200);
            assertThat(pop.messages).isEmpty();
            assertThat(azure.snapshot().received()).isEmpty();

            azure.blackhole(false).join();
            seconds(1);
            assertThat(azure.snapshot().received()).hasSize(5);
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
        }

        @Test
        void pop_that_reconnects_into_silence_gets_its_open_at_the_end() {
            bringUp();
            azure.silence(true).join();
            pop.wire().close();
            seconds(1);
            pop.dial(azure.address());
            seconds(5);
            assertThat(pop.opens).isEqualTo(1);

            azure.silence(false).join();
            seconds(1);
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
        }

        @Test
        void stopped_reading_still_sends_keepalives() {
            bringUp();
            azure.stopReading(true).join();
            pop.messages.clear();
            pop.announce(0, 5);
            seconds(120);
            assertThat(pop.messages).hasSize(6);
            assertThat(azure.snapshot().received()).isEmpty();

            azure.stopReading(false).join();
            seconds(1);
            assertThat(azure.snapshot().received()).hasSize(5);
        }

        @Test
        void any_notification_can_be_sent() {
            bringUp();
            NotificationMessage odd = new NotificationMessage(6, 99, (byte) 1, (byte) 2);
            azure.notification(odd).join();
            seconds(1);

            assertThat(pop.notifications).containsExactly(odd);
            assertThat(azure.snapshot().lastSent()).contains(odd);
        }

        @Test
        void admin_down_ceases_with_6_2_and_refuses_until_up() {
            bringUp();
            InetSocketAddress address = azure.address();
            azure.adminDown("maintenance").join();
            seconds(1);
            assertThat(pop.notifications).containsExactly(NotificationMessage.cease(2, "maintenance"));
            pop.dial(address);
            seconds(30);
            assertThat(pop.closed).containsExactly("connection refused");
            assertThat(azure.state()).isEqualTo(FsmState.IDLE);

            azure.adminUp().join();
            seconds(2);
            assertThat(azure.state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(azure.address()).isEqualTo(address);
        }

        @Test
        void flaps_as_often_as_told() {
            bringUp();
            azure.flap(3, Duration.ofSeconds(10)).join();
            seconds(60);

            assertThat(pop.notifications).hasSize(3).containsOnly(NotificationMessage.cease(4));
            assertThat(azure.snapshot().establishedCount()).isEqualTo(4);
        }

        @ParameterizedTest
        @EnumSource(MalformedUpdate.class)
        void malformed_messages_are_treated_as_the_rfcs_say(MalformedUpdate kind) {
            bringUp();
            Prefix prefix = Prefix.of("10.99.0.0/24");
            azure.sendRaw(kind.toString(), kind.encode(prefix, AZURE)).join();
            time.advance(Duration.ofMillis(500));

            switch (kind.expected()) {
                case ATTRIBUTE_DISCARD -> assertThat(pop.routes).containsKey(prefix);
                case TREAT_AS_WITHDRAW ->
                    assertThat(pop.routes).doesNotContainKey(prefix).hasSize(2);
                case SESSION_RESET -> assertThat(pop.errors).hasSize(1);
            }
            if (kind.expected() != MalformedUpdate.Expected.SESSION_RESET) {
                assertThat(pop.errors).isEmpty();
                UpdateMessage last = (UpdateMessage) pop.messages.get(pop.messages.size() - 1);
                assertThat(last.faults()).isNotEmpty();
            }
        }
    }

    @Test
    void thousand_seeds_of_lost_connections_end_in_a_session() {
        for (long each = seed; each < seed + 1000; each++) {
            VirtualTime ownTime = new VirtualTime();
            VirtualNetwork lossy = new VirtualNetwork(ownTime, each);
            TestPop ownPop = new TestPop(POP, lossy.host(POP));
            AzureCircuit circuit = Circuits.circuit("169.254.10.0/30", 179, false, Optional.empty(), Circuits.FAST);
            AzurePeer peer = new AzurePeer(circuit, ownTime, lossy.host(AZURE), new EventLog(ownTime.clock()), each);
            ownPop.listen(179, AZURE);
            lossy.setResetProbability(0.2);
            peer.start().join();
            ownTime.advance(Duration.ofSeconds(20));
            lossy.setResetProbability(0);

            boolean settled = ownTime.advanceUntil(
                    () -> peer.state() == FsmState.ESTABLISHED && ownPop.routes.size() == 2, Duration.ofMinutes(5));
            assertThat(settled).as("seed %d", each).isTrue();
        }
    }
}
