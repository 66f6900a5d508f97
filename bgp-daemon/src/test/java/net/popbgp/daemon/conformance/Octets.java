package net.popbgp.daemon.conformance;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HexFormat;

/** Octets being put together, in network byte order. Not thread-safe. */
public final class Octets {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    static Octets empty() {
        return new Octets();
    }

    /** {@return the octets of hexadecimal text, blanks ignored} */
    public static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replaceAll("\\s", ""));
    }

    static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    /** {@return an IPv4 or IPv6 address given as a literal} */
    static byte[] address(String literal) {
        try {
            return InetAddress.getByName(literal).getAddress();
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }

    static byte[] join(byte[]... parts) {
        Octets all = empty();
        for (byte[] part : parts) {
            all.add(part);
        }
        return all.toArray();
    }

    Octets u8(int value) {
        out.write(value);
        return this;
    }

    Octets u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    Octets u32(long value) {
        return u16((int) (value >>> 16)).u16((int) value);
    }

    Octets add(byte[] octets) {
        out.writeBytes(octets);
        return this;
    }

    Octets add(String hex) {
        return add(hex(hex));
    }

    /** Adds a prefix as NLRI: its length in bits and as many octets as that takes (RFC 4271, 4.3). */
    Octets prefix(String text) {
        int slash = text.indexOf('/');
        int length = Integer.parseInt(text.substring(slash + 1));
        return u8(length).add(java.util.Arrays.copyOf(address(text.substring(0, slash)), (length + 7) / 8));
    }

    int size() {
        return out.size();
    }

    byte[] toArray() {
        return out.toByteArray();
    }
}
