package net.popbgp.daemon.conformance;

import java.util.Arrays;

/**
 * A message that the daemon sent, as it came. Immutable by convention.
 *
 * @param nanos when its last octet had been read, on {@link System#nanoTime}
 * @param octets header included
 */
record Received(long nanos, int type, byte[] octets) {

    byte[] body() {
        return Arrays.copyOfRange(octets, 19, octets.length);
    }

    int u8(int offset) {
        return octets[offset] & 0xFF;
    }

    int u16(int offset) {
        return u8(offset) << 8 | u8(offset + 1);
    }

    /** {@return whether it is a NOTIFICATION of this code and subcode; -1 for any subcode} */
    boolean isNotification(int code, int subcode) {
        return type == Messages.NOTIFICATION && u8(19) == code && (subcode < 0 || u8(20) == subcode);
    }

    /** {@return the data of a NOTIFICATION} */
    byte[] data() {
        return Arrays.copyOfRange(octets, 21, octets.length);
    }

    @Override
    public String toString() {
        String name = switch (type) {
            case Messages.OPEN -> "OPEN";
            case Messages.UPDATE -> "UPDATE";
            case Messages.NOTIFICATION -> "NOTIFICATION";
            case Messages.KEEPALIVE -> "KEEPALIVE";
            case Messages.ROUTE_REFRESH -> "ROUTE-REFRESH";
            default -> "type " + type;
        };
        return name + " " + Octets.hex(body());
    }
}
