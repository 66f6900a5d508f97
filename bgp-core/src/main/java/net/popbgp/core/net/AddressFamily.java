package net.popbgp.core.net;

/**
 * An address family: AFI and SAFI together (RFC 4760). Any pair of numbers is a value; the named ones are those that routes are kept for.
 *
 * <p>Immutable.
 *
 * @param afi Address Family Identifier, 0..65535
 * @param safi Subsequent Address Family Identifier, 0..255
 */
public record AddressFamily(int afi, int safi) {

    /** AFI 1, SAFI 1. */
    public static final AddressFamily IPV4_UNICAST = new AddressFamily(1, 1);

    /** AFI 2, SAFI 1. */
    public static final AddressFamily IPV6_UNICAST = new AddressFamily(2, 1);

    public AddressFamily {
        if (afi < 0 || afi > 0xFFFF || safi < 0 || safi > 0xFF) {
            throw new IllegalArgumentException("no such address family: afi " + afi + ", safi " + safi);
        }
    }

    /** {@return the value for two numbers, one of the named constants where there is one} */
    public static AddressFamily of(int afi, int safi) {
        if (safi == 1) {
            if (afi == 1) {
                return IPV4_UNICAST;
            }
            if (afi == 2) {
                return IPV6_UNICAST;
            }
        }
        return new AddressFamily(afi, safi);
    }

    /** {@return whether routes of this family are kept: IPv4 or IPv6 unicast} */
    public boolean isSupported() {
        return safi == 1 && (afi == 1 || afi == 2);
    }

    /** {@return the longest prefix length of this family: 32 for AFI 1, otherwise 128} */
    public int maxPrefixLength() {
        return afi == 1 ? 32 : 128;
    }

    /** {@return the family's name in files and output: {@code ipv4-unicast}, {@code ipv6-unicast} or {@code afi-safi}} */
    @Override
    public String toString() {
        if (safi == 1 && afi == 1) {
            return "ipv4-unicast";
        }
        if (safi == 1 && afi == 2) {
            return "ipv6-unicast";
        }
        return afi + "-" + safi;
    }
}
