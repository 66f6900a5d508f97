package net.popbgp.session;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.popbgp.core.fsm.CapabilityFallback;
import net.popbgp.core.fsm.CollisionResolver;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.EventType;
import net.popbgp.core.fsm.FsmEvent;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.fsm.IdleHold;
import net.popbgp.core.fsm.NegotiatedSession;
import net.popbgp.core.fsm.RestartState;
import net.popbgp.core.fsm.SessionFsm;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.rib.ExportOptions;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RolePolicy;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import net.popbgp.engine.RibCommand;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibPeer;
import net.popbgp.engine.StaleTerms;
import org.jspecify.annotations.Nullable;

/**
 * One configured neighbour. It has one session that counts, the primary, and while a connection collision is being resolved (RFC 4271, 6.8)
 * a second one for the connection that the peer made meanwhile, the candidate. As long as the primary is waiting for a connection, an
 * accepted one is simply given to it. When the primary ends and a candidate is there, the candidate takes its place, and nothing is reported
 * as an outage.
 *
 * <p>Confined to the peer's loop, but for {@link #view}.
 */
public final class Peer {

    /**
     * The peer's state at one moment. Immutable.
     *
     * @param withoutCapabilities the peer refuses them, so the OPEN goes out without (RFC 5492, 3)
     * @param heldByLimit down because of the inbound prefix limit, until it is raised or the peer is started
     */
    public record View(
            boolean enabled,
            FsmState state,
            Instant since,
            Optional<NegotiatedSession> negotiated,
            Optional<InetAddress> localAddress,
            DownReason lastDown,
            Optional<Instant> lastDownAt,
            String connectFailure,
            long established,
            int connectRetryCounter,
            boolean withoutCapabilities,
            boolean heldByLimit,
            Optional<RibPeer> ribPeer) {}

    private static final int MAX_LIMIT_BACKOFF = 8;

    private final EventExecutor loop;
    private final Dialer dialer;
    private final RibEngine engine;
    private final PeerEvents events;
    private final RandomGenerator random;
    private final SessionCounters counters = new SessionCounters();
    private final FaultReports faultReports = new FaultReports();

    private PeerSettings settings;
    private IdleHold idleHold;
    private CapabilityFallback fallback;
    private Session primary;
    private @Nullable Session candidate;
    private RestartState restartState = RestartState.STARTED;
    private boolean enabled;
    private boolean removed;
    private boolean heldByLimit;
    private int limitTrips;
    private long lastTripNanos;

    private DownReason lastDown = DownReason.NONE;
    private @Nullable Instant lastDownAt;
    private Instant since = Instant.now();
    private FsmState reported = FsmState.IDLE;
    private String connectFailure = "";
    private long established;
    private volatile View view;

    public Peer(
            PeerSettings settings,
            EventExecutor loop,
            Dialer dialer,
            RibEngine engine,
            PeerEvents events,
            RandomGenerator random) {
        this.settings = settings;
        this.loop = loop;
        this.dialer = dialer;
        this.engine = engine;
        this.events = events;
        this.random = random;
        this.idleHold = newIdleHold();
        this.fallback = new CapabilityFallback(settings.fsm());
        this.primary = newSession();
        this.view = makeView();
    }

    private IdleHold newIdleHold() {
        return new IdleHold(settings.fsm().idleHoldTime(), settings.fsm().maxIdleHoldTime(), random, engine::nanoTime);
    }

    private Session newSession() {
        SessionFsm fsm = new SessionFsm(settings.fsm(), idleHold, fallback, random);
        fsm.restartState(restartState);
        return new Session(this, fsm);
    }

    /** {@return the peer's state as last published; from any thread} */
    public View view() {
        return view;
    }

    public SessionCounters counters() {
        return counters;
    }

    public PeerSettings settings() {
        return settings;
    }

    public EventExecutor loop() {
        return loop;
    }

    Dialer dialer() {
        return dialer;
    }

    RibEngine engine() {
        return engine;
    }

    RandomGenerator random() {
        return random;
    }

    // ---- the operator

    public void start() {
        if (removed) {
            return;
        }
        enabled = true;
        heldByLimit = false;
        limitTrips = 0;
        idleHold.reset();
        primary.on(FsmEvent.of(
                settings.fsm().passive()
                        ? EventType.MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT
                        : EventType.MANUAL_START));
        publish();
    }

    /** Ends the session with this Cease and stays down. The result completes when the tables have let go of the routes. */
    public CompletionStage<Void> stop(NotificationMessage cease) {
        return stop(FsmEvent.Stop.manual(cease));
    }

