package net.popbgp.core.net;

/**
 * AS numbers from one to another, both included. Immutable.
 */
public record AsnRange(Asn first, Asn last) {

    public AsnRange {
        if (first.compareTo(last) > 0) {
            throw new IllegalArgumentException("the first AS number is greater than the last: " + first + "-" + last);
        }
    }

    public static AsnRange of(Asn one) {
        return new AsnRange(one, one);
    }

    public boolean contains(Asn asn) {
        return first.compareTo(asn) <= 0 && asn.compareTo(last) <= 0;
    }

    /** {@return {@code 64512-64999}, or the one number} */
    @Override
    public String toString() {
        return first.equals(last) ? first.toString() : first + "-" + last;
    }
}
