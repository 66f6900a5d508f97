package net.popbgp.speaker;

import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.AsnRange;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.rib.AggregateStatus;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.Aggregate;
import net.popbgp.engine.EventDispatcher;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibEvents;
import net.popbgp.session.Peer;
import net.popbgp.session.PeerSettings;
import net.popbgp.session.Wire;
import net.popbgp.transport.Connector;
import net.popbgp.transport.Listener;
import net.popbgp.transport.PeerAffinityGroup;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A BGP speaker (RFC 4271, 1.1): its peers, one Loc-RIB, one Decision Process. Several live side by side in one JVM; there is no static state.
 *
 * <p>A speaker is used once: {@link #create}, add peers, {@link #start}, {@link #close}. Nothing is opened before start, no thread or socket
 * is left after close.
 *
 * <p>Thread-safe; only {@link #close} blocks.
 */
public final class BgpSpeaker implements AutoCloseable {

    /** The most that {@link #close} waits for Cease messages to go out and threads to end. */
    static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);

    private static final NotificationMessage SHUTDOWN =
            NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN);

    private static final Logger LOG = LoggerFactory.getLogger(BgpSpeaker.class);

    private enum Phase {
        NEW,
        RUNNING,
        CLOSED
    }

    private final SpeakerConfig config;
    private final AtomicReference<Phase> phase = new AtomicReference<>(Phase.NEW);
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final Map<String, PeerHandle> byName = new ConcurrentHashMap<>();
    private final Map<InetAddress, PeerHandle> byAddress = new ConcurrentHashMap<>();
    private final List<CircuitGroup> groups = new CopyOnWriteArrayList<>();
    private final List<EventDispatcher<BgpListener>> dispatchers = new ArrayList<>();
    private final List<EventDispatcher<BgpListener>> followers = new ArrayList<>();
    private final List<EventExecutor> eventExecutors = new ArrayList<>();
    private final List<Consumer<PeerHandle>> peerAddedHooks = new CopyOnWriteArrayList<>();
    private final List<Consumer<PeerHandle>> peerRemovedHooks = new CopyOnWriteArrayList<>();
    private final DynamicPeers dynamicPeers = new DynamicPeers(this::holdsStaleRoutes);
    private final SessionEvents sessionEvents = new SessionEvents(this::dispatch, this::stateChanged);
    private final AtomicBoolean failed = new AtomicBoolean();
    private volatile boolean drained;
    private volatile CompletableFuture<Void> warmUps = CompletableFuture.completedFuture(null);
    private final PeerAffinityGroup loops;
    private final EventExecutor ribExecutor;
    private final RibEngine engine;
    private final OwnRestart ownRestart;
    private final Listener listener;
    private final SplittableRandom seeds = new SplittableRandom();

    /** Held while a peer is added or removed, so that names, addresses, keys and loops change together. */
    private final Object peerChanges = new Object();

    private BgpSpeaker(SpeakerConfig config, List<BgpListener> listeners) {
        this.config = config;
        this.loops = new PeerAffinityGroup(config.ioThreads(), config.nativeTransport());
        this.ribExecutor = new DefaultEventExecutor(new DefaultThreadFactory("bgp-rib", true));
        for (BgpListener each : listeners) {
            EventExecutor executor = new DefaultEventExecutor(new DefaultThreadFactory("bgp-events", true));
            eventExecutors.add(executor);
            EventDispatcher<BgpListener> dispatcher = new EventDispatcher<>(each, executor, BgpListener::onLagged);
            dispatchers.add(dispatcher);
            if (each.followsRoutes()) {
                followers.add(dispatcher);
            }
        }
        this.engine = new RibEngine(
                ribExecutor,
                new RibOptions(
                        config.localAs(),
                        config.routerId(),
                        new DecisionOptions(config.honourDrain(), DecisionOptions.DEFAULT.drainThreshold())),
                new TableEvents(),
                config.revertDelay());
        this.ownRestart = new OwnRestart(engine);
        this.listener = new Listener(loops, config.listen(), this::accept);
    }

    /**
     * Makes a speaker; opens nothing.
     *
     * @param listeners each is called on a thread of its own
     */
    public static BgpSpeaker create(SpeakerConfig config, BgpListener... listeners) {
        return new BgpSpeaker(config, List.of(listeners));
    }

    public SpeakerConfig config() {
        return config;
    }

    RibEngine engine() {
        return engine;
    }

    SessionEvents sessionEvents() {
        return sessionEvents;
    }

    /**
     * Listens and starts the peers that are enabled.
     *
     * @return completes when the speaker listens; fails with IOException that names the address if it cannot
     * @throws IllegalStateException if it was started or closed before
     */
    public CompletionStage<Void> start() {
        return start(() -> {});
    }

    /** Starts like {@link #start()} in the place of a speaker that has ended (RFC 4724, 4.1). */
    public CompletionStage<Void> start(SpeakerRestart restart) {
        return start(() -> ownRestart.begin(restart, byName.values()));
    }

    private CompletionStage<Void> start(Runnable beforePeers) {
        if (!phase.compareAndSet(Phase.NEW, Phase.RUNNING)) {
            throw new IllegalStateException("the speaker was started or closed before");
        }
        beforePeers.run();
        startPeers(true); // before they can connect: in Idle they would be refused
        try {
            listener.bind();
        } catch (IOException e) {
            close();
            return CompletableFuture.failedFuture(e);
        }
        startPeers(false); // only now: what holds our address may be a speaker whose sessions our dialing would disturb
        return CompletableFuture.completedFuture(null);
    }

    private void startPeers(boolean passive) {
        for (PeerHandle peer : byName.values()) {
            if (peer.config().enabled() && peer.config().passive() == passive) {
                peer.start();
            }
        }
    }

    /**
     * Has the JVM compile the code that a full table and a failover run through, before they come: exercises it with routes of its own on tables
     * of its own, in the background, and gives way to the speaker's work. Once in the life of a JVM is enough.
     *
     * @param limit how long it may take
     * @return how many routes it went over when it was done, its time was over, or the speaker closed; fails with IOException if it cannot
     *     connect to itself on 127.0.0.0/8
     */
    public CompletionStage<Long> warmUp(Duration limit) {
        CompletableFuture<Long> started =
                new WarmUp(limit, () -> phase.get() == Phase.CLOSED, engine::turns, WarmUp.ROUTES).start();
        CompletableFuture<?> ended = started.handle((routes, failure) -> null);
        synchronized (peerChanges) {
            warmUps = CompletableFuture.allOf(warmUps, ended);
        }
        return started.minimalCompletionStage();
    }

    /**
     * Brings up a session of a speaker of its own on 127.0.0.0/8, so that the first session of the process need not wait for classes to be
     * loaded. Worth it right before the first {@link #start}; blocks meanwhile.
     *
     * @param limit how long it may take; some tens of milliseconds are usual
     * @return whether it was done in time and could be done at all
     */
    public static boolean rehearse(Duration limit) {
        return new Rehearsal(limit).run();
    }

    /** {@return how a restart of the speaker's own stands, empty if it was started without} */
    public Optional<RestartStatus> restartStatus() {
        return ownRestart.status();
    }

    /** {@return the addresses that it really listens on, with the ports taken} */
    public List<InetSocketAddress> listenAddresses() {
        return listener.localAddresses();
    }

    // ---- peers

    /**
     * Adds a peer; starts it if the speaker runs and the peer is enabled.
     *
     * @throws IllegalArgumentException if the name or the address is in use
     * @throws IllegalStateException if the peer asks for what the transport cannot do (TCP MD5 or GTSM without epoll), or the speaker is closed
     */
    public PeerHandle addPeer(PeerConfig peerConfig) {
        synchronized (peerChanges) {
            return add(peerConfig);
        }
    }

    private PeerHandle add(PeerConfig peerConfig) {
        PeerHandle inTheWay = byAddress.get(peerConfig.remoteAddress());
        if (inTheWay != null && !inTheWay.dynamicRange().isEmpty()) {
            remove(inTheWay); // what is configured counts more
        }
        requireUnused(peerConfig);
        PeerSettings peerSettings = settings(peerConfig, "");
        prepareTransport(peerConfig);
        PeerHandle handle = register(peerConfig, peerSettings, "");
        if (phase.get() == Phase.RUNNING && peerConfig.enabled()) {
            handle.start();
        }
        return handle;
    }

    private void requireUnused(PeerConfig peerConfig) {
        requireOpen();
        if (byName.containsKey(peerConfig.name())) {
            throw new IllegalArgumentException("there is a peer named '" + peerConfig.name() + "' already");
        }
        if (byAddress.containsKey(peerConfig.remoteAddress())) {
            throw new IllegalArgumentException(
                    "there is a peer with address " + IpAddresses.text(peerConfig.remoteAddress()) + " already");
        }
        if (peerConfig.name().equals(LOCAL)) {
            throw new IllegalArgumentException("the name '" + LOCAL + "' stands for our own routes");
        }
    }

    private PeerHandle register(PeerConfig peerConfig, PeerSettings peerSettings, String dynamicRange) {
        io.netty.channel.EventLoop loop = loops.loopFor(peerConfig.remoteAddress());
        Peer peer = new Peer(peerSettings, loop, new Connector(loops, loop), engine, sessionEvents, seeds.split());
        peer.restartState(ownRestart.stateFor(peerConfig));
        PeerHandle handle = new PeerHandle(this, peerConfig, peer, dynamicRange);
        byName.put(peerConfig.name(), handle);
        byAddress.put(peerConfig.remoteAddress(), handle);
        peerAddedHooks.forEach(hook -> hook.accept(handle));
        return handle;
    }

    static final String LOCAL = "local";

    /** Sets what the listening sockets have to know about a peer: all of it or, if any is refused, nothing. */
    void prepareTransport(PeerConfig peerConfig) {
        InetAddress remote = peerConfig.remoteAddress();
        int before = listener.ttlSecurity(remote);
        listener.setTtlSecurity(remote, peerConfig.ttlSecurity());
        try {
            if (peerConfig.md5Key().isPresent()) {
                listener.setMd5Key(remote, peerConfig.md5Key().get().octets());
            } else {
                listener.removeMd5Key(remote);
            }
        } catch (RuntimeException e) {
            listener.setTtlSecurity(remote, before);
            throw e;
        }
    }

    PeerSettings settings(PeerConfig peerConfig, String circuitGroup) {
        return PeerSettingsFactory.settings(config, drained ? drained(peerConfig) : peerConfig, circuitGroup);
    }

    static PeerConfig drained(PeerConfig peerConfig) {
        return peerConfig.toBuilder()
                .routing(peerConfig.routing().withGracefulShutdown(true))
                .build();
    }

    // ---- graceful shutdown

    /** {@return whether all peers are drained with the speaker} */
    public boolean isDrained() {
        return drained;
    }

    /**
     * Prepares the end of all sessions (RFC 8326, 4.2), those of peers that are added later too; {@link #endDrain} takes it back.
     *
     * @return completes when the routes of all peers were evaluated again
     */
    public CompletionStage<Void> startDrain() {
        return changeDrain(true);
    }

    /** Takes {@link #startDrain} back; peers that are drained by themselves stay so. */
    public CompletionStage<Void> endDrain() {
        return changeDrain(false);
    }

    private CompletionStage<Void> changeDrain(boolean value) {
        synchronized (peerChanges) {
            List<PeerHandle> handles = peerHandles();
            List<Drain> before = handles.stream().map(PeerHandle::drain).toList();
            drained = value;
            CompletableFuture<?>[] changes = new CompletableFuture<?>[handles.size()];
            for (int i = 0; i < changes.length; i++) {
                changes[i] = handles.get(i).drainChanged(before.get(i)).toCompletableFuture();
            }
            return CompletableFuture.allOf(changes);
        }
    }

    // ---- dynamic peers

    /**
     * Lets peers connect from a range of addresses.
     *
     * @throws IllegalArgumentException if the name or the range is in use, or the template cannot work
     * @throws IllegalStateException if it asks for what the transport cannot do (TCP MD5 or GTSM without epoll, keys for ranges without
     *     TCP_MD5SIG_EXT), or the speaker is closed
     */
    public void addDynamicPeers(DynamicPeersConfig range) {
        synchronized (peerChanges) {
            requireOpen();
            requireUsable(range);
            dynamicPeers.add(range);
            try {
                prepareTransport(range);
            } catch (RuntimeException e) {
                dynamicPeers.remove(range.name());
                throw e;
            }
        }
    }

    /**
     * Takes another configuration for a range's peers, those that are there with the least disturbance of each.
     *
     * @return completes when all of them follow it
     * @throws IllegalArgumentException if there is no such range, its addresses differ, or the template cannot work
     * @throws IllegalStateException if it asks for what the transport cannot do
     */
    public CompletionStage<Void> changeDynamicPeers(DynamicPeersConfig range) {
        synchronized (peerChanges) {
            requireUsable(range);
            List<PeerHandle> present = dynamicPeers.change(range);
            prepareTransport(range);
            return CompletableFuture.allOf(present.stream()
                    .map(peer -> peer.reconfigure(range.peer(IpAddresses.text(peer.remoteAddress()))))
                    .map(CompletionStage::toCompletableFuture)
                    .toArray(CompletableFuture<?>[]::new));
        }
    }

    /**
     * Ends the sessions of a range's peers with Cease/Peer De-configured and takes no more; does nothing if there is no such range.
     *
     * @return completes when their routes are gone
     */
    public CompletionStage<Void> removeDynamicPeers(String name) {
        synchronized (peerChanges) {
            Optional<DynamicPeersConfig> range = dynamicPeers.status(name).map(DynamicPeersStatus::config);
            range.ifPresent(each -> listener.removeMd5Key(each.range()));
            return dynamicPeers.remove(name);
        }
    }

    /** {@return the ranges of dynamic peers, in order of their names} */
    public List<DynamicPeersStatus> dynamicPeers() {
        return dynamicPeers.status();
    }

    private void requireUsable(DynamicPeersConfig range) {
        settings(range.peer(IpAddresses.text(range.range().address())), "");
        boolean internal = range.remoteAs().stream().anyMatch(each -> each.contains(config.localAs()));
        if (internal && !range.remoteAs().equals(List.of(AsnRange.of(config.localAs())))) {
            throw new IllegalArgumentException(
                    "dynamic peers are all external or all internal, not " + range.remoteAs());
        }
    }

    private void prepareTransport(DynamicPeersConfig range) {
        listener.requireTtlSecurity(range.template().ttlSecurity());
        Optional<Md5Key> key = range.template().md5Key();
        if (key.isPresent()) {
            listener.setMd5Key(range.range(), key.get().octets());
        } else {
            listener.removeMd5Key(range.range());
        }
    }

    /** On a loop that accepts: the only place where one waits for the lock, and only for connections from a range. */
    private @Nullable PeerHandle makeDynamic(InetAddress remote) {
        if (!dynamicPeers.covers(remote)) {
            return null;
        }
        synchronized (peerChanges) {
            if (phase.get() != Phase.RUNNING || byAddress.containsKey(remote)) {
                return null;
            }
            return dynamicPeers.make(remote, (peerConfig, range) -> {
                requireUnused(peerConfig);
                listener.limitAccepted(remote, peerConfig.ttlSecurity());
                return register(peerConfig, settings(peerConfig, ""), range);
            });
        }
    }

    private void stateChanged(String name, FsmState to) {
        PeerHandle handle = byName.get(name);
        if (handle != null && !handle.dynamicRange().isEmpty()) {
            dynamicPeers.stateChanged(handle, to);
        }
    }

    private boolean holdsStaleRoutes(PeerHandle handle) {
        return engine.staleRoutes(handle.name()).isPresent();
    }

    CompletionStage<Void> remove(PeerHandle handle) {
        synchronized (peerChanges) {
            if (byName.remove(handle.name(), handle)) {
                byAddress.remove(handle.remoteAddress(), handle);
                groups.stream().filter(group -> group.contains(handle)).forEach(this::dissolve);
                sessionEvents.forget(handle.name());
                dynamicPeers.removed(handle);
                listener.removeMd5Key(handle.remoteAddress());
                listener.setTtlSecurity(handle.remoteAddress(), 0);
                peerRemovedHooks.forEach(hook -> hook.accept(handle));
            }
        }
        return handle.removeFromLoop(NotificationMessage.cease(NotificationMessage.PEER_DECONFIGURED))
                .whenComplete((done, failure) -> release(handle.remoteAddress()));
    }

    /** Forgets the loop of an address, unless a peer with it has been added again: that one is on the same loop. */
    private void release(InetAddress address) {
        synchronized (peerChanges) {
            if (!byAddress.containsKey(address)) {
                loops.release(address);
            }
        }
    }

    public Optional<PeerHandle> peer(InetAddress remote) {
        return Optional.ofNullable(byAddress.get(remote));
    }

    public Optional<PeerHandle> peer(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /** {@return the peers in order of their names} */
    public List<PeerHandle> peerHandles() {
        return byName.values().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
    }

    /** {@return the states of all peers, copies, in order of their names} */
    public List<PeerStatus> peers() {
        return peerHandles().stream().map(PeerHandle::status).toList();
    }

    void onPeers(Consumer<PeerHandle> added, Consumer<PeerHandle> removed) {
        peerAddedHooks.add(added);
        peerRemovedHooks.add(removed);
        byName.values().forEach(added);
    }

    private @Nullable Function<Wire, Wire.@Nullable Events> accept(InetSocketAddress remote, InetSocketAddress local) {
        PeerHandle handle = byAddress.get(remote.getAddress());
        if (handle != null) {
            return wire -> handle.peer().accept(wire);
        }
        PeerHandle made = makeDynamic(remote.getAddress());
        if (made == null) {
            return null;
        }
        return wire -> {
            made.peer().start(); // on its loop already, before the connection is looked at
            return made.peer().accept(wire);
        };
    }

    // ---- circuit groups

    /**
     * Makes two peers the circuits of one group. Sessions that are up keep their routes; from the next session on, routes of one circuit are
     * not advertised to the other.
     *
     * @throws IllegalArgumentException if the name is used, a peer is in a group already or was removed
     */
    public CircuitGroup addCircuitGroup(String name, PeerHandle primary, PeerHandle secondary) {
        synchronized (peerChanges) {
            return addGroup(name, primary, secondary);
        }
    }

    private CircuitGroup addGroup(String name, PeerHandle primary, PeerHandle secondary) {
        requireOpen();
        if (name.isBlank() || circuitGroup(name).isPresent()) {
            throw new IllegalArgumentException("circuit group name is empty or used already: '" + name + "'");
        }
        if (primary == secondary) {
            throw new IllegalArgumentException("a circuit group needs two peers, not twice " + primary);
        }
        for (PeerHandle member : List.of(primary, secondary)) {
            if (byName.get(member.name()) != member) {
                throw new IllegalArgumentException("the peer was removed: " + member);
            }
        }
        for (CircuitGroup other : groups) {
            if (other.contains(primary) || other.contains(secondary)) {
                throw new IllegalArgumentException("a peer belongs to circuit group '" + other.name() + "' already");
            }
        }
        CircuitGroup group = new CircuitGroup(name, primary, secondary);
        groups.add(group);
        engine.ask(tables -> {
            engine.addCircuitGroup(name, List.of(primary.name(), secondary.name()));
            return true;
        });
        primary.circuitGroup(name);
        secondary.circuitGroup(name);
        return group;
    }

    /**
     * Takes two peers apart; the peers stay. What their sessions keep from each other they keep until each peer's next session.
     *
     * @throws IllegalArgumentException if there is no such group
     */
    public void removeCircuitGroup(String name) {
        synchronized (peerChanges) {
            dissolve(circuitGroup(name)
                    .orElseThrow(() -> new IllegalArgumentException("there is no circuit group '" + name + "'")));
        }
    }

    private void dissolve(CircuitGroup group) {
        groups.remove(group);
        engine.ask(tables -> {
            engine.removeCircuitGroup(group.name());
            return true;
        });
        group.primary().circuitGroup("");
        group.secondary().circuitGroup("");
    }

    public Optional<CircuitGroup> circuitGroup(String name) {
        return groups.stream().filter(g -> g.name().equals(name)).findFirst();
    }

    public List<CircuitGroup> circuitGroups() {
        return List.copyOf(groups);
    }

    // ---- routes

    /**
     * Announces routes of our own, or replaces them.
     *
     * @param attributes without a next hop, each peer gets our address on its session
     * @return completes when they are in the Loc-RIB; fails with IllegalStateException if more than 10,000 calls wait,
     *     so announce many prefixes at once, or wait for some calls before the next
     */
    public CompletionStage<Void> announce(Collection<Prefix> prefixes, PathAttributes attributes) {
        List<PackedPrefixes> packed = pack(prefixes);
        return engine.ask(tables -> {
                    packed.forEach(each -> tables.announce(RoutingTables.LOCAL, attributes, each));
                    return true;
                })
                .thenApply(done -> null);
    }

    /** Withdraws routes of our own; what is not announced is passed over. */
    public CompletionStage<Void> withdraw(Collection<Prefix> prefixes) {
        List<PackedPrefixes> packed = pack(prefixes);
        return engine.ask(tables -> {
                    packed.forEach(each -> tables.withdraw(RoutingTables.LOCAL, each));
                    return true;
                })
                .thenApply(done -> null);
    }

    /**
     * Originates other aggregates than so far (RFC 4271, 9.2.2.2); none at first.
     *
     * @return completes when they are formed; fails with IllegalArgumentException if there are more than
     *     {@link Aggregate#MAX_AGGREGATES}, or two of one prefix
     */
    public CompletionStage<Void> replaceAggregates(List<Aggregate> aggregates) {
        return engine.ask(tables -> {
                    tables.replaceAggregates(aggregates);
                    return true;
                })
                .thenApply(done -> null);
    }

    /** {@return the aggregates in order of their prefixes} */
    public CompletionStage<List<AggregateStatus>> aggregates() {
        return engine.ask(RoutingTables::aggregates);
    }

    /**
     * Lets more or fewer equal routes of a prefix be in use; {@link Multipath#OFF} at first. What is advertised stays the best one alone.
     *
     * @return completes when all prefixes have been looked at; {@link BgpListener#onLocRibChange} tells what has changed
     */
    public CompletionStage<Void> changeMultipath(Multipath multipath) {
        return engine.ask(tables -> {
                    tables.multipath(multipath);
                    return true;
                })
                .thenApply(done -> null);
    }

    /** {@return what is known of the way to next hops} */
    public CompletionStage<NextHopTable> nextHops() {
        return engine.ask(RoutingTables::nextHops);
    }

    /**
     * Changes what is known of the way to next hops: routes become eligible or stop being so, and are selected anew (RFC 4271, 9.1.2).
     *
     * @param change makes the table to come of the one in force; runs on the RIB thread
     * @return the table now in force; fails with IllegalArgumentException if the change throws it
     */
    public CompletionStage<NextHopTable> changeNextHops(UnaryOperator<NextHopTable> change) {
        return engine.ask(tables -> {
            engine.replaceNextHops(change.apply(tables.nextHops()));
            return tables.nextHops();
        });
    }

    private static List<PackedPrefixes> pack(Collection<Prefix> prefixes) {
        List<PackedPrefixes> packed = new ArrayList<>();
        for (AddressFamily family : List.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST)) {
            List<Prefix> ofFamily =
                    prefixes.stream().filter(p -> p.family().equals(family)).toList();
            if (!ofFamily.isEmpty()) {
                packed.add(PackedPrefixes.of(family, ofFamily));
            }
        }
        return packed;
    }

    /**
     * Lists routes, a page at a time.
     *
     * @return fails with IllegalArgumentException if there is no such peer
     */
    public CompletionStage<RoutePage> routes(RouteQuery query) {
        return engine.ask(tables -> RouteViews.page(engine, tables, query));
    }

    /** {@return the Loc-RIB in figures, without asking the RIB thread} */
    public LocRibStatus locRib() {
        RibEngine.LocRibCounts counts = engine.locRib();
        return new LocRibStatus(counts.ipv4Prefixes(), counts.ipv6Prefixes(), counts.changes(), counts.withdrawals());
    }

    /** {@return every route for a prefix, which is used, and why} */
    public CompletionStage<RouteExplanation> explain(Prefix prefix) {
        return engine.ask(tables -> RouteViews.explain(engine, tables, prefix));
    }

    /** {@return completes when the speaker was closed, and exceptionally when it had to stop because of a bug} */
    public CompletionStage<Void> terminated() {
        return terminated.minimalCompletionStage();
    }

    // ---- the end

    /** Sends Cease to all peers, closes everything, waits for it at most {@link #CLOSE_TIMEOUT}. Does nothing the second time. */
    @Override
    public void close() {
        end(peer -> peer.removeFromLoop(SHUTDOWN));
    }

    /**
     * Closes like {@link #close}, for another speaker that is to take this one's place at once: sessions with graceful restart end without a
     * NOTIFICATION, so that the peers keep our routes for the Restart Time (RFC 4724, 4.2).
     */
    public void closeForRestart() {
        end(peer -> peer.leaveFromLoop(SHUTDOWN));
    }

    private void end(Function<PeerHandle, CompletionStage<Void>> endOfPeer) {
        close(endOfPeer);
        if (!failed.get()) {
            terminated.complete(null);
        }
    }

    private void close(Function<PeerHandle, CompletionStage<Void>> endOfPeer) {
        if (phase.getAndSet(Phase.CLOSED) == Phase.CLOSED) {
            return;
        }
        long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
        List<CompletableFuture<Void>> stops = byName.values().stream()
                .map(peer -> endOfPeer.apply(peer).toCompletableFuture())
                .toList();
        listener.close();
        await(CompletableFuture.allOf(stops.toArray(CompletableFuture[]::new)), deadline);
        loops.close(remaining(deadline));
        await(warmUps, deadline);
        List<io.netty.util.concurrent.Future<?>> ends = new ArrayList<>();
        ends.add(ribExecutor.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS));
        eventExecutors.forEach(e -> ends.add(e.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS)));
        for (io.netty.util.concurrent.Future<?> end : ends) {
            if (!insideOwnThread()) {
                end.awaitUninterruptibly(Math.max(1, remaining(deadline).toMillis()));
            }
        }
    }

    /** A listener or a stage may close the speaker: a thread cannot wait for its own end. */
    private boolean insideOwnThread() {
        return ribExecutor.inEventLoop() || eventExecutors.stream().anyMatch(EventExecutor::inEventLoop);
    }

    private void await(CompletableFuture<?> future, long deadline) {
        if (insideOwnThread() || loops.inLoop()) {
            return;
        }
        try {
            future.get(remaining(deadline).toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.warn("event=close_incomplete reason=\"{}\"", e.toString());
        }
    }

    private static Duration remaining(long deadline) {
        return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
    }

    private void requireOpen() {
        if (phase.get() == Phase.CLOSED) {
            throw new IllegalStateException("the speaker is closed");
        }
    }

    // ---- events

    void dispatch(Consumer<BgpListener> event) {
        for (EventDispatcher<BgpListener> each : dispatchers) {
            each.dispatch(event);
        }
    }

    private final class TableEvents implements RibEvents {

        @Override
        public boolean followsRoutes() {
            return !followers.isEmpty();
        }

        @Override
        public void locRibChanged(RibChanges changes) {
            for (EventDispatcher<BgpListener> each : followers) {
                each.dispatch(l -> l.onLocRibChange(changes), changes.size());
            }
        }

        @Override
        public void endOfRib(String peer, AddressFamily family) {
            dispatch(l -> l.onEndOfRib(peer, family));
        }

        @Override
        public void limit(String peer, AddressFamily family, LimitKind kind, Level level, int count) {
            BgpListener.Direction direction =
                    kind == LimitKind.INBOUND ? BgpListener.Direction.RECEIVED : BgpListener.Direction.SENT;
            BgpListener.LimitState state = BgpListener.LimitState.valueOf(level.name());
            dispatch(l -> l.onPrefixLimit(peer, family, direction, state, count));
        }

        @Override
        public void selectionMade(AddressFamily family, Set<String> missing) {
            dispatch(l -> l.onSelectionMade(family, missing));
        }

        @Override
        public void restartIsOver() {
            ownRestart.end();
            byName.values().forEach(PeerHandle::restartIsOver);
        }

        @Override
        public void staleRoutes(String peer, AddressFamily family, StaleState state, int routes) {
            BgpListener.StaleState told = BgpListener.StaleState.valueOf(state.name());
            dispatch(l -> l.onStaleRoutes(peer, family, told, routes));
        }

        @Override
        public void circuitChanged(CircuitChange change) {
            long now = engine.nanoTime();
            Failover failover = new Failover(
                    change.group(),
                    change.from().orElse(""),
                    change.to().orElse(""),
                    change.trigger(),
                    change.prefixes(),
                    Instant.now().minusNanos(now - change.detectedNanos()),
                    Duration.ofNanos(now - change.detectedNanos()),
                    Optional.empty());
            dispatch(l -> l.onFailover(failover));
            circuitGroup(change.group()).ifPresent(g -> g.changed(failover));
        }

        @Override
        public void circuitSwitched(CircuitChange change, long nanos) {
            circuitGroup(change.group())
                    .flatMap(g -> g.switched(Duration.ofNanos(nanos - change.detectedNanos())))
                    .ifPresent(complete -> dispatch(l -> l.onFailoverCompleted(complete)));
        }

        @Override
        public void failed(Throwable bug) {
            if (failed.compareAndSet(false, true)) {
                LOG.error("event=rib_failed action=speaker_stops", bug);
                Thread closer = new Thread(
                        () -> {
                            NotificationMessage cease = NotificationMessage.cease(NotificationMessage.OUT_OF_RESOURCES);
                            close(peer -> peer.removeFromLoop(cease));
                            terminated.completeExceptionally(
                                    new IllegalStateException("the tables cannot be trusted after a bug", bug));
                        },
                        "bgp-fail-stop");
                closer.setDaemon(true);
                closer.start();
            }
        }
    }
}
