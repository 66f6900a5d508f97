package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmConfig;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibEvents;
import net.popbgp.session.Dialer;
import net.popbgp.session.Peer;
import net.popbgp.session.PeerEvents;
import net.popbgp.session.PeerSettings;
import net.popbgp.session.RestartSettings;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.azure.AzurePeer;
import net.popbgp.sim.azure.AzureProfile;
import net.popbgp.sim.azure.EventLog;
import net.popbgp.sim.azure.Sku;
import net.popbgp.sim.load.RouteGenerator;
import org.junit.jupiter.api.Test;

/** The product's own peer, session and tables against the Azure router, on one thread and one clock. */
class RealPeerTest {

    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
    private static final InetAddress POP = IpAddresses.parse("169.254.10.1");
    private static final InetAddress AZURE = IpAddresses.parse("169.254.10.2");
    private static final int VNETS = 20;

    private static final AzureProfile PROFILE = new AzureProfile(
            Asn.of(12076),
            180,
            60,
            3,
            Duration.ofSeconds(5),
            4000,
            10_000,
            100,
            80,
            AzureProfile.LimitSemantics.EXCEEDS,
            Duration.ofSeconds(60),
            List.of(12076L),
            1000,
            2,
            8,
            true,
            true,
            false,
            OptionalInt.empty());

    /** One PoP with one circuit, both ends dialing and listening. */
    private static final class Pair implements PeerEvents, RibEvents {
        final VirtualTime time = new VirtualTime();
        final VirtualNetwork network;
        final EventLog events = new EventLog(time.clock());
        final List<String> log = new ArrayList<>();
        final AzurePeer azure;
        final RibEngine engine;
        final Peer peer;

        Pair(long seed) {
            network = new VirtualNetwork(time, seed);
            AzureCircuit circuit = new AzureCircuit(
                    "a",
                    Prefix.of("169.254.10.0/30"),
                    Asn.of(64512),
                    179,
                    179,
                    false,
                    Optional.empty(),
                    Sku.STANDARD,
                    List.of(new AzureCircuit.Vnet("v", RouteGenerator.vnetPrefixes(VNETS), List.of())),
                    PROFILE);
            azure = new AzurePeer(circuit, time, network.host(AZURE), events, seed);
            engine = new RibEngine(
                    time,
                    new RibOptions(Asn.of(64512), RouterId.of("1.1.1.1"), DecisionOptions.DEFAULT),
                    this,
                    Duration.ofSeconds(10));
            peer = new Peer(settings(), time, network.host(POP), engine, this, new Random(seed));
            network.host(POP)
                    .listen(
                            new InetSocketAddress(POP, 179),
                            AZURE,
                            Optional.empty(),
                            wire -> Optional.ofNullable(peer.accept(wire)))
                    .join();
        }

        private static PeerSettings settings() {
            FsmConfig fsm = new FsmConfig(
                    Asn.of(64512),
                    Optional.of(Asn.of(12076)),
                    RouterId.of("1.1.1.1"),
                    60,
                    20,
                    0,
                    false,
                    Duration.ofSeconds(10),
                    Duration.ZERO,
                    Duration.ofMinutes(4),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(2),
                    Duration.ofMinutes(1),
                    Duration.ofMinutes(8),
                    List.of(new Capability.Multiprotocol(IPV4), new Capability.RouteRefresh()),
                    OpenRequirements.NONE);
            return new PeerSettings(
                    "a",
                    AZURE,
                    fsm,
                    new Dialer.Target(new InetSocketAddress(AZURE, 179), Optional.of(POP), Optional.empty(), 0),
                    OwnNextHops.NONE,
                    Duration.ZERO,
                    PeerType.EXTERNAL,
                    Asn.of(12076),
                    100,
                    "",
                    RoutePolicy.ACCEPT_ALL,
                    RoutePolicy.ACCEPT_ALL,
                    Set.of(IPV4),
                    Map.of(),
                    Map.of(),
                    true,
                    0,
                    false,
                    0,
                    PeerRouting.DEFAULT,
                    fsm.routerId(),
                    Duration.ofMinutes(10),
                    RestartSettings.OFF);
        }

        void start() {
            azure.start().join();
            EventExecutor loop = time;
            loop.execute(peer::start);
        }

        boolean isSettled() {
            return azure.state() == FsmState.ESTABLISHED
                    && peer.view().state() == FsmState.ESTABLISHED
                    && bestRoutes() == VNETS + announced;
        }

        int announced;

        void announce(int count) {
            announced = count;
            List<Prefix> prefixes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                prefixes.add(new Prefix(IPV4, 0, (172L << 24) + (16L << 16) + i, 32));
            }
            engine.ask(tables -> {
                tables.announce(
                        RoutingTables.LOCAL, PathAttributes.builder().build(), PackedPrefixes.of(IPV4, prefixes));
                return true;
            });
        }

