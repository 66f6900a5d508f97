package net.popbgp.engine;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.message.UpdateMessage.Announcement;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.rib.AdjRibOut;
import net.popbgp.core.rib.ExportOptions;
import net.popbgp.core.rib.MemberLimits;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RibOptions;
import net.popbgp.core.rib.RouteBatch;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.jctools.queues.MpscChunkedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * Owns the {@link RoutingTables} and is the only one to touch them.
 *
 * <p>Commands come through one bounded queue, so that a peer's routes, its End-of-RIB and its loss stay in order. A session may have as many
 * received commands under way as it has credits, and callers as many tasks as {@link #MAX_TASKS}; so the queue cannot fill up. They are
 * applied in turns of at most {@link #TURN} commands; after every turn each peer that has room gets one batch of what changed, listeners get
 * the changes, sessions get their credits back.
 *
 * <p>A bug in here makes the tables untrustworthy: the engine stops for good and says so ({@link RibEvents#failed}).
 *
 * <p>{@link #submit} and {@link #ask} may be called from any thread; everything else is confined to the RIB thread.
 */
public final class RibEngine {

    /** Commands that may wait. */
    public static final int QUEUE_CAPACITY = 1 << 20;

    /** Tasks of callers that may wait; one more is refused. */
    public static final int MAX_TASKS = 10_000;

    /** Commands applied before peers and listeners are served. */
    static final int TURN = 512;

    /** Prefixes in one batch to a peer. */
    static final int BATCH = 4096;

    /**
     * The Loc-RIB in figures. Immutable.
     *
     * @param changes since the start: routes selected, replaced or lost
     * @param withdrawals of these, the ones that left a prefix without a route
     */
    public record LocRibCounts(int ipv4Prefixes, int ipv6Prefixes, long changes, long withdrawals) {}

    private static final String CLOSED = "the speaker is closed";

    private final EventExecutor executor;
    private final RoutingTables tables;
    private final RibEvents events;
    private final Duration revertDelay;
    private final MpscChunkedArrayQueue<RibCommand> queue = new MpscChunkedArrayQueue<>(1024, QUEUE_CAPACITY);
    /** The PeerDown commands of the queue again, so that circuit groups need not wait for what is before them. */
    private final Queue<RibCommand.PeerDown> losses = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final java.util.concurrent.atomic.AtomicInteger tasks = new java.util.concurrent.atomic.AtomicInteger();
    private final Map<String, RibPeer> peers = new HashMap<>();
    private final Map<Integer, RibPeer> byIndex = new HashMap<>();
    private final Set<RibPeer> touched = new LinkedHashSet<>();
    private final CircuitTracker circuits;
    private final MarkedRefreshes refreshes;
    private final RestartingPeers restarting;
    private final SelectionDeferral deferral;
    private volatile boolean stopped;
    private volatile long turns;
    private volatile LocRibCounts locRib = new LocRibCounts(0, 0, 0, 0);

    /**
     * @param executor the RIB thread
     * @param revertDelay how long a returning circuit may take to its End-of-RIB before its routes count anyway
     */
    public RibEngine(EventExecutor executor, RibOptions options, RibEvents events, Duration revertDelay) {
        this.executor = executor;
        this.tables = new RoutingTables(options);
        this.events = events;
        this.revertDelay = revertDelay;
        this.refreshes = new MarkedRefreshes(tables, this::later, this::touch);
        this.circuits = new CircuitTracker(this::selectedRoutes, this::backedUpRoutes, events);
        this.restarting = new RestartingPeers(tables, events, this::later, byIndex::remove);
        this.deferral = new SelectionDeferral(tables, events);
        tables.recordChanges(events.followsRoutes());
    }

    /** {@return the Loc-RIB's figures as of the last turn; from any thread} */
    public LocRibCounts locRib() {
        return locRib;
    }

    /** {@return how often the RIB thread has worked; from any thread} */
    public long turns() {
        return turns;
    }

    /** {@return the clock that commands' times are on, nanoseconds; from any thread} */
    public long nanoTime() {
        return executor.ticker().nanoTime();
    }

    /**
     * Hands over a command. Dropped once the engine has stopped.
     *
     * @throws IllegalStateException if the queue is full, which credits make impossible
     */
    public void submit(RibCommand command) {
        if (stopped) {
            return;
        }
        if (!queue.offer(command)) {
            throw new IllegalStateException("more than " + QUEUE_CAPACITY + " commands wait for the RIB thread");
        }
        if (command instanceof RibCommand.PeerDown down) {
            losses.add(down);
        }
        wake();
    }

    /**
     * Runs a function on the tables.
     *
     * @return completes on the RIB thread; fails with what the function threw, or with IllegalStateException if too many wait or the engine
     *     has stopped
     */
    public <R> CompletionStage<R> ask(Function<RoutingTables, R> question) {
        CompletableFuture<R> answer = new CompletableFuture<>();
        if (stopped) {
            answer.completeExceptionally(new IllegalStateException(CLOSED));
            return answer;
        }
        if (tasks.incrementAndGet() > MAX_TASKS) {
            tasks.decrementAndGet();
            answer.completeExceptionally(
                    new IllegalStateException("more than " + MAX_TASKS + " requests wait for the RIB thread"));
            return answer;
        }
        Runnable refused = () -> answer.completeExceptionally(new IllegalStateException(CLOSED));
        submit(new RibCommand.Task(
                () -> {
                    tasks.decrementAndGet();
                    answer(answer, question);
                },
                refused));
        if (stopped) {
            refused.run(); // it may have come after the queue was emptied
        }
        return answer;
    }

    private <R> void answer(CompletableFuture<R> answer, Function<RoutingTables, R> question) {
        try {
            answer.complete(question.apply(tables));
        } catch (IllegalArgumentException e) {
            answer.completeExceptionally(e);
        } catch (RuntimeException bug) {
            answer.completeExceptionally(bug);
            throw bug;
        }
    }

    private void wake() {
        if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
            try {
                executor.execute(this::turn);
            } catch (RejectedExecutionException e) {
                stop();
            }
        }
    }

    /** Takes nothing any more. The flag of {@link #wake} stays set, so there is only one who empties the queue. */
    private void stop() {
        stopped = true;
        RibCommand command;
        while ((command = queue.poll()) != null) {
            if (command instanceof RibCommand.Task task) {
                task.refused().run();
            }
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // written by this thread alone
    private void turn() {
        if (stopped) {
            return;
        }
        turns++;
        try {
            RibCommand command;
            for (int i = 0; i < TURN && (command = queue.poll()) != null; i++) {
                tellLosses();
                apply(command);
            }
            finishTurn();
        } catch (Throwable bug) { // whatever it is, the tables may be half changed
            stop();
            events.failed(bug);
            return;
        }
        scheduled.set(false);
        if (!queue.isEmpty()) {
            wake();
        }
    }

    private void tellLosses() {
        RibCommand.PeerDown down;
        while ((down = losses.poll()) != null) {
            RibPeer peer = down.peer();
            if (!down.graceful() || peer.setup().stale().restart().isEmpty()) {
                circuitLost(down);
            }
        }
    }

    /** Says who takes over from a peer all of whose routes are about to go. */
    private void circuitLost(RibCommand.PeerDown down) {
        if (down.peer().isUp() && !deferral.isOn()) {
            circuits.lost(down.peer().name(), down.detectedNanos(), down.reason());
        }
    }

    private void apply(RibCommand command) {
        if (command instanceof RibCommand.Received received) {
            received(received);
        } else if (command instanceof RibCommand.Grant grant) {
            grant.peer().window++;
            touch(grant.peer());
        } else if (command instanceof RibCommand.PeerUp up) {
            peerUp(up.peer());
        } else if (command instanceof RibCommand.PeerDown down) {
            peerDown(down);
        } else if (command instanceof RibCommand.EndOfRib end) {
            end.peer().creditsDue++;
            endOfRib(end.peer(), end.family());
        } else if (command instanceof RibCommand.Refresh again) {
            again.peer().creditsDue++;
            refresh(again.peer(), again.family());
        } else if (command instanceof RibCommand.RefreshMarker marker) {
            marker.peer().creditsDue++;
            refreshMarker(marker);
        } else if (command instanceof RibCommand.Forget forget) {
            restarting.remove(forget.peer());
            deferral.forget(forget.peer());
        } else if (command instanceof RibCommand.Task task) {
            task.work().run();
        }
    }

    // ---- peers

    private void peerUp(RibPeer peer) {
        RibPeer.Setup setup = peer.setup();
        RibPeer former = peers.get(setup.name());
        if (former != null) {
            // A peer that was removed and added again is on another loop, which may be faster with the news.
            peerDown(new RibCommand.PeerDown(former, nanoTime(), "replaced", false));
        }
        String group = setup.source().circuitGroup();
        OptionalInt kept = restarting.returned(peer);
        peer.reverting = !group.isEmpty()
                && !restarting.isWaiting(peer.name())
                && peers.values().stream().anyMatch(p -> p.source.circuitGroup().equals(group));
        peer.source = peer.reverting ? withMetric(setup.source(), RibPeer.REVERTING_METRIC) : setup.source();
        peer.index =
                kept.isPresent() ? again(kept.getAsInt(), peer) : tables.addPeer(peer.source, setup.importPolicy());
        peers.put(setup.name(), peer);
        byIndex.put(peer.index, peer);
        limitReceived(peer);
        tables.setReflectorClient(peer.index, setup.exportOptions().routing().reflectorClient());
        AdjRibOut out = tables.adjRibOut(setup.exportOptions());
        peer.member = prepared(peer, out.join(peer.index, limits(peer)));
        deferral.up(peer);
        touched.add(peer);
        if (peer.reverting) {
            later(() -> revert(peer, "revert delay"), revertDelay);
        }
    }

    /** Takes up the routes that have waited for the session. */
    private int again(int index, RibPeer peer) {
        tables.replaceSource(index, peer.source);
        tables.replaceImportPolicy(index, peer.setup().importPolicy());
        return index;
    }

    private AdjRibOut.Member prepared(RibPeer peer, AdjRibOut.Member member) {
        Duration interval = peer.setup().advertisementInterval();
        if (!interval.isZero()) {
            member.pace(interval.toNanos(), this::nanoTime);
        }
        if (member.group().options().routing().advertisedTimes()) {
            member.recordTimes(System::currentTimeMillis);
        }
        return member;
    }

    /** Routes that wait for their interval are looked at again when the first of them is due. */
    private void wakeForPaced(RibPeer peer, AdjRibOut.Member member) {
        OptionalLong wait = member.nanosToNextPaced();
        if (wait.isPresent() && wait.getAsLong() > 0 && !peer.pacingScheduled) {
            peer.pacingScheduled = true;
            later(
                    () -> {
                        peer.pacingScheduled = false;
                        touch(peer);
                    },
                    Duration.ofNanos(wait.getAsLong()));
        }
    }

    /** Does something on the tables after a while, in a turn like any other command; lost when the engine stops. */
    private void later(Runnable work, Duration delay) {
        executor.schedule(() -> submit(new RibCommand.Task(work, () -> {})), delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void peerDown(RibCommand.PeerDown down) {
        RibPeer peer = down.peer();
        if (!peer.isUp()) {
            return;
        }
        circuits.cause(peer.name(), down.detectedNanos(), down.reason());
        if (peer.member != null) {
            peer.member.leave();
        }
        if (!down.graceful() || !restarting.lost(peer)) {
            circuitLost(down);
            restarting.forget(peer.name());
            tables.removePeer(peer.index);
            byIndex.remove(peer.index);
        }
        peers.remove(peer.name());
        circuits.gone(peer.name());
        peer.index = -1;
        peer.member = null;
        peer.publish(Map.of());
        touched.remove(peer);
        revertTheLast(peer.source.circuitGroup(), down.reason());
    }

    /** A circuit that nobody is left to revert from counts in full, so that one that returns waits for its own End-of-RIB. */
    private void revertTheLast(String group, String reason) {
        if (group.isEmpty()) {
            return;
        }
        List<RibPeer> left = peers.values().stream()
                .filter(each -> each.source.circuitGroup().equals(group))
                .toList();
        if (left.stream().allMatch(each -> each.reverting)) {
            left.forEach(each -> revert(each, reason));
        }
    }

    private void received(RibCommand.Received received) {
        RibPeer peer = received.peer();
        if (!peer.isUp()) {
            return;
        }
        for (PackedPrefixes prefixes : received.withdrawn()) {
            tables.withdraw(peer.index, prefixes);
        }
        for (Announcement announcement : received.announced()) {
            tables.announce(peer.index, announcement.attributes(), announcement.prefixes());
            if (!peer.prefixLimits.isEmpty()) {
                checkInbound(peer, announcement.prefixes().family());
            }
        }
        peer.creditsDue++;
        touched.add(peer);
    }

    private void limitReceived(RibPeer peer) {
        for (AddressFamily family : peer.setup().families()) {
            PrefixLimit limit = peer.prefixLimits.get(family);
            int most =
                    limit != null && limit.action() == PrefixLimit.Action.DISCARD ? limit.limit() : Integer.MAX_VALUE;
            tables.limitReceived(peer.index, family, most);
        }
    }

    private void checkInbound(RibPeer peer, AddressFamily family) {
        PrefixLimit limit = peer.prefixLimits.get(family);
        if (limit == null) {
            return;
        }
        if (limit.action() == PrefixLimit.Action.TEAR_DOWN
                && tables.received(peer.index, family) > limit.limit()
                && !peer.toreDown) {
            peer.toreDown = true;
            peer.setup().overLimit().accept(family);
        }
    }

    private void endOfRib(RibPeer peer, AddressFamily family) {
        if (!peer.isUp()) {
            return;
        }
        peer.endOfRib.put(family, true);
        touched.add(peer);
        events.endOfRib(peer.name(), family);
        deferral.endOfRib(peer, family);
        restarting.endOfRib(peer.name(), family);
        if (peer.reverting && peer.endOfRib.keySet().containsAll(peer.setup().families())) {
            revert(peer, "End-of-RIB of " + peer.name());
        }
    }

    private void refreshMarker(RibCommand.RefreshMarker marker) {
        if (marker.peer().isUp()) {
            if (marker.begin()) {
                refreshes.begin(marker.peer(), marker.family());
            } else {
                refreshes.end(marker.peer(), marker.family());
            }
            touch(marker.peer());
        }
    }

    private void revert(RibPeer peer, String trigger) {
        if (!peer.isUp() || !peer.reverting) {
            return;
        }
        peer.reverting = false;
        peer.source = withMetric(peer.source, peer.metric);
        circuits.cause(peer.name(), nanoTime(), trigger);
        tables.replaceSource(peer.index, peer.source);
        touched.add(peer);
    }

    private static RouteSource withMetric(RouteSource source, int metric) {
        return new RouteSource(
                source.peer(), source.type(), source.remoteAs(), source.routerId(), metric, source.circuitGroup());
    }

    private MemberLimits limits(RibPeer peer) {
        Map<AddressFamily, Integer> limits = new HashMap<>();
        peer.outboundGuards.forEach((family, guard) -> limits.put(family, guard.limit()));
        int warnPercent = peer.outboundGuards.values().stream()
                .mapToInt(OutboundGuard::warnPercent)
                .min()
                .orElse(MemberLimits.NONE.warnPercent());
        return new MemberLimits(limits, warnPercent);
    }

    // ---- reconfiguration, on the RIB thread through ask()

    /** Takes the metric of a peer that is up, and re-selects what it announced. */
    public void replaceMetric(RibPeer peer, int metric) {
        peer.metric = metric;
        if (peer.isUp() && !peer.reverting) {
            peer.source = withMetric(peer.source, metric);
            tables.replaceSource(peer.index, peer.source);
            touched.add(peer);
        }
    }

    /** Resolves all next hops by another table. */
    public void replaceNextHops(NextHopTable table) {
        tables.nextHops(table);
        for (RibPeer peer : peers.values()) {
            touched.add(peer);
        }
    }

    /** Applies another import policy to the routes as received. */
    public void replaceImportPolicy(RibPeer peer, RoutePolicy policy) {
        if (peer.isUp()) {
            tables.replaceImportPolicy(peer.index, policy);
            touched.add(peer);
        }
    }

    /** Advertises by other rules; the peer gets the differences. */
    public void replaceExport(RibPeer peer, ExportOptions options) {
        if (peer.isUp() && peer.member != null) {
            tables.setReflectorClient(peer.index, options.routing().reflectorClient());
            peer.member = prepared(peer, peer.member.moveTo(tables.adjRibOut(options), limits(peer)));
            touched.add(peer);
        }
    }

    /** Takes other limits for a peer that is up. */
    public void replaceLimits(
            RibPeer peer, Map<AddressFamily, PrefixLimit> inbound, Map<AddressFamily, OutboundGuard> outbound) {
        peer.prefixLimits = inbound;
        peer.outboundGuards = outbound;
        if (peer.isUp() && peer.member != null) {
            limitReceived(peer);
            for (AddressFamily family : peer.setup().families()) {
                OutboundGuard guard = outbound.get(family);
                peer.member.setLimit(family, guard == null ? 0 : guard.limit());
                checkInbound(peer, family);
            }
            touched.add(peer);
        }
    }

    /** Advertises a family again from the start: the answer to ROUTE-REFRESH. */
    public void refresh(RibPeer peer, AddressFamily family) {
        if (peer.isUp() && peer.member != null) {
            peer.member.refresh(family, peer.setup().stale().markedRefresh());
            touched.add(peer);
        }
    }

    public void addCircuitGroup(String name, List<String> members) {
        circuits.add(name, members);
    }

    public void removeCircuitGroup(String name) {
        circuits.remove(name);
    }

    public Optional<String> activeCircuit(String group) {
        return circuits.active(group);
    }

    public Optional<RibPeer> peer(String name) {
        return Optional.ofNullable(peers.get(name));
    }

    /** {@return the tables' number of a peer that has routes, with a session or without} */
    public OptionalInt indexOf(String name) {
        RibPeer peer = peers.get(name);
        return peer == null ? restarting.index(name) : OptionalInt.of(peer.index);
    }

    /** {@return what a peer has here from before it was lost; from any thread} */
    public Optional<StaleRoutes> staleRoutes(String name) {
        return restarting.staleRoutes(name);
    }

    public Optional<RibPeer> peerByAddress(InetAddress address) {
        return byIndex.values().stream()
                .filter(p -> p.source.peer().equals(address))
                .findFirst();
    }

    /** {@return what the outbound guard of a peer keeps back, at most {@code max} prefixes in order; from any thread} */
    public CompletionStage<List<Prefix>> withheld(RibPeer peer, AddressFamily family, int max) {
        return ask(t -> peer.member == null ? List.of() : peer.member.withheldPrefixes(family, max));
    }

    /** {@return the name behind a peer index of the tables, {@code local} for our own} */
    public String nameOf(int index) {
        RibPeer peer = byIndex.get(index);
        return peer == null ? "local" : peer.name();
    }

    // ---- after a turn

    /**
     * After a restart of ours, keeps what is selected of a family to ourselves until these peers, and those that come up meanwhile, have sent
     * all they have of it, at most for the Selection_Deferral_Timer (RFC 4724, 4.1): no peer is advertised any of it, no listener told.
     */
    public void deferSelection(Map<String, Set<AddressFamily>> awaited, Duration selectionDeferralTime) {
        deferral.begin(awaited, selectionDeferralTime);
        later(deferral::expire, selectionDeferralTime);
    }

    /** {@return what a restart of ours still defers; from any thread} */
    public DeferredSelection deferredSelection() {
        return deferral.deferred();
    }

    private void finishTurn() {
        boolean moved = tell();
        for (RibPeer peer : tables.takeExportsChanged() ? peers.values() : touched) {
            advertise(peer);
        }
        if (moved) {
            for (RibPeer peer : peers.values()) {
                if (hasOtherCounts(peer)) {
                    touched.add(peer);
                }
            }
        }
        for (RibPeer peer : touched) {
            publish(peer);
            if (peer.creditsDue > 0) {
                peer.setup().credits().accept(peer.creditsDue);
                peer.creditsDue = 0;
            }
        }
        restarting.publish();
        touched.clear();
    }

    /** Tells listeners what has changed. {@return whether some prefix has another best route} */
    private boolean tell() {
        tables.settleAggregates();
        int moved = 0;
        for (RibChanges released : deferral.release(peers.values())) {
            touched.addAll(peers.values());
            moved += tell(released);
        }
        moved += tell(tables.takeChanges());
        if (!deferral.isOn()) {
            circuits.review(moved, nanoTime());
        }
        return moved > 0;
    }

    /** {@return how many prefixes have another best route} */
    private int tell(RibChanges changes) {
        if (changes.total() > 0) {
            locRib = new LocRibCounts(
                    selected(AddressFamily.IPV4_UNICAST),
                    selected(AddressFamily.IPV6_UNICAST),
                    locRib.changes() + changes.total(),
                    locRib.withdrawals() + changes.withdrawals());
            if (!changes.isEmpty()) {
                events.locRibChanged(changes);
            }
        }
        return changes.moved();
    }

    private int selected(AddressFamily family) {
        return deferral.isOn(family) ? 0 : tables.size(family);
    }

    private @Nullable RouteBatch lastRoutes;
    private @Nullable UpdateBatch lastBatch;

    private void advertise(RibPeer peer) {
        AdjRibOut.Member member = peer.member;
        if (member == null) {
            return;
        }
        while (peer.window > 0 && member.hasPending()) {
            touched.add(peer); // what is withheld may be another without a batch
            RouteBatch routes = member.next(BATCH);
            if (routes == null) {
                break;
            }
            if (routes.isEmpty()) {
                continue;
            }
            UpdateBatch batch = lastBatch;
            if (batch == null || routes != lastRoutes) {
                batch = new UpdateBatch(routes);
                lastRoutes = routes;
                lastBatch = batch;
            }
            peer.window--;
            peer.setup().batches().accept(batch);
        }
        if (!peer.setup().advertisementInterval().isZero()) {
            wakeForPaced(peer, member);
        }
    }

    private int selectedRoutes(String name) {
        OptionalInt index = indexOf(name);
        return index.isEmpty()
                ? 0
                : tables.best(index.getAsInt(), AddressFamily.IPV4_UNICAST)
                        + tables.best(index.getAsInt(), AddressFamily.IPV6_UNICAST);
    }

    private int backedUpRoutes(String name, String by) {
        OptionalInt index = indexOf(name);
        OptionalInt other = indexOf(by);
        return index.isEmpty() || other.isEmpty() ? 0 : tables.backedUp(index.getAsInt(), other.getAsInt());
    }

    /** Looks at the peer after this turn, if it is there still. */
    private void touch(RibPeer peer) {
        if (peer.isUp()) {
            touched.add(peer);
        }
    }

    /** {@return whether others have changed a peer's counts without touching it} */
    private boolean hasOtherCounts(RibPeer peer) {
        for (AddressFamily family : peer.setup().families()) {
            RibPeer.Counts published = peer.counts(family).orElse(RibPeer.Counts.NONE);
            if (published.best() != tables.best(peer.index, family)
                    || published.received() != tables.received(peer.index, family)) {
                return true;
            }
        }
        return false;
    }

    private void publish(RibPeer peer) {
        Map<AddressFamily, RibPeer.Counts> counts = new HashMap<>();
        for (AddressFamily family : peer.setup().families()) {
            AdjRibOut.Member member = peer.member;
            int received = tables.received(peer.index, family);
            int advertised = member == null ? 0 : member.advertised(family);
            int withheld = member == null ? 0 : member.withheld(family);
            PrefixLimit limit = peer.prefixLimits.get(family);
            OutboundGuard guard = peer.outboundGuards.get(family);
            RibEvents.Level inbound = limit == null
                    ? RibEvents.Level.OK
                    : level(
                            received,
                            limit.warnAt(),
                            received > limit.limit() || tables.discarded(peer.index, family) > 0);
            RibEvents.Level outbound =
                    guard == null ? RibEvents.Level.OK : level(advertised, guard.warnAt(), withheld > 0);
            report(peer, family, RibEvents.LimitKind.INBOUND, inbound, received);
            report(peer, family, RibEvents.LimitKind.OUTBOUND, outbound, advertised + withheld);
            counts.put(
                    family,
                    new RibPeer.Counts(
                            received,
                            tables.accepted(peer.index, family),
                            tables.best(peer.index, family),
                            advertised,
                            withheld,
                            inbound,
                            outbound,
                            peer.endOfRib.getOrDefault(family, false),
                            tables.pathsDiscarded(peer.index, family)));
        }
        peer.publish(counts);
    }

    private static RibEvents.Level level(int count, int warnAt, boolean exceeded) {
        if (exceeded) {
            return RibEvents.Level.EXCEEDED;
        }
        return count >= warnAt ? RibEvents.Level.WARNING : RibEvents.Level.OK;
    }

    private void report(
            RibPeer peer, AddressFamily family, RibEvents.LimitKind kind, RibEvents.Level level, int count) {
        if (peer.level(kind, family) != level) {
            peer.levels.computeIfAbsent(kind, k -> new HashMap<>()).put(family, level);
            events.limit(peer.name(), family, kind, level, count);
        }
    }
}
