package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.fsm.RestartState;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.session.RestartSettings;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A peer that restarts gracefully, and we who wait for it (RFC 4724, 4.2; RFC 8538), on one clock. */
class GracefulRestartVirtualTest {

    private static final InetAddress A = IpAddresses.parse("192.0.2.1");
    private static final InetAddress B = IpAddresses.parse("192.0.2.2");
    private static final Prefix FIRST = Prefix.of("203.0.113.0/25");
    private static final Prefix SECOND = Prefix.of("203.0.113.128/25");
    private static final int RESTART_TIME = 30;
    private static final Duration STALE_TIME = Duration.ofMinutes(1);

    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, 1);
    private final RawPeer raw = new RawPeer(network, B, 64502);
    private boolean notifications = true;
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
                    Node.Options.offering(new Capability.RouteRefresh(), restart(notifications, false))
                            .with(new RestartSettings(true, STALE_TIME, Map.of(Node.IPV4, Duration.ofHours(1)))));
            made = node;
        }
        return node;
    }

    private static Capability restart(boolean notifications, boolean forwardingPreserved) {
        return new Capability.GracefulRestart(
                false,
                notifications,
                RESTART_TIME,
                List.of(new Capability.GracefulRestart.Family(Node.IPV4, forwardingPreserved)));
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
        node().start();
        awaitUp(1);
        raw.last().announce(raw.path(), FIRST, SECOND);
        raw.last().endOfRib();
        time.advance(Duration.ofSeconds(1));
        assertThat(node().routes()).isEqualTo(2);
    }

    private void awaitUp(int times) {
        assertThat(time.advanceUntil(
                        () -> node().isUp() && node().peer.view().established() == times, Duration.ofSeconds(20)))
                .as(() -> "up for the " + times + ". time: " + node())
                .isTrue();
    }

    /** The peer is not there: nobody answers. */
    private void goAway() {
        raw.answers = false;
        network.resetConnections(A, B);
    }

    private void comeBack(Capability... offered) {
        raw.capabilities = List.of(offered);
        raw.answers = true;
        network.resetConnections(A, B); // what was made meanwhile
        long before = node().peer.view().established();
        awaitUp((int) before + 1);
    }

    private String offered(RawPeer.Connection connection) {
        OpenMessage open = (OpenMessage) connection.messages.get(0);
        Capability.GracefulRestart restart =
                open.first(Capability.GracefulRestart.class).orElseThrow();
        return (restart.restarted() ? "R" : "-") + (restart.families().get(0).forwardingPreserved() ? "F" : "-");
    }

    @Test
    void routes_stay_for_the_restart_time_and_no_longer() {
        up(restart(false, false));
        goAway();
        time.advance(Duration.ofSeconds(RESTART_TIME - 1));
        assertThat(node().routes()).isEqualTo(2);
        assertThat(node().engine.staleRoutes("AS64502").orElseThrow().families())
                .hasEntrySatisfying(
                        Node.IPV4, stale -> assertThat(stale.routes()).isEqualTo(2));

        time.advance(Duration.ofSeconds(2));
        assertThat(node().routes()).isZero();
        assertThat(node().engine.staleRoutes("AS64502")).isEmpty();
        assertThat(node().log)
                .anyMatch(line -> line.endsWith("RETAINED 2"))
                .anyMatch(line -> line.endsWith("REMOVED 2"));
        assertThat(node().bugs).isEmpty();
    }

    @Test
    void what_the_peer_has_not_sent_again_goes_at_end_of_rib() {
        up(restart(false, false));
        goAway();
        comeBack(restart(false, true));
        raw.last().announce(raw.path(), FIRST);
        time.advance(Duration.ofSeconds(RESTART_TIME + 1L));
        assertThat(node().routes()).as("the session is back in time").isEqualTo(2);

        raw.last().endOfRib();
        time.advance(Duration.ofSeconds(1));
        assertThat(node().routes()).isEqualTo(1);
        assertThat(node().engine.staleRoutes("AS64502")).isEmpty();
    }

    @Test
    void without_end_of_rib_stale_routes_go_after_the_stale_time() {
        up(restart(false, false));
        goAway();
        comeBack(restart(false, true));
        raw.last().announce(raw.path(), FIRST);
        time.advance(STALE_TIME.minusSeconds(2));
        assertThat(node().routes()).isEqualTo(2);

        time.advance(Duration.ofSeconds(4));
        assertThat(node().routes()).isEqualTo(1);
        assertThat(node().isUp()).isTrue();
    }

    @Test
    void forwarding_state_that_was_not_kept_removes_stale_routes_at_once() {
        for (List<Capability> offered : List.of(
                List.of(restart(false, false)),
                List.<Capability>of(new Capability.GracefulRestart(false, false, RESTART_TIME, List.of())),
                List.<Capability>of())) {
            GracefulRestartVirtualTest test = new GracefulRestartVirtualTest();
            test.up(restart(false, false));
            test.goAway();
            test.comeBack(offered.toArray(Capability[]::new));
            test.time.advance(Duration.ofMillis(100));

            assertThat(test.node().routes()).as("%s", offered).isZero();
            assertThat(test.node().bugs).isEmpty();
        }
    }

    @Test
    void a_peer_without_the_capability_loses_its_routes_with_the_session() {
        up(new Capability.RouteRefresh());
        goAway();
        time.advance(Duration.ofMillis(100));

        assertThat(node().routes()).isZero();
    }

    @Test
    void a_second_restart_in_a_row_deletes_what_was_stale_before() {
        up(restart(false, false));
        goAway();
        comeBack(restart(false, true));
        raw.last().announce(raw.path(), FIRST);
        time.advance(Duration.ofSeconds(1));
        goAway();
        time.advance(Duration.ofMillis(100));

        assertThat(node().routes()).isEqualTo(1);
    }

    @Test
    void between_peers_with_the_n_bit_a_second_restart_deletes_nothing() {
        up(restart(true, false));
        goAway();
        comeBack(restart(true, true));
        raw.last().announce(raw.path(), FIRST);
        time.advance(Duration.ofSeconds(1));
        goAway();
        time.advance(Duration.ofSeconds(RESTART_TIME - 1));

        assertThat(node().routes()).isEqualTo(2);
    }

    @Test
    void another_connection_with_an_open_replaces_the_established_one_without_a_notification() {
        up(restart(false, false));
        RawPeer.Connection old = raw.last();
        raw.capabilities = List.of(restart(false, true));
        raw.dial(A);
        awaitUp(2);
        time.advance(Duration.ofSeconds(1));

        assertThat(old.closed).isTrue();
        assertThat(old.messages).noneMatch(NotificationMessage.class::isInstance);
        assertThat(raw.last().closed).isFalse();
        assertThat(node().routes()).isEqualTo(2);
        raw.last().endOfRib();
        time.advance(Duration.ofSeconds(1));
        assertThat(node().routes()).isZero();
    }

    @Test
    void a_notification_takes_the_routes_along_unless_both_sides_set_the_n_bit() {
        NotificationMessage reset = NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_RESET);
        assertThat(routesAfter(true, true, reset)).isEqualTo(2);
        assertThat(routesAfter(true, false, reset)).isZero();
        assertThat(routesAfter(false, true, reset)).isZero();
        assertThat(routesAfter(true, true, NotificationMessage.of(ErrorCode.HOLD_TIMER_EXPIRED, 0)))
                .isEqualTo(2);
        assertThat(routesAfter(true, true, NotificationMessage.hardReset(reset)))
                .isZero();
    }

    private static int routesAfter(boolean ours, boolean theirs, NotificationMessage notification) {
        GracefulRestartVirtualTest test = new GracefulRestartVirtualTest();
        test.notifications = ours;
        test.up(restart(theirs, false));
        test.raw.answers = false;
        test.raw.last().wire.send(notification);
        test.time.advance(Duration.ofSeconds(1));
        return test.node().routes();
    }

    @Test
    void silence_is_graceful_between_peers_with_the_n_bit_only() {
        assertThat(routesAfterSilence(true)).isEqualTo(2);
        assertThat(routesAfterSilence(false)).isZero();
    }

    private static int routesAfterSilence(boolean notifications) {
        GracefulRestartVirtualTest test = new GracefulRestartVirtualTest();
        test.up(restart(notifications, false));
        test.raw.last().closed = true; // no KEEPALIVE any more
        test.raw.answers = false;
        test.time.advance(Duration.ofSeconds(12));
        assertThat(test.node().log).anyMatch(line -> line.endsWith("sent 4/0"));
        return test.node().routes();
    }

    @Test
    void an_operator_stops_for_good() {
        up(restart(true, false));
        node().peer.stop(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN, "moving"));
        time.advance(Duration.ofSeconds(1));

        assertThat(node().routes()).isZero();
        NotificationMessage sent = raw.last().messages.stream()
                .filter(NotificationMessage.class::isInstance)
                .map(NotificationMessage.class::cast)
                .findFirst()
                .orElseThrow();
        assertThat(sent.isHardReset()).isTrue();
        assertThat(sent.carried().orElseThrow().subcode()).isEqualTo(NotificationMessage.ADMINISTRATIVE_SHUTDOWN);
        assertThat(sent.shutdownCommunication()).contains("moving");
    }

    @Test
    void an_operator_who_stops_a_lost_peer_ends_the_wait() {
        up(restart(false, false));
        goAway();
        time.advance(Duration.ofSeconds(1));
        assertThat(node().routes()).isEqualTo(2);

        node().peer.stop(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN));
        time.advance(Duration.ofSeconds(1));
        assertThat(node().routes()).isZero();
    }

    private void restartedOurselves(Capability theirs) {
        node().engine.ask(tables -> {
            node().engine.deferSelection(Map.of("AS64502", Set.of(Node.IPV4)), Duration.ofSeconds(20));
            return true;
        });
        node().peer.restartState(RestartState.RESTARTED);
        node().announce(Prefix.of("198.51.100.0/24"));
        raw.capabilities = List.of(theirs);
        raw.listen(A);
        node().start();
        awaitUp(1);
        raw.last().announce(raw.path(), FIRST);
        time.advance(Duration.ofSeconds(1));
    }

    @Test
    void after_a_restart_of_ours_nothing_is_selected_before_end_of_rib() {
        restartedOurselves(restart(false, false));
        assertThat(offered(raw.last())).isEqualTo("R-");
        assertThat(node().routes()).isZero();
        assertThat(raw.last().count(MessageType.UPDATE)).isZero();

        raw.last().endOfRib();
        time.advance(Duration.ofSeconds(1));
        assertThat(node().routes()).isEqualTo(2);
        assertThat(raw.last().routes).hasSize(1);
        assertThat(raw.last().count(MessageType.UPDATE))
                .as("the route and End-of-RIB")
                .isEqualTo(2);
    }

    @Test
    void after_a_restart_of_ours_the_selection_deferral_timer_ends_the_wait() {
        restartedOurselves(restart(false, false));
        raw.last().keepalive();
        time.advance(Duration.ofSeconds(8));
        raw.last().keepalive();
        time.advance(Duration.ofSeconds(8));
        raw.last().keepalive();
        assertThat(node().routes()).isZero();
        time.advance(Duration.ofSeconds(5));
        assertThat(node().routes()).isEqualTo(2);
    }

    @Test
    void a_peer_that_has_restarted_itself_is_not_waited_for() {
        restartedOurselves(new Capability.GracefulRestart(
                true, false, RESTART_TIME, List.of(new Capability.GracefulRestart.Family(Node.IPV4, true))));
        assertThat(node().routes()).isEqualTo(2);
    }

    @Test
    void long_lived_routes_are_a_last_resort_after_the_restart_time_and_go_at_their_own() {
        up(
                restart(false, false),
                new Capability.LongLivedGracefulRestart(
                        List.of(new Capability.LongLivedGracefulRestart.Family(Node.IPV4, false, 600))));
        raw.last().announce(raw.path().withCommunity(Community.NO_LLGR), SECOND);
        time.advance(Duration.ofSeconds(1));
        goAway();
        time.advance(Duration.ofSeconds(RESTART_TIME + 1L));
        assertThat(node().routes()).as("without the one that forbids it").isEqualTo(1);
        node().engine
                .ask(tables -> tables.best(FIRST).orElseThrow().attributes().hasCommunity(Community.LLGR_STALE))
                .thenAccept(marked -> node().log.add("marked " + marked));
        time.advance(Duration.ofSeconds(590));
        assertThat(node().log).contains("marked true").anyMatch(line -> line.endsWith("LONG_LIVED 1"));
        assertThat(node().routes()).isEqualTo(1);

        time.advance(Duration.ofSeconds(20));
        assertThat(node().routes()).isZero();
    }

    @Test
    void the_first_open_claims_nothing_and_later_ones_that_we_have_kept_our_state() {
        up(restart(false, false));
        assertThat(offered(raw.last())).isEqualTo("--");
        goAway();
        comeBack(restart(false, true));
        assertThat(offered(raw.last())).isEqualTo("-F");
    }
}
