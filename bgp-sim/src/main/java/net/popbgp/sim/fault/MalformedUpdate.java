package net.popbgp.sim.fault;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;

/**
 * Messages with one error each, and what RFC 7606 (or RFC 4271, 6.1) has the receiver do. UPDATEs announce one IPv4 prefix with AS_PATH
 * 12076 coded in four octets.
 */
public enum MalformedUpdate {
    ATOMIC_AGGREGATE_LENGTH(Expected.ATTRIBUTE_DISCARD, "ATOMIC_AGGREGATE of one octet (RFC 7606, 7.6)"),
    AGGREGATOR_LENGTH(Expected.ATTRIBUTE_DISCARD, "AGGREGATOR of five octets (RFC 7606, 7.7)"),
    ORIGIN_VALUE(Expected.TREAT_AS_WITHDRAW, "ORIGIN 3 (RFC 7606, 7.1)"),
    ORIGIN_FLAGS(Expected.TREAT_AS_WITHDRAW, "ORIGIN with optional flag (RFC 7606, 3 c)"),
    AS_PATH_SEGMENT(Expected.TREAT_AS_WITHDRAW, "AS_PATH whose segment overruns it (RFC 7606, 7.2)"),
    NEXT_HOP_LENGTH(Expected.TREAT_AS_WITHDRAW, "NEXT_HOP of five octets (RFC 7606, 7.3)"),
    MED_LENGTH(Expected.TREAT_AS_WITHDRAW, "MULTI_EXIT_DISC of three octets (RFC 7606, 7.4)"),
    COMMUNITIES_LENGTH(Expected.TREAT_AS_WITHDRAW, "COMMUNITIES of five octets (RFC 7606, 7.8)"),
    MISSING_ORIGIN(Expected.TREAT_AS_WITHDRAW, "no ORIGIN (RFC 7606, 3 d)"),
    MISSING_NEXT_HOP(Expected.TREAT_AS_WITHDRAW, "no NEXT_HOP (RFC 7606, 3 d)"),
    PREFIX_LENGTH(Expected.SESSION_RESET, "NLRI of length 33 (RFC 7606, 5.3)"),
    ATTRIBUTES_OVERRUN(Expected.SESSION_RESET, "Total Path Attribute Length beyond the message (RFC 7606, 3 b)"),
    DUPLICATE_MP_REACH(Expected.SESSION_RESET, "MP_REACH_NLRI twice (RFC 7606, 3 g)"),
    BAD_MARKER(Expected.SESSION_RESET, "marker not all ones (RFC 4271, 6.1)"),
    BAD_LENGTH(Expected.SESSION_RESET, "length 18 (RFC 4271, 6.1)"),
    BAD_TYPE(Expected.SESSION_RESET, "message type 9 (RFC 4271, 6.1)");

    /** What a correct receiver does. */
    public enum Expected {
        ATTRIBUTE_DISCARD,
        TREAT_AS_WITHDRAW,
        SESSION_RESET
    }

    private static final int TRANSITIVE = 0x40;
    private static final int OPTIONAL = 0x80;

    private static final byte[] ORIGIN_IGP = {TRANSITIVE, 1, 1, 0};
    private static final byte[] AS_PATH_12076 = {TRANSITIVE, 2, 6, 2, 1, 0, 0, 0x2F, 0x2C};

    private final Expected expected;
    private final String text;

    MalformedUpdate(Expected expected, String text) {
        this.expected = expected;
        this.text = text;
    }

    public Expected expected() {
        return expected;
    }

    /** {@return what is wrong, with the RFC section} */
    public String text() {
        return text;
    }

