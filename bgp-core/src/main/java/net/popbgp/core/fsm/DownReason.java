package net.popbgp.core.fsm;

import java.util.Optional;
import net.popbgp.core.message.NotificationMessage;

/**
 * Why a session is not, or no longer, Established. Immutable.
 *
 * @param notification the NOTIFICATION that was sent or received, empty where none was
 * @param detail for the operator
 */
public record DownReason(Kind kind, Optional<NotificationMessage> notification, String detail) {

    /** Nothing has gone wrong. */
    public static final DownReason NONE = new DownReason(Kind.NONE, Optional.empty(), "");

    /** What ended it. */
    public enum Kind {
        NONE,
        /** We sent a NOTIFICATION: about an error of the peer, or a Cease. */
        NOTIFICATION_SENT,
        /** The peer sent a NOTIFICATION. */
        NOTIFICATION_RECEIVED,
        /** The peer was silent for the hold time; NOTIFICATION 4/0 was sent. */
        HOLD_TIMER_EXPIRED,
        /** The peer took nothing from us for the send hold time (RFC 9687). */
        SEND_HOLD_TIMER_EXPIRED,
        /** TCP was closed, reset, refused or timed out without a NOTIFICATION. */
        CONNECTION_LOST,
        /** We stopped or reset it. */
        LOCAL_STOP
    }

    /**
     * {@return whether the session has ended in a way that lets a peer's routes stay (RFC 4724, 4.2; RFC 8538, 4)}
     *
     * @param session the one that has ended
     */
    public boolean isGraceful(NegotiatedSession session) {
        if (session.gracefulRestart().isEmpty()) {
            return false;
        }
        return notification
                .map(message -> session.gracefulNotification() && !message.isHardReset())
                .orElse(kind == Kind.CONNECTION_LOST);
    }

    @Override
    public String toString() {
        return kind == Kind.NONE
                ? "none"
                : detail
                        + notification
                                .map(n -> (detail.isEmpty() ? "" : ": ") + n)
                                .orElse("");
    }
}
