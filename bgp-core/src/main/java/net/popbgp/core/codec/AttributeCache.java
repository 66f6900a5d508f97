package net.popbgp.core.codec;

import java.util.Arrays;
import net.popbgp.core.attribute.PathAttributes;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what octets of attributes were read as, so that a set that comes again is neither parsed nor made again. Only sets without
 * faults are kept.
 *
 * <p>Bounded: at most {@link #SLOTS} sets of at most {@link #MAX_KEY} octets each, some 8 MB at the very worst. A slot is chosen by the
 * hash and the newer set replaces the older. The slots are made with the first set.
 *
 * <p>Not thread-safe.
 */
final class AttributeCache {

    static final int SLOTS = 4096;
    static final int MAX_KEY = 512;

    private static final long MULTIPLIER = 0x9E37_79B9_7F4A_7C15L;

    private @Nullable Entry[] entries = {};

    /** {@return what the octets of both ranges were read as before} */
    @Nullable
    PathAttributes find(byte[] octets, int nextHop, int nextHopEnd, int from, int end) {
        if (entries.length == 0 || tooLong(nextHop, nextHopEnd, from, end)) {
            return null;
        }
        Entry entry = entries[slot(octets, nextHop, nextHopEnd, from, end)];
        return entry != null
                        && entry.split == nextHopEnd - nextHop
                        && Arrays.equals(entry.key, 0, entry.split, octets, nextHop, nextHopEnd)
                        && Arrays.equals(entry.key, entry.split, entry.key.length, octets, from, end)
                ? entry.attributes
                : null;
    }

    void put(byte[] octets, int nextHop, int nextHopEnd, int from, int end, PathAttributes attributes) {
        if (tooLong(nextHop, nextHopEnd, from, end)) {
            return;
        }
        if (entries.length == 0) {
            entries = new Entry[SLOTS];
        }
        int split = nextHopEnd - nextHop;
        byte[] key = new byte[split + end - from];
        System.arraycopy(octets, nextHop, key, 0, split);
        System.arraycopy(octets, from, key, split, end - from);
        entries[slot(octets, nextHop, nextHopEnd, from, end)] = new Entry(key, split, attributes);
    }

    private static boolean tooLong(int nextHop, int nextHopEnd, int from, int end) {
        return nextHopEnd - nextHop + end - from > MAX_KEY;
    }

    private static int slot(byte[] octets, int nextHop, int nextHopEnd, int from, int end) {
        long hash = mix(mix(end - from, octets, nextHop, nextHopEnd), octets, from, end);
        return (int) (hash >>> 40) & SLOTS - 1;
    }

    private static long mix(long seed, byte[] octets, int from, int end) {
        long hash = seed;
        int at = from;
        for (; end - at >= Long.BYTES; at += Long.BYTES) {
            hash = (hash ^ Octets.i64(octets, at)) * MULTIPLIER;
            hash ^= hash >>> 29;
        }
        if (at < end) {
            hash = (hash ^ Octets.i64(octets, at) >>> 64 - 8 * (end - at)) * MULTIPLIER;
            hash ^= hash >>> 29;
        }
        return hash;
    }

    /** The octets are two ranges: family and next hop of MP_REACH_NLRI, if it has them from there, and the attributes. */
    private static final class Entry {
        private final byte[] key;
        private final int split;
        private final PathAttributes attributes;

        Entry(byte[] key, int split, PathAttributes attributes) {
            this.key = key;
            this.split = split;
            this.attributes = attributes;
        }
    }
}