    /** {@return the kind of a name in kebab-case} */
    public static Optional<MalformedUpdate> of(String name) {
        for (MalformedUpdate kind : values()) {
            if (kind.toString().equals(name)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * {@return the message's octets}
     *
     * @param prefix IPv4
     * @param nextHop IPv4
     */
    public byte[] encode(Prefix prefix, InetAddress nextHop) {
        if (!prefix.isIpv4() || nextHop.getAddress().length != 4) {
            throw new IllegalArgumentException(
                    "malformed UPDATEs are IPv4 only: " + prefix + " next hop " + IpAddresses.text(nextHop));
        }
        byte[] nlri = nlri(prefix);
        byte[] hop = attribute(TRANSITIVE, 3, nextHop.getAddress());
        byte[] good = concat(ORIGIN_IGP, AS_PATH_12076, hop);
        return switch (this) {
            case ATOMIC_AGGREGATE_LENGTH -> update(concat(good, attribute(TRANSITIVE, 6, new byte[1])), nlri);
            case AGGREGATOR_LENGTH -> update(concat(good, attribute(OPTIONAL | TRANSITIVE, 7, new byte[5])), nlri);
            case ORIGIN_VALUE -> update(concat(attribute(TRANSITIVE, 1, new byte[] {3}), AS_PATH_12076, hop), nlri);
            case ORIGIN_FLAGS ->
                update(concat(attribute(OPTIONAL | TRANSITIVE, 1, new byte[1]), AS_PATH_12076, hop), nlri);
            case AS_PATH_SEGMENT ->
                update(concat(ORIGIN_IGP, attribute(TRANSITIVE, 2, new byte[] {2, 5, 0, 0, 0x2F, 0x2C}), hop), nlri);
            case NEXT_HOP_LENGTH ->
                update(concat(ORIGIN_IGP, AS_PATH_12076, attribute(TRANSITIVE, 3, new byte[5])), nlri);
            case MED_LENGTH -> update(concat(good, attribute(OPTIONAL, 4, new byte[3])), nlri);
            case COMMUNITIES_LENGTH -> update(concat(good, attribute(OPTIONAL | TRANSITIVE, 8, new byte[5])), nlri);
            case MISSING_ORIGIN -> update(concat(AS_PATH_12076, hop), nlri);
            case MISSING_NEXT_HOP -> update(concat(ORIGIN_IGP, AS_PATH_12076), nlri);
            case PREFIX_LENGTH -> update(good, new byte[] {33, 10, 0, 0, 0, 0});
            case ATTRIBUTES_OVERRUN -> overrun(update(good, nlri));
            case DUPLICATE_MP_REACH -> duplicateReach(nextHop, nlri);
            case BAD_MARKER -> patched(update(good, nlri), 3, 0);
            case BAD_LENGTH -> patched(patched(update(good, nlri), 16, 0), 17, 18);
            case BAD_TYPE -> patched(update(good, nlri), 18, 9);
        };
    }

    private static byte[] duplicateReach(InetAddress nextHop, byte[] nlri) {
        byte[] reach =
                attribute(OPTIONAL, 14, concat(new byte[] {0, 1, 1, 4}, nextHop.getAddress(), new byte[] {0}, nlri));
        return update(concat(reach, reach, ORIGIN_IGP, AS_PATH_12076), new byte[0]);
    }

    /** The attribute length field stands behind header and withdrawn length. */
    private static byte[] overrun(byte[] message) {
        return patched(message, 21, 0x40);
    }

    private static byte[] patched(byte[] message, int at, int octet) {
        message[at] = (byte) octet;
        return message;
    }

    private static byte[] update(byte[] attributes, byte[] nlri) {
        int length = 23 + attributes.length + nlri.length;
        byte[] head = new byte[23];
        Arrays.fill(head, 0, 16, (byte) 0xFF);
        head[16] = (byte) (length >>> 8);
        head[17] = (byte) length;
        head[18] = 2;
        head[21] = (byte) (attributes.length >>> 8);
        head[22] = (byte) attributes.length;
        return concat(head, attributes, nlri);
    }

    private static byte[] attribute(int flags, int type, byte[] value) {
        return concat(new byte[] {(byte) flags, (byte) type, (byte) value.length}, value);
    }

    private static byte[] nlri(Prefix prefix) {
        byte[] address = prefix.address().getAddress();
        byte[] octets = new byte[1 + (prefix.length() + 7) / 8];
        octets[0] = (byte) prefix.length();
        System.arraycopy(address, 0, octets, 1, octets.length - 1);
        return octets;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }
}
