package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.message.UpdateMessage.Announcement;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.ExportOptions;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import net.popbgp.engine.RibCommand;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibEvents;
import net.popbgp.engine.RibPeer;
import net.popbgp.engine.StaleTerms;
import org.junit.jupiter.api.Test;

/** The engine without sessions. */
class RibEngineVirtualTest implements RibEvents {

    private static final Asn LOCAL_AS = Asn.of(64501);
    private static final RouterId ROUTER_ID = RouterId.of("192.0.2.1");
    private static final Prefix PREFIX = Prefix.of("198.51.100.0/24");

    private final VirtualTime time = new VirtualTime();
    private final List<Throwable> bugs = new ArrayList<>();
    private final RibEngine engine = new RibEngine(
            time, new RibOptions(LOCAL_AS, ROUTER_ID, DecisionOptions.DEFAULT), this, Duration.ofSeconds(10));

    private static RibPeer peer(String name, String address, int metric) {
        InetAddress remote = IpAddresses.parse(address);
        Set<AddressFamily> families = Set.of(Node.IPV4);
        return new RibPeer(new RibPeer.Setup(
                name,
                new RouteSource(remote, PeerType.EXTERNAL, Asn.of(64502), RouterId.of(address), metric, "group"),
                RoutePolicy.ACCEPT_ALL,
                new ExportOptions(
                        PeerType.EXTERNAL,
                        LOCAL_AS,
                        ROUTER_ID,
                        Optional.of(NextHop.of(IpAddresses.parse("192.0.2.1"))),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false,
                        "group",
                        PeerRouting.DEFAULT,
                        false,
                        RoutePolicy.ACCEPT_ALL,
                        families),
                families,
                Map.of(),
                Map.of(),
                Duration.ZERO,
                new StaleTerms(false, Duration.ofMinutes(10), Optional.empty()),
                batch -> {},
                credits -> {},
                family -> {}));
    }

    private void up(RibPeer peer) {
        InetAddress nextHop = peer.setup().source().peer();
        engine.submit(new RibCommand.PeerUp(peer));
        engine.submit(new RibCommand.Received(
                peer,
                List.of(new Announcement(
                        PathAttributes.builder().asPath(64502).nextHop(nextHop).build(), Node.packed(PREFIX))),
                List.of()));
        time.runUntilIdle();
    }

    private int bestMetric() {
        CompletableFuture<Integer> metric = engine.ask(
                        tables -> tables.best(PREFIX).orElseThrow().source().metric())
                .toCompletableFuture();
        time.runUntilIdle();
        return metric.join();
    }

    @Test
    void a_peer_added_again_may_be_up_before_its_former_self_is_down() {
        RibPeer former = peer("a", "192.0.2.2", 100);
        RibPeer again = peer("a", "192.0.2.3", 200);
        up(former);
        up(again);
        engine.submit(new RibCommand.PeerDown(former, engine.nanoTime(), "removed", false));
        time.runUntilIdle();

        assertThat(bugs).isEmpty();
        assertThat(bestMetric()).isEqualTo(200);
    }

    @Test
    void a_metric_set_while_a_circuit_reverts_is_the_one_it_reverts_to() {
        RibPeer first = peer("a", "192.0.2.2", 100);
        RibPeer returning = peer("b", "192.0.2.3", 50);
        up(first);
        up(returning);
        assertThat(bestMetric()).isEqualTo(100);
        engine.ask(tables -> {
            engine.replaceMetric(returning, 20);
            return true;
        });
        engine.submit(new RibCommand.EndOfRib(returning, Node.IPV4));
        time.runUntilIdle();

        assertThat(bestMetric()).isEqualTo(20);
        assertThat(bugs).isEmpty();
    }

    @Test
    void a_circuit_that_is_left_alone_while_it_reverts_keeps_the_traffic_until_the_other_has_reverted() {
        RibPeer primary = peer("a", "192.0.2.2", 90);
        RibPeer secondary = peer("b", "192.0.2.3", 100);
        up(primary);
        up(secondary);
        engine.submit(new RibCommand.PeerDown(primary, engine.nanoTime(), "killed", false));
        time.runUntilIdle();
        RibPeer again = peer("a", "192.0.2.2", 90);
        up(again);
        assertThat(bestMetric()).isEqualTo(100);

        engine.submit(new RibCommand.EndOfRib(again, Node.IPV4));
        time.runUntilIdle();
        assertThat(bestMetric()).isEqualTo(90);
        assertThat(bugs).isEmpty();
    }

    @Test
    void requests_fail_when_the_engine_stops_before_them() {
        CompletableFuture<Integer> bug = engine.<Integer>ask(tables -> {
                    throw new IllegalStateException("the test's bug");
                })
                .toCompletableFuture();
        CompletableFuture<Boolean> waiting = engine.ask(tables -> true).toCompletableFuture();
        time.runUntilIdle();

        assertThat(bugs).hasSize(1);
        assertThat(bug).isCompletedExceptionally();
        assertThat(waiting).isCompletedExceptionally();
        assertThat(engine.ask(tables -> true).toCompletableFuture()).isCompletedExceptionally();
    }

    @Override
    public void locRibChanged(RibChanges changes) {}

    @Override
    public void endOfRib(String peer, AddressFamily family) {}

    @Override
    public void limit(String peer, AddressFamily family, LimitKind kind, Level level, int count) {}

    @Override
    public void staleRoutes(String who, AddressFamily family, StaleState state, int routes) {}

    @Override
    public void circuitChanged(CircuitChange change) {}

    @Override
    public void failed(Throwable bug) {
        bugs.add(bug);
    }
}
