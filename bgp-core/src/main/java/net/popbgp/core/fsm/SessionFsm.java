package net.popbgp.core.fsm;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import org.jspecify.annotations.Nullable;

/**
 * The state machine of one connection with a peer (RFC 4271, 8): an event goes in, the actions to run come out, one method per state.
 *
 * <p>The order of the actions: {@link FsmAction.SessionDown} first, because a failover waits for it, then what else ends the old state (a
 * message, the connection, timers), then {@link FsmAction.StateChanged}, then what begins the new one (timers, dialing, {@link FsmAction.SessionUp}). Every end of a connection names
 * {@link FsmAction.DropConnection}, also where TCP is gone already; running it is harmless then.
 *
 * <p>Where it chooses among what the RFC leaves open, or deviates:
 *
 * <ul>
 *   <li>DampPeerOscillations is always on. After a failure it waits in Idle for what {@link IdleHold} says and starts again; only a
 *       manual stop stays down.
 *   <li>A connection that cannot be made, in Connect, Active or OpenSent, leads to Active and not to Idle: the peer may still connect,
 *       and the ConnectRetryTimer dials again. It does not count as a failure of the peer.
 *   <li>A NOTIFICATION is never answered with one, in OpenSent neither.
 *   <li>An error in a message header is answered with its own NOTIFICATION in Established, too (RFC 4271, 6.1).
 *   <li>With the DelayOpenTimer running, errors are notified though no OPEN was sent (SendNOTIFICATIONwithoutOPEN).
 *   <li>A second connection is another machine's; events 14 to 17 mean nothing here once there is one.
 *   <li>The expiry of a timer that is not running is ignored: it was on its way when the timer was stopped.
 * </ul>
 *
 * <p>It does not see what is sent in between: the runner restarts KEEPALIVE with every UPDATE and SEND_HOLD with everything that the peer
 * has taken. Confined to the peer's loop.
 */
public final class SessionFsm {

    private static final List<FsmAction> NOTHING = List.of();
    private static final FsmAction DIAL = new FsmAction.Dial();
    private static final FsmAction DROP_CONNECTION = new FsmAction.DropConnection();
    private static final FsmAction SEND_KEEPALIVE = new FsmAction.Send(KeepaliveMessage.INSTANCE);
    private static final Map<EventType, FsmTimer> TIMER_OF_EXPIRY = new EnumMap<>(EventType.class);

    static {
        for (FsmTimer timer : FsmTimer.values()) {
            TIMER_OF_EXPIRY.put(timer.expiry(), timer);
        }
    }

    private FsmConfig config;
    private final IdleHold idleHold;
    private final RandomGenerator jitter;
    private final CapabilityFallback fallback;
    private RestartState restartState = RestartState.STARTED;
    private OpenMessage open; // the last one sent; before the first the one to send
    private final Set<FsmTimer> running = EnumSet.noneOf(FsmTimer.class);
    private FsmState state = FsmState.IDLE;
    private boolean passive;
    private int connectRetryCounter;
    private @Nullable NegotiatedSession negotiated;
    // The answers of the hot path, made once per session: the peer was heard, a KEEPALIVE is due.
    private List<FsmAction> heard = NOTHING;
    private List<FsmAction> keepaliveDue = NOTHING;

    /**
     * @param idleHold shared by all machines of the peer
     * @param fallback shared by all machines of the peer
     * @param jitter for the ConnectRetryTimer
     */
    public SessionFsm(FsmConfig config, IdleHold idleHold, CapabilityFallback fallback, RandomGenerator jitter) {
        this.config = config;
        this.idleHold = idleHold;
        this.jitter = jitter;
        this.fallback = fallback;
        this.open = OpenNegotiation.open(config);
        this.passive = config.passive();
    }

    public FsmState state() {
        return state;
    }

    /** {@return how often a connection has failed since the last start or manual stop (RFC 4271, 8)} */
    public int connectRetryCounter() {
        return connectRetryCounter;
    }

