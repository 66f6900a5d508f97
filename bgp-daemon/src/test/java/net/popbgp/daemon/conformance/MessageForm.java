package net.popbgp.daemon.conformance;

import java.util.ArrayList;
import java.util.List;

/**
 * The form that every message of the daemon must have, whatever is tested: RFC 4271, 4.1, and nothing after a NOTIFICATION (6). Not
 * thread-safe.
 */
final class MessageForm {

    private static final int STANDARD_LENGTH = 4096;
    private static final int EXTENDED_LENGTH = 65535;

    private final List<String> violations = new ArrayList<>();
    private int longest = STANDARD_LENGTH;
    private boolean ended;

    void allowLong() {
        longest = EXTENDED_LENGTH;
    }

    void check(Received message) {
        for (int i = 0; i < 16; i++) {
            if (message.u8(i) != 0xFF) {
                violations.add("marker of " + message);
                break;
            }
        }
        int length = message.octets().length;
        if (message.u16(16) != length || length < shortest(message.type()) || length > longest(message.type())) {
            violations.add("length " + message.u16(16) + " of " + message);
        }
        if (ended) {
            violations.add("after a NOTIFICATION: " + message);
        }
        ended |= message.type() == Messages.NOTIFICATION;
    }

    private static int shortest(int type) {
        return switch (type) {
            case Messages.OPEN -> 29;
            case Messages.UPDATE, Messages.ROUTE_REFRESH -> 23;
            case Messages.NOTIFICATION -> 21;
            case Messages.KEEPALIVE -> 19;
            default -> Integer.MAX_VALUE; // no such type
        };
    }

    private int longest(int type) {
        return switch (type) {
            case Messages.KEEPALIVE -> 19;
            case Messages.OPEN -> STANDARD_LENGTH;
            default -> longest;
        };
    }

    List<String> violations() {
        return List.copyOf(violations);
    }
}
