package net.popbgp.core.rib;

import java.util.Arrays;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;

/**
 * Gives each prefix of one family a small dense number: an open-addressed table with linear probing, without tombstones. An IPv4 slot
 * holds prefix and number in one long, so a probe costs one cache miss; an IPv6 slot holds half of the hash and the number.
 *
 * <p>Numbers are reused after {@link #free}. At most 67,108,862 prefixes per family.
 *
 * <p>Confined to the RIB thread.
 */
final class PrefixTable {

    private static final int ID_BITS = 26;
    private static final long ID_MASK = (1L << ID_BITS) - 1;
    private static final int MAX_ID = (int) ID_MASK - 1;
    private static final byte FREE = -1;

    private final AddressFamily family;
    private final boolean ipv4;
    private long[] slots = new long[64];
    private int shift = 64 - 6;
    private int size;
    private int highWater;
    private int[] free = {};
    private int freeCount;
    private int generation;
    private int[] address; // IPv4, by number
    private long[] high; // IPv6, by number
    private long[] low;
    private byte[] lengths;
    private long[] hashes = new long[256];
    private long touched;

    PrefixTable(AddressFamily family) {
        this.family = family;
        ipv4 = family.afi() == 1;
        address = new int[ipv4 ? 32 : 0];
        high = new long[ipv4 ? 0 : 32];
        low = new long[ipv4 ? 0 : 32];
        lengths = new byte[32];
        Arrays.fill(lengths, FREE);
    }

    int size() {
        return size;
    }

    /** Returns one more than the highest number ever given. */
    int highWater() {
        return highWater;
    }

    /** Returns how many numbers the columns must have room for. */
    int capacity() {
        return lengths.length;
    }

    /** Returns a number that changes whenever a prefix goes. */
    int generation() {
        return generation;
    }

    boolean isUsed(int id) {
        return lengths[id] != FREE;
    }

    Prefix prefix(int id) {
        return new Prefix(family, high(id), low(id), lengths[id] & 0xFF);
    }

    long high(int id) {
        return ipv4 ? 0 : high[id];
    }

    long low(int id) {
        return ipv4 ? address[id] & 0xFFFF_FFFFL : low[id];
    }

    int length(int id) {
        return lengths[id] & 0xFF;
    }

    /** Orders as {@link Prefix#compareTo}. */
    int compare(int a, int b) {
        int byHigh = Long.compareUnsigned(high(a), high(b));
        if (byHigh != 0) {
            return byHigh;
        }
        int byLow = Long.compareUnsigned(low(a), low(b));
        return byLow != 0 ? byLow : Integer.compare(length(a), length(b));
    }

    /** Returns the number of the prefix, -1 if it has none. */
    int find(Prefix prefix) {
        return find(prefix.high(), prefix.low(), prefix.length(), hash(prefix.high(), prefix.low(), prefix.length()));
    }

    /** Looks up {@code count} prefixes from {@code from} on; -1 stands for unknown ones. */
    void find(PackedPrefixes prefixes, int from, int count, int[] ids) {
        touchAll(prefixes, from, count);
        for (int i = 0; i < count; i++) {
            int index = from + i;
            ids[i] = find(prefixes.high(index), prefixes.low(index), prefixes.length(index), hashes[i]);
        }
    }

    /** Looks up {@code count} prefixes from {@code from} on and gives numbers to the unknown ones. */
    void findOrAdd(PackedPrefixes prefixes, int from, int count, int[] ids) {
        while (size + count > slots.length / 5 * 4) {
            rehash();
        }
        touchAll(prefixes, from, count);
        for (int i = 0; i < count; i++) {
            int index = from + i;
            long highBits = prefixes.high(index);
            long lowBits = prefixes.low(index);
            int length = prefixes.length(index);
            int id = find(highBits, lowBits, length, hashes[i]);
            ids[i] = id >= 0 ? id : add(highBits, lowBits, length, hashes[i]);
        }
    }

    boolean isFree(int id) {
        return lengths[id] == FREE;
    }