    private CompletionStage<Void> stop(FsmEvent.Stop stop) {
        enabled = false;
        heldByLimit = false;
        end(stop);
        forgetRoutes();
        publish();
        return lettingGo();
    }

    /** Ends the session with this Cease and starts again at once. */
    public CompletionStage<Void> reset(NotificationMessage cease) {
        end(FsmEvent.Stop.manual(cease));
        forgetRoutes();
        return startAgain();
    }

    /** Ends the session with this Cease and starts again at once; the routes stay where that was agreed on (RFC 8538, 4). */
    public CompletionStage<Void> resetGracefully(NotificationMessage cease) {
        end(FsmEvent.Stop.graceful(cease));
        return startAgain();
    }

    private CompletionStage<Void> startAgain() {
        CompletionStage<Void> gone = lettingGo();
        start();
        return gone;
    }

    /**
     * Ends the session because BFD has lost the peer (RFC 9384, 3), counted and damped like any other failure of it. {@return completes when the
     * tables have let go of the routes}
     */
    public CompletionStage<Void> bfdDown() {
        if (primary.state().compareTo(FsmState.OPEN_SENT) >= 0) {
            discardCandidate();
            primary.on(FsmEvent.Stop.automatic(
                    NotificationMessage.cease(NotificationMessage.BFD_DOWN), "BFD says that the peer is gone"));
        }
        return lettingGo();
    }

    /** Ends the session and the peer: nothing of it is left on the loop. */
    public CompletionStage<Void> remove(NotificationMessage cease) {
        return remove(FsmEvent.Stop.manual(cease));
    }

    /**
     * Ends the session and the peer for a restart of ours: without a NOTIFICATION if the peer has offered graceful restart too, so that it
     * waits for us (RFC 4724, 4.2), else with this Cease.
     */
    public CompletionStage<Void> leave(NotificationMessage cease) {
        NegotiatedSession negotiated = primary.negotiated();
        boolean waits = primary.state() == FsmState.ESTABLISHED
                && settings.restart().enabled()
                && negotiated != null
                && negotiated.gracefulRestart().isPresent();
        return remove(waits ? FsmEvent.Stop.silent("left for a restart of ours") : FsmEvent.Stop.manual(cease));
    }

    private CompletionStage<Void> remove(FsmEvent.Stop stop) {
        CompletionStage<Void> gone = stop(stop);
        removed = true;
        primary.dispose("removed");
        return gone;
    }

    private void end(FsmEvent.Stop stop) {
        if (candidate != null) {
            Session other = candidate;
            candidate = null;
            other.on(stop);
            other.dispose("stopped");
        }
        primary.on(stop);
    }

    /** Sets the R bit no more; the restart is over without the peer. */
    public void restartIsOver() {
        if (restartState.isRestarted()) {
            restartState(RestartState.STARTED_ANEW);
        }
    }

    /** Says what the OPENs until the session is Established tell of our own restarts (RFC 4724, 4.1). */
    public void restartState(RestartState state) {
        restartState = state;
        primary.restartState(state);
    }

    /** Also those that have outlived their session. */
    private void forgetRoutes() {
        engine.submit(new RibCommand.Forget(settings.name()));
    }

    private CompletionStage<Void> lettingGo() {
        return engine.ask(tables -> true).handle((done, failure) -> null);
    }

    /** Asks the peer for its routes again (RFC 2918). {@return false if that was not negotiated} */
    public boolean refreshIn(AddressFamily family) {
        return primary.sendRefresh(RouteRefreshMessage.request(family));
    }

    public CompletionStage<Void> refreshOut(AddressFamily family) {
        RibPeer rib = primary.ribPeer();
        if (rib == null) {
            return CompletableFuture.completedFuture(null);
        }
        return engine.ask(tables -> {
                    engine.refresh(rib, family);
                    return true;
                })
                .thenApply(done -> null);
    }

    /**
     * Takes other settings. What the session was opened with changes by a reset, with {@code restart}; the rest is applied to the session as
     * it is.
     */
    public void reconfigure(PeerSettings value, boolean restart) {
        PeerSettings before = settings;
        settings = value;
        if (restart) {
            boolean wasEnabled = enabled;
            end(FsmEvent.Stop.manual(NotificationMessage.cease(NotificationMessage.OTHER_CONFIGURATION_CHANGE)));
            primary.dispose("reconfigured");
            idleHold = newIdleHold();
            fallback = new CapabilityFallback(value.fsm());
            primary = newSession();
            if (wasEnabled) {
                start();
            }
            return;
        }
        idleHold.changeTimes(value.fsm().idleHoldTime(), value.fsm().maxIdleHoldTime());
        primary.reconfigure(value.fsm());
        if (candidate != null) {
            candidate.reconfigure(value.fsm());
        }
        applyLive(before, value);
        if (heldByLimit && limitsRaised(before, value)) {
            start();
        }
        publish();
    }

