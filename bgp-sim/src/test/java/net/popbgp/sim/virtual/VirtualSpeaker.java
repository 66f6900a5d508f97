package net.popbgp.sim.virtual;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
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
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibEvents;
import net.popbgp.session.Dialer;
import net.popbgp.session.Peer;
import net.popbgp.session.PeerEvents;
import net.popbgp.session.PeerSettings;
import net.popbgp.session.RestartSettings;

/** One speaker with any number of peers: the product's sessions and tables on the network's clock. The hold time is 9 s. */
final class VirtualSpeaker implements PeerEvents, RibEvents {

    /** The Restart Time that is offered where restarts are bridged, seconds. */
    static final int RESTART_TIME = 60;

    final int as;
    final InetAddress address;
    final RouterId clusterId;
    final RibEngine engine;
    final List<Throwable> bugs = new ArrayList<>();
    /** Routes of a prefix that are in use together, as the changes have told. */
    final Map<Prefix, List<Route>> inUse = new LinkedHashMap<>();

    /** How many paths of a prefix are sent to peers that have some, too, and offered to be received; 0 for the best without identifier. */
    final int paths;

    private final RestartSettings restart;
    private final VirtualNetwork network;
    private final Map<InetAddress, Peer> peers = new LinkedHashMap<>();
    private final Map<InetAddress, String> circuitGroups = new HashMap<>();

    VirtualSpeaker(VirtualNetwork network, String address, int as) {
        this(network, address, as, RouterId.of(address), 0);
    }

    VirtualSpeaker(VirtualNetwork network, String address, int as, RouterId clusterId) {
        this(network, address, as, clusterId, 0);
    }

    VirtualSpeaker(VirtualNetwork network, String address, int as, RouterId clusterId, int paths) {
        this(network, address, as, clusterId, paths, RestartSettings.OFF);
    }

    VirtualSpeaker(
            VirtualNetwork network, String address, int as, RouterId clusterId, int paths, RestartSettings restart) {
        this.paths = paths;
        this.restart = restart;
        this.network = network;
        this.as = as;
        this.address = IpAddresses.parse(address);
        this.clusterId = clusterId;
        engine = new RibEngine(
                network.time(),
                new RibOptions(Asn.of(as), RouterId.of(address), DecisionOptions.DEFAULT),
                this,
                Duration.ofSeconds(10));
        network.host(this.address)
                .listen(
                        new InetSocketAddress(this.address, 179),
                        this.address,
                        Optional.empty(),
                        wire -> Optional.ofNullable(
                                        peers.get(wire.remoteAddress().getAddress()))
                                .flatMap(peer -> Optional.ofNullable(peer.accept(wire))))
                .join();
    }

    /** Makes two speakers peers of each other; the routing is what the one does for the other. */
    static void connect(VirtualSpeaker a, PeerRouting routingOfA, VirtualSpeaker b, PeerRouting routingOfB) {
        a.add(b, routingOfA);
        b.add(a, routingOfB);
    }

    static void connect(VirtualSpeaker a, VirtualSpeaker b) {
        connect(a, PeerRouting.DEFAULT, b, PeerRouting.DEFAULT);
    }

    private void add(VirtualSpeaker remote, PeerRouting routing) {
        Peer peer = new Peer(
                settings(remote, routing, RoutePolicy.ACCEPT_ALL, RoutePolicy.ACCEPT_ALL),
                network.time(),
                network.host(address),
                engine,
                this,
                new Random(peers.size()));
        peers.put(remote.address, peer);
        network.time().execute(peer::start);
    }

    /** Makes two peers the circuits of a group; before their sessions are up. */
    void group(String name, VirtualSpeaker primary, VirtualSpeaker secondary) {
        for (VirtualSpeaker each : List.of(primary, secondary)) {
            circuitGroups.put(each.address, name);
            reconfigure(each, routing -> routing);
        }
        ask(tables -> {
            engine.addCircuitGroup(name, List.of(primary.address.getHostAddress(), secondary.address.getHostAddress()));
            return true;
        });
    }

    /** {@return whether a route of one peer must not go to another, because both are circuits of one group} */
    boolean isSameCircuit(InetAddress one, InetAddress other) {
        String group = circuitGroups.get(one);
        return group != null && group.equals(circuitGroups.get(other));
    }

    List<VirtualSpeaker> peersAmong(List<VirtualSpeaker> all) {
        return all.stream().filter(each -> peers.containsKey(each.address)).toList();
    }

    /** Changes what is done for a peer while its session is up. */
    void reconfigure(VirtualSpeaker remote, UnaryOperator<PeerRouting> change) {
        Peer peer = peer(remote);
        PeerSettings now = peer.settings();
        network.time()
                .execute(() -> peer.reconfigure(
                        settings(remote, change.apply(now.routing()), now.importPolicy(), now.exportPolicy()), false));
    }

