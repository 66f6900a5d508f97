package net.popbgp.core.message;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The message types and their numbers on the wire (RFC 4271, 4.1; RFC 2918). */
public enum MessageType {
    OPEN(1, 29),
    UPDATE(2, 23),
    NOTIFICATION(3, 21),
    KEEPALIVE(4, 19),
    ROUTE_REFRESH(5, 23);

    /** At the place of the code less one; made once, because every message asks. */
    private static final List<Optional<MessageType>> BY_CODE =
            Stream.of(values()).map(Optional::of).toList();

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
        return code >= 1 && code <= 5 ? BY_CODE.get(code - 1) : Optional.empty();
    }
}