    private void applyLive(PeerSettings before, PeerSettings after) {
        RibPeer rib = primary.ribPeer();
        NegotiatedSession negotiated = primary.negotiated();
        Wire wire = primary.wire();
        if (rib == null || negotiated == null || wire == null) {
            return;
        }
        ExportOptions export = exportOptions(negotiated, wire);
        engine.ask(tables -> {
            if (before.metric() != after.metric()) {
                engine.replaceMetric(rib, after.metric());
            }
            if (!before.importPolicy().equals(after.importPolicy())) {
                engine.replaceImportPolicy(rib, importPolicy(after, negotiated));
            }
            if (!before.exportPolicy().equals(after.exportPolicy())
                    || !before.nextHops().equals(after.nextHops())
                    || before.nextHopSelf() != after.nextHopSelf()
                    || !before.routing().equals(after.routing())) {
                engine.replaceExport(rib, export);
            }
            engine.replaceLimits(rib, after.prefixLimits(), after.outboundGuards());
            return true;
        });
    }

    private static boolean limitsRaised(PeerSettings before, PeerSettings after) {
        return before.prefixLimits().entrySet().stream().anyMatch(entry -> {
            PrefixLimit now = after.prefixLimits().get(entry.getKey());
            return now == null
                    || now.limit() > entry.getValue().limit()
                    || now.action() != entry.getValue().action();
        });
    }

    // ---- connections

    /** {@return what takes the events of a connection that the peer made, or null to close it} */
    public Wire.@Nullable Events accept(Wire wire) {
        if (!enabled || removed) {
            return null;
        }
        FsmState state = primary.state();
        if (state == FsmState.IDLE) {
            return null; // RFC 4271, 8.2.2: Idle refuses all connections
        }
        if (state.compareTo(FsmState.OPEN_SENT) < 0 && primary.wire() == null) {
            primary.attach(wire);
            return primary;
        }
        if (candidate != null) {
            if (candidate.state() == FsmState.OPEN_CONFIRM) {
                return null;
            }
            discardCandidate();
        }
        Session second = newSession();
        second.on(FsmEvent.of(EventType.AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT));
        candidate = second; // only now: on its way up from Idle it has not given up
        if (state == FsmState.ESTABLISHED && mayRestart()) {
            second.attachAfterRestart(wire);
        } else {
            second.attach(wire);
        }
        return second;
    }

    /** Whether another connection of the peer tells that it has lost the one that is Established (RFC 4724, 5). */
    private boolean mayRestart() {
        NegotiatedSession negotiated = primary.negotiated();
        return settings.restart().enabled()
                && negotiated != null
                && negotiated
                        .gracefulRestart()
                        .filter(restart -> !restart.families().isEmpty())
                        .isPresent();
    }

    /**
     * Whether the OPEN comes from the peer of the Established session, after a restart. Only then that session ends: a connection alone, as
     * RFC 4724, 5 has it, anybody could make.
     */
    private boolean hasRestarted(Session session, OpenMessage open) {
        NegotiatedSession negotiated = primary.negotiated();
        return session == candidate
                && session.isAfterRestart()
                && primary.state() == FsmState.ESTABLISHED
                && negotiated != null
                && negotiated.remoteAs().equals(open.asn())
                && negotiated.remoteRouterId().equals(open.routerId());
    }

    private void discardCandidate() {
        Session second = candidate;
        candidate = null;
        if (second != null) {
            second.on(FsmEvent.of(EventType.OPEN_COLLISION_DUMP));
            second.dispose("collision");
        }
    }

    /** Connection collision detection (RFC 4271, 6.8), asked when an OPEN has come and before the machine sees it. */
    boolean mayGoOn(Session session, OpenMessage open) {
        Session other = session == primary ? candidate : primary;
        if (other == null) {
            return true;
        }
        if (hasRestarted(session, open)) {
            primary.on(new FsmEvent.ConnectionFailed("the peer has restarted: it has opened another connection"));
            return true;
        }
        Session loser = loser(session, other, open);
        if (loser == null) {
            return true;
        }
        if (loser == candidate) {
            discardCandidate();
        } else {
            primary.on(FsmEvent.of(EventType.OPEN_COLLISION_DUMP));
        }
        return loser != session;
    }

