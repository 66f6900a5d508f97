package net.popbgp.sim.virtual;

import static net.popbgp.core.message.RouteRefreshMessage.BEGIN;
import static net.popbgp.core.message.RouteRefreshMessage.END;
import static net.popbgp.core.message.RouteRefreshMessage.REQUEST;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;

/** Enhanced route refresh (RFC 7313) of the product's sessions and tables, on one clock. */
class RouteRefreshVirtualTest {

    private static final InetAddress A = IpAddresses.parse("192.0.2.1");
    private static final InetAddress B = IpAddresses.parse("192.0.2.2");
    private static final Prefix OURS = Prefix.of("198.51.100.0/24");
    private static final Prefix FIRST = Prefix.of("203.0.113.0/25");
    private static final Prefix SECOND = Prefix.of("203.0.113.128/25");
    private static final List<Capability> ENHANCED =
            List.of(new Capability.RouteRefresh(), new Capability.EnhancedRouteRefresh());
    private static final Capability GRACEFUL_RESTART = new Capability.GracefulRestart(false, false, 0, List.of());

    private final VirtualTime time = new VirtualTime();
    private final VirtualNetwork network = new VirtualNetwork(time, 1);
    private final RawPeer raw = new RawPeer(network, B, 64502);
    private final Node node =
            new Node(network, time, A, 64501, B, 64502, 1, Node.Options.offering(ENHANCED.toArray(Capability[]::new)));

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
                java.util.concurrent.TimeUnit.SECONDS);
        raw.listen(A);
        node.announce(OURS);
        node.start();
        assertThat(time.advanceUntil(node::isUp, Duration.ofSeconds(5))).isTrue();
        raw.last().announce(raw.path(), FIRST, SECOND);
        pass(Duration.ofSeconds(1));
        assertThat(node.routes()).isEqualTo(3);
    }

    private void upEnhanced() {
        up(ENHANCED.toArray(Capability[]::new));
    }

    private void pass(Duration duration) {
        time.advance(duration);
    }

    private List<String> received() {
        return raw.last().messages.stream()
                .map(RouteRefreshVirtualTest::describe)
                .filter(text -> !text.isEmpty())
                .toList();
    }

    private static String describe(BgpMessage message) {
        if (message instanceof RouteRefreshMessage refresh) {
            return List.of("REQUEST", "BEGIN", "END").get(refresh.subtype());
        }
        if (message instanceof UpdateMessage update) {
            return update.endOfRib().isPresent()
                    ? "End-of-RIB"
                    : update.announced().isEmpty() ? "withdrawn" : "routes";
        }
        return "";
    }

    @Test
    void a_request_is_answered_with_the_routes_between_markers() {
        upEnhanced();
        raw.last().refresh(REQUEST);
        pass(Duration.ofSeconds(1));

        assertThat(received()).containsExactly("routes", "End-of-RIB", "BEGIN", "routes", "END");
    }

    @Test
    void a_peer_that_did_not_offer_it_gets_no_markers_and_its_own_mean_nothing() {
        up(new Capability.RouteRefresh());
        raw.last().refresh(REQUEST);
        raw.last().refresh(BEGIN);
        raw.last().refresh(END);
        pass(Duration.ofSeconds(1));

        assertThat(received()).containsExactly("routes", "End-of-RIB", "routes");
        assertThat(node.routes()).isEqualTo(3);
        assertThat(node.log).anyMatch(line -> line.contains("ignored ROUTE-REFRESH of subtype 1"));
    }

    @Test
    void what_is_not_sent_again_between_the_markers_is_removed_at_the_end() {
        upEnhanced();
        raw.last().refresh(BEGIN);
        raw.last().announce(raw.path(), FIRST);
        pass(Duration.ofSeconds(1));
        assertThat(node.routes()).as("until the end").isEqualTo(3);

        raw.last().refresh(END);
        pass(Duration.ofSeconds(1));
        assertThat(node.routes()).isEqualTo(2);
    }

    @Test
    void the_last_of_two_beginnings_counts() {
        upEnhanced();
        raw.last().refresh(BEGIN);
        raw.last().announce(raw.path(), FIRST);
        raw.last().refresh(BEGIN);
        raw.last().announce(raw.path(), SECOND);
        raw.last().refresh(END);
        pass(Duration.ofSeconds(1));

        assertThat(node.routes()).isEqualTo(2);
        raw.last().announce(raw.path(), FIRST);
        pass(Duration.ofSeconds(1));
        assertThat(node.routes()).isEqualTo(3);
    }

    @Test
    void an_end_without_a_beginning_removes_nothing() {
        upEnhanced();
        raw.last().refresh(END);
        pass(Duration.ofSeconds(1));

        assertThat(node.routes()).isEqualTo(3);
    }

    @Test
    void without_the_end_stale_routes_go_after_the_stale_time() {
        upEnhanced();
        raw.last().refresh(BEGIN);
        raw.last().announce(raw.path(), FIRST);
        pass(Node.REFRESH_STALE_TIME.minusSeconds(1));
        assertThat(node.routes()).isEqualTo(3);

        pass(Duration.ofSeconds(2));
        assertThat(node.routes()).isEqualTo(2);
        assertThat(node.isUp()).isTrue();
    }

    @Test
    void a_beginning_before_end_of_rib_is_ignored_from_a_peer_with_graceful_restart() {
        up(new Capability.RouteRefresh(), new Capability.EnhancedRouteRefresh(), GRACEFUL_RESTART);
        raw.last().refresh(BEGIN);
        raw.last().refresh(END);
        pass(Duration.ofSeconds(1));
        assertThat(node.routes()).isEqualTo(3);
        assertThat(node.log).anyMatch(line -> line.contains("ignored beginning of a refresh before End-of-RIB"));

        raw.last().endOfRib();
        raw.last().refresh(BEGIN);
        raw.last().refresh(END);
        pass(Duration.ofSeconds(1));
        assertThat(node.routes()).isEqualTo(1);
    }

    @Test
    void other_subtypes_are_ignored() {
        upEnhanced();
        raw.last().refresh(3);
        raw.last().refresh(255);
        pass(Duration.ofSeconds(1));

        assertThat(node.isUp()).isTrue();
        assertThat(received()).containsExactly("routes", "End-of-RIB");
    }

    @Test
    void what_is_ignored_is_told_ten_times_a_minute_however_often_it_comes() {
        upEnhanced();
        for (int i = 0; i < 1000; i++) {
            raw.last().refresh(3);
        }
        pass(Duration.ofSeconds(1));

        assertThat(node.isUp()).isTrue();
        assertThat(node.log.stream().filter(line -> line.contains("ignored"))).hasSize(10);
    }
}
