package net.popbgp.core.net;

/**
 * A four-octet AS number (RFC 6793), written in asplain (RFC 5396).
 *
 * <p>Immutable.
 *
 * @param value 0..4294967295; 0 is a value of its own that no speaker may use (RFC 7607)
 */
public record Asn(long value) implements Comparable<Asn> {

    /** Stands in the two-octet field of an OPEN or AS_PATH for a number that does not fit (RFC 6793, 9). */
    public static final Asn AS_TRANS = new Asn(23456);

    public Asn {
        if (value < 0 || value > 0xFFFF_FFFFL) {
            throw new IllegalArgumentException("AS number out of range 0..4294967295: " + value);
        }
    }

    public static Asn of(long value) {
        return new Asn(value);
    }

    /** {@return the number from its 32 bits, read as unsigned} */
    public static Asn ofBits(int bits) {
        return new Asn(bits & 0xFFFF_FFFFL);
    }

    /** {@return the number's 32 bits} */
    public int bits() {
        return (int) value;
    }

    public boolean fitsTwoOctets() {
        return value <= 0xFFFF;
    }

    /** {@return the number itself if it fits two octets, otherwise AS_TRANS} */
    public Asn asTwoOctets() {
        return fitsTwoOctets() ? this : AS_TRANS;
    }

    @Override
    public int compareTo(Asn other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