    /** Changes what the next OPEN says of our own restarts. */
    public void restartState(RestartState state) {
        restartState = state;
    }

    /** Works by another configuration from the next event on, which differs in timers alone; what runs is not changed. */
    public void reconfigure(FsmConfig value) {
        config = value;
    }

    /** From the next restart on, dials or waits as configured, whatever the start event said: this machine is the peer's only one now. */
    public void restartAsConfigured() {
        passive = config.passive();
    }

    /** {@return what to do now, in this order; the state is the new one already. Immutable} */
    public List<FsmAction> handle(FsmEvent event) {
        FsmTimer expired = TIMER_OF_EXPIRY.get(event.type());
        if (expired != null && !running.remove(expired)) {
            return NOTHING;
        }
        return switch (state) {
            case IDLE -> idle(event);
            case CONNECT -> connect(event);
            case ACTIVE -> active(event);
            case OPEN_SENT -> openSent(event);
            case OPEN_CONFIRM -> openConfirm(event);
            case ESTABLISHED -> established(event);
        };
    }

    private List<FsmAction> idle(FsmEvent event) {
        return switch (event.type()) {
            case MANUAL_START -> startByOperator(config.passive());
            case MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT -> startByOperator(true);
            case AUTOMATIC_START -> startAnew(config.passive());
            case AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT -> startAnew(true);
            case AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS -> startDamped(config.passive());
            case AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT -> startDamped(true);
            case IDLE_HOLD_TIMER_EXPIRES -> List.copyOf(start(new ArrayList<>()));
            case MANUAL_STOP -> stayDown();
            case TCP_CR_ACKED, TCP_CONNECTION_CONFIRMED -> List.of(DROP_CONNECTION);
            case AUTOMATIC_STOP,
                    CONNECT_RETRY_TIMER_EXPIRES,
                    HOLD_TIMER_EXPIRES,
                    KEEPALIVE_TIMER_EXPIRES,
                    DELAY_OPEN_TIMER_EXPIRES,
                    SEND_HOLD_TIMER_EXPIRES,
                    STABLE_TIMER_EXPIRES,
                    TCP_CONNECTION_VALID,
                    TCP_CR_INVALID,
                    TCP_CONNECTION_FAILS,
                    BGP_OPEN,
                    BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING,
                    BGP_HEADER_ERR,
                    BGP_OPEN_MSG_ERR,
                    OPEN_COLLISION_DUMP,
                    NOTIF_MSG_VER_ERR,
                    NOTIF_MSG,
                    KEEPALIVE_MSG,
                    UPDATE_MSG,
                    UPDATE_MSG_ERR,
                    ROUTE_REFRESH_MSG -> NOTHING;
        };
    }

    private List<FsmAction> connect(FsmEvent event) {
        return switch (event.type()) {
            case CONNECT_RETRY_TIMER_EXPIRES -> dialAgain();
            case TCP_CONNECTION_FAILS -> listen(event);
            case MANUAL_START,
                    AUTOMATIC_START,
                    MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT,
                    TCP_CONNECTION_VALID,
                    TCP_CR_INVALID,
                    HOLD_TIMER_EXPIRES,
                    KEEPALIVE_TIMER_EXPIRES,
                    IDLE_HOLD_TIMER_EXPIRES,
                    SEND_HOLD_TIMER_EXPIRES,
                    STABLE_TIMER_EXPIRES -> NOTHING;
            case MANUAL_STOP -> stop(event);
            case AUTOMATIC_STOP -> fail(DownReasons.stopped(event));
            case TCP_CR_ACKED, TCP_CONNECTION_CONFIRMED -> connected();
            case DELAY_OPEN_TIMER_EXPIRES -> sendOpen();
            case BGP_OPEN, BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING -> openBeforeOurs(event);
            case BGP_HEADER_ERR, BGP_OPEN_MSG_ERR -> fail(DownReasons.messageError(event));
            case OPEN_COLLISION_DUMP -> loseCollision();
            case NOTIF_MSG_VER_ERR ->
                running.contains(FsmTimer.DELAY_OPEN)
                        ? restart(DownReasons.notificationReceived(event))
                        : fail(DownReasons.notificationReceived(event));
            case NOTIF_MSG -> fail(DownReasons.notificationReceived(event));
            case KEEPALIVE_MSG, UPDATE_MSG, UPDATE_MSG_ERR, ROUTE_REFRESH_MSG ->
                fail(DownReasons.unexpected(event.type(), state));
        };
    }

