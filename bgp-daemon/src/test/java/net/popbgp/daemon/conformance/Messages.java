package net.popbgp.daemon.conformance;

import java.util.Arrays;

/** Messages of RFC 4271, section 4, put together from their fields, right or wrong. */
public final class Messages {

    public static final int OPEN = 1;
    public static final int UPDATE = 2;
    public static final int NOTIFICATION = 3;
    public static final int KEEPALIVE = 4;
    public static final int ROUTE_REFRESH = 5;

    private static final int HEADER = 19;
    private static final byte[] MARKER = marker();

    private Messages() {}

    private static byte[] marker() {
        byte[] marker = new byte[16];
        Arrays.fill(marker, (byte) 0xFF);
        return marker;
    }

    /** {@return a header that claims this length and type} */
    static byte[] header(int length, int type) {
        return Octets.empty().add(MARKER).u16(length).u8(type).toArray();
    }

    public static byte[] message(int type, byte[]... body) {
        byte[] octets = Octets.join(body);
        return Octets.join(header(HEADER + octets.length, type), octets);
    }

    public static byte[] keepalive() {
        return message(KEEPALIVE);
    }

    static byte[] notification(int code, int subcode, byte[]... data) {
        return message(NOTIFICATION, Octets.empty().u8(code).u8(subcode).toArray(), Octets.join(data));
    }

    public static byte[] routeRefresh(int afi, int subtype, int safi) {
        return message(
                ROUTE_REFRESH, Octets.empty().u16(afi).u8(subtype).u8(safi).toArray());
    }

    /** {@return an UPDATE with these three parts, their lengths right} */
    public static byte[] update(byte[] withdrawn, byte[] attributes, byte[] nlri) {
        return message(
                UPDATE,
                Octets.empty().u16(withdrawn.length).add(withdrawn).toArray(),
                Octets.empty().u16(attributes.length).add(attributes).toArray(),
                nlri);
    }

    static byte[] withdraw(String... prefixes) {
        return update(nlri(prefixes), new byte[0], new byte[0]);
    }

    static byte[] endOfRib() {
        return update(new byte[0], new byte[0], new byte[0]);
    }

    static byte[] nlri(String... prefixes) {
        Octets nlri = Octets.empty();
        for (String prefix : prefixes) {
            nlri.prefix(prefix);
        }
        return nlri.toArray();
    }
}
