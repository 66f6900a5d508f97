package net.popbgp.daemon.event;

import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.NotificationMessage;

/**
 * Why a session has ended or does not come up, in the words of events. Immutable.
 *
 * @param code of the NOTIFICATION, or {@code local} where there was none
 * @param subcode of the NOTIFICATION with its meaning, or the reason where there was none
 * @param text for people
 */
record DownText(String code, String subcode, String text) {

    static final String LOCAL = "local";

    static DownText of(DownReason reason) {
        return reason.notification()
                .map(message -> of(reason, message))
                .orElseGet(() -> new DownText(LOCAL, local(reason), local(reason)));
    }

    private static DownText of(DownReason reason, NotificationMessage message) {
        String meaning = message.describe();
        String carried = message.carried()
                .map(inner -> " for " + inner.code() + "/" + inner.subcode() + " " + inner.describe())
                .orElse("");
        String communication = message.shutdownCommunication()
                .map(text -> ", \"" + text + "\"")
                .orElse("");
        String who = reason.kind() == DownReason.Kind.NOTIFICATION_RECEIVED ? "the peer says " : "";
        return new DownText(
                Integer.toString(message.code()),
                message.subcode() + " " + meaning + carried + communication,
                who + meaning + carried + " (" + message.code() + "/" + message.subcode() + ")" + communication
                        + detail(reason));
    }

    /** What is known besides the NOTIFICATION. */
    private static String detail(DownReason reason) {
        return reason.kind() == DownReason.Kind.NOTIFICATION_RECEIVED
                        || reason.detail().isEmpty()
                ? ""
                : ": " + reason.detail();
    }

    private static String local(DownReason reason) {
        return switch (reason.kind()) {
            case NONE -> "unknown";
            case CONNECTION_LOST -> "TCP: " + reason.detail();
            case HOLD_TIMER_EXPIRED, SEND_HOLD_TIMER_EXPIRED, NOTIFICATION_SENT, NOTIFICATION_RECEIVED, LOCAL_STOP ->
                reason.detail().isEmpty() ? "ended here" : reason.detail();
        };
    }

    /** {@return whether one of two connections with the peer was closed because there were two, which is no outage (RFC 4271, 6.8)} */
    static boolean isCollision(DownReason reason) {
        return reason.notification()
                .filter(message -> message.is(ErrorCode.CEASE, NotificationMessage.CONNECTION_COLLISION_RESOLUTION))
                .isPresent();
    }
}
