package net.popbgp.core.codec;

import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;

/**
 * NLRI fields (RFC 4271, 4.3; RFC 4760, 5), with a Path Identifier before each prefix where that is negotiated (RFC 7911, 3). Reads up to
 * 16 octets past the end of a field, so arrays need that much room behind them.
 */
final class NlriCodec {

    /** Octets that must be readable behind a field. */
    static final int SLACK = 16;

    private static final int PATH_ID_LENGTH = 4;

    private NlriCodec() {}

    /** {@return how many prefixes the field holds, -1 if it is syntactically incorrect (RFC 7606, 5.3)} */
    static int count(byte[] octets, int from, int end, AddressFamily family, boolean pathIds) {
        int max = family.maxPrefixLength();
        int skip = pathIds ? PATH_ID_LENGTH : 0;
        int at = from;
        int count = 0;
        while (at < end) {
            at += skip;
            if (at >= end) {
                return -1;
            }
            int length = octets[at] & 0xFF;
            if (length > max) {
                return -1;
            }
            at += 1 + (length + 7 >>> 3);
            count++;
        }
        return at == end ? count : -1;
    }

    /**
     * Reads a field that was counted before.
     *
     * @param withoutMartians leaves out prefixes that no unicast route can have (RFC 4271, 6.3)
     */
    static PackedPrefixes read(
            byte[] octets,
            int from,
            int end,
            AddressFamily family,
            boolean pathIds,
            int count,
            boolean withoutMartians) {
        PackedPrefixes.Builder prefixes = PackedPrefixes.builder(family, count);
        if (pathIds) {
            readWithPathIds(octets, from, end, prefixes, family, withoutMartians);
        } else if (family.afi() == 1) {
            readIpv4(octets, from, end, prefixes, withoutMartians);
        } else {
            readIpv6(octets, from, end, prefixes, withoutMartians);
        }
        return prefixes.build();
    }

    private static void readIpv4(
            byte[] octets, int from, int end, PackedPrefixes.Builder prefixes, boolean withoutMartians) {
        int at = from;
        while (at < end) {
            int length = octets[at] & 0xFF;
            int address = Octets.i32(octets, at + 1);
            if (!withoutMartians || !isIpv4Martian(address, length)) {
                prefixes.add(0, address & 0xFFFF_FFFFL, length);
            }
            at += 1 + (length + 7 >>> 3);
        }
    }

    private static void readIpv6(
            byte[] octets, int from, int end, PackedPrefixes.Builder prefixes, boolean withoutMartians) {
        int at = from;
        while (at < end) {
            int length = octets[at] & 0xFF;
            long high = Octets.i64(octets, at + 1);
            long low = Octets.i64(octets, at + 9);
            if (!withoutMartians || !isIpv6Martian(high, low, length)) {
                prefixes.add(high, low, length);
            }
            at += 1 + (length + 7 >>> 3);
        }
    }

    private static void readWithPathIds(
            byte[] octets,
            int from,
            int end,
            PackedPrefixes.Builder prefixes,
            AddressFamily family,
            boolean withoutMartians) {
        boolean ipv4 = family.afi() == 1;
        int at = from;
        while (at < end) {
            int pathId = Octets.i32(octets, at);
            at += PATH_ID_LENGTH;
            int length = octets[at] & 0xFF;
            long high = ipv4 ? 0 : Octets.i64(octets, at + 1);
            long low = ipv4 ? Octets.u32(octets, at + 1) : Octets.i64(octets, at + 9);
            boolean martian = ipv4 ? isIpv4Martian((int) low, length) : isIpv6Martian(high, low, length);
            if (!withoutMartians || !martian) {
                prefixes.add(high, low, length, pathId);
            }
            at += 1 + (length + 7 >>> 3);
        }
    }

    /** Loopback 127/8, and all of 224/3: multicast and reserved. */
    private static boolean isIpv4Martian(int address, int length) {
        return address >>> 29 == 7 ? length >= 3 : address >>> 24 == 127 && length >= 8;
    }

    /** Multicast ff00::/8, link-local fe80::/10, and the unspecified and loopback addresses as host routes. */
    private static boolean isIpv6Martian(long high, long low, int length) {
        return high >>> 56 == 0xFF && length >= 8
                || high >>> 54 == 0xFE80 >>> 6 && length >= 10
                || high == 0 && low >>> 1 == 0 && length == 128;
    }

    /** {@return the octets that a prefix takes} */
    static int sizeOf(PackedPrefixes prefixes, int index, boolean pathIds) {
        return (pathIds ? PATH_ID_LENGTH + 1 : 1) + (prefixes.length(index) + 7 >>> 3);
    }

    static void write(WireBuffer out, PackedPrefixes prefixes, int index, boolean pathIds) {
        if (pathIds) {
            out.u32(prefixes.pathId(index));
        }
        int length = prefixes.length(index);
        int octets = length + 7 >>> 3;
        out.u8(length);
        if (prefixes.family().afi() == 1) {
            out.leading(prefixes.low(index) << 32, octets);
        } else {
            out.leading(prefixes.high(index), Math.min(octets, 8));
            if (octets > 8) {
                out.leading(prefixes.low(index), octets - 8);
            }
        }
    }

    static void writeAll(WireBuffer out, PackedPrefixes prefixes, boolean pathIds) {
        for (int i = 0; i < prefixes.size(); i++) {
            write(out, prefixes, i, pathIds);
        }
    }
}
