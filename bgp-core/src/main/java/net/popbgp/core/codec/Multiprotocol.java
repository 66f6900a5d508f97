package net.popbgp.core.codec;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.RawAttribute;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import org.jspecify.annotations.Nullable;

/** MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760, 3 and 4) with the next hops of RFC 2545, 3 and RFC 8950, 3. */
final class Multiprotocol {

    private static final int REACH_MIN_LENGTH = 5;
    private static final int UNREACH_MIN_LENGTH = 3;
    private static final byte[] IPV4_MAPPED = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1};

    private Multiprotocol() {}

    /**
     * Where the parts of an MP_REACH_NLRI lie. The next hop is checked only where the family is taken.
     *
     * @param at where the attribute starts
     * @param nextHop where the next hop starts; before it stand family and length
     */
    record Reach(AddressFamily family, boolean taken, int at, int nextHop, int nextHopEnd, int nlri, int end) {

        boolean isEmpty() {
            return nlri >= end;
        }

        /** {@return where family, length and next hop start, the octets that decide what the next hop is} */
        int keyFrom() {
            return nextHop - 4;
        }
    }

    static Reach readReach(byte[] octets, int at, int value, int end, CodecOptions options)
            throws NotificationException {
        if (end - value < REACH_MIN_LENGTH) {
            throw malformed(octets, at, end, "MP_REACH_NLRI has length " + (end - value));
        }
        AddressFamily family = AddressFamily.of(Octets.u16(octets, value), Octets.u8(octets, value + 2));
        int nextHop = value + 4;
        int length = Octets.u8(octets, value + 3);
        int nextHopEnd = nextHop + length;
        boolean taken = isTaken(family, options);
        if (taken && (nextHopEnd >= end || !isNextHopLength(family, length, options))) {
            throw malformed(octets, at, end, "MP_REACH_NLRI of " + family + " has a next hop of length " + length);
        }
        return new Reach(family, taken, at, nextHop, nextHopEnd, nextHopEnd + 1, end);
    }

    private static boolean isNextHopLength(AddressFamily family, int length, CodecOptions options) {
        boolean ipv4 = family.afi() == 1;
        return ipv4 && length == 4
                || (length == 16 || length == 32)
                        && (!ipv4 || options.extendedNextHop().contains(family));
    }

    /** {@return the family of an MP_UNREACH_NLRI; its NLRI start after three octets} */
    static AddressFamily readUnreach(byte[] octets, int at, int value, int end) throws NotificationException {
        if (end - value < UNREACH_MIN_LENGTH) {
            throw malformed(octets, at, end, "MP_UNREACH_NLRI has length " + (end - value));
        }
        return AddressFamily.of(Octets.u16(octets, value), Octets.u8(octets, value + 2));
    }

    static boolean isTaken(AddressFamily family, CodecOptions options) {
        return family.isSupported() && options.families().contains(family);
    }

    static NotificationException malformed(byte[] octets, int at, int end, String detail) {
        return Notifications.update(
                NotificationMessage.OPTIONAL_ATTRIBUTE_ERROR, detail, Notifications.data(octets, at, end));
    }

    /** {@return the next hop; a second address counts only if it is link-local} */
    static NextHop readNextHop(byte[] octets, Reach reach) {
        int length = reach.nextHopEnd() - reach.nextHop();
        InetAddress address = address(octets, reach.nextHop(), Math.min(length, 16));
        InetAddress second = length == 32 ? address(octets, reach.nextHop() + 16, 16) : null;
        return new NextHop(address, second != null && second.isLinkLocalAddress() ? second : null);
    }

    private static InetAddress address(byte[] octets, int from, int length) {
        return IpAddresses.ofBytes(Arrays.copyOfRange(octets, from, from + length));
    }

    /**
     * {@return whether packets can be sent there: no group, reserved or unspecified address (RFC 4271, 6.3)}
     *
     * <p>Loopback addresses are the session's to judge: between two speakers on one host they are real next hops.
     */
    static boolean isHostAddress(@Nullable InetAddress address) {
        if (address == null || address.isMulticastAddress()) {
            return false;
        }
        if (address instanceof Inet4Address ipv4) {
            int bits = IpAddresses.bits(ipv4);
            return bits >>> 28 != 0xF && bits >>> 24 != 0;
        }
        return !address.isAnyLocalAddress();
    }

    static int nextHopLength(AddressFamily family, NextHop nextHop) {
        if (family.afi() == 1 && nextHop.address() instanceof Inet4Address) {
            return 4;
        }
        return nextHop.linkLocal().isPresent() ? 32 : 16;
    }

    /** Writes the attribute up to its NLRI. */
    static void writeReach(WireBuffer out, AddressFamily family, NextHop nextHop, int nlriLength) {
        int nextHopLength = nextHopLength(family, nextHop);
        int length = REACH_MIN_LENGTH + nextHopLength + nlriLength;
        AttributeCodec.header(out, RawAttribute.OPTIONAL, AttributeCodec.MP_REACH_NLRI, length);
        out.u16(family.afi()).u8(family.safi()).u8(nextHopLength);
        byte[] address = nextHop.address().getAddress();
        if (address.length == 4 && nextHopLength > 4) {
            out.bytes(IPV4_MAPPED);
        }
        out.bytes(address);
        nextHop.linkLocal().ifPresent(linkLocal -> {
            if (nextHopLength == 32) {
                out.bytes(linkLocal.getAddress());
            }
        });
        out.u8(0);
    }

    /** Writes the attribute up to its NLRI. */
    static void writeUnreach(WireBuffer out, AddressFamily family, int nlriLength) {
        AttributeCodec.header(
                out, RawAttribute.OPTIONAL, AttributeCodec.MP_UNREACH_NLRI, UNREACH_MIN_LENGTH + nlriLength);
        out.u16(family.afi()).u8(family.safi());
    }

    /** {@return what an MP attribute takes besides NLRI of that length: header and fixed part} */
    static int overhead(int fixedLength, int nlriLength) {
        return (fixedLength + nlriLength > 255 ? 4 : 3) + fixedLength;
    }

    static int reachFixedLength(AddressFamily family, NextHop nextHop) {
        return REACH_MIN_LENGTH + nextHopLength(family, nextHop);
    }

    static int unreachFixedLength() {
        return UNREACH_MIN_LENGTH;
    }
}
