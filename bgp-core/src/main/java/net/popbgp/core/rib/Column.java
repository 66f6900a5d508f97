package net.popbgp.core.rib;

import java.util.Arrays;

/**
 * Numbers of attribute sets by numbers of prefixes, 0 for none: what one peer has. Few entries are hashed; when they are more than an
 * eighth of the table they become an array indexed by prefix. So 1,000 peers with 10 prefixes each stay small, and a full table costs four
 * bytes per path.
 *
 * <p>Confined to the RIB thread.
 */
final class Column {

    private static final int SMALLEST = 16;

    private boolean dense;
    private int[] keys = {}; // hashed: prefix + 1
    private int[] values = {};
    private int size;

    int size() {
        return size;
    }

    boolean isDense() {
        return dense;
    }

    int get(int id) {
        if (dense) {
            return id < values.length ? values[id] : 0;
        }
        if (size == 0) {
            return 0;
        }
        int mask = keys.length - 1;
        for (int slot = home(id); keys[slot] != 0; slot = slot + 1 & mask) {
            if (keys[slot] == id + 1) {
                return values[slot];
            }
        }
        return 0;
    }

    /** Sets an entry, 0 to remove it, and returns what was there. The table has room for {@code capacity} prefixes. */
    int put(int id, int value, int capacity) {
        if (dense) {
            return putDense(id, value, capacity);
        }
        return value == 0 ? remove(id) : putHashed(id, value, capacity);
    }

    private int putDense(int id, int value, int capacity) {
        if (id >= values.length) {
            if (value == 0) {
                return 0;
            }
            if (size < capacity / 32) {
                toHashed();
                return putHashed(id, value, capacity);
            }
            values = Arrays.copyOf(values, capacity);
        }
        int old = values[id];
        values[id] = value;
        size += (value == 0 ? 0 : 1) - (old == 0 ? 0 : 1);
        return old;
    }

    private int putHashed(int id, int value, int capacity) {
        if (size * 3 >= keys.length * 2) {
            if (size >= 4 * SMALLEST && size > capacity / 8) {
                toDense(capacity);
                return putDense(id, value, capacity);
            }
            rehash(Math.max(SMALLEST, keys.length * 2));
        }
        int mask = keys.length - 1;
        int slot = home(id);
        while (keys[slot] != 0) {
            if (keys[slot] == id + 1) {
                int old = values[slot];
                values[slot] = value;
                return old;
            }
            slot = slot + 1 & mask;
        }
        keys[slot] = id + 1;
        values[slot] = value;
        size++;
        return 0;
    }

    private int remove(int id) {
        if (size == 0) {
            return 0;
        }
        int mask = keys.length - 1;
        int hole = home(id);
        while (keys[hole] != id + 1) {
            if (keys[hole] == 0) {
                return 0;
            }
            hole = hole + 1 & mask;
        }
        int old = values[hole];
        keys[hole] = 0;
        for (int next = hole + 1 & mask; keys[next] != 0; next = next + 1 & mask) {
            if ((next - home(keys[next] - 1) & mask) >= (next - hole & mask)) {
                keys[hole] = keys[next];
                values[hole] = values[next];
                keys[next] = 0;
                hole = next;
            }
        }
        if (--size == 0) {
            keys = new int[0];
            values = new int[0];
        }
        return old;
    }

    /** Returns the prefixes that have an entry, in ascending order of their numbers. */
    int[] ids() {
        int[] result = new int[size];
        int count = 0;
        for (int i = 0; count < size; i++) {
            if (dense ? values[i] != 0 : keys[i] != 0) {
                result[count++] = dense ? i : keys[i] - 1;
            }
        }
        if (!dense) {
            Arrays.sort(result);
        }
        return result;
    }

    /** Returns an independent copy. */
    Column copy() {
        Column copy = new Column();
        copy.dense = dense;
        copy.keys = keys.clone();
        copy.values = values.clone();
        copy.size = size;
        return copy;
    }

    long memoryBytes() {
        return 4L * (keys.length + values.length);
    }

    private int home(int id) {
        return id * 0x9E37_79B9 >>> Integer.numberOfLeadingZeros(keys.length) + 1;
    }

    private void rehash(int capacity) {
        int[] oldKeys = keys;
        int[] oldValues = values;
        keys = new int[capacity];
        values = new int[capacity];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                insert(oldKeys[i] - 1, oldValues[i]);
            }
        }
    }

    private void insert(int id, int value) {
        int mask = keys.length - 1;
        int slot = home(id);
        while (keys[slot] != 0) {
            slot = slot + 1 & mask;
        }
        keys[slot] = id + 1;
        values[slot] = value;
    }

    private void toDense(int capacity) {
        int[] all = new int[capacity];
        for (int i = 0; i < keys.length; i++) {
            if (keys[i] != 0) {
                all[keys[i] - 1] = values[i];
            }
        }
        keys = new int[0];
        values = all;
        dense = true;
    }

    private void toHashed() {
        int[] all = values;
        keys = new int[Math.max(SMALLEST, Integer.highestOneBit(size + 1) * 4)];
        values = new int[keys.length];
        dense = false;
        for (int id = 0; id < all.length; id++) {
            if (all[id] != 0) {
                insert(id, all[id]);
            }
        }
    }
}
