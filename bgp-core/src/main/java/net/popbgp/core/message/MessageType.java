package net.popbgp.core.message;

import java.util.Optional;

/** The message types and their numbers on the wire (RFC 4271, 4.1; RFC 2918). */
public enum MessageType {
    OPEN(1, 29),
    UPDATE(2, 23),
    NOTIFICATION(3, 21),
    KEEPALIVE(4, 19),
    ROUTE_REFRESH(5, 23);

    private final int code;
    private final int minLength;

    MessageType(int code, int minLength) {
        this.code = code;
        this.minLength = minLength;
    }

    public int code() {
        return code;
    }

    /** {@return the shortest message of this type, octets, header included} */
    public int minLength() {
        return minLength;
    }

    public static Optional<MessageType> ofCode(int code) {
        return code >= 1 && code <= 5 ? Optional.of(values()[code - 1]) : Optional.empty();
    }
}
