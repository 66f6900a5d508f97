package net.popbgp.daemon.conformance;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Reads octets from the first to the last. Reading past the end is an AssertionError: what the daemon sends must be well-formed. */
final class OctetReader {

    private final byte[] octets;
    private int position;

    OctetReader(byte[] octets) {
        this.octets = octets;
    }

    boolean hasMore() {
        return position < octets.length;
    }

    int u8() {
        return bytes(1)[0] & 0xFF;
    }

    int u16() {
        return u8() << 8 | u8();
    }

    long u32() {
        return (long) u16() << 16 | u16();
    }

    byte[] bytes(int count) {
        if (position + count > octets.length) {
            throw new AssertionError(count + " octets expected at " + position + " of " + Octets.hex(octets));
        }
        position += count;
        return Arrays.copyOfRange(octets, position - count, position);
    }

    byte[] rest() {
        return bytes(octets.length - position);
    }

    OctetReader part(int count) {
        return new OctetReader(bytes(count));
    }

    /** {@return an IPv4 address as text} */
    String address() {
        try {
            return InetAddress.getByAddress(bytes(4)).getHostAddress();
        } catch (UnknownHostException e) {
            throw new AssertionError("four octets are an address", e);
        }
    }
}
