package net.popbgp.core.attribute;

import java.util.Locale;

/**
 * An extended community (RFC 4360): eight octets whose first says the type. Written {@code rt:asn:value} and {@code soo:asn:value} where it
 * is one of these with a two- or four-octet AS number, otherwise as sixteen hexadecimal digits.
 *
 * <p>Immutable.
 */
public record ExtendedCommunity(long bits) implements Comparable<ExtendedCommunity> {

    private static final int ROUTE_TARGET = 2;
    private static final int ROUTE_ORIGIN = 3;
    private static final int TWO_OCTET_AS = 0;
    private static final int FOUR_OCTET_AS = 2; // RFC 5668

    /**
     * Reads {@code rt:asn:value}, {@code soo:asn:value} or sixteen hexadecimal digits.
     *
     * @throws IllegalArgumentException naming the text
     */
    public static ExtendedCommunity of(String text) {
        if (text.matches("[0-9a-fA-F]{16}")) {
            return new ExtendedCommunity(Long.parseUnsignedLong(text, 16));
        }
        String kind = text.substring(0, Math.max(0, text.indexOf(':'))).toLowerCase(Locale.ROOT);
        int subtype = switch (kind) {
            case "rt" -> ROUTE_TARGET;
            case "soo" -> ROUTE_ORIGIN;
            default ->
                throw new IllegalArgumentException(
                        "not an extended community (rt:asn:value, soo:asn:value or 16 hex digits): '" + text + "'");
        };
        long[] parts = Numbers.parse(text.substring(kind.length() + 1), 2, 0xFFFF_FFFFL, "extended community");
        boolean wide = parts[0] > 0xFFFF;
        if (wide && parts[1] > 0xFFFF) {
            throw new IllegalArgumentException(
                    "an extended community with a four-octet AS has a value of 0..65535: '" + text + "'");
        }
        long type = (long) (wide ? FOUR_OCTET_AS : TWO_OCTET_AS) << 56 | (long) subtype << 48;
        return new ExtendedCommunity(type | (wide ? parts[0] << 16 | parts[1] : parts[0] << 32 | parts[1]));
    }

    /** {@return the first octet: the type with its flags} */
    public int type() {
        return (int) (bits >>> 56);
    }

    /** {@return the second octet} */
    public int subtype() {
        return (int) (bits >>> 48) & 0xFF;
    }

    /** {@return whether it may cross an AS border (RFC 4360, 2): the T bit is clear} */
    public boolean isTransitive() {
        return (bits >>> 56 & 0x40) == 0;
    }

    @Override
    public int compareTo(ExtendedCommunity other) {
        return Long.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        String kind = subtype() == ROUTE_TARGET ? "rt:" : subtype() == ROUTE_ORIGIN ? "soo:" : "";
        if (!kind.isEmpty() && type() == TWO_OCTET_AS) {
            return kind + (bits >>> 32 & 0xFFFF) + ":" + (bits & 0xFFFF_FFFFL);
        }
        if (!kind.isEmpty() && type() == FOUR_OCTET_AS) {
            return kind + (bits >>> 16 & 0xFFFF_FFFFL) + ":" + (bits & 0xFFFF);
        }
        return String.format(Locale.ROOT, "%016x", bits);
    }
}