    private @Nullable Session loser(Session session, Session other, OpenMessage open) {
        if (other.state() == FsmState.ESTABLISHED) {
            return session;
        }
        boolean otherHasOpen = other.state() == FsmState.OPEN_CONFIRM;
        if (session.direction() == other.direction()) {
            return otherHasOpen ? session : other; // both made by the peer: the one that got further stays
        }
        boolean keepOurs = CollisionResolver.resolve(
                        settings.fsm().routerId(), settings.fsm().localAs(), open.routerId(), open.asn())
                == CollisionResolver.Keep.OURS;
        boolean sessionIsOurs = session.direction() == Session.Direction.OUTGOING;
        if (keepOurs == sessionIsOurs) {
            return other;
        }
        return otherHasOpen ? session : null; // decided when that OPEN comes, if it does
    }

    /** One connection, or the attempt at one. Immutable. */
    public record Connection(
            boolean incoming, FsmState state, @Nullable Wire wire) {}

    /** {@return the session that counts, and the one that collides with it if there is one} */
    public List<Connection> connections() {
        return Stream.of(Optional.of(primary), Optional.ofNullable(candidate))
                .flatMap(Optional::stream)
                .map(session -> new Connection(
                        session.direction() == Session.Direction.INCOMING && session.wire() != null,
                        session.state(),
                        session.wire()))
                .toList();
    }

    // ---- from the sessions

    void stateChanged(Session session, FsmState from, FsmState to, DownReason reason) {
        if (session == candidate) {
            if (to == FsmState.ESTABLISHED) {
                // The other stays until its OPEN comes: the peer may be about to choose between them as well.
                candidate = primary;
                primary = session;
                session.promote();
            } else {
                if (to.compareTo(FsmState.OPEN_SENT) < 0) {
                    candidate = null;
                    loop.execute(() -> session.dispose("gave up"));
                }
                return;
            }
        }
        if (session != primary) {
            return;
        }
        if (from == FsmState.ESTABLISHED || reason.notification().isPresent()) {
            lastDown = reason;
            lastDownAt = Instant.now();
        } else if (reason.kind() != DownReason.Kind.NONE) {
            connectFailure = reason.detail();
        }
        Session second = candidate;
        if (second != null && to.compareTo(FsmState.OPEN_SENT) < 0) {
            candidate = null;
            if (second.wire() == null) {
                second.dispose("lost its connection");
            } else {
                primary = second;
                second.promote();
                loop.execute(() -> session.dispose("replaced"));
                report(second.state(), reason);
                return;
            }
        }
        if (to == FsmState.ESTABLISHED) {
            established++;
            connectFailure = "";
            restartState = RestartState.KEPT;
            session.restartState(restartState);
        }
        report(to, reason);
    }

    private void report(FsmState to, DownReason reason) {
        FsmState from = reported;
        reported = to;
        if (from != to) {
            since = Instant.now();
        }
        publish();
        if (from != to) {
            events.stateChanged(this, from, to, reason);
        }
    }

    void notification(boolean sent, NotificationMessage message) {
        events.notification(this, sent, message);
    }

    void oversized(int prefixes) {
        events.oversized(this, prefixes);
    }

    void ignored(String what) {
        if (faultReports.mayTell(engine.nanoTime())) {
            events.ignored(this, what, faultReports.untold());
        }
    }

    void faultyUpdate(UpdateMessage update, byte[] octets) {
        if (faultReports.mayTell(engine.nanoTime())) {
            events.faultyUpdate(this, update, octets, faultReports.untold());
        }
    }

    void connectFailed(String detail) {
        connectFailure = detail;
        publish();
    }

