package net.popbgp.core.net;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * Prefixes of one family, held in arrays of primitives: how NLRI travel from the codec to the tables without an object per prefix. Each
 * may carry a Path Identifier (RFC 7911).
 *
 * <p>Immutable.
 */
public final class PackedPrefixes {

    private static final long[] NONE = {};
    private static final byte[] NO_LENGTHS = {};
    private static final int[] NO_IDS = {};

    private final AddressFamily family;
    private final int size;
    private final long[] high; // IPv6 only
    private final long[] low; // IPv4: address << 8 | length; IPv6: the low 64 bits
    private final byte[] lengths; // IPv6 only
    private final int[] pathIds; // empty without Path Identifiers

    private PackedPrefixes(Builder builder) {
        family = builder.family;
        size = builder.size;
        boolean ipv6 = family.afi() != 1;
        // Full arrays are taken over: with the next prefix the builder makes new ones before it writes.
        boolean full = size == builder.low.length;
        high = !ipv6 ? NONE : full ? builder.high : Arrays.copyOf(builder.high, size);
        low = full ? builder.low : Arrays.copyOf(builder.low, size);
        lengths = !ipv6 ? NO_LENGTHS : full ? builder.lengths : Arrays.copyOf(builder.lengths, size);
        pathIds = !builder.withPathIds ? NO_IDS : full ? builder.pathIds : Arrays.copyOf(builder.pathIds, size);
    }

    public static PackedPrefixes empty(AddressFamily family) {
        return builder(family, 0).build();
    }

    /**
     * Packs prefixes of one family.
     *
     * @throws IllegalArgumentException if a prefix is of another family
     */
    public static PackedPrefixes of(AddressFamily family, Collection<Prefix> prefixes) {
        Builder builder = builder(family, prefixes.size());
        prefixes.forEach(builder::add);
        return builder.build();
    }

    public static Builder builder(AddressFamily family, int expectedSize) {
        return new Builder(family, expectedSize);
    }

    public AddressFamily family() {
        return family;
    }

    public int size() {
        return size;
    }

    public boolean isEmpty() {
        return size == 0;
    }

    /** {@return the prefix at the index as one number, address << 8 | length: the tables' key; IPv4 only} */
    public long ipv4Key(int index) {
        return low[index];
    }

    /** {@return the first 64 bits of the address; 0 for IPv4} */
    public long high(int index) {
        return family.afi() == 1 ? 0 : high[index];
    }

    /** {@return the last 64 bits of the address; for IPv4 the address as an unsigned 32-bit number} */
    public long low(int index) {
        return family.afi() == 1 ? low[index] >>> 8 : low[index];
    }

    public int length(int index) {
        return family.afi() == 1 ? (int) low[index] & 0xFF : lengths[index] & 0xFF;
    }

    public boolean hasPathIds() {
        return pathIds.length > 0;
    }

    /** {@return the Path Identifier, 0 where none was carried} */
    public int pathId(int index) {
        return pathIds.length == 0 ? 0 : pathIds[index];
    }

    public Prefix get(int index) {
        return new Prefix(family, high(index), low(index), length(index));
    }

    /** {@return the prefixes as objects, each made when asked for} */
    public List<Prefix> asList() {
        return new AbstractList<>() {
            @Override
            public Prefix get(int index) {
                return PackedPrefixes.this.get(index);
            }

            @Override
            public int size() {
                return size;
            }
        };
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PackedPrefixes that
                && family.equals(that.family)
                && Arrays.equals(low, that.low)
                && Arrays.equals(high, that.high)
                && Arrays.equals(lengths, that.lengths)
                && Arrays.equals(pathIds, that.pathIds);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(low) + Arrays.hashCode(high);
    }

    @Override
    public String toString() {
        return asList().toString();
    }

    /** Collects prefixes; host bits are cleared as they come in. Not thread-safe. */
    public static final class Builder {
        private final AddressFamily family;
        private int size;
        private long[] high;
        private long[] low;
        private byte[] lengths;
        private int[] pathIds = NO_IDS;
        private boolean withPathIds;

        private Builder(AddressFamily family, int expectedSize) {
            this.family = family;
            boolean ipv6 = family.afi() != 1;
            low = new long[expectedSize];
            high = ipv6 ? new long[expectedSize] : NONE;
            lengths = ipv6 ? new byte[expectedSize] : NO_LENGTHS;
        }

        public Builder add(Prefix prefix) {
            if (!prefix.family().equals(family)) {
                throw new IllegalArgumentException(prefix + " is not of family " + family);
            }
            return add(prefix.high(), prefix.low(), prefix.length());
        }

        /** Adds a prefix by its bits, as {@link Prefix} has them; host bits are cleared. The length must be in range. */
        public Builder add(long highBits, long lowBits, int length) {
            if (size == low.length) {
                grow();
            }
            if (family.afi() == 1) {
                low[size] = Prefix.maskLow(family, lowBits, length) << 8 | length;
            } else {
                high[size] = Prefix.maskHigh(family, highBits, length);
                low[size] = Prefix.maskLow(family, lowBits, length);
                lengths[size] = (byte) length;
            }
            if (withPathIds) {
                pathIds[size] = 0;
            }
            size++;
            return this;
        }

        /** Adds a prefix with its Path Identifier. */
        public Builder add(long highBits, long lowBits, int length, int pathId) {
            if (!withPathIds) {
                withPathIds = true;
                pathIds = new int[low.length];
            }
            add(highBits, lowBits, length);
            pathIds[size - 1] = pathId;
            return this;
        }

        public int size() {
            return size;
        }

        private void grow() {
            int capacity = Math.max(8, size * 2);
            low = Arrays.copyOf(low, capacity);
            if (family.afi() != 1) {
                high = Arrays.copyOf(high, capacity);
                lengths = Arrays.copyOf(lengths, capacity);
            }
            if (withPathIds) {
                pathIds = Arrays.copyOf(pathIds, capacity);
            }
        }

        public PackedPrefixes build() {
            return new PackedPrefixes(this);
        }
    }
}
