package net.popbgp.core.attribute;

import java.util.Comparator;

/**
 * A large community (RFC 8092): three 32-bit numbers, written {@code global:data1:data2}.
 *
 * <p>Immutable.
 *
 * @param globalAdministrator 32 bits, unsigned
 * @param localData1 32 bits, unsigned
 * @param localData2 32 bits, unsigned
 */
public record LargeCommunity(int globalAdministrator, int localData1, int localData2)
        implements Comparable<LargeCommunity> {

    private static final Comparator<LargeCommunity> ORDER = Comparator.comparing(
                    LargeCommunity::globalAdministrator, Integer::compareUnsigned)
            .thenComparing(LargeCommunity::localData1, Integer::compareUnsigned)
            .thenComparing(LargeCommunity::localData2, Integer::compareUnsigned);

    /**
     * Reads {@code global:data1:data2}.
     *
     * @throws IllegalArgumentException naming the text
     */
    public static LargeCommunity of(String text) {
        long[] parts = Numbers.parse(text, 3, 0xFFFF_FFFFL, "large community (global:data1:data2)");
        return new LargeCommunity((int) parts[0], (int) parts[1], (int) parts[2]);
    }

    @Override
    public int compareTo(LargeCommunity other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return Integer.toUnsignedString(globalAdministrator) + ":" + Integer.toUnsignedString(localData1) + ":"
                + Integer.toUnsignedString(localData2);
    }
}