    private List<FsmAction> active(FsmEvent event) {
        return switch (event.type()) {
            case CONNECT_RETRY_TIMER_EXPIRES -> dial();
            case TCP_CONNECTION_FAILS -> {
                connectRetryCounter++;
                yield listen(event);
            }
            case MANUAL_START,
                    AUTOMATIC_START,
                    MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT,
                    TCP_CONNECTION_VALID,
                    TCP_CR_INVALID,
                    HOLD_TIMER_EXPIRES,
                    KEEPALIVE_TIMER_EXPIRES,
                    IDLE_HOLD_TIMER_EXPIRES,
                    SEND_HOLD_TIMER_EXPIRES,
                    STABLE_TIMER_EXPIRES -> NOTHING;
            case MANUAL_STOP -> stop(event);
            case AUTOMATIC_STOP -> fail(DownReasons.stopped(event));
            case TCP_CR_ACKED, TCP_CONNECTION_CONFIRMED -> connected();
            case DELAY_OPEN_TIMER_EXPIRES -> sendOpen();
            case BGP_OPEN, BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING -> openBeforeOurs(event);
            case BGP_HEADER_ERR, BGP_OPEN_MSG_ERR -> fail(DownReasons.messageError(event));
            case OPEN_COLLISION_DUMP -> loseCollision();
            case NOTIF_MSG_VER_ERR ->
                running.contains(FsmTimer.DELAY_OPEN)
                        ? restart(DownReasons.notificationReceived(event))
                        : fail(DownReasons.notificationReceived(event));
            case NOTIF_MSG -> fail(DownReasons.notificationReceived(event));
            case KEEPALIVE_MSG, UPDATE_MSG, UPDATE_MSG_ERR, ROUTE_REFRESH_MSG ->
                fail(DownReasons.unexpected(event.type(), state));
        };
    }

    private List<FsmAction> openSent(FsmEvent event) {
        return switch (event.type()) {
            case BGP_OPEN, BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING -> negotiate(event, List.of());
            case TCP_CONNECTION_FAILS -> listen(event);
            case MANUAL_START,
                    AUTOMATIC_START,
                    MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT,
                    TCP_CONNECTION_VALID,
                    TCP_CR_INVALID,
                    TCP_CR_ACKED,
                    TCP_CONNECTION_CONFIRMED,
                    CONNECT_RETRY_TIMER_EXPIRES,
                    KEEPALIVE_TIMER_EXPIRES,
                    DELAY_OPEN_TIMER_EXPIRES,
                    IDLE_HOLD_TIMER_EXPIRES,
                    SEND_HOLD_TIMER_EXPIRES,
                    STABLE_TIMER_EXPIRES -> NOTHING;
            case MANUAL_STOP -> stop(event);
            case AUTOMATIC_STOP -> fail(DownReasons.stopped(event));
            case HOLD_TIMER_EXPIRES -> fail(DownReasons.holdTimerExpired());
            case BGP_HEADER_ERR, BGP_OPEN_MSG_ERR -> fail(DownReasons.messageError(event));
            case OPEN_COLLISION_DUMP -> loseCollision();
            case NOTIF_MSG_VER_ERR -> restart(DownReasons.notificationReceived(event));
            case NOTIF_MSG -> refusedByPeer(event);
            case KEEPALIVE_MSG, UPDATE_MSG, UPDATE_MSG_ERR, ROUTE_REFRESH_MSG ->
                fail(DownReasons.unexpected(event.type(), state));
        };
    }

