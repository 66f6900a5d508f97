package net.popbgp.daemon.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
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
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.core.route.PeerType;
import net.popbgp.daemon.config.ConfigException;
import net.popbgp.daemon.config.ConfigReader;
import net.popbgp.daemon.config.DaemonConfig;
import net.popbgp.daemon.site.CircuitRole;
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
import net.popbgp.sim.virtual.VirtualNetwork;
import net.popbgp.sim.virtual.VirtualTime;
import net.popbgp.speaker.PeerConfig;

/**
 * A configured site, as the product's own sessions and tables, and Azure at its other end, on one thread and a clock that the test moves. What
 * the daemon does besides is not there.
 */
final class VirtualSite implements PeerEvents, RibEvents {

    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
    private static final Asn POP = Asn.of(65001);

    final VirtualTime time = new VirtualTime();
    final List<DownReason> losses = new ArrayList<>();
    private final VirtualNetwork network;
    private final EventLog events;
    private final RibEngine engine;
    private final Map<CircuitRole, Peer> peers = new EnumMap<>(CircuitRole.class);
    private final Map<CircuitRole, AzurePeer> azure = new EnumMap<>(CircuitRole.class);

    /** @param advertise of both circuits, YAML in one line */
    VirtualSite(long seed, String advertise, List<AzureCircuit.Vnet> vnets) throws ConfigException {
        DaemonConfig config = ConfigReader.parse("""
                local-as: 65001
                router-id: 10.0.0.1
                sites:
                  - name: azure
                    md5-key: {env: KEY}
                    advertise: %s
                    circuits:
                      - {pop: New York, subnet: 169.254.10.0/30}
                      - {pop: Ashburn, subnet: 169.254.20.0/30}
                """.formatted(advertise), Path.of("."), name -> StageSetup.KEY);
        network = new VirtualNetwork(time, seed);
        engine = new RibEngine(
                time,
                new RibOptions(POP, RouterId.of("10.0.0.1"), DecisionOptions.DEFAULT),
                this,
                Duration.ofSeconds(10));
        events = new EventLog(time.clock());
        for (CircuitRole role : CircuitRole.values()) {
            PeerConfig circuit = config.peers().get(role.ordinal());
            AzureCircuit other = new AzureCircuit(
                    role.toString(),
                    Prefix.of("169.254." + (role.ordinal() + 1) * 10 + ".0/30"),
                    POP,
                    179,
                    179,
                    false,
                    Optional.of(StageSetup.KEY),
                    Sku.STANDARD,
                    vnets,
                    AzureProfile.DEFAULT);
            azure.put(role, new AzurePeer(other, time, network.host(other.azureAddress()), events, seed));
            Peer peer = new Peer(
                    settings(circuit, other), time, network.host(other.popAddress()), engine, this, new Random(seed));
            peers.put(role, peer);
            network.host(other.popAddress())
                    .listen(
                            new InetSocketAddress(other.popAddress(), 179),
                            other.azureAddress(),
                            circuit.md5Key().map(key -> key.octets()),
                            wire -> Optional.ofNullable(peer.accept(wire)))
                    .join();
        }
        ask(tables -> {
            engine.addCircuitGroup("azure", List.of("azure-primary", "azure-secondary"));
            return true;
        });
        azure.values().forEach(each -> each.start().join());
        peers.values().forEach(each -> time.execute(each::start));
    }

    private static PeerSettings settings(PeerConfig circuit, AzureCircuit other) {
        FsmConfig fsm = new FsmConfig(
                POP,
                Optional.of(circuit.remoteAs()),
                RouterId.of("10.0.0.1"),
                (int) circuit.holdTime().toSeconds(),
                (int) circuit.keepaliveTime().toSeconds(),
                0,
                false,
                circuit.connectRetryTime(),
                Duration.ZERO,
                Duration.ofMinutes(4),
                circuit.idleHoldTime(),
                circuit.maxIdleHoldTime(),
                circuit.stableTime(),
                circuit.sendHoldTime(),
                List.of(new Capability.Multiprotocol(IPV4), new Capability.RouteRefresh()),
                OpenRequirements.NONE);
        return new PeerSettings(
                circuit.name(),
                other.azureAddress(),
                fsm,
                new Dialer.Target(
                        new InetSocketAddress(other.azureAddress(), 179),
                        Optional.of(other.popAddress()),
                        circuit.md5Key().map(key -> key.octets()),
                        0),
                OwnNextHops.NONE,
                Duration.ZERO,
                PeerType.EXTERNAL,
                circuit.remoteAs(),
                circuit.metric(),
                "azure",
                circuit.importPolicy().orElseThrow(),
                circuit.exportPolicy().orElseThrow(),
                Set.of(IPV4),
                circuit.prefixLimits(),
                circuit.outboundGuards(),
                true,
                0,
                false,
                0,
                circuit.routing(),
                fsm.routerId(),
                Duration.ofMinutes(10),
                RestartSettings.OFF);
    }

    AzurePeer azure(CircuitRole role) {
        AzurePeer peer = azure.get(role);
        if (peer == null) {
            throw new IllegalStateException("no circuit " + role);
        }
        return peer;
    }

    <R> R ask(Function<RoutingTables, R> question) {
        List<R> answer = new ArrayList<>();
        engine.ask(question).thenAccept(answer::add);
        time.runUntilIdle();
        return answer.get(0);
    }

    /** Waits until both sessions are up and both sides have what the other one has for them. */
    void settle(int toAzure, int fromAzure) {
        boolean done = time.advanceUntil(() -> isSettled(toAzure, fromAzure), Duration.ofMinutes(10));
        assertThat(done)
                .as(() -> time.elapsed() + ": "
                        + azure.values().stream()
                                .map(each -> each.state() + " "
                                        + each.snapshot().received().size() + " received")
                                .toList()
                        + ", " + ask(tables -> tables.size(IPV4)) + " in the table, losses " + losses + "\n"
                        + peers.values().stream().map(Peer::view).toList() + "\n"
                        + events.after(0).stream()
                                .limit(20)
                                .map(Object::toString)
                                .collect(Collectors.joining("\n")))
                .isTrue();
    }

    private boolean isSettled(int toAzure, int fromAzure) {
        return peers.values().stream().allMatch(each -> each.view().state() == FsmState.ESTABLISHED)
                && azure.values().stream()
                        .allMatch(each -> each.snapshot().received().size() == toAzure
                                && each.snapshot().announced().size() == fromAzure)
                && ask(tables -> tables.size(IPV4)) == toAzure + fromAzure;
    }

    @Override
    public void stateChanged(Peer who, FsmState from, FsmState to, DownReason reason) {
        if (from == FsmState.ESTABLISHED) {
            losses.add(reason);
        }
    }

    @Override
    public void notification(Peer who, boolean sent, NotificationMessage message) {}

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
    public void endOfRib(String who, AddressFamily family) {}

    @Override
    public void limit(String who, AddressFamily family, LimitKind kind, Level level, int count) {}

    @Override
    public void staleRoutes(String who, AddressFamily family, StaleState state, int routes) {}

    @Override
    public void failed(Throwable bug) {
        throw new AssertionError(bug);
    }
}
