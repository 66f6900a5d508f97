package net.popbgp.daemon.summary;

import java.math.BigInteger;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;

/** Addresses from one to another, both included, of one family. Immutable. */
public record AddressRange(AddressFamily family, BigInteger first, BigInteger last) {

    /** {@return what a prefix has beyond these, which are disjoint, in order and within it} */
    static List<AddressRange> without(Prefix whole, List<Prefix> parts) {
        List<AddressRange> gaps = new ArrayList<>();
        BigInteger next = first(whole);
        for (Prefix part : parts) {
            add(gaps, whole.family(), next, first(part).subtract(BigInteger.ONE));
            next = last(part).add(BigInteger.ONE);
        }
        add(gaps, whole.family(), next, last(whole));
        return gaps;
    }

    private static void add(List<AddressRange> gaps, AddressFamily family, BigInteger from, BigInteger to) {
        if (from.compareTo(to) <= 0) {
            gaps.add(new AddressRange(family, from, to));
        }
    }

    private static BigInteger first(Prefix prefix) {
        return new BigInteger(1, prefix.address().getAddress());
    }

    private static BigInteger last(Prefix prefix) {
        return first(prefix).add(size(prefix)).subtract(BigInteger.ONE);
    }

    /** {@return how many addresses a prefix has} */
    static BigInteger size(Prefix prefix) {
        return BigInteger.ONE.shiftLeft(prefix.family().maxPrefixLength() - prefix.length());
    }

    /** {@return how many addresses these are} */
    public BigInteger size() {
        return last.subtract(first).add(BigInteger.ONE);
    }

    /** {@return as in {@code 10.0.0.64-10.0.0.127}} */
    @Override
    public String toString() {
        return text(first) + (first.equals(last) ? "" : "-" + text(last));
    }

    private String text(BigInteger address) {
        byte[] octets = new byte[family.maxPrefixLength() / 8];
        byte[] number = address.toByteArray();
        int length = Math.min(number.length, octets.length);
        System.arraycopy(number, number.length - length, octets, octets.length - length, length);
        InetAddress made = IpAddresses.ofBytes(octets);
        return IpAddresses.text(made);
    }
}
