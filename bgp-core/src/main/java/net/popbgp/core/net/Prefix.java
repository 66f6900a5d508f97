package net.popbgp.core.net;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;

/**
 * An IPv4 or IPv6 unicast destination (RFC 4271, 4.3; RFC 4760, 5). Host bits are always zero.
 *
 * <p>The form for the edge: the tables and the codec work on {@link PackedPrefixes}.
 *
 * <p>Immutable.
 *
 * @param family IPv4 or IPv6 unicast
 * @param high the first 64 bits of an IPv6 address; 0 for IPv4
 * @param low the last 64 bits of an IPv6 address; the address as an unsigned 32-bit number for IPv4
 * @param length the prefix length, 0..32 or 0..128
 */
public record Prefix(AddressFamily family, long high, long low, int length) implements Comparable<Prefix> {

    public Prefix {
        if (!family.isSupported()) {
            throw new IllegalArgumentException("no prefixes are kept for family " + family);
        }
        if (length < 0 || length > family.maxPrefixLength()) {
            throw new IllegalArgumentException(
                    "prefix length out of range 0.." + family.maxPrefixLength() + ": " + length);
        }
        if (family.afi() == 1 && (high != 0 || low >>> 32 != 0)) {
            throw new IllegalArgumentException("an IPv4 address has 32 bits");
        }
        if (maskHigh(family, high, length) != high || maskLow(family, low, length) != low) {
            throw new IllegalArgumentException("host bits are set beyond the prefix length " + length);
        }
    }

    /**
     * Reads {@code address/length}.
     *
     * @throws IllegalArgumentException naming the text, if it is not a prefix or has host bits set
     */
    public static Prefix of(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            throw new IllegalArgumentException("not a prefix (address/length): '" + text + "'");
        }
        InetAddress address;
        int length;
        try {
            address = IpAddresses.parse(text.substring(0, slash));
            length = Integer.parseInt(text.substring(slash + 1));
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a prefix (address/length): '" + text + "'", e);
        }
        AddressFamily family =
                address instanceof Inet4Address ? AddressFamily.IPV4_UNICAST : AddressFamily.IPV6_UNICAST;
        if (length < 0 || length > family.maxPrefixLength()) {
            throw new IllegalArgumentException(
                    "prefix length out of range 0.." + family.maxPrefixLength() + ": '" + text + "'");
        }
        Prefix prefix = of(address, length);
        if (!prefix.address().equals(address)) {
            throw new IllegalArgumentException("host bits are set in '" + text + "'; the prefix would be " + prefix);
        }
        return prefix;
    }

    /** {@return the prefix of that length that holds the address; host bits are cleared} */
    public static Prefix of(InetAddress address, int length) {
        byte[] octets = address.getAddress();
        if (octets.length == 4) {
            return masked(AddressFamily.IPV4_UNICAST, 0, ByteBuffer.wrap(octets).getInt() & 0xFFFF_FFFFL, length);
        }
        ByteBuffer buffer = ByteBuffer.wrap(octets);
        return masked(AddressFamily.IPV6_UNICAST, buffer.getLong(), buffer.getLong(), length);
    }

    /** {@return the prefix with host bits cleared} */
    public static Prefix masked(AddressFamily family, long high, long low, int length) {
        return new Prefix(family, maskHigh(family, high, length), maskLow(family, low, length), length);
    }

    static long maskHigh(AddressFamily family, long high, int length) {
        if (family.afi() == 1 || length == 0) {
            return 0;
        }
        return length >= 64 ? high : high & -1L << (64 - length);
    }

    static long maskLow(AddressFamily family, long low, int length) {
        if (family.afi() == 1) {
            return length == 0 ? 0 : low & (-1L << (32 - length)) & 0xFFFF_FFFFL;
        }
        if (length <= 64) {
            return 0;
        }
        return length >= 128 ? low : low & -1L << (128 - length);
    }

    public boolean isIpv4() {
        return family.afi() == 1;
    }

    public InetAddress address() {
        if (isIpv4()) {
            return IpAddresses.ofBits((int) low);
        }
        return IpAddresses.ofBytes(
                ByteBuffer.allocate(16).putLong(high).putLong(low).array());
    }

    /** {@return whether the other prefix is this one or a more specific one} */
    public boolean covers(Prefix other) {
        return family.equals(other.family)
                && length <= other.length
                && maskHigh(family, other.high, length) == high
                && maskLow(family, other.low, length) == low;
    }

    /** Orders by family, address, then shorter first. */
    @Override
    public int compareTo(Prefix other) {
        int byFamily = Integer.compare(family.afi(), other.family.afi());
        if (byFamily != 0) {
            return byFamily;
        }
        int byHigh = Long.compareUnsigned(high, other.high);
        if (byHigh != 0) {
            return byHigh;
        }
        int byLow = Long.compareUnsigned(low, other.low);
        return byLow != 0 ? byLow : Integer.compare(length, other.length);
    }

    @Override
    public String toString() {
        return IpAddresses.text(address()) + "/" + length;
    }
}
