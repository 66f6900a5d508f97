package net.popbgp.core.message;

import java.util.Optional;

/** The error codes of a NOTIFICATION (RFC 4271, 4.5; RFC 7313, 5; RFC 9687, 5). Subcodes are constants of {@link NotificationMessage}. */
public enum ErrorCode {
    MESSAGE_HEADER_ERROR(1),
    OPEN_MESSAGE_ERROR(2),
    UPDATE_MESSAGE_ERROR(3),
    HOLD_TIMER_EXPIRED(4),
    FINITE_STATE_MACHINE_ERROR(5),
    CEASE(6),
    ROUTE_REFRESH_MESSAGE_ERROR(7),
    SEND_HOLD_TIMER_EXPIRED(8);

    private final int code;

    ErrorCode(int code) {
        this.code = code;
    }

    public int code() {
        return code;
    }

    public static Optional<ErrorCode> ofCode(int code) {
        return code >= 1 && code <= 8 ? Optional.of(values()[code - 1]) : Optional.empty();
    }
}
