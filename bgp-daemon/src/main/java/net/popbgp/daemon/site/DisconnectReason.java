package net.popbgp.daemon.site;

import java.util.Optional;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.speaker.PeerStatus;

/**
 * Why a circuit is down, or was last, in the words of operators. Immutable.
 *
 * @param code the NOTIFICATION's code, {@code local} where there was none, empty where nothing has happened
 * @param subcode the NOTIFICATION's subcode and what it means, or the reason itself
 * @param text one sentence, with what the peer said
 * @param cause what mostly lies behind it at the other side, empty where nothing is known
 */
public record DisconnectReason(String code, String subcode, String text, String cause) {

    /** Nothing has ended yet. */
    public static final DisconnectReason NONE = new DisconnectReason("", "", "", "");

    private static final String LOCAL = "local";

    /** {@return why a peer is not Established, or why it last stopped being so} */
    public static DisconnectReason of(PeerStatus peer) {
        boolean waiting =
                peer.state() != FsmState.ESTABLISHED && !peer.diagnosis().isEmpty();
        if (waiting && peer.lastDown().notification().isEmpty()) {
            return new DisconnectReason(
                    LOCAL,
                    peer.diagnosis(),
                    peer.diagnosis(),
                    peer.enabled() && peer.config().md5Key().isPresent()
                            ? "another MD5 key on the other side, which TCP drops in silence; the wrong VLAN; the peer is down"
                            : "");
        }
        return of(peer.lastDown());
    }

    /** {@return the reason of an end that a speaker has told} */
    public static DisconnectReason of(DownReason reason) {
        if (reason.kind() == DownReason.Kind.NONE) {
            return NONE;
        }
        Optional<NotificationMessage> notification = reason.notification();
        if (notification.isEmpty()) {
            return new DisconnectReason(LOCAL, reason.detail(), reason.toString(), "");
        }
        NotificationMessage message = notification.get();
        return new DisconnectReason(
                Integer.toString(message.code()),
                message.subcode() + " " + meaning(message),
                reason.toString(),
                isOurs(reason, message) ? "" : cause(message.code(), message.subcode()));
    }

    /** A Cease of ours has its cause here: what it would mean of the cloud's says nothing. */
    private static boolean isOurs(DownReason reason, NotificationMessage message) {
        return message.code() == ErrorCode.CEASE.code() && reason.kind() != DownReason.Kind.NOTIFICATION_RECEIVED;
    }

    private static String meaning(NotificationMessage message) {
        return switch (message.code() * 100 + message.subcode()) {
            case 202 -> "OPEN: bad peer AS";
            case 206 -> "OPEN: unacceptable hold time";
            case 400 -> "hold timer expired";
            case 601 -> "cease: maximum number of prefixes reached";
            case 602 -> "cease: administrative shutdown";
            case 603 -> "cease: peer de-configured";
            case 604 -> "cease: administrative reset";
            case 606 -> "cease: other configuration change";
            case 607 -> "cease: connection collision resolution";
            case 610 -> "cease: BFD down";
            default ->
                switch (message.code()) {
                    case 3 -> "UPDATE error: " + message.describe();
                    case 5 -> "FSM error: " + message.describe();
                    default -> message.describe();
                };
        };
    }

    private static String cause(int code, int subcode) {
        return switch (code * 100 + subcode) {
            case 202 -> "the AS of the PoP is not the one configured at the cloud, or the other way round";
            case 206 -> "a hold time of 1 or 2 s, or one below what the other side takes";
            case 400 -> "the link is silent or the peer is gone";
            case 601 -> "more prefixes were advertised than the other side takes";
            case 602, 603 -> "the peering was disabled or deleted";
            case 604, 606 -> "maintenance, or a changed configuration";
            case 610 -> "BFD lost the link";
            default -> code == 3 ? "a malformed route" : code == 5 ? "a fault of an implementation" : "";
        };
    }
}
