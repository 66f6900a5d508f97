package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.fsm.RestartState;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.session.RestartSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A restart of our own, before and after it (RFC 4724, 4.1; RFC 8538), with one peer, two families and one clock. */
class OwnRestartVirtualTest {

    private static final InetAddress A = IpAddresses.parse("192.0.2.1");
    private static final InetAddress B = IpAddresses.parse("192.0.2.2");
    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
    private static final AddressFamily IPV6 = AddressFamily.IPV6_UNICAST;
    private static final Duration DEFERRAL = Duration.ofSeconds(20);

    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, 1);
    private final RawPeer raw = new RawPeer(network, B, 64502);
    private @Nullable Node made;

    private Node node() {
        Node node = made;
        if (node == null) {
            node = new Node(
                    network,
                    time,
                    A,
                    64501,
                    B,
                    64502,
                    1,
                    Node.Options.offering(new Capability.Multiprotocol(IPV6), restart(false, IPV4, IPV6))
                            .with(new RestartSettings(true, Duration.ofMinutes(1), Map.of())));
            made = node;
        }
        return node;
    }

    private static Capability restart(boolean restarted, AddressFamily... families) {
        return new Capability.GracefulRestart(
                restarted,
                true,
                30,
                List.of(families).stream()
                        .map(family -> new Capability.GracefulRestart.Family(family, true))
                        .toList());
    }

    private void up(Capability... offered) {
        raw.capabilities = List.of(offered);
        raw.whenUp = connection -> time.scheduleAtFixedRate(
                () -> {
                    if (!connection.closed) {
                        connection.keepalive();
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
        raw.listen(A);
        node().announce(Prefix.of("198.51.100.0/24"));
        node().start();
        assertThat(time.advanceUntil(() -> node().isUp(), DEFERRAL.dividedBy(2)))
                .isTrue();
        time.advance(Duration.ofSeconds(1));
    }

    private void deferred(AddressFamily... families) {
        node().peer.restartState(RestartState.RESTARTED);
        node().engine.ask(tables -> {
            node().engine.deferSelection(Map.of("AS64502", Set.of(families)), DEFERRAL);
            return true;
        });
    }

    private List<AddressFamily> endsOfRib() {
        return raw.last().messages.stream()
                .filter(UpdateMessage.class::isInstance)
                .flatMap(message -> ((UpdateMessage) message).endOfRib().stream())
                .toList();
    }

    private long updates() {
        return raw.last().count(MessageType.UPDATE);
    }

    @Test
    void each_family_is_selected_and_completed_as_its_own_end_of_rib_comes() {
        deferred(IPV4, IPV6);
        up(new Capability.Multiprotocol(IPV6), restart(false, IPV4, IPV6));
        assertThat(updates()).isZero();

        raw.last().endOfRib(IPV6);
        time.advance(Duration.ofSeconds(1));
        assertThat(endsOfRib()).containsExactly(IPV6);
        assertThat(node().routes()).isZero();
        assertThat(node().engine.deferredSelection().awaited()).isEqualTo(Map.of(IPV4, Set.of("AS64502")));

        raw.last().endOfRib(IPV4);
        time.advance(Duration.ofSeconds(1));
        assertThat(endsOfRib()).containsExactly(IPV6, IPV4);
        assertThat(raw.last().routes).containsExactly(Prefix.of("198.51.100.0/24"));
        assertThat(node().routes()).isEqualTo(1);
        assertThat(node().engine.deferredSelection().awaited()).isEmpty();
        assertThat(node().bugs).isEmpty();
    }

    @Test
    void the_timer_ends_the_wait_of_the_families_that_are_left_and_names_who_is_missing() {
        deferred(IPV4, IPV6);
        up(new Capability.Multiprotocol(IPV6), restart(false, IPV4, IPV6));
        raw.last().endOfRib(IPV4);
        time.advance(Duration.ofSeconds(1));
        assertThat(endsOfRib()).containsExactly(IPV4);

        time.advance(DEFERRAL);
        assertThat(endsOfRib()).containsExactly(IPV4, IPV6);
        assertThat(node().log)
                .anyMatch(line -> line.endsWith("selected " + IPV4 + " without []"))
                .anyMatch(line -> line.endsWith("selected " + IPV6 + " without [AS64502]"));
    }

    @Test
    void a_family_that_the_session_does_not_have_is_not_waited_for() {
        deferred(IPV4, IPV6);
        up(restart(false, IPV4));
        assertThat(node().engine.deferredSelection().awaited()).containsOnlyKeys(IPV4);
    }

    @Test
    void a_peer_without_the_capability_is_not_waited_for() {
        deferred(IPV4, IPV6);
        up(new Capability.Multiprotocol(IPV6));
        assertThat(endsOfRib()).containsExactlyInAnyOrder(IPV4, IPV6);
    }

    @Test
    void a_peer_that_comes_up_meanwhile_is_waited_for_too() {
        node().engine.ask(tables -> {
            node().engine.deferSelection(Map.of("another", Set.of(IPV4)), DEFERRAL);
            return true;
        });
        up(new Capability.Multiprotocol(IPV6), restart(false, IPV4, IPV6));
        assertThat(endsOfRib()).containsExactly(IPV6);
        assertThat(node().engine.deferredSelection().awaited()).isEqualTo(Map.of(IPV4, Set.of("another", "AS64502")));
    }

    @Test
    void an_operator_who_stops_a_peer_ends_the_wait_for_it() {
        deferred(IPV4, IPV6);
        up(new Capability.Multiprotocol(IPV6), restart(false, IPV4, IPV6));
        node().peer.stop(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN));
        time.advance(Duration.ofSeconds(1));
        assertThat(node().engine.deferredSelection().awaited()).isEmpty();
        assertThat(node().routes()).isEqualTo(1);
    }

    @Test
    void once_the_restart_is_over_a_peer_that_has_not_come_is_told_nothing_of_it() {
        node().peer.restartState(RestartState.RESTARTED);
        node().peer.restartIsOver();
        up(restart(false, IPV4));
        OpenMessage open = (OpenMessage) raw.last().messages.get(0);
        Capability.GracefulRestart offered =
                open.first(Capability.GracefulRestart.class).orElseThrow();
        assertThat(offered.restarted()).isFalse();
        assertThat(offered.families()).noneMatch(Capability.GracefulRestart.Family::forwardingPreserved);
    }

    @Test
    void a_peer_that_waits_for_us_is_left_without_a_notification_and_another_with_cease() {
        assertThat(messagesWhenLeft(restart(false, IPV4))).noneMatch(NotificationMessage.class::isInstance);
        assertThat(messagesWhenLeft())
                .anyMatch(message -> message instanceof NotificationMessage notification
                        && notification.is(ErrorCode.CEASE, NotificationMessage.ADMINISTRATIVE_SHUTDOWN));
    }

    private static List<BgpMessage> messagesWhenLeft(Capability... offered) {
        OwnRestartVirtualTest test = new OwnRestartVirtualTest();
        test.up(offered);
        test.node().peer.leave(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN));
        test.time.advance(Duration.ofSeconds(1));
        assertThat(test.raw.last().closed).isTrue();
        assertThat(test.node().bugs).isEmpty();
        return test.raw.last().messages;
    }

    @Test
    void a_graceful_reset_keeps_the_routes_of_a_peer_with_the_n_bit_only() {
        assertThat(routesAfterReset(restart(false, IPV4))).isEqualTo(1);
        assertThat(routesAfterReset()).isZero();
    }

    private static int routesAfterReset(Capability... offered) {
        OwnRestartVirtualTest test = new OwnRestartVirtualTest();
        test.up(offered);
        test.node().withdraw(Prefix.of("198.51.100.0/24"));
        RawPeer.Connection connection = test.raw.last();
        connection.announce(test.raw.path(), Prefix.of("203.0.113.0/24"));
        test.time.advance(Duration.ofSeconds(1));
        test.raw.answers = false;
        test.node()
                .peer
                .resetGracefully(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_RESET, "new policy"));
        test.time.advance(Duration.ofSeconds(1));
        assertThat(connection.messages)
                .anyMatch(message -> message instanceof NotificationMessage notification
                        && notification.is(ErrorCode.CEASE, NotificationMessage.ADMINISTRATIVE_RESET));
        return test.node().routes();
    }
}
