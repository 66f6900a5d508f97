package net.popbgp.sim.virtual;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibEvents;
import net.popbgp.session.Dialer;
import net.popbgp.session.Peer;
import net.popbgp.session.PeerEvents;
import net.popbgp.session.PeerSettings;
import net.popbgp.session.RestartSettings;

/** One speaker with one peer: the product's session and tables, with a log of what they tell. The hold time is 9 s. */
final class Node implements PeerEvents, RibEvents {

    static final Duration REFRESH_STALE_TIME = Duration.ofMinutes(10);
    static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;

    final List<String> log = new ArrayList<>();
    final List<Throwable> bugs = new ArrayList<>();
    final RibEngine engine;
    final Peer peer;

    private final VirtualTime time;
    private final InetAddress address;

    /** What differs between tests. */
    record Options(
            Duration delayOpen,
            Map<AddressFamily, PrefixLimit> limits,
            List<Capability> capabilities,
            RestartSettings restart) {
        static final Options PLAIN =
                new Options(Duration.ZERO, Map.of(), List.of(new Capability.RouteRefresh()), RestartSettings.OFF);

        static Options offering(Capability... capabilities) {
            return new Options(Duration.ZERO, Map.of(), List.of(capabilities), RestartSettings.OFF);
        }

        Options with(RestartSettings settings) {
            return new Options(delayOpen, limits, capabilities, settings);
        }
    }

    Node(
            VirtualNetwork network,
            EventExecutor rib,
            InetAddress address,
            int as,
            InetAddress remote,
            int remoteAs,
            long seed,
            Options options) {
        this.time = network.time();
        this.address = address;
        RouterId routerId = RouterId.of(address.getHostAddress());
        engine = new RibEngine(
                rib, new RibOptions(Asn.of(as), routerId, DecisionOptions.DEFAULT), this, Duration.ofSeconds(10));
        FsmConfig fsm = new FsmConfig(
                Asn.of(as),
                Optional.of(Asn.of(remoteAs)),
                routerId,
                9,
                0,
                0,
                false,
                Duration.ofSeconds(10),
                options.delayOpen,
                Duration.ofMinutes(4),
                Duration.ofSeconds(1),
                Duration.ofMinutes(2),
                Duration.ofMinutes(1),
                Duration.ofMinutes(8),
                Stream.concat(Stream.of(new Capability.Multiprotocol(IPV4)), options.capabilities.stream())
                        .toList(),
                OpenRequirements.NONE);
        PeerSettings settings = settings(remote, fsm, options.limits, options.restart);
        peer = new Peer(settings, time, network.host(address), engine, this, new Random(seed));
        network.host(address)
                .listen(
                        new InetSocketAddress(address, 179),
                        remote,
                        Optional.empty(),
                        wire -> Optional.ofNullable(peer.accept(wire)))
                .join();
    }

    private PeerSettings settings(
            InetAddress remote, FsmConfig fsm, Map<AddressFamily, PrefixLimit> limits, RestartSettings restart) {
        Asn remoteAs = fsm.remoteAs().orElseThrow();
        return new PeerSettings(
                "AS" + remoteAs.value(),
                remote,
                fsm,
                new Dialer.Target(new InetSocketAddress(remote, 179), Optional.of(address), Optional.empty(), 0),
                OwnNextHops.NONE,
                Duration.ZERO,
                PeerType.EXTERNAL,
                remoteAs,
                100,
                "",
                RoutePolicy.ACCEPT_ALL,
                RoutePolicy.ACCEPT_ALL,
                families(fsm),
                limits,
                Map.of(),
                true,
                0,
                false,
                0,
                PeerRouting.DEFAULT,
                fsm.routerId(),
                REFRESH_STALE_TIME,
                restart);
    }

    private static Set<AddressFamily> families(FsmConfig fsm) {
        return fsm.capabilities().stream()
                .filter(Capability.Multiprotocol.class::isInstance)
                .map(each -> ((Capability.Multiprotocol) each).family())
                .collect(Collectors.toUnmodifiableSet());
    }

    void start() {
        time.execute(peer::start);
    }

    /** Changes the peer's waits as a reload does, while its session is up. */
    void setIdleHoldTimes(Duration first, Duration longest) {
        PeerSettings now = peer.settings();
        FsmConfig fsm = now.fsm();
        PeerSettings changed = settings(
                now.remoteAddress(),
                new FsmConfig(
                        fsm.localAs(),
                        fsm.remoteAs(),
                        fsm.routerId(),
                        fsm.holdTime(),
                        fsm.keepaliveTime(),
                        fsm.minHoldTime(),
                        fsm.passive(),
                        fsm.connectRetryTime(),
                        fsm.delayOpenTime(),
                        fsm.openHoldTime(),
                        first,
                        longest,
                        fsm.stableTime(),
                        fsm.sendHoldTime(),
                        fsm.capabilities(),
                        fsm.required()),
                now.prefixLimits(),
                now.restart());
        time.execute(() -> peer.reconfigure(changed, false));
    }

    FsmState state() {
        return peer.view().state();
    }

    boolean isUp() {
        return state() == FsmState.ESTABLISHED;
    }

    void announce(Prefix... prefixes) {
        engine.ask(tables -> {
            tables.announce(RoutingTables.LOCAL, PathAttributes.builder().build(), packed(prefixes));
            return true;
        });
    }

    void withdraw(Prefix... prefixes) {
        engine.ask(tables -> {
            tables.withdraw(RoutingTables.LOCAL, packed(prefixes));
            return true;
        });
    }

    static PackedPrefixes packed(Prefix... prefixes) {
        return PackedPrefixes.of(prefixes[0].family(), List.of(prefixes));
    }

    /** {@return prefixes in the Loc-RIB as of the last turn} */
    int routes() {
        return engine.locRib().ipv4Prefixes();
    }

    private void note(String what) {
        log.add(time.elapsed().toMillis() + " " + what);
    }

    @Override
    public void stateChanged(Peer who, FsmState from, FsmState to, DownReason reason) {
        note(from + " -> " + to);
    }

    @Override
    public void notification(Peer who, boolean sent, NotificationMessage message) {
        note((sent ? "sent " : "received ") + message.code() + "/" + message.subcode());
    }

    @Override
    public void oversized(Peer who, int prefixes) {
        note("oversized " + prefixes);
    }

    @Override
    public void ignored(Peer who, String what, long untold) {
        note("ignored " + what);
    }

    @Override
    public void faultyUpdate(Peer who, UpdateMessage update, byte[] octets, long untold) {
        note("faulty " + update.treatment());
    }

    @Override
    public void failed(Peer who, Throwable bug) {
        bugs.add(bug);
    }

    @Override
    public void locRibChanged(RibChanges changes) {}

    @Override
    public void endOfRib(String who, AddressFamily family) {
        note("End-of-RIB");
    }

    @Override
    public void limit(String who, AddressFamily family, LimitKind kind, Level level, int count) {
        note("limit " + kind + " " + level);
    }

    @Override
    public void staleRoutes(String who, AddressFamily family, StaleState state, int routes) {
        note(state + " " + routes);
    }

    @Override
    public void selectionMade(AddressFamily family, Set<String> missing) {
        note("selected " + family + " without " + missing);
    }

    @Override
    public void failed(Throwable bug) {
        bugs.add(bug);
    }

    @Override
    public String toString() {
        return address.getHostAddress() + " " + peer.view() + " log " + log;
    }
}
