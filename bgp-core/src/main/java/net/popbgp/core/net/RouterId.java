package net.popbgp.core.net;

/**
 * A BGP Identifier: 32 bits, unique within the AS, compared as unsigned (RFC 6286, 2.1). Written as a dotted quad.
 *
 * <p>Immutable.
 *
 * @param bits the identifier in host order; 0 is not a valid identifier but can be received
 */
public record RouterId(int bits) implements Comparable<RouterId> {

    /**
     * Reads a dotted quad.
     *
     * @throws IllegalArgumentException naming the text, if it is not four decimal octets
     */
    public static RouterId of(String dottedQuad) {
        return new RouterId(IpAddresses.parseDottedQuad(dottedQuad));
    }

    /** {@return whether it may stand in an OPEN: any value but zero (RFC 6286, 2.1)} */
    public boolean isValid() {
        return bits != 0;
    }

    @Override
    public int compareTo(RouterId other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xFF) + "." + (bits >>> 8 & 0xFF) + "." + (bits & 0xFF);
    }
}