    private List<FsmAction> openConfirm(FsmEvent event) {
        return switch (event.type()) {
            case KEEPALIVE_MSG -> establish();
            case KEEPALIVE_TIMER_EXPIRES -> sendKeepalive();
            case MANUAL_START,
                    AUTOMATIC_START,
                    MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT,
                    TCP_CONNECTION_VALID,
                    TCP_CR_INVALID,
                    TCP_CR_ACKED,
                    TCP_CONNECTION_CONFIRMED,
                    CONNECT_RETRY_TIMER_EXPIRES,
                    DELAY_OPEN_TIMER_EXPIRES,
                    IDLE_HOLD_TIMER_EXPIRES,
                    SEND_HOLD_TIMER_EXPIRES,
                    STABLE_TIMER_EXPIRES -> NOTHING;
            case MANUAL_STOP -> stop(event);
            case AUTOMATIC_STOP -> fail(DownReasons.stopped(event));
            case HOLD_TIMER_EXPIRES -> fail(DownReasons.holdTimerExpired());
            case TCP_CONNECTION_FAILS -> fail(DownReasons.connectionLost(event));
            case BGP_HEADER_ERR, BGP_OPEN_MSG_ERR -> fail(DownReasons.messageError(event));
            case OPEN_COLLISION_DUMP -> loseCollision();
            case NOTIF_MSG_VER_ERR -> restart(DownReasons.notificationReceived(event));
            case NOTIF_MSG -> refusedByPeer(event);
            case BGP_OPEN, BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING, UPDATE_MSG, UPDATE_MSG_ERR, ROUTE_REFRESH_MSG ->
                fail(DownReasons.unexpected(event.type(), state));
        };
    }

    private List<FsmAction> established(FsmEvent event) {
        return switch (event.type()) {
            case KEEPALIVE_MSG, UPDATE_MSG -> heard;
            case KEEPALIVE_TIMER_EXPIRES -> sendKeepalive();
            case STABLE_TIMER_EXPIRES -> {
                idleHold.reset();
                yield NOTHING;
            }
            case MANUAL_START,
                    AUTOMATIC_START,
                    MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS,
                    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT,
                    TCP_CONNECTION_VALID,
                    TCP_CR_INVALID,
                    TCP_CR_ACKED,
                    TCP_CONNECTION_CONFIRMED,
                    CONNECT_RETRY_TIMER_EXPIRES,
                    DELAY_OPEN_TIMER_EXPIRES,
                    IDLE_HOLD_TIMER_EXPIRES,
                    ROUTE_REFRESH_MSG -> NOTHING; // only KEEPALIVE and UPDATE restart the HoldTimer (RFC 4271, 4.2)
            case MANUAL_STOP -> stop(event);
            case AUTOMATIC_STOP -> fail(DownReasons.stopped(event));
            case HOLD_TIMER_EXPIRES -> fail(DownReasons.holdTimerExpired());
            case SEND_HOLD_TIMER_EXPIRES -> fail(DownReasons.sendHoldTimerExpired());
            case TCP_CONNECTION_FAILS -> fail(DownReasons.connectionLost(event));
            case BGP_HEADER_ERR, UPDATE_MSG_ERR -> fail(DownReasons.messageError(event));
            case OPEN_COLLISION_DUMP -> loseCollision();
            case NOTIF_MSG_VER_ERR, NOTIF_MSG -> fail(DownReasons.notificationReceived(event));
            case BGP_OPEN, BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING, BGP_OPEN_MSG_ERR ->
                fail(DownReasons.unexpected(event.type(), state));
        };
    }

    // ---- Idle

