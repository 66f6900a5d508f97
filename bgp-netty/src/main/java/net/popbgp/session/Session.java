package net.popbgp.session;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.EventType;
import net.popbgp.core.fsm.FsmAction;
import net.popbgp.core.fsm.FsmConfig;
import net.popbgp.core.fsm.FsmEvent;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.fsm.FsmTimer;
import net.popbgp.core.fsm.NegotiatedSession;
import net.popbgp.core.fsm.RestartState;
import net.popbgp.core.fsm.SessionFsm;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.route.PeerType;
import net.popbgp.engine.RibCommand;
import net.popbgp.engine.RibPeer;
import net.popbgp.engine.UpdateBatch;
import org.jspecify.annotations.Nullable;

/**
 * One state machine and the connection it drives (RFC 4271, 8.2.1). Runs the machine's actions after each transition, in a loop and not by
 * recursion: what an action causes waits its turn.
 *
 * <p>Confined to the peer's loop.
 */
final class Session implements Wire.Events {

    /** Who made the connection. */
    enum Direction {
        OUTGOING,
        INCOMING
    }

    /** What an expired hold timer leaves to input that is already waiting behind a stalled loop. */
    private static final Duration HOLD_GRACE = Duration.ofMillis(20);

    private final Peer peer;
    private final SessionFsm fsm;
    private final SessionTimers timers;
    private final Deque<FsmEvent> events = new ArrayDeque<>();
    private boolean running;
    private boolean disposed;
    private boolean readingSuspended;
    private boolean afterRestart;
    private int timesUp;
    private Direction direction = Direction.OUTGOING;
    private @Nullable Wire wire;
    private Dialer.@Nullable Attempt attempt;
    private @Nullable NegotiatedSession negotiated;
    private @Nullable RibPeer ribPeer;
    private @Nullable UpdateReceiver receiver;
    private @Nullable UpdateSender sender;

    Session(Peer peer, SessionFsm fsm) {
        this.peer = peer;
        this.fsm = fsm;
        this.timers = new SessionTimers(peer.loop(), this::expired);
    }

    FsmState state() {
        return fsm.state();
    }

    int connectRetryCounter() {
        return fsm.connectRetryCounter();
    }

    Direction direction() {
        return direction;
    }

    @Nullable
    Wire wire() {
        return wire;
    }

    @Nullable
    NegotiatedSession negotiated() {
        return negotiated;
    }

    @Nullable
    RibPeer ribPeer() {
        return ribPeer;
    }

    // ---- events in

    void on(FsmEvent event) {
        events.add(event);
        if (running) {
            return;
        }
        running = true;
        try {
            FsmEvent next;
            while ((next = events.poll()) != null) {
                for (FsmAction action : fsm.handle(next)) {
                    run(action);
                }
            }
        } catch (RuntimeException bug) {
            events.clear();
            running = false;
            peer.failed(this, bug);
        } finally {
            running = false;
        }
    }

    /** Changes what the next OPEN says of our own restarts. */
    void restartState(RestartState state) {
        fsm.restartState(state);
    }

    /** Takes other timers, from the next start of each on. */
    void reconfigure(FsmConfig config) {
        fsm.reconfigure(config);
    }

    /** Says that a peer which opens this connection has lost the one that is Established. */
    void attachAfterRestart(Wire accepted) {
        afterRestart = true;
        attach(accepted);
    }

    boolean isAfterRestart() {
        return afterRestart;
    }

    /** Makes it the peer's only session: it restarts as configured. */
    void promote() {
        fsm.restartAsConfigured();
    }

    /** Takes a connection that the peer made. */
    void attach(Wire accepted) {
        cancelAttempt();
        wire = accepted;
        direction = Direction.INCOMING;
        on(FsmEvent.of(EventType.TCP_CONNECTION_CONFIRMED));
    }

    /** Ends it for good: no timer, no connection, no route is left; nothing is reported. */
    void dispose(String why) {
        if (disposed) {
            return;
        }
        disposed = true;
        timers.cancelAll();
        cancelAttempt();
        sessionDown(why, false);
        dropWire();
    }

    private void expired(FsmTimer timer) {
        if (timer == FsmTimer.HOLD) {
            peer.loop()
                    .schedule(
                            () -> {
                                if (!disposed && !timers.isRunning(FsmTimer.HOLD) && !readingSuspended) {
                                    on(FsmEvent.of(EventType.HOLD_TIMER_EXPIRES));
                                }
                            },
                            HOLD_GRACE.toNanos(),
                            TimeUnit.NANOSECONDS);
            return;
        }
        if (timer == FsmTimer.SEND_HOLD && (wire == null || wire.isDrained())) {
            restartSendHold(); // nothing waits for the peer: it cannot be the one that blocks
            return;
        }
        if (timer == FsmTimer.CONNECT_RETRY && attempt != null) {
            boolean keyless = peer.settings().target().md5Key().isEmpty();
            peer.connectFailed("no answer to the connection attempt"
                    + (keyless ? " (the peer may be down, or expect an MD5 key)" : ""));
        }
        on(FsmEvent.of(timer.expiry()));
    }

