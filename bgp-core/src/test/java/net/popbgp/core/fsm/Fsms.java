package net.popbgp.core.fsm;

import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;

/** Machines in a given state, events of every type, and actions as a line of text. */
final class Fsms {

    /** Always the smallest factor: a nominal wait of 4 s is 3 s, 120 s are 90 s. */
    static final RandomGenerator LOW = () -> 0;

    static final Asn LOCAL_AS = Asn.of(65010);
    static final Asn REMOTE_AS = Asn.of(12076);

    private Fsms() {}

    static FsmConfig config(boolean passive, int delayOpen, int sendHold) {
        return new FsmConfig(
                LOCAL_AS,
                Optional.of(REMOTE_AS),
                RouterId.of("10.0.0.1"),
                90,
                0,
                3,
                passive,
                Duration.ofSeconds(120),
                Duration.ofSeconds(delayOpen),
                Duration.ofMinutes(4),
                Duration.ofSeconds(4),
                Duration.ofSeconds(64),
                Duration.ofSeconds(300),
                Duration.ofSeconds(sendHold),
                List.of(new Capability.Multiprotocol(AddressFamily.IPV4_UNICAST)),
                OpenRequirements.NONE);
    }

    static IdleHold idleHold() {
        return idleHold(() -> 0);
    }

    static IdleHold idleHold(LongSupplier nanoTime) {
        return new IdleHold(Duration.ofSeconds(4), Duration.ofSeconds(64), LOW, nanoTime);
    }

    static SessionFsm fsm(FsmConfig config, IdleHold idleHold) {
        return new SessionFsm(config, idleHold, new CapabilityFallback(config), LOW);
    }

    /** {@return a new machine after these events} */
    static SessionFsm after(FsmConfig config, FsmEvent... events) {
        SessionFsm fsm = fsm(config, idleHold());
        for (FsmEvent event : events) {
            fsm.handle(event);
        }
        return fsm;
    }

    static OpenMessage remoteOpen(int holdTime) {
        return new OpenMessage((int) REMOTE_AS.value(), holdTime, RouterId.of("10.0.0.2"), List.of());
    }

    /** {@return a well-formed event of the type; event 20 is an OPEN, which the machine reads by its own timer} */
    static FsmEvent event(EventType type) {
        return switch (type) {
            case MANUAL_STOP -> FsmEvent.Stop.manual(NotificationMessage.cease(2));
            case AUTOMATIC_STOP -> FsmEvent.Stop.automatic(NotificationMessage.cease(4), "reset");
            case BGP_OPEN, BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING -> new FsmEvent.Open(remoteOpen(30));
            case BGP_HEADER_ERR -> new FsmEvent.MessageError(type, new NotificationMessage(1, 2), "bad length");
            case BGP_OPEN_MSG_ERR -> new FsmEvent.MessageError(type, new NotificationMessage(2, 4), "bad parameter");
            case UPDATE_MSG_ERR -> new FsmEvent.MessageError(type, new NotificationMessage(3, 1), "bad list");
            case NOTIF_MSG_VER_ERR -> new FsmEvent.Notification(new NotificationMessage(2, 1));
            case NOTIF_MSG -> new FsmEvent.Notification(new NotificationMessage(6, 4));
            case TCP_CONNECTION_FAILS -> new FsmEvent.ConnectionFailed("reset by peer");
            default -> FsmEvent.of(type);
        };
    }

    static String text(List<FsmAction> actions) {
        return actions.stream().map(Fsms::text).collect(Collectors.joining("; "));
    }

    private static String text(FsmAction action) {
        if (action instanceof FsmAction.Send send) {
            return text(send.message());
        } else if (action instanceof FsmAction.StartTimer start) {
            return start.timer() + "=" + start.duration().toSeconds();
        } else if (action instanceof FsmAction.StopTimer stop) {
            return stop.timer() + "=off";
        } else if (action instanceof FsmAction.SessionDown down) {
            return "down(" + down.reason().kind() + ")";
        } else if (action instanceof FsmAction.StateChanged change) {
            return change.from() + ">" + change.to()
                    + (change.reason().kind() == DownReason.Kind.NONE
                            ? ""
                            : "(" + change.reason().kind() + ")");
        } else if (action instanceof FsmAction.Dial) {
            return "dial";
        } else if (action instanceof FsmAction.DropConnection) {
            return "drop";
        } else if (action instanceof FsmAction.Negotiated) {
            return "negotiated";
        }
        return "up";
    }

    private static String text(BgpMessage message) {
        if (message instanceof NotificationMessage notification) {
            String data = HexFormat.of().formatHex(notification.data());
            return "N" + notification.code() + "/" + notification.subcode() + (data.isEmpty() ? "" : ":" + data);
        }
        return message.type().toString();
    }
}
