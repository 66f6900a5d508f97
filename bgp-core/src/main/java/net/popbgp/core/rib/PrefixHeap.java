package net.popbgp.core.rib;

import java.util.Arrays;

/**
 * Numbers of prefixes of which the lowest prefix is known: a binary heap with an index, so that any can be removed.
 *
 * <p>Confined to the RIB thread.
 */
final class PrefixHeap {

    private final PrefixTable prefixes;
    private int[] heap = {};
    private int[] positions = {}; // by prefix: position in the heap, + 1
    private int size;

    PrefixHeap(PrefixTable prefixes) {
        this.prefixes = prefixes;
    }

    int size() {
        return size;
    }

    boolean contains(int id) {
        return id < positions.length && positions[id] != 0;
    }

    void add(int id) {
        if (contains(id)) {
            return;
        }
        if (id >= positions.length) {
            positions = Arrays.copyOf(positions, prefixes.capacity());
        }
        if (size == heap.length) {
            heap = Arrays.copyOf(heap, Math.max(16, size * 2));
        }
        place(id, size);
        up(size++);
    }

    void remove(int id) {
        if (!contains(id)) {
            return;
        }
        int hole = positions[id] - 1;
        positions[id] = 0;
        int last = heap[--size];
        if (last != id) {
            place(last, hole);
            up(hole);
            down(positions[last] - 1);
        }
        if (size == 0) {
            heap = new int[0];
            positions = new int[0];
        }
    }

    int removeLowest() {
        int lowest = heap[0];
        remove(lowest);
        return lowest;
    }

    /** Returns at most {@code max} of them, the lowest first. */
    int[] lowest(int max) {
        Integer[] all = new Integer[size];
        for (int i = 0; i < size; i++) {
            all[i] = heap[i];
        }
        Arrays.sort(all, prefixes::compare);
        int[] result = new int[Math.min(max, size)];
        for (int i = 0; i < result.length; i++) {
            result[i] = all[i];
        }
        return result;
    }

    long memoryBytes() {
        return 4L * (heap.length + positions.length);
    }

    private void place(int id, int position) {
        heap[position] = id;
        positions[id] = position + 1;
    }

    private void up(int from) {
        int id = heap[from];
        int position = from;
        while (position > 0 && prefixes.compare(id, heap[(position - 1) / 2]) < 0) {
            place(heap[(position - 1) / 2], position);
            position = (position - 1) / 2;
        }
        place(id, position);
    }

    private void down(int from) {
        int id = heap[from];
        int position = from;
        for (int child = 2 * position + 1; child < size; child = 2 * position + 1) {
            if (child + 1 < size && prefixes.compare(heap[child + 1], heap[child]) < 0) {
                child++;
            }
            if (prefixes.compare(heap[child], id) >= 0) {
                break;
            }
            place(heap[child], position);
            position = child;
        }
        place(id, position);
    }
}