    /** Runs what is no transition of the machine; a bug in it ends the session as one in an action does. */
    void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException bug) {
            peer.failed(this, bug);
        }
    }

    @Override
    public void onMessage(BgpMessage message) {
        if (wire != null && !disposed) {
            guarded(() -> deliver(message));
        }
    }

    @Override
    public void onFaults(UpdateMessage update, byte[] octets) {
        if (wire != null && !disposed) {
            peer.faultyUpdate(update, octets);
        }
    }

    private void deliver(BgpMessage message) {
        peer.counters().received(message.type());
        switch (message.type()) {
            case UPDATE -> {
                on(FsmEvent.of(EventType.UPDATE_MSG));
                if (receiver != null) {
                    receiver.receive((UpdateMessage) message);
                    suspendReadingWithoutCredit();
                }
            }
            case KEEPALIVE -> on(FsmEvent.of(EventType.KEEPALIVE_MSG));
            case OPEN -> {
                OpenMessage open = (OpenMessage) message;
                if (peer.mayGoOn(this, open)) {
                    on(new FsmEvent.Open(open));
                }
            }
            case NOTIFICATION -> {
                NotificationMessage notification = (NotificationMessage) message;
                peer.notification(false, notification);
                on(new FsmEvent.Notification(notification));
            }
            case ROUTE_REFRESH -> {
                on(FsmEvent.of(EventType.ROUTE_REFRESH_MSG));
                if (receiver != null) {
                    receiver.refresh((RouteRefreshMessage) message).ifPresent(peer::ignored);
                    suspendReadingWithoutCredit();
                }
            }
        }
    }

    @Override
    public void onMessageError(NotificationException error) {
        if (wire == null || disposed) {
            return;
        }
        NotificationMessage notification = error.notification();
        EventType type = notification.code() == ErrorCode.UPDATE_MESSAGE_ERROR.code()
                ? EventType.UPDATE_MSG_ERR
                : notification.code() == ErrorCode.OPEN_MESSAGE_ERROR.code()
                        ? EventType.BGP_OPEN_MSG_ERR
                        : EventType.BGP_HEADER_ERR;
        on(new FsmEvent.MessageError(type, notification, String.valueOf(error.getMessage())));
    }

    @Override
    public void onClosed(String detail) {
        if (wire == null || disposed) {
            return;
        }
        wire = null;
        on(new FsmEvent.ConnectionFailed(detail));
    }

    @Override
    public void onWritable() {
        if (sender != null) {
            guarded(sender::grant);
        }
    }

    @Override
    public void onSendProgress() {
        if (timers.isRunning(FsmTimer.SEND_HOLD)) {
            restartSendHold();
        }
    }

    private void restartSendHold() {
        timers.start(FsmTimer.SEND_HOLD, peer.settings().fsm().sendHoldTime());
    }

    // ---- actions

    private void run(FsmAction action) {
        if (action instanceof FsmAction.StartTimer start) {
            startTimer(start);
        } else if (action instanceof FsmAction.StopTimer stop) {
            timers.stop(stop.timer());
        } else if (action instanceof FsmAction.Send send) {
            send(send.message());
        } else if (action instanceof FsmAction.Dial) {
            dial();
        } else if (action instanceof FsmAction.DropConnection) {
            cancelAttempt();
            dropWire();
        } else if (action instanceof FsmAction.Negotiated agreed) {
            negotiated = agreed.session();
            if (wire != null) {
                wire.setOptions(codecOptions(agreed.session()));
            }
        } else if (action instanceof FsmAction.SessionUp up) {
            sessionUp(up.session());
        } else if (action instanceof FsmAction.SessionDown down) {
            DownReason reason = down.reason();
            sessionDown(reason.toString(), negotiated != null && reason.isGraceful(negotiated));
        } else if (action instanceof FsmAction.StateChanged change) {
            stateChanged(change);
        }
    }

    private void startTimer(FsmAction.StartTimer start) {
        Duration duration = start.duration();
        if (start.timer() == FsmTimer.KEEPALIVE) {
            duration = Duration.ofNanos(
                    (long) (duration.toNanos() * (0.75 + 0.25 * peer.random().nextDouble())));
        }
        if (start.timer() == FsmTimer.HOLD && readingSuspended) {
            return;
        }
        timers.start(start.timer(), duration);
    }

    private void send(BgpMessage message) {
        if (wire == null) {
            return;
        }
        wire.send(message);
        peer.counters().sent(message.type(), 1);
        if (message instanceof NotificationMessage notification) {
            peer.notification(true, notification);
        }
    }

    private void dial() {
        cancelAttempt();
        Dialer.Outcome outcome = new Dialer.Outcome() {
            @Override
            public Wire.Events connected(Wire connection) {
                attempt = null;
                wire = connection;
                direction = Direction.OUTGOING;
                on(FsmEvent.of(EventType.TCP_CR_ACKED));
                return Session.this;
            }

            @Override
            public void failed(String detail) {
                attempt = null;
                peer.connectFailed(detail);
                on(new FsmEvent.ConnectionFailed(detail));
            }
        };
        attempt = peer.dialer().dial(peer.settings().target(), outcome);
    }

    private void cancelAttempt() {
        if (attempt != null) {
            attempt.cancel();
            attempt = null;
        }
    }

    private void dropWire() {
        if (wire != null) {
            wire.close();
            wire = null;
        }
    }

    private void stateChanged(FsmAction.StateChanged change) {
        if (change.to().compareTo(FsmState.OPEN_CONFIRM) < 0) {
            negotiated = null;
            readingSuspended = false;
        }
        peer.stateChanged(this, change.from(), change.to(), change.reason());
    }

    // ---- Established

    private void sessionUp(NegotiatedSession session) {
        Wire connection = wire;
        if (connection == null) {
            return;
        }
        timesUp++;
        RibPeer rib = new RibPeer(peer.ribSetup(this, session, connection));
        ribPeer = rib;
        receiver = new UpdateReceiver(
                peer.settings(), session, connection.localAddress().getAddress(), peer.engine(), rib, peer.counters());
        sender = new UpdateSender(
                connection, codecOptions(session), peer.engine(), rib, peer.counters(), this::restartKeepalive);
        peer.engine().submit(new RibCommand.PeerUp(rib));
        peer.publish();
    }

    private void sessionDown(String reason, boolean graceful) {
        if (ribPeer != null) {
            peer.engine().submit(new RibCommand.PeerDown(ribPeer, peer.engine().nanoTime(), reason, graceful));
        }
        ribPeer = null;
        receiver = null;
        sender = null;
    }

    /** {@return how often it has been Established} */
    int timesUp() {
        return timesUp;
    }

    /** {@return whether it is Established, and for the n-th time} */
    boolean isUp(int n) {
        return ribPeer != null && timesUp == n;
    }

    /** A batch from the RIB thread, now on the loop. */
    void send(UpdateBatch batch) {
        if (sender != null && wire != null) {
            int oversized = sender.send(batch);
            if (oversized > 0) {
                peer.oversized(oversized);
            }
        }
    }

    /** An UPDATE tells the peer as well that we are alive (RFC 4271, 8.2.2). */
    private void restartKeepalive() {
        if (negotiated != null && timers.isRunning(FsmTimer.KEEPALIVE)) {
            startTimer(new FsmAction.StartTimer(FsmTimer.KEEPALIVE, Duration.ofSeconds(negotiated.keepaliveTime())));
        }
    }

    /** Sends ROUTE-REFRESH if it was negotiated. */
    boolean sendRefresh(RouteRefreshMessage refresh) {
        if (negotiated == null || fsm.state() != FsmState.ESTABLISHED || !negotiated.routeRefresh()) {
            return false;
        }
        send(refresh);
        return true;
    }

    void creditsReturned(int count) {
        if (receiver != null && receiver.returned(count) && readingSuspended && wire != null) {
            readingSuspended = false;
            wire.setReading(true);
            if (negotiated != null && negotiated.holdTime() > 0) {
                timers.start(FsmTimer.HOLD, Duration.ofSeconds(negotiated.holdTime()));
            }
        }
    }

    /** Without a credit we are the silent side: reading stops, and the peer's silence is not counted against it. */
    private void suspendReadingWithoutCredit() {
        if (receiver != null && wire != null && !receiver.hasCredit() && !readingSuspended) {
            readingSuspended = true;
            wire.setReading(false);
            timers.stop(FsmTimer.HOLD);
        }
    }

    static CodecOptions codecOptions(NegotiatedSession session) {
        return new CodecOptions(
                session.peerType() == PeerType.EXTERNAL,
                session.fourOctetAs(),
                session.extendedMessageReceive() ? CodecOptions.EXTENDED_LENGTH : CodecOptions.STANDARD_LENGTH,
                session.extendedMessageSend() ? CodecOptions.EXTENDED_LENGTH : CodecOptions.STANDARD_LENGTH,
                session.families(),
                session.addPathReceive(),
                session.addPathSend(),
                session.extendedNextHop());
    }

    /** Ends the session after a bug of ours. */
    void fail() {
        if (wire != null) {
            wire.send(NotificationMessage.cease(NotificationMessage.OUT_OF_RESOURCES));
        }
        dispose("internal error");
    }

    DownReason internalError(Throwable bug) {
        return new DownReason(DownReason.Kind.LOCAL_STOP, Optional.empty(), "internal error: " + bug);
    }
}
