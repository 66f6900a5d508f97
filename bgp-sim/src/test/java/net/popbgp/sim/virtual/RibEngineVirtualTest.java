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
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.ExportOptions;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import net.popbgp.engine.RestartTerms;
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
    private final List<String> told = new ArrayList<>();
    private final RibEngine engine = new RibEngine(
            time, new RibOptions(LOCAL_AS, ROUTER_ID, DecisionOptions.DEFAULT), this, Duration.ofSeconds(10));

    private static RibPeer peer(String name, String address, int metric) {
        return peer(name, address, metric, Optional.empty());
    }

    private static RibPeer peer(String name, String address, int metric, Optional<RestartTerms> restart) {
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
                new StaleTerms(false, Duration.ofMinutes(10), restart),
                batch -> {},
                credits -> {},
                family -> {}));
    }

    private void up(RibPeer peer) {
        engine.submit(new RibCommand.PeerUp(peer));
        announce(peer, PREFIX);
        time.runUntilIdle();
    }

    private void announce(RibPeer peer, Prefix... prefixes) {
        PathAttributes attributes = PathAttributes.builder()
                .asPath(64502)
                .nextHop(peer.setup().source().peer())
                .build();
        engine.submit(
                new RibCommand.Received(peer, List.of(new Announcement(attributes, Node.packed(prefixes))), List.of()));
    }

    /** Two circuits of a group, the first active, the second reverted; nothing told yet. */
    private List<RibPeer> circuits() {
        return circuits(Optional.empty());
    }

    private List<RibPeer> circuits(Optional<RestartTerms> restartOfPrimary) {
        RibPeer primary = peer("a", "192.0.2.2", 90, restartOfPrimary);
        RibPeer secondary = peer("b", "192.0.2.3", 100);
        engine.ask(tables -> {
            engine.addCircuitGroup("group", List.of("a", "b"));
            return true;
        });
        up(primary);
        up(secondary);
        engine.submit(new RibCommand.EndOfRib(secondary, Node.IPV4));
        time.runUntilIdle();
        told.clear();
        return List.of(primary, secondary);
    }

    private void down(RibPeer peer) {
        engine.submit(new RibCommand.PeerDown(peer, engine.nanoTime(), "killed", false));
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
    void a_failover_is_told_before_its_routes_and_when_they_have_moved() {
        List<RibPeer> circuits = circuits();
        down(circuits.get(0));
        time.runUntilIdle();

        assertThat(told).containsExactly("a to b, 1 prefixes, killed", "routes", "switched to b");
        assertThat(bestMetric()).isEqualTo(100);
    }

    @Test
    void a_failover_is_told_before_commands_that_wait() {
        List<RibPeer> circuits = circuits();
        RibPeer busy = peer("c", "192.0.2.4", 100);
        engine.submit(new RibCommand.PeerUp(busy));
        for (int i = 0; i < 5_000; i++) {
            announce(busy, Prefix.of("203.0." + (i >>> 8) + "." + (i & 0xFF) + "/32"));
        }
        down(circuits.get(0));
        time.runUntilIdle();

        assertThat(told.get(0)).isEqualTo("a to b, 1 prefixes, killed");
        assertThat(told).endsWith("switched to b").contains("routes").doesNotHaveDuplicates();
    }

    @Test
    void a_group_both_circuits_of_which_are_lost_ends_without_an_active_one() {
        List<RibPeer> circuits = circuits();
        down(circuits.get(0));
        down(circuits.get(1));
        time.runUntilIdle();

        assertThat(told)
                .containsExactly(
                        "a to b, 1 prefixes, killed", "b to none, 1 prefixes, killed", "routes", "switched to none");
        assertThat(engine.activeCircuit("group")).isEmpty();
    }

    @Test
    void a_circuit_that_backs_up_its_own_routes_is_told_after_them() {
        List<RibPeer> circuits = circuits();
        RibPeer primary = circuits.get(0);
        PathAttributes attributes = PathAttributes.builder()
                .asPath(64502, 64502)
                .nextHop(primary.setup().source().peer())
                .build();
        PackedPrefixes second = PackedPrefixes.builder(Node.IPV4, 1)
                .add(PREFIX.high(), PREFIX.low(), PREFIX.length(), 7)
                .build();
        engine.submit(new RibCommand.Received(primary, List.of(new Announcement(attributes, second)), List.of()));
        time.runUntilIdle();
        told.clear();
        down(primary);
        time.runUntilIdle();

        assertThat(told.get(0)).isEqualTo("routes");
        assertThat(told.get(1)).startsWith("a to b, ").endsWith(", killed");
        assertThat(told.get(2)).isEqualTo("switched to b");
    }

    @Test
    void a_circuit_that_restarts_gracefully_stays_active_until_its_routes_go() {
        RestartTerms terms = new RestartTerms(
                false,
                Duration.ofSeconds(30),
                Set.of(Node.IPV4),
                Set.of(),
                false,
                Duration.ofMinutes(5),
                Map.of(),
                Set.of());
        List<RibPeer> circuits = circuits(Optional.of(terms));
        engine.submit(new RibCommand.PeerDown(circuits.get(0), engine.nanoTime(), "killed", true));
        time.advance(Duration.ofSeconds(29));
        assertThat(told).isEmpty();
        assertThat(engine.activeCircuit("group")).contains("a");

        time.advance(Duration.ofSeconds(2));

        assertThat(told).hasSize(3).contains("routes", "switched to b");
        assertThat(engine.activeCircuit("group")).contains("b");
    }

    @Test
    void a_circuit_without_routes_takes_nothing_over() {
        List<RibPeer> circuits = circuits();
        engine.submit(new RibCommand.Received(circuits.get(1), List.of(), List.of(Node.packed(PREFIX))));
        announce(circuits.get(0), Prefix.of("192.88.99.0/24"));
        time.runUntilIdle();
        told.clear();
        down(circuits.get(0));
        time.runUntilIdle();

        assertThat(told).containsExactly("a to none, 2 prefixes, killed", "routes", "switched to none");
    }

    @Test
    void what_the_other_circuit_withdraws_before_it_takes_over_is_a_change_of_its_own() {
        List<RibPeer> circuits = circuits();
        engine.submit(new RibCommand.Received(circuits.get(1), List.of(), List.of(Node.packed(PREFIX))));
        down(circuits.get(0));
        time.runUntilIdle();

        assertThat(told)
                .containsExactly(
                        "a to b, 1 prefixes, killed",
                        "routes",
                        "switched to b",
                        "b to none, 1 prefixes, killed",
                        "switched to none");
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
    public void locRibChanged(RibChanges changes) {
        if (!told.contains("routes")) {
            told.add("routes");
        }
    }

    @Override
    public void circuitChanged(CircuitChange change) {
        told.add(change.from().orElse("none") + " to " + change.to().orElse("none") + ", " + change.prefixes()
                + " prefixes, " + change.trigger());
    }

    @Override
    public void circuitSwitched(CircuitChange change, long nanos) {
        told.add("switched to " + change.to().orElse("none"));
    }

    @Override
    public void endOfRib(String peer, AddressFamily family) {}

    @Override
    public void limit(String peer, AddressFamily family, LimitKind kind, Level level, int count) {}

    @Override
    public void staleRoutes(String who, AddressFamily family, StaleState state, int routes) {}

    @Override
    public void failed(Throwable bug) {
        bugs.add(bug);
    }
}
