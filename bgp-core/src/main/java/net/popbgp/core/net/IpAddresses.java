package net.popbgp.core.net;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** Reads, makes and writes IP addresses without ever asking a name service. */
public final class IpAddresses {

    private static final int IPV6_OCTETS = 16;
    private static final int NO_SCOPE = -1;
    private static final String MAPPED = "0:0:0:0:0:ffff:";

    private IpAddresses() {}

    /**
     * Reads an IPv4 or IPv6 literal. One with a colon is an IPv6 address, also ::ffff:0:0/96 (IPv4-mapped, RFC 4291, 2.5.5.2).
     *
     * @throws IllegalArgumentException naming the text, if it is not a literal address
     */
    public static InetAddress parse(String literal) {
        if (literal.indexOf(':') < 0) {
            return ofBits(parseDottedQuad(literal));
        }
        for (int i = 0; i < literal.length(); i++) {
            char c = literal.charAt(i);
            if (Character.digit(c, 16) < 0 && c != ':' && c != '.') {
                throw notAnAddress(literal);
            }
        }
        try {
            InetAddress address = InetAddress.getByName(literal); // a literal by its characters: never looked up
            return address instanceof Inet4Address ipv4 ? mapped(ipv4) : address;
        } catch (UnknownHostException e) {
            throw notAnAddress(literal);
        }
    }

    /** {@return the IPv4 address of 32 bits in host order} */
    public static Inet4Address ofBits(int bits) {
        byte[] octets = {(byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits};
        return (Inet4Address) ofBytes(octets);
    }

    private static InetAddress mapped(Inet4Address address) {
        byte[] octets = new byte[IPV6_OCTETS];
        octets[10] = -1;
        octets[11] = -1;
        System.arraycopy(address.getAddress(), 0, octets, 12, 4);
        return ofBytes(octets);
    }

    /** {@return the address of 4 or 16 octets in network order; of 16 always an Inet6Address, also an IPv4-mapped one} */
    public static InetAddress ofBytes(byte[] octets) {
        try {
            return octets.length == IPV6_OCTETS
                    ? Inet6Address.getByAddress(null, octets, NO_SCOPE)
                    : InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 octets, not " + octets.length, e);
        }
    }

    /** {@return the address as RFC 5952 has it written, with its zone if it has one} */
    public static String text(InetAddress address) {
        String text = address.getHostAddress(); // IPv6: eight groups in lower case, without leading zeros
        if (address instanceof Inet4Address) {
            return text;
        }
        int zone = text.indexOf('%');
        if (zone >= 0) {
            return compressed(text.substring(0, zone)) + text.substring(zone);
        }
        if (text.startsWith(MAPPED)) {
            byte[] octets = address.getAddress();
            return "::ffff:" + (octets[12] & 0xFF) + "." + (octets[13] & 0xFF) + "." + (octets[14] & 0xFF) + "."
                    + (octets[15] & 0xFF);
        }
        return compressed(text);
    }

    /** {@return address and port, as RFC 5952, 6 recommends: {@code 192.0.2.1:179}, {@code [2001:db8::1]:179}} */
    public static String text(InetAddress address, int port) {
        return (address instanceof Inet6Address ? "[" + text(address) + "]" : text(address)) + ":" + port;
    }

    /** {@return the groups with the first of the longest runs of zeros left out, if that is more than one zero} */
    private static String compressed(String text) {
        List<String> groups = List.of(text.split(":"));
        int from = 0;
        int length = 1;
        for (int i = 0; i < groups.size(); i++) {
            int end = i;
            while (end < groups.size() && groups.get(end).equals("0")) {
                end++;
            }
            if (end - i > length) {
                from = i;
                length = end - i;
            }
        }
        return length == 1
                ? text
                : String.join(":", groups.subList(0, from)) + "::"
                        + String.join(":", groups.subList(from + length, groups.size()));
    }

    /** {@return the 32 bits of an IPv4 address in host order} */
    public static int bits(Inet4Address address) {
        byte[] octets = address.getAddress();
        return (octets[0] & 0xFF) << 24 | (octets[1] & 0xFF) << 16 | (octets[2] & 0xFF) << 8 | octets[3] & 0xFF;
    }

    static int parseDottedQuad(String text) {
        int bits = 0;
        int octets = 0;
        int value = -1;
        for (int i = 0; i <= text.length(); i++) {
            char c = i < text.length() ? text.charAt(i) : '.';
            if (c == '.') {
                if (value < 0 || ++octets > 4) {
                    throw notAnAddress(text);
                }
                bits = bits << 8 | value;
                value = -1;
            } else if (c >= '0' && c <= '9' && value != 0) {
                value = Math.max(value, 0) * 10 + (c - '0');
                if (value > 255) {
                    throw notAnAddress(text);
                }
            } else {
                throw notAnAddress(text);
            }
        }
        if (octets != 4) {
            throw notAnAddress(text);
        }
        return bits;
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("not an IP address: '" + text + "'");
    }
}
