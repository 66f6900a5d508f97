package net.popbgp.core.rib;

import java.util.Arrays;
import java.util.BitSet;
import java.util.function.LongSupplier;

/**
 * MinRouteAdvertisementInterval of one member's family (RFC 4271, 9.2.1.1): when each prefix was advertised last, and which of them wait.
 * The interval is one for all, so the order in which they began to wait is nearly the one in which they are due, and one queue does.
 *
 * <p>Confined to the RIB thread.
 */
final class Pacing {

    static final long NEVER = Long.MAX_VALUE;

    private final long interval;
    private final LongSupplier clock;
    private final long origin;
    private final BitSet waiting = new BitSet();
    private long[] advertisedAt = new long[64]; // since the origin, plus one; 0 for never
    private int[] queue = new int[64];
    private int head;
    private int size;

    /**
     * @param interval nanoseconds, more than zero
     * @param clock nanoseconds, from any origin
     */
    Pacing(long interval, LongSupplier clock) {
        this.interval = interval;
        this.clock = clock;
        this.origin = clock.getAsLong();
    }

    /** Notes that the prefix goes out now. */
    void advertised(int id) {
        if (id >= advertisedAt.length) {
            advertisedAt = Arrays.copyOf(advertisedAt, Math.max(id + 1, advertisedAt.length * 2));
        }
        advertisedAt[id] = now() + 1;
        waiting.clear(id);
    }

    /** {@return whether the prefix has to wait; it is held then, and comes back from {@link #takeDue}} */
    boolean holds(int id) {
        if (waiting.get(id)) {
            return true;
        }
        if (dueAt(id) <= now()) {
            return false;
        }
        waiting.set(id);
        enqueue(id);
        return true;
    }

    boolean isWaiting(int id) {
        return waiting.get(id);
    }

    /** The prefix is withdrawn: nothing of it waits. */
    void forget(int id) {
        waiting.clear(id);
    }

    /** {@return a prefix whose interval is over, -1 if there is none} */
    int takeDue() {
        skipForgotten();
        if (size == 0 || dueAt(queue[head]) > now()) {
            return -1;
        }
        int id = dequeue();
        waiting.clear(id);
        return id;
    }

    boolean hasDue() {
        return nanosToNext() == 0;
    }

    /** {@return nanoseconds until the next one is due, {@link #NEVER} if none waits} */
    long nanosToNext() {
        skipForgotten();
        return size == 0 ? NEVER : Math.max(0, dueAt(queue[head]) - now());
    }

    private long now() {
        return clock.getAsLong() - origin;
    }

    private long dueAt(int id) {
        return id >= advertisedAt.length || advertisedAt[id] == 0 ? 0 : advertisedAt[id] - 1 + interval;
    }

    private void skipForgotten() {
        while (size > 0 && !waiting.get(queue[head])) {
            dequeue();
        }
    }

    private void enqueue(int id) {
        if (size == queue.length) {
            int[] larger = new int[size * 2];
            for (int i = 0; i < size; i++) {
                larger[i] = queue[(head + i) % size];
            }
            queue = larger;
            head = 0;
        }
        queue[(head + size++) % queue.length] = id;
    }

    private int dequeue() {
        int id = queue[head];
        head = (head + 1) % queue.length;
        size--;
        return id;
    }

    long memoryBytes() {
        return 8L * advertisedAt.length + 4L * queue.length + waiting.size() / 8;
    }
}