    private List<FsmAction> startByOperator(boolean passively) {
        idleHold.reset();
        fallback.reset();
        return startAnew(passively);
    }

    private List<FsmAction> startAnew(boolean passively) {
        passive = passively;
        connectRetryCounter = 0;
        return List.copyOf(start(new ArrayList<>()));
    }

    private List<FsmAction> startDamped(boolean passively) {
        return running.contains(FsmTimer.IDLE_HOLD) ? NOTHING : startAnew(passively);
    }

    private List<FsmAction> start(List<FsmAction> actions) {
        stopTimer(actions, FsmTimer.IDLE_HOLD);
        if (passive) {
            enter(actions, FsmState.ACTIVE, DownReason.NONE);
        } else {
            enter(actions, FsmState.CONNECT, DownReason.NONE);
            startConnectRetryTimer(actions);
            actions.add(DIAL);
        }
        return actions;
    }

    private List<FsmAction> stayDown() {
        connectRetryCounter = 0;
        List<FsmAction> actions = new ArrayList<>(1);
        stopTimer(actions, FsmTimer.IDLE_HOLD);
        return List.copyOf(actions);
    }

    // ---- towards a connection

    private List<FsmAction> dialAgain() {
        List<FsmAction> actions = new ArrayList<>();
        actions.add(DROP_CONNECTION);
        startConnectRetryTimer(actions);
        actions.add(DIAL);
        return List.copyOf(actions);
    }

    private List<FsmAction> dial() {
        List<FsmAction> actions = new ArrayList<>();
        enter(actions, FsmState.CONNECT, DownReason.NONE);
        startConnectRetryTimer(actions);
        actions.add(DIAL);
        return List.copyOf(actions);
    }

    /** No connection, or no longer one before the peer's OPEN: waits for the peer to connect, and for the time to dial again. */
    private List<FsmAction> listen(FsmEvent event) {
        List<FsmAction> actions = new ArrayList<>();
        actions.add(DROP_CONNECTION);
        stopTimer(actions, FsmTimer.HOLD);
        stopTimer(actions, FsmTimer.DELAY_OPEN);
        if (state != FsmState.ACTIVE) {
            enter(actions, FsmState.ACTIVE, DownReasons.connectionLost(event));
        }
        if (!passive) {
            startConnectRetryTimer(actions);
        }
        return List.copyOf(actions);
    }

    private List<FsmAction> connected() {
        if (config.delayOpenTime().isZero()) {
            return sendOpen();
        }
        List<FsmAction> actions = new ArrayList<>();
        stopTimer(actions, FsmTimer.CONNECT_RETRY);
        startTimer(actions, FsmTimer.DELAY_OPEN, config.delayOpenTime());
        return List.copyOf(actions);
    }

    private List<FsmAction> sendOpen() {
        List<FsmAction> actions = new ArrayList<>();
        stopTimer(actions, FsmTimer.CONNECT_RETRY);
        stopTimer(actions, FsmTimer.DELAY_OPEN);
        actions.add(new FsmAction.Send(nextOpen()));
        enter(actions, FsmState.OPEN_SENT, DownReason.NONE);
        startTimer(actions, FsmTimer.HOLD, config.openHoldTime());
        return List.copyOf(actions);
    }

    private OpenMessage nextOpen() {
        open = fallback.isActive()
                ? OpenNegotiation.openWithoutCapabilities(config)
                : OpenNegotiation.open(config, restartState);
        return open;
    }

    // ---- the OPEN exchange and Established

    /** Event 20 with the DelayOpenTimer running; otherwise there is no connection that an OPEN could have come from. */
    private List<FsmAction> openBeforeOurs(FsmEvent event) {
        return running.contains(FsmTimer.DELAY_OPEN)
                ? negotiate(event, List.of(new FsmAction.Send(nextOpen())))
                : fail(DownReasons.unexpected(event.type(), state));
    }