    /** Takes a prefix out; its number is free. What follows its slot moves up. */
    void free(int id) {
        int mask = slots.length - 1;
        int hole = home(hash(high(id), low(id), length(id)));
        while (idAt(slots[hole]) != id) {
            hole = hole + 1 & mask;
        }
        slots[hole] = 0;
        for (int next = hole + 1 & mask; slots[next] != 0; next = next + 1 & mask) {
            if ((next - homeOf(slots[next]) & mask) >= (next - hole & mask)) {
                slots[hole] = slots[next];
                slots[next] = 0;
                hole = next;
            }
        }
        lengths[id] = FREE;
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, Math.max(16, freeCount * 2));
        }
        free[freeCount++] = id;
        size--;
        generation++;
    }

    long memoryBytes() {
        return 8L * slots.length
                + 4L * (free.length + address.length)
                + 8L * (high.length + low.length)
                + lengths.length;
    }

    /** Hashes all before probing any, and reads their slots: independent cache misses overlap. */
    private void touchAll(PackedPrefixes prefixes, int from, int count) {
        if (hashes.length < count) {
            hashes = new long[count];
        }
        long sum = 0;
        for (int i = 0; i < count; i++) {
            int index = from + i;
            long hash = hash(prefixes.high(index), prefixes.low(index), prefixes.length(index));
            hashes[i] = hash;
            sum += slots[home(hash)];
        }
        touched = sum ^ touched; // kept, so that the reads are not optimised away
    }

    private int find(long highBits, long lowBits, int length, long hash) {
        int mask = slots.length - 1;
        int slot = home(hash);
        if (ipv4) {
            long key = key(lowBits, length);
            for (long entry = slots[slot]; entry != 0; entry = slots[slot]) {
                if (entry >>> ID_BITS == key) {
                    return idAt(entry);
                }
                slot = slot + 1 & mask;
            }
            return -1;
        }
        for (long entry = slots[slot]; entry != 0; entry = slots[slot]) {
            if ((int) (entry >>> 32) == (int) (hash >>> 32)) {
                int id = idAt(entry);
                if (high[id] == highBits && low[id] == lowBits && lengths[id] == (byte) length) {
                    return id;
                }
            }
            slot = slot + 1 & mask;
        }
        return -1;
    }

    private int add(long highBits, long lowBits, int length, long hash) {
        int id = freeCount > 0 ? free[--freeCount] : highWater++;
        if (id > MAX_ID) {
            throw new IllegalStateException("more than " + MAX_ID + " prefixes of " + family);
        }
        if (id == lengths.length) {
            grow();
        }
        if (ipv4) {
            address[id] = (int) lowBits;
        } else {
            high[id] = highBits;
            low[id] = lowBits;
        }
        lengths[id] = (byte) length;
        insert(id, hash);
        size++;
        return id;
    }

    private void insert(int id, long hash) {
        int mask = slots.length - 1;
        int slot = home(hash);
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        long top = ipv4 ? key(low(id), length(id)) << ID_BITS : hash & 0xFFFF_FFFF_0000_0000L;
        slots[slot] = top | (id + 1);
    }

    private void rehash() {
        slots = new long[slots.length * 2];
        shift--;
        for (int id = 0; id < highWater; id++) {
            if (isUsed(id)) {
                insert(id, hash(high(id), low(id), length(id)));
            }
        }
    }

    private void grow() {
        int old = lengths.length;
        int capacity = old + Math.max(32, old >> 2);
        if (ipv4) {
            address = Arrays.copyOf(address, capacity);
        } else {
            high = Arrays.copyOf(high, capacity);
            low = Arrays.copyOf(low, capacity);
        }
        lengths = Arrays.copyOf(lengths, capacity);
        Arrays.fill(lengths, old, capacity, FREE);
    }

    private int idAt(long entry) {
        return (int) (ipv4 ? entry & ID_MASK : entry) - 1;
    }

    private static long key(long address, int length) {
        return address << 6 | length;
    }

    private int home(long hash) {
        return (int) (hash >>> shift);
    }

    private int homeOf(long entry) {
        if (ipv4) {
            long key = entry >>> ID_BITS;
            return home(hash(0, key >>> 6, (int) key & 0x3F));
        }
        return home(entry);
    }

    private static long hash(long highBits, long lowBits, int length) {
        long mixed = (highBits * 0x9E37_79B9_7F4A_7C15L ^ lowBits + length * 0x2545_F491_4F6C_DD1DL)
                * 0xD6E8_FEB8_6659_FD93L;
        mixed ^= mixed >>> 32;
        return mixed * 0xD6E8_FEB8_6659_FD93L;
    }
}
