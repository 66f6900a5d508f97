package net.popbgp.core.fsm;

import java.util.Objects;
import java.util.Optional;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;

/** Why {@link SessionFsm} ends a connection, with the NOTIFICATION to send where there is one. Stateless. */
final class DownReasons {

    private DownReasons() {}

    private static DownReason notified(DownReason.Kind kind, NotificationMessage notification, String detail) {
        return new DownReason(kind, Optional.of(notification), detail);
    }

    static DownReason refused(NotificationException refusal) {
        return notified(
                DownReason.Kind.NOTIFICATION_SENT,
                refusal.notification(),
                Objects.requireNonNullElse(refusal.getMessage(), ""));
    }

    static DownReason collisionLost() {
        return notified(
                DownReason.Kind.NOTIFICATION_SENT,
                NotificationMessage.cease(NotificationMessage.CONNECTION_COLLISION_RESOLUTION),
                "lost to another connection with the peer");
    }

    static DownReason stopped(FsmEvent event) {
        FsmEvent.Stop stop = (FsmEvent.Stop) event;
        return new DownReason(DownReason.Kind.LOCAL_STOP, stop.notification(), stop.detail());
    }

    static DownReason messageError(FsmEvent event) {
        FsmEvent.MessageError error = (FsmEvent.MessageError) event;
        return notified(DownReason.Kind.NOTIFICATION_SENT, error.notification(), error.detail());
    }

    static DownReason notificationReceived(FsmEvent event) {
        NotificationMessage message = ((FsmEvent.Notification) event).message();
        return new DownReason(DownReason.Kind.NOTIFICATION_RECEIVED, Optional.of(message), "the peer ended it");
    }

    static DownReason connectionLost(FsmEvent event) {
        String detail = event instanceof FsmEvent.ConnectionFailed failed ? failed.detail() : "TCP connection failed";
        return new DownReason(DownReason.Kind.CONNECTION_LOST, Optional.empty(), detail);
    }

    static DownReason holdTimerExpired() {
        return notified(
                DownReason.Kind.HOLD_TIMER_EXPIRED,
                NotificationMessage.of(ErrorCode.HOLD_TIMER_EXPIRED, 0),
                "nothing heard from the peer for the hold time");
    }

    static DownReason sendHoldTimerExpired() {
        return notified(
                DownReason.Kind.SEND_HOLD_TIMER_EXPIRED,
                NotificationMessage.of(ErrorCode.SEND_HOLD_TIMER_EXPIRED, 0),
                "the peer took nothing for the send hold time");
    }

    /** A message that does not belong into the state (RFC 6608); before OpenSent no subcode exists and nothing is sent. */
    static DownReason unexpected(EventType event, FsmState state) {
        MessageType message = messageType(event);
        String detail = "unexpected " + message + " in " + state;
        int subcode = switch (state) {
            case IDLE, CONNECT, ACTIVE -> 0;
            case OPEN_SENT -> NotificationMessage.UNEXPECTED_MESSAGE_IN_OPEN_SENT;
            case OPEN_CONFIRM -> NotificationMessage.UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM;
            case ESTABLISHED -> NotificationMessage.UNEXPECTED_MESSAGE_IN_ESTABLISHED;
        };
        return subcode == 0
                ? new DownReason(DownReason.Kind.LOCAL_STOP, Optional.empty(), detail)
                : notified(
                        DownReason.Kind.NOTIFICATION_SENT,
                        NotificationMessage.of(ErrorCode.FINITE_STATE_MACHINE_ERROR, subcode, (byte) message.code()),
                        detail);
    }

    private static MessageType messageType(EventType type) {
        return switch (type) {
            case KEEPALIVE_MSG -> MessageType.KEEPALIVE;
            case UPDATE_MSG, UPDATE_MSG_ERR -> MessageType.UPDATE;
            case ROUTE_REFRESH_MSG -> MessageType.ROUTE_REFRESH;
            default -> MessageType.OPEN;
        };
    }
}