        int bestRoutes() {
            int[] size = {-1};
            engine.ask(tables -> tables.size(IPV4)).thenAccept(value -> size[0] = value);
            time.runUntilIdle();
            return size[0];
        }

        void settle(String what) {
            assertThat(time.advanceUntil(this::isSettled, Duration.ofMinutes(10)))
                    .as("%s: azure %s, peer %s, %d routes, log %s", what, azure.state(), peer.view(), bestRoutes(), log)
                    .isTrue();
        }

        @Override
        public void stateChanged(Peer who, FsmState from, FsmState to, DownReason reason) {
            log.add(time.elapsed() + " " + from + " -> " + to + " " + reason);
        }

        @Override
        public void notification(Peer who, boolean sent, NotificationMessage message) {
            log.add(time.elapsed() + (sent ? " sent " : " received ") + message);
        }

        @Override
        public void ignored(Peer who, String what, long untold) {
            throw new AssertionError(what);
        }

        @Override
        public void oversized(Peer who, int prefixes) {
            throw new AssertionError("oversized");
        }

        @Override
        public void faultyUpdate(Peer who, UpdateMessage update, byte[] octets, long untold) {
            throw new AssertionError("faulty " + update);
        }

        @Override
        public void failed(Peer who, Throwable bug) {
            throw new AssertionError(bug);
        }

        @Override
        public void locRibChanged(RibChanges changes) {}

        @Override
        public void endOfRib(String who, AddressFamily family) {
            log.add(time.elapsed() + " End-of-RIB");
        }

        @Override
        public void limit(String who, AddressFamily family, LimitKind kind, Level level, int count) {}

        @Override
        public void staleRoutes(String who, AddressFamily family, StaleState state, int routes) {}

        @Override
        public void failed(Throwable bug) {
            throw new AssertionError(bug);
        }
    }

    private final long seed = Long.getLong("popbgp.seed", 20261123L);

    private Pair settled() {
        System.out.println("RealPeerTest seed " + seed);
        Pair pair = new Pair(seed);
        pair.start();
        pair.settle("seed " + seed);
        return pair;
    }

    @Test
    void comes_up_with_the_negotiated_times_and_all_routes() {
        Pair pair = settled();
        int established = pair.azure.snapshot().establishedCount(); // two if both dialed at once (RFC 4271, 6.8)
        pair.announce(100);
        pair.time.advance(Duration.ofDays(3));

        assertThat(pair.azure.snapshot().holdTime()).isEqualTo(60);
        assertThat(pair.azure.snapshot().received()).hasSize(100);
        assertThat(pair.azure.snapshot().leaked()).isEmpty();
        assertThat(pair.azure.snapshot().establishedCount()).isEqualTo(established);
        assertThat(pair.isSettled()).isTrue();
        assertThat(pair.log).anyMatch(line -> line.endsWith("End-of-RIB"));
    }

    @Test
    void too_many_prefixes_flap_once_a_minute_and_heal_when_fewer() {
        Pair pair = settled();
        pair.announce(4001);
        pair.time.advance(Duration.ofMinutes(10));
        int drops = pair.azure.snapshot().limitDrops();
        assertThat(drops).isBetween(2, 10);

        pair.engine.ask(tables -> {
            tables.withdraw(RoutingTables.LOCAL, PackedPrefixes.of(IPV4, List.of(Prefix.of("172.16.0.0/32"))));
            return true;
        });
        pair.announced = 4000;
        pair.settle("after the withdrawal, seed " + seed);
        pair.time.advance(Duration.ofHours(1));
        assertThat(pair.azure.snapshot().limitDrops()).isLessThanOrEqualTo(drops + 1);
        assertThat(pair.azure.snapshot().received()).hasSize(4000);
    }

    @Test
    void silence_is_noticed_by_the_hold_timer_and_its_end_by_a_new_session() {
        Pair pair = settled();
        pair.azure.silence(true).join();
        pair.time.advance(Duration.ofSeconds(61));
        assertThat(pair.log).anyMatch(line -> line.contains("4/0"));
        assertThat(pair.bestRoutes()).isZero();

        pair.azure.silence(false).join();
        pair.settle("after silence, seed " + seed);
    }

    @Test
    void three_hundred_seeds_of_collisions_and_lost_connections_end_in_one_session_each() {
        for (long each = seed; each < seed + 300; each++) {
            Pair pair = new Pair(each);
            pair.network.setResetProbability(0.1);
            pair.announce(50);
            pair.start();
            pair.time.advance(Duration.ofMinutes(2));
            pair.network.setResetProbability(0);
            pair.settle("seed " + each);
            pair.time.advance(Duration.ofSeconds(30));

            assertThat(pair.network.openEnds(POP, AZURE)).as("seed %d", each).isEqualTo(2);
            assertThat(pair.azure.snapshot().received()).as("seed %d", each).hasSize(50);
            assertThat(pair.azure.snapshot().leaked()).as("seed %d", each).isEmpty();
        }
    }
}
