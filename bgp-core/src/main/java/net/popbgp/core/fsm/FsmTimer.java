package net.popbgp.core.fsm;

/** The timers of a session (RFC 4271, 8.1.3 and 10; RFC 9687); STABLE, which ends damping, is our own. */
public enum FsmTimer {
    CONNECT_RETRY(EventType.CONNECT_RETRY_TIMER_EXPIRES),
    HOLD(EventType.HOLD_TIMER_EXPIRES),
    KEEPALIVE(EventType.KEEPALIVE_TIMER_EXPIRES),
    DELAY_OPEN(EventType.DELAY_OPEN_TIMER_EXPIRES),
    IDLE_HOLD(EventType.IDLE_HOLD_TIMER_EXPIRES),
    SEND_HOLD(EventType.SEND_HOLD_TIMER_EXPIRES),
    STABLE(EventType.STABLE_TIMER_EXPIRES);

    private final EventType expiry;

    FsmTimer(EventType expiry) {
        this.expiry = expiry;
    }

    /** {@return the event of its expiry} */
    public EventType expiry() {
        return expiry;
    }
}