    /** A bug of ours: this session is given up, the peer waits in Idle for the operator or the next start. */
    void failed(Session session, Throwable bug) {
        session.fail();
        if (session == candidate) {
            candidate = null;
        } else if (session == primary && !removed) {
            lastDown = session.internalError(bug);
            lastDownAt = Instant.now();
            Duration wait = idleHold.next(true).plus(settings.fsm().idleHoldTime());
            primary = newSession();
            discardCandidate();
            report(FsmState.IDLE, lastDown);
            loop.schedule(this::restartAfterBug, wait.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
        }
        events.failed(this, bug);
    }

    private void restartAfterBug() {
        if (enabled && !removed && primary.state() == FsmState.IDLE) {
            primary.on(FsmEvent.of(EventType.AUTOMATIC_START));
        }
    }

    private void overLimit(Session session, AddressFamily family) {
        PrefixLimit limit = settings.prefixLimits().get(family);
        if (session != primary || session.ribPeer() == null || limit == null) {
            return;
        }
        NotificationMessage cease = NotificationMessage.maximumPrefixes(family, limit.limit());
        if (limit.restart().isZero()) {
            heldByLimit = true;
            discardCandidate();
            primary.on(FsmEvent.Stop.manual(cease));
            publish();
            return;
        }
        long now = engine.nanoTime();
        boolean repeated = limitTrips > 0
                && now - lastTripNanos
                        < limit.restart().multipliedBy(2L * MAX_LIMIT_BACKOFF).toNanos();
        limitTrips = repeated ? Math.min(limitTrips + 1, 4) : 1;
        lastTripNanos = now;
        heldByLimit = true;
        discardCandidate();
        idleHold.holdFor(limit.restart().multipliedBy(1L << (limitTrips - 1)));
        primary.on(FsmEvent.Stop.automatic(cease, family + " prefix limit of " + limit.limit() + " exceeded"));
        publish();
    }

    // ---- for the tables

    RibPeer.Setup ribSetup(Session session, NegotiatedSession negotiated, Wire wire) {
        RouteSource source = new RouteSource(
                settings.remoteAddress(),
                settings.type(),
                negotiated.remoteAs(),
                negotiated.remoteRouterId(),
                settings.metric(),
                settings.circuitGroup());
        heldByLimit = false;
        int up = session.timesUp();
        return new RibPeer.Setup(
                settings.name(),
                source,
                importPolicy(settings, negotiated),
                exportOptions(negotiated, wire),
                negotiated.families(),
                Map.copyOf(settings.prefixLimits()),
                Map.copyOf(settings.outboundGuards()),
                advertisementInterval(),
                new StaleTerms(
                        negotiated.enhancedRouteRefresh(),
                        settings.refreshStaleTime(),
                        settings.restart().terms(negotiated)),
                batch -> post(session, up, () -> session.send(batch)),
                credits -> post(session, up, () -> session.creditsReturned(credits)),
                family -> post(session, up, () -> overLimit(session, family)));
    }

    /** With the jitter of RFC 4271, 10, anew for each session. */
    private Duration advertisementInterval() {
        return Duration.ofNanos(
                (long) (settings.advertisementInterval().toNanos() * (0.75 + 0.25 * random.nextDouble())));
    }

    /**
     * Takes word from the RIB thread to the session it is about. When the tables are behind, the session may have ended meanwhile and even be
     * up again; then it is not meant.
     */
    private void post(Session session, int up, Runnable word) {
        try {
            loop.execute(() -> {
                if (session.isUp(up)) {
                    session.guarded(word);
                }
            });
        } catch (RejectedExecutionException e) {
            // The speaker was closed without waiting for the tables: nobody is left to be told.
        }
    }

    private static RoutePolicy importPolicy(PeerSettings settings, NegotiatedSession negotiated) {
        return settings.role()
                .<RoutePolicy>map(role -> new RolePolicy(role, negotiated.remoteAs(), settings.importPolicy()))
                .orElse(settings.importPolicy());
    }

    private ExportOptions exportOptions(NegotiatedSession negotiated, Wire wire) {
        InetAddress self = wire.localAddress().getAddress();
        boolean extendedNextHop = negotiated.extendedNextHop().contains(AddressFamily.IPV4_UNICAST);
        return new ExportOptions(
                settings.type(),
                settings.fsm().localAs(),
                settings.clusterId(),
                settings.nextHops().forIpv4(self, extendedNextHop),
                settings.nextHops().forIpv6(self),
                extendedNextHop,
                settings.role(),
                settings.nextHopSelf(),
                settings.circuitGroup(),
                settings.routing(),
                negotiated.longLivedGracefulRestart().isPresent(),
                settings.exportPolicy(),
                negotiated.families(),
                negotiated.addPathSend().stream()
                        .collect(Collectors.toMap(Function.identity(), family -> settings.addPathSend())));
    }

    // ---- the view

    void publish() {
        view = makeView();
    }

    private View makeView() {
        Wire wire = primary.wire();
        return new View(
                enabled,
                reported,
                since,
                Optional.ofNullable(primary.negotiated()),
                wire == null
                        ? Optional.empty()
                        : Optional.of(wire.localAddress().getAddress()),
                lastDown,
                Optional.ofNullable(lastDownAt),
                connectFailure,
                established,
                primary.connectRetryCounter(),
                fallback.isActive(),
                heldByLimit,
                Optional.ofNullable(primary.ribPeer()));
    }
}