    /** Changes the policies of a peer while its session is up. */
    void reconfigure(VirtualSpeaker remote, RoutePolicy importPolicy, RoutePolicy exportPolicy) {
        Peer peer = peer(remote);
        network.time()
                .execute(() -> peer.reconfigure(
                        settings(remote, peer.settings().routing(), importPolicy, exportPolicy), false));
    }

    private PeerSettings settings(
            VirtualSpeaker remote, PeerRouting routing, RoutePolicy importPolicy, RoutePolicy exportPolicy) {
        RouterId routerId = RouterId.of(address.getHostAddress());
        FsmConfig fsm = new FsmConfig(
                Asn.of(as),
                Optional.of(Asn.of(remote.as)),
                routerId,
                9,
                0,
                0,
                false,
                Duration.ofSeconds(10),
                Duration.ZERO,
                Duration.ofMinutes(4),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ofMinutes(1),
                Duration.ofMinutes(8),
                capabilities(),
                OpenRequirements.NONE);
        return new PeerSettings(
                remote.address.getHostAddress(),
                remote.address,
                fsm,
                new Dialer.Target(
                        new InetSocketAddress(remote.address, 179), Optional.of(address), Optional.empty(), 0),
                OwnNextHops.NONE,
                Duration.ZERO,
                as == remote.as ? PeerType.INTERNAL : PeerType.EXTERNAL,
                Asn.of(remote.as),
                100,
                circuitGroups.getOrDefault(remote.address, ""),
                importPolicy,
                exportPolicy,
                Set.of(AddressFamily.IPV4_UNICAST),
                Map.of(),
                Map.of(),
                true,
                0,
                false,
                paths,
                routing,
                clusterId,
                Duration.ofMinutes(10),
                restart);
    }

    private List<Capability> capabilities() {
        List<Capability> capabilities =
                new ArrayList<>(List.of(new Capability.Multiprotocol(Node.IPV4), new Capability.RouteRefresh()));
        if (paths > 0) {
            capabilities.add(new Capability.AddPath(List.of(new Capability.AddPath.Family(Node.IPV4, true, true))));
        }
        if (restart.enabled()) {
            capabilities.add(new Capability.GracefulRestart(
                    false, false, RESTART_TIME, List.of(new Capability.GracefulRestart.Family(Node.IPV4, true))));
        }
        return capabilities;
    }

    Peer peer(VirtualSpeaker remote) {
        Peer peer = peers.get(remote.address);
        if (peer == null) {
            throw new IllegalArgumentException(remote.address + " is no peer of " + address);
        }
        return peer;
    }

    boolean isUp() {
        return peers.values().stream().allMatch(peer -> peer.view().state() == FsmState.ESTABLISHED);
    }

    void announce(Prefix prefix, UnaryOperator<PathAttributes.Builder> attributes) {
        ask(tables -> {
            tables.announce(
                    RoutingTables.LOCAL,
                    attributes.apply(PathAttributes.builder()).build(),
                    Node.packed(prefix));
            return true;
        });
    }

    void withdraw(Prefix prefix) {
        ask(tables -> {
            tables.withdraw(RoutingTables.LOCAL, Node.packed(prefix));
            return true;
        });
    }

    Optional<Route> best(Prefix prefix) {
        return ask(tables -> tables.best(prefix));
    }

    Optional<PathAttributes> bestAttributes(Prefix prefix) {
        return best(prefix).map(Route::attributes);
    }

    <R> R ask(Function<RoutingTables, R> question) {
        List<R> answer = new ArrayList<>();
        engine.ask(question).thenAccept(answer::add);
        network.time().runUntilIdle();
        return answer.get(0);
    }

    @Override
    public void stateChanged(Peer who, FsmState from, FsmState to, DownReason reason) {}

    @Override
    public void notification(Peer who, boolean sent, NotificationMessage message) {}

    @Override
    public void oversized(Peer who, int prefixes) {}

    @Override
    public void faultyUpdate(Peer who, UpdateMessage update, byte[] octets, long untold) {}

    @Override
    public void ignored(Peer who, String what, long untold) {}

    @Override
    public void failed(Peer who, Throwable bug) {
        bugs.add(bug);
    }

    @Override
    public void locRibChanged(RibChanges changes) {
        changes.forEach(change -> inUse.put(change.prefix(), change.multipath()));
    }

    @Override
    public void endOfRib(String who, AddressFamily family) {}

    @Override
    public void limit(String who, AddressFamily family, LimitKind kind, Level level, int count) {}

    @Override
    public void failed(Throwable bug) {
        bugs.add(bug);
    }

    @Override
    public String toString() {
        return address.getHostAddress();
    }
}
