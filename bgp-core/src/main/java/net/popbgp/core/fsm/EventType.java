package net.popbgp.core.fsm;

/** The events, numbered as in RFC 4271, 8.1; 29 is RFC 9687's. */
public enum EventType {
    MANUAL_START(1),
    MANUAL_STOP(2),
    AUTOMATIC_START(3),
    MANUAL_START_WITH_PASSIVE_TCP_ESTABLISHMENT(4),
    AUTOMATIC_START_WITH_PASSIVE_TCP_ESTABLISHMENT(5),
    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS(6),
    AUTOMATIC_START_WITH_DAMP_PEER_OSCILLATIONS_AND_PASSIVE_TCP_ESTABLISHMENT(7),
    AUTOMATIC_STOP(8),
    CONNECT_RETRY_TIMER_EXPIRES(9),
    HOLD_TIMER_EXPIRES(10),
    KEEPALIVE_TIMER_EXPIRES(11),
    DELAY_OPEN_TIMER_EXPIRES(12),
    IDLE_HOLD_TIMER_EXPIRES(13),
    TCP_CONNECTION_VALID(14),
    TCP_CR_INVALID(15),
    TCP_CR_ACKED(16),
    TCP_CONNECTION_CONFIRMED(17),
    TCP_CONNECTION_FAILS(18),
    BGP_OPEN(19),
    BGP_OPEN_WITH_DELAY_OPEN_TIMER_RUNNING(20),
    BGP_HEADER_ERR(21),
    BGP_OPEN_MSG_ERR(22),
    OPEN_COLLISION_DUMP(23),
    NOTIF_MSG_VER_ERR(24),
    NOTIF_MSG(25),
    KEEPALIVE_MSG(26),
    UPDATE_MSG(27),
    UPDATE_MSG_ERR(28),
    SEND_HOLD_TIMER_EXPIRES(29),
    /** ROUTE-REFRESH was received (RFC 2918): no number of its own; outside Established it is an FSM error. */
    ROUTE_REFRESH_MSG(0),
    /** Established has lasted for the stable time: no number, it is this implementation's own. */
    STABLE_TIMER_EXPIRES(0);

    private final int number;

    EventType(int number) {
        this.number = number;
    }

    /** {@return the RFC's number, 0 for those that have none} */
    public int number() {
        return number;
    }
}
