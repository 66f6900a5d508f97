package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.session.RestartSettings;
import org.junit.jupiter.api.Test;

/** The product's peers, sessions and tables, on one clock that the test moves. */
class SpeakerVirtualTest {

    private static final InetAddress A = IpAddresses.parse("192.0.2.1");
    private static final InetAddress B = IpAddresses.parse("192.0.2.2");
    private static final Prefix ROUTE_OF_A = Prefix.of("198.51.100.0/24");
    private static final Prefix ROUTE_OF_B = Prefix.of("203.0.113.0/24");
    private static final int UPDATES = 5000;

    private final VirtualTime time = new VirtualTime();
    private final VirtualTime rib = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, 1);
    private final RawPeer raw = new RawPeer(network, B, 64502);

    private static Node nodeA(VirtualNetwork network, long seed) {
        return new Node(network, network.time(), A, 64501, B, 64502, seed, Node.Options.PLAIN);
    }

    /** Two speakers that dial each other at the same moment. */
    private static final class Pair {
        final VirtualTime time = new VirtualTime();
        final VirtualNetwork network;
        final Node a;
        final Node b;

        Pair(long seed) {
            network = new VirtualNetwork(time, seed);
            a = nodeA(network, seed);
            b = new Node(network, time, B, 64502, A, 64501, ~seed, Node.Options.PLAIN);
            a.announce(ROUTE_OF_A);
            b.announce(ROUTE_OF_B);
            a.start();
            b.start();
        }

        boolean isSettled() {
            return a.isUp() && b.isUp() && a.routes() == 2 && b.routes() == 2 && network.openEnds(A, B) == 2;
        }

        void settle(String what, Duration limit) {
            assertThat(time.advanceUntil(this::isSettled, limit))
                    .as("%s: %s, %s, %d open ends", what, a, b, network.openEnds(A, B))
                    .isTrue();
            assertThat(a.bugs).as(what).isEmpty();
            assertThat(b.bugs).as(what).isEmpty();
        }
    }

    @Test
    void two_speakers_that_dial_at_once_keep_exactly_one_session() {
        long again = 0;
        int late = 0;
        for (long seed = 1; seed <= 200; seed++) {
            Pair pair = new Pair(seed);
            pair.settle("seed " + seed, Duration.ofSeconds(10));
            late += pair.time.elapsed().toMillis() > 500 ? 1 : 0;
            pair.time.advance(Duration.ofMinutes(10));

            assertThat(pair.isSettled())
                    .as("seed %d: %s, %s", seed, pair.a, pair.b)
                    .isTrue();
            again += pair.a.peer.view().established() - 1;
        }
        // RFC 4271, 6.8 leaves a gap: one end may be Established already when the other chooses the other connection.
        assertThat(again).as("sessions made twice").isLessThanOrEqualTo(10);
        assertThat(late).as("sessions that were not there at once").isLessThanOrEqualTo(10);
    }

    @Test
    void a_connection_lost_at_any_moment_is_made_again() {
        for (long millis = 0; millis <= 60; millis++) {
            Pair pair = new Pair(millis);
            pair.time.advance(Duration.ofMillis(millis));
            pair.network.resetConnections(A, B);
            pair.settle("lost after " + millis + " ms, which is the seed", Duration.ofSeconds(30));
        }
    }

    @Test
    void keepalives_go_out_every_third_of_the_hold_time_less_jitter() {
        Pair pair = new Pair(1);
        pair.settle("seed 1", Duration.ofSeconds(10));
        long before = pair.a.peer.counters().out(MessageType.KEEPALIVE);
        pair.time.advance(Duration.ofMinutes(50));

        assertThat(pair.a.peer.counters().out(MessageType.KEEPALIVE) - before).isBetween(1000L, 1334L);
        assertThat(pair.isSettled()).isTrue();
    }

    @Test
    void a_silent_peer_is_given_up_exactly_when_its_hold_time_is_over() {
        network.setDelay(Duration.ofMillis(1), Duration.ofMillis(1));
        raw.listen(A);
        Node node = nodeA(network, 1);
        node.start();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(5))).isTrue();
        time.advance(Duration.ofSeconds(5));
        raw.last().keepalive();
        // 1 ms on the way, 9 s of silence, 20 ms for input that a stalled loop has not looked at
        long expected = time.elapsed().toMillis() + 1 + 9000 + 20;
        time.advance(Duration.ofSeconds(10));

        assertThat(node.log).contains(expected + " sent 4/0");
    }

    @Test
    void a_peer_that_repeats_a_fatal_error_is_waited_for_longer_and_longer() {
        List<Long> starts = new ArrayList<>();
        raw.whenUp = connection -> {
            starts.add(time.elapsed().toSeconds());
            byte[] badUpdate = new byte[23];
            java.util.Arrays.fill(badUpdate, 0, 16, (byte) 0xFF);
            badUpdate[17] = 23;
            badUpdate[18] = 2;
            badUpdate[19] = (byte) 0xFF; // withdrawn routes longer than the message
            connection.wire.sendEncoded(badUpdate, 1);
        };
        raw.listen(A);
        Node node = nodeA(network, 1);
        node.start();
        time.advance(Duration.ofHours(1));

        assertThat(node.log).anyMatch(line -> line.endsWith("sent 3/1"));
        assertThat(starts).hasSizeBetween(30, 60);
        for (int i = starts.size() - 10; i < starts.size(); i++) {
            assertThat(starts.get(i) - starts.get(i - 1)).isBetween(89L, 122L);
        }
        assertThat(node.bugs).isEmpty();
    }

    @Test
    void other_timers_count_without_a_new_session() {
        raw.listen(A);
        Node node = nodeA(network, 1);
        node.start();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(5))).isTrue();
        node.setIdleHoldTimes(Duration.ofSeconds(30), Duration.ofSeconds(30));

        raw.last().wire.close(); // the first costs nothing
        assertThat(time.advanceUntil(() -> !node.isUp(), Duration.ofSeconds(1))).isTrue();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(5))).isTrue();
        raw.last().wire.close();
        assertThat(time.advanceUntil(() -> !node.isUp(), Duration.ofSeconds(1))).isTrue();

        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(20))).isFalse();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(15))).isTrue();
        assertThat(node.bugs).isEmpty();
    }

    // ---- the tables are behind: their thread runs only when the test lets it

    private Node behind(Node.Options options) {
        raw.listen(A);
        Node node = new Node(network, rib, A, 64501, B, 64502, 1, options);
        node.start();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(5))).isTrue();
        return node;
    }

    private void letTablesCatchUp() {
        for (int i = 0; i < 200; i++) {
            rib.runUntilIdle();
            time.advance(Duration.ofMillis(20));
        }
    }

    /** The peer keeps the session alive while nobody reads it. */
    private void passWithKeepalives(Duration duration) {
        for (long second = 0; second < duration.toSeconds(); second++) {
            time.advance(Duration.ofSeconds(1));
            raw.last().keepalive();
        }
    }

    @Test
    void without_credit_reading_pauses_the_hold_timer_with_it_and_nothing_is_lost() {
        Node node = behind(Node.Options.PLAIN);
        for (int i = 0; i < UPDATES; i++) {
            raw.last().announce(raw.path(), new Prefix(Node.IPV4, 0, (172L << 24) + i, 32));
        }
        long keepalives = raw.last().count(MessageType.KEEPALIVE);
        passWithKeepalives(Duration.ofMinutes(2));

        assertThat(node.peer.counters().in(MessageType.UPDATE)).isBetween(256L, 512L);
        assertThat(node.isUp()).isTrue();
        assertThat(raw.last().count(MessageType.KEEPALIVE) - keepalives).isGreaterThan(30);

        letTablesCatchUp();
        assertThat(node.peer.counters().in(MessageType.UPDATE)).isEqualTo(UPDATES);
        assertThat(node.routes()).isEqualTo(UPDATES);
        assertThat(raw.connections).hasSize(1);

        time.advance(Duration.ofSeconds(15));
        assertThat(node.log).as("the hold timer runs again").anyMatch(line -> line.endsWith("sent 4/0"));
    }

    @Test
    void end_of_rib_and_route_refresh_cost_credits_too() {
        Node node = behind(Node.Options.PLAIN);
        for (int i = 0; i < UPDATES; i++) {
            raw.last().wire.sendEncoded(endOfRib(), 1);
            raw.last().wire.send(net.popbgp.core.message.RouteRefreshMessage.request(Node.IPV4));
        }
        passWithKeepalives(Duration.ofSeconds(30));
        assertThat(node.peer.counters().in(MessageType.UPDATE)
                        + node.peer.counters().in(MessageType.ROUTE_REFRESH))
                .isBetween(256L, 512L);

        letTablesCatchUp();
        assertThat(node.peer.counters().in(MessageType.UPDATE)).isEqualTo(UPDATES);
        assertThat(node.peer.counters().in(MessageType.ROUTE_REFRESH)).isEqualTo(UPDATES);
        assertThat(node.isUp()).isTrue();
    }

    private static byte[] endOfRib() {
        net.popbgp.core.codec.UpdatePacker packer = new net.popbgp.core.codec.UpdatePacker(RawPeer.OPTIONS);
        packer.endOfRib(Node.IPV4);
        return packer.take();
    }

    @Test
    void a_batch_for_the_session_before_is_not_sent_on_the_next() {
        Node node = behind(Node.Options.PLAIN);
        letTablesCatchUp();
        node.announce(ROUTE_OF_A);
        for (int i = 0; i < 600; i++) {
            node.engine.ask(tables -> true); // more than one turn, so that the route goes out before the rest is seen
        }
        node.withdraw(ROUTE_OF_A);
        network.resetConnections(A, B);
        assertThat(time.advanceUntil(() -> node.peer.view().established() == 2 && node.isUp(), Duration.ofSeconds(5)))
                .isTrue();
        letTablesCatchUp();

        assertThat(raw.connections).hasSize(2);
        assertThat(raw.last().routes).isEmpty();
        assertThat(node.bugs).isEmpty();
    }

    // ---- collisions with a peer that does not keep to the rules

    @Test
    void a_peer_that_answers_only_on_its_own_connection_is_established_on_that() {
        answersOnlyOnItsOwn(A, B);
        answersOnlyOnItsOwn(B, A); // now it is ours that the identifiers prefer
    }

    private static void answersOnlyOnItsOwn(InetAddress ours, InetAddress theirs) {
        VirtualTime time = new VirtualTime();
        VirtualNetwork network = new VirtualNetwork(time, 1);
        RawPeer raw = new RawPeer(network, theirs, 64502);
        raw.whenUp = connection -> time.scheduleAtFixedRate(
                () -> {
                    if (!connection.closed) {
                        connection.keepalive();
                    }
                },
                1,
                1,
                TimeUnit.SECONDS);
        raw.answers = false;
        raw.listen(ours);
        Node node = new Node(network, time, ours, 64501, theirs, 64502, 1, Node.Options.PLAIN);
        node.start();
        assertThat(time.advanceUntil(() -> !raw.connections.isEmpty(), Duration.ofSeconds(5)))
                .isTrue();
        raw.answers = true;
        raw.dial(ours);
        time.advance(Duration.ofSeconds(1));
        assertThat(node.state()).isEqualTo(FsmState.ESTABLISHED);
        assertThat(node.peer.view().established()).isEqualTo(1);

        time.advance(Duration.ofMinutes(5));
        assertThat(node.isUp()).isTrue();
        assertThat(node.peer.view().established()).isEqualTo(1);
        assertThat(raw.connections.get(0).closed).isTrue();
        assertThat(network.openEnds(ours, theirs)).isEqualTo(2);
    }

    @Test
    void a_second_connection_while_the_open_is_delayed_leaks_nothing() {
        raw.answers = false;
        raw.listen(A);
        Node node = new Node(
                network,
                time,
                A,
                64501,
                B,
                64502,
                1,
                new Node.Options(Duration.ofSeconds(3), Map.of(), List.of(), RestartSettings.OFF));
        node.start();
        time.advance(Duration.ofSeconds(1));
        raw.answers = true;
        raw.dial(A);
        time.advance(Duration.ofSeconds(5));

        assertThat(node.isUp()).isTrue();
        assertThat(network.openEnds(A, B)).isEqualTo(2);
    }

    @Test
    void a_peer_over_its_limit_stays_down_whatever_connection_it_has_in_waiting() {
        Map<AddressFamily, PrefixLimit> limits =
                Map.of(Node.IPV4, new PrefixLimit(3, 80, PrefixLimit.Action.TEAR_DOWN, Duration.ZERO));
        raw.listen(A);
        Node node = new Node(
                network,
                time,
                A,
                64501,
                B,
                64502,
                1,
                new Node.Options(Duration.ZERO, limits, List.of(), RestartSettings.OFF));
        node.start();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(5))).isTrue();
        RawPeer.Connection up = raw.last();
        raw.answers = false;
        raw.dial(A);
        time.advance(Duration.ofSeconds(1));
        Prefix[] routes = Stream.of("10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24", "10.0.3.0/24")
                .map(Prefix::of)
                .toArray(Prefix[]::new);
        up.announce(raw.path(), routes);
        time.advance(Duration.ofMinutes(1));

        assertThat(node.log).anyMatch(line -> line.endsWith("sent 6/1"));
        assertThat(node.state()).isEqualTo(FsmState.IDLE);
        assertThat(node.peer.view().heldByLimit()).isTrue();
        assertThat(network.openEnds(A, B)).isZero();
    }
}