    private List<FsmAction> negotiate(FsmEvent event, List<FsmAction> before) {
        NegotiatedSession session;
        try {
            session = OpenNegotiation.negotiate(config, open, ((FsmEvent.Open) event).message());
        } catch (NotificationException e) {
            return fail(DownReasons.refused(e));
        }
        negotiated = session;
        Duration holdTime = Duration.ofSeconds(session.holdTime());
        Duration keepaliveTime = Duration.ofSeconds(session.keepaliveTime());
        List<FsmAction> actions = new ArrayList<>(before);
        actions.add(SEND_KEEPALIVE);
        actions.add(new FsmAction.Negotiated(session));
        stopTimer(actions, FsmTimer.DELAY_OPEN);
        if (holdTime.isZero()) {
            stopTimer(actions, FsmTimer.HOLD);
            heard = NOTHING;
            keepaliveDue = NOTHING;
        } else {
            heard = List.of(new FsmAction.StartTimer(FsmTimer.HOLD, holdTime));
            keepaliveDue = List.of(SEND_KEEPALIVE, new FsmAction.StartTimer(FsmTimer.KEEPALIVE, keepaliveTime));
        }
        enter(actions, FsmState.OPEN_CONFIRM, DownReason.NONE);
        if (!holdTime.isZero()) {
            startTimer(actions, FsmTimer.HOLD, holdTime);
            startTimer(actions, FsmTimer.KEEPALIVE, keepaliveTime);
        }
        return List.copyOf(actions);
    }

    private List<FsmAction> establish() {
        NegotiatedSession session = Objects.requireNonNull(negotiated, "OpenConfirm without a negotiated session");
        List<FsmAction> actions = new ArrayList<>();
        if (open.capabilities().isEmpty()) {
            fallback.succeeded();
        }
        idleHold.established();
        enter(actions, FsmState.ESTABLISHED, DownReason.NONE);
        actions.addAll(heard);
        if (session.holdTime() > 0 && !config.sendHoldTime().isZero()) {
            startTimer(actions, FsmTimer.SEND_HOLD, config.sendHoldTime());
        }
        startTimer(actions, FsmTimer.STABLE, config.stableTime());
        actions.add(new FsmAction.SessionUp(session));
        return List.copyOf(actions);
    }

    private List<FsmAction> sendKeepalive() {
        running.add(FsmTimer.KEEPALIVE);
        return keepaliveDue;
    }

    // ---- the ways to Idle

    /** The operator's stop: stays down. */
    private List<FsmAction> stop(FsmEvent event) {
        connectRetryCounter = 0;
        DownReason reason = DownReasons.stopped(event);
        return List.copyOf(((FsmEvent.Stop) event).graceful() ? end(sendable(reason)) : drop(reason));
    }

    /** A failure: counted, damped and tried again. */
    private List<FsmAction> fail(DownReason reason) {
        connectRetryCounter++;
        if (isOpenAnswerable() && open.capabilities().isEmpty()) {
            fallback.failed();
        }
        return restart(reason);
    }

    /** A NOTIFICATION instead of an OPEN or after it. 2/4 says that the peer knows no capabilities (RFC 5492, 3). */
    private List<FsmAction> refusedByPeer(FsmEvent event) {
        NotificationMessage refusal = ((FsmEvent.Notification) event).message();
        if (refusal.is(ErrorCode.OPEN_MESSAGE_ERROR, NotificationMessage.UNSUPPORTED_OPTIONAL_PARAMETER)
                && !open.capabilities().isEmpty()) {
            fallback.refused();
        }
        return fail(DownReasons.notificationReceived(event));
    }

    private boolean isOpenAnswerable() {
        return state == FsmState.OPEN_SENT || state == FsmState.OPEN_CONFIRM;
    }

    private List<FsmAction> restart(DownReason reason) {
        boolean wasEstablished = state == FsmState.ESTABLISHED;
        return restartAfter(idleHold.next(wasEstablished), drop(reason));
    }

