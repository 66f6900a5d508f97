package net.popbgp.core.fsm;

import java.util.Optional;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;

/** Something that happened to a session (RFC 4271, 8.1). Immutable. */
public sealed interface FsmEvent {

    EventType type();

    /** An event that is fully said by its type: starts, timers, TCP, KEEPALIVE, UPDATE, ROUTE-REFRESH. */
    record Plain(EventType type) implements FsmEvent {
        public Plain {
            switch (type) {
                case MANUAL_STOP,
                        AUTOMATIC_STOP,
                        BGP_OPEN,
                        BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING,
                        BGP_HEADER_ERR,
                        BGP_OPEN_MSG_ERR,
                        UPDATE_MSG_ERR,
                        NOTIF_MSG_VER_ERR,
                        NOTIF_MSG -> throw new IllegalArgumentException("an event with content of its own: " + type);
                default -> {}
            }
        }
    }

    /** A well-formed OPEN. The type is {@link EventType#BGP_OPEN}; with the DelayOpenTimer running the FSM reads it as event 20. */
    record Open(OpenMessage message) implements FsmEvent {
        @Override
        public EventType type() {
            return EventType.BGP_OPEN;
        }
    }

    /** A NOTIFICATION was received: event 24 for 2/1, otherwise 25. */
    record Notification(NotificationMessage message) implements FsmEvent {
        @Override
        public EventType type() {
            return message.code() == 2 && message.subcode() == NotificationMessage.UNSUPPORTED_VERSION_NUMBER
                    ? EventType.NOTIF_MSG_VER_ERR
                    : EventType.NOTIF_MSG;
        }
    }

    /** A message was in error (events 21, 22, 28); the NOTIFICATION is the one to send. */
    record MessageError(EventType type, NotificationMessage notification, String detail) implements FsmEvent {
        public MessageError {
            if (type != EventType.BGP_HEADER_ERR
                    && type != EventType.BGP_OPEN_MSG_ERR
                    && type != EventType.UPDATE_MSG_ERR) {
                throw new IllegalArgumentException("not an error of a message: " + type);
            }
        }
    }

    /**
     * The session is to end (events 2 and 8). A manual stop stays down, an automatic one restarts.
     *
     * @param notification the Cease to send; none leaves a peer waiting that has offered graceful restart (RFC 4724, 4)
     * @param graceful whether the Cease goes out as it is also where routes survive it, instead of as a Hard Reset (RFC 8538)
     */
    record Stop(EventType type, Optional<NotificationMessage> notification, String detail, boolean graceful)
            implements FsmEvent {

        private static final String BY_OPERATOR = "stopped by the operator";

        public Stop {
            if (type != EventType.MANUAL_STOP && type != EventType.AUTOMATIC_STOP) {
                throw new IllegalArgumentException("not a stop: " + type);
            }
        }

        public static Stop manual(NotificationMessage notification) {
            return new Stop(EventType.MANUAL_STOP, Optional.of(notification), BY_OPERATOR, false);
        }

        /** With a peer that has set the N bit, routes stay on both sides. */
        public static Stop graceful(NotificationMessage notification) {
            return new Stop(EventType.MANUAL_STOP, Optional.of(notification), BY_OPERATOR, true);
        }

        /** Ends the connection without a word. */
        public static Stop silent(String detail) {
            return new Stop(EventType.MANUAL_STOP, Optional.empty(), detail, true);
        }

        public static Stop automatic(NotificationMessage notification, String detail) {
            return new Stop(EventType.AUTOMATIC_STOP, Optional.of(notification), detail, false);
        }
    }

    /** The TCP connection could not be made or was lost (event 18). */
    record ConnectionFailed(String detail) implements FsmEvent {
        @Override
        public EventType type() {
            return EventType.TCP_CONNECTION_FAILS;
        }
    }

    static FsmEvent of(EventType type) {
        return new Plain(type);
    }
}