    /** The other connection is the one to keep: nobody's failure, so it is not damped like one. */
    private List<FsmAction> loseCollision() {
        connectRetryCounter++;
        return restartAfter(idleHold.shortest(), drop(DownReasons.collisionLost()));
    }

    private List<FsmAction> restartAfter(Duration wait, List<FsmAction> actions) {
        if (wait.isZero()) {
            start(actions);
        } else {
            startTimer(actions, FsmTimer.IDLE_HOLD, wait);
        }
        return List.copyOf(actions);
    }

    private List<FsmAction> drop(DownReason cause) {
        return end(hardened(sendable(cause)));
    }

    private List<FsmAction> end(DownReason reason) {
        List<FsmAction> actions = new ArrayList<>();
        if (state == FsmState.ESTABLISHED) {
            actions.add(new FsmAction.SessionDown(reason));
        }
        if (reason.kind() != DownReason.Kind.NOTIFICATION_RECEIVED) {
            reason.notification().ifPresent(notification -> actions.add(new FsmAction.Send(notification)));
        }
        actions.add(DROP_CONNECTION);
        running.forEach(timer -> actions.add(new FsmAction.StopTimer(timer)));
        running.clear();
        enter(actions, FsmState.IDLE, reason);
        negotiated = null;
        heard = NOTHING;
        keepaliveDue = NOTHING;
        return actions;
    }

    /** A reason without its NOTIFICATION where there is no connection that it could go out on. */
    private DownReason sendable(DownReason reason) {
        return reason.kind() == DownReason.Kind.NOTIFICATION_RECEIVED || hasConnection()
                ? reason
                : new DownReason(DownReason.Kind.LOCAL_STOP, Optional.empty(), reason.detail());
    }

    /** With a peer that restarts gracefully after a NOTIFICATION, one that is meant for good is a Hard Reset (RFC 8538, 5.1). */
    private DownReason hardened(DownReason reason) {
        boolean graceful = negotiated != null && negotiated.gracefulNotification();
        return graceful && reason.kind() != DownReason.Kind.NOTIFICATION_RECEIVED
                ? new DownReason(
                        reason.kind(),
                        reason.notification()
                                .map(notification -> isForGood(notification)
                                        ? NotificationMessage.hardReset(notification)
                                        : notification),
                        reason.detail())
                : reason;
    }

    private static boolean isForGood(NotificationMessage notification) {
        return notification.code() == ErrorCode.CEASE.code()
                && switch (notification.subcode()) {
                    case NotificationMessage.MAXIMUM_NUMBER_OF_PREFIXES_REACHED,
                            NotificationMessage.ADMINISTRATIVE_SHUTDOWN,
                            NotificationMessage.PEER_DECONFIGURED,
                            NotificationMessage.ADMINISTRATIVE_RESET,
                            NotificationMessage.BFD_DOWN -> true;
                    default -> false;
                };
    }

    private boolean hasConnection() {
        return state.compareTo(FsmState.OPEN_SENT) >= 0 || running.contains(FsmTimer.DELAY_OPEN);
    }

    // ---- actions

    private void enter(List<FsmAction> actions, FsmState next, DownReason reason) {
        actions.add(new FsmAction.StateChanged(state, next, reason));
        state = next;
    }

    private void startConnectRetryTimer(List<FsmAction> actions) {
        startTimer(actions, FsmTimer.CONNECT_RETRY, IdleHold.jittered(config.connectRetryTime(), jitter));
    }

    private void startTimer(List<FsmAction> actions, FsmTimer timer, Duration duration) {
        running.add(timer);
        actions.add(new FsmAction.StartTimer(timer, duration));
    }

    private void stopTimer(List<FsmAction> actions, FsmTimer timer) {
        if (running.remove(timer)) {
            actions.add(new FsmAction.StopTimer(timer));
        }
    }
}
