package net.popbgp.core.rib;

import java.util.Arrays;
import java.util.function.IntConsumer;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.decision.DecisionProcess;
import net.popbgp.core.decision.NextHopTable;
import org.jspecify.annotations.Nullable;

/**
 * Interns attribute sets: one number per distinct set, counted by its users, with what the Decision Process asks for in columns beside it.
 * Number 0 stands for none. A number is free for another set as soon as its count is zero.
 *
 * <p>Confined to the RIB thread.
 */
@SuppressWarnings("ReferenceEquality") // interning is about identity
final class AttributeStore {

    /** GRACEFUL_SHUTDOWN is there, and drains are honoured. */
    static final int SHUT_DOWN = 1;
    /** From an external peer the AS_PATH could make this route drained, or another by being the shortest run. */
    static final int UNUSUAL_RUN = 2;
    /** MULTI_EXIT_DISC is not 0. */
    static final int WITH_MED = 4;
    /** AS_PATH begins with an AS_SEQUENCE. */
    static final int WITH_NEIGHBOR = 8;

    static final int WITH_ORIGINATOR = 16;

    /** LLGR_STALE is there. */
    static final int LAST_RESORT = 32;

    private final DecisionOptions options;
    private IntConsumer onRelease = id -> {};
    private int[] slots = new int[64];
    private int size;
    private int highWater = 1;
    private int[] free = new int[16];
    private int freeCount;
    private int generation;
    private @Nullable PathAttributes lastSeen;
    private int lastId;

    private PathAttributes[] values = new PathAttributes[32];
    private int[] users = new int[32];
    private long[] preference = new long[32]; // LOCAL_PREF inverted : 32, AS_PATH length : 14, ORIGIN : 2; lower wins
    private int[] med = new int[32];
    private int[] neighbor = new int[32];
    private int[] leadingRun = new int[32];
    private int[] originator = new int[32];
    private char[] clusterLength = new char[32];
    private byte[] flags = new byte[32];
    private NextHopTable nextHops = NextHopTable.EMPTY;
    private int[] interiorCost = {}; // empty while nothing is known of next hops: then all are 0

    AttributeStore(DecisionOptions options) {
        this.options = options;
    }

    /** Names who is told of a number just before it becomes free. */
    void onRelease(IntConsumer listener) {
        onRelease = listener;
    }

    /** Returns the number of the set, with one user more. */
    int acquire(PathAttributes attributes) {
        int id = attributes == lastSeen ? lastId : find(attributes);
        if (id == 0) {
            id = add(attributes);
        }
        lastSeen = attributes;
        lastId = id;
        users[id]++;
        return id;
    }

    void retain(int id) {
        users[id]++;
    }

    void release(int id) {
        if (id != 0 && --users[id] == 0) {
            remove(id);
        }
    }

    PathAttributes value(int id) {
        return values[id];
    }

    /** Returns whether the number stands for this very object. */
    boolean holds(int id, PathAttributes attributes) {
        return values[id] == attributes;
    }

    long preference(int id) {
        return preference[id];
    }

    /** Returns the bits of MULTI_EXIT_DISC, unsigned. */
    int multiExitDisc(int id) {
        return med[id];
    }

    int neighborAs(int id) {
        return neighbor[id];
    }

    int leadingRun(int id) {
        return leadingRun[id];
    }

    int originatorId(int id) {
        return originator[id];
    }

    int clusterLength(int id) {
        return clusterLength[id];
    }

    NextHopTable nextHops() {
        return nextHops;
    }

    /** Resolves the next hop of every set anew. */
    void nextHops(NextHopTable table) {
        nextHops = table;
        interiorCost = new int[table.isEmpty() ? 0 : values.length];
        if (!table.isEmpty()) {
            for (int id = 1; id < highWater; id++) {
                if (users[id] > 0) {
                    interiorCost[id] = table.cost(values[id]);
                }
            }
        }
    }

    /** Returns the interior cost of the next hop, unsigned; {@link NextHopTable#UNREACHABLE} is the highest. */
    int interiorCost(int id) {
        return interiorCost.length == 0 ? 0 : interiorCost[id];
    }

    boolean is(int flag, int id) {
        return (flags[id] & flag) != 0;
    }

    /** Returns how many distinct sets there are. */
    int size() {
        return size;
    }

    /** Returns one more than the highest number ever used. */
    int highWater() {
        return highWater;
    }

    /** Returns a number that changes whenever a number of a set becomes free. */
    int generation() {
        return generation;
    }

    long memoryBytes() {
        return 4L * (slots.length + free.length)
                + values.length * (4L + 4 + 8 + 4 * 4 + 2 + 1)
                + interiorCost.length * 4L;
    }

    private int home(int hash) {
        return (hash * 0x9E37_79B9) >>> (Integer.numberOfLeadingZeros(slots.length) + 1);
    }

    private int find(PathAttributes attributes) {
        int mask = slots.length - 1;
        for (int slot = home(attributes.hashCode()); slots[slot] != 0; slot = slot + 1 & mask) {
            if (values[slots[slot]].equals(attributes)) {
                return slots[slot];
            }
        }
        return 0;
    }

    private int add(PathAttributes attributes) {
        if (size >= slots.length / 2) {
            rehash();
        }
        int id = freeCount > 0 ? free[--freeCount] : highWater++;
        if (id == values.length) {
            grow();
        }
        insert(attributes.hashCode(), id);
        size++;
        values[id] = attributes;
        long localPref = attributes.localPref().orElse(DecisionProcess.DEFAULT_LOCAL_PREF);
        int length = Math.min(attributes.asPath().length(), (1 << 14) - 1); // what a message can hold is shorter
        preference[id] = (~localPref & 0xFFFF_FFFFL) << 16
                | (long) length << 2
                | attributes.origin().ordinal();
        med[id] = (int) attributes.multiExitDisc().orElse(0);
        neighbor[id] = attributes.asPath().neighborAsBits();
        leadingRun[id] = attributes.asPath().leadingRun();
        originator[id] = attributes.originatorId().isPresent()
                ? attributes.originatorId().get().bits()
                : 0;
        clusterLength[id] = (char) attributes.clusterList().size();
        flags[id] = (byte) flagsOf(attributes, leadingRun[id]);
        if (interiorCost.length > 0) {
            interiorCost[id] = nextHops.cost(attributes);
        }
        return id;
    }

    private int flagsOf(PathAttributes attributes, int run) {
        int result = 0;
        if (options.honourDrain()) {
            result |= attributes.hasCommunity(Community.GRACEFUL_SHUTDOWN) ? SHUT_DOWN : 0;
            result |= run == 0 || run > options.drainThreshold() ? UNUSUAL_RUN : 0;
        }
        result |= attributes.multiExitDisc().orElse(0) != 0 ? WITH_MED : 0;
        result |= run > 0 ? WITH_NEIGHBOR : 0;
        result |= attributes.hasCommunity(Community.LLGR_STALE) ? LAST_RESORT : 0;
        return result | (attributes.originatorId().isPresent() ? WITH_ORIGINATOR : 0);
    }

    private void insert(int hash, int id) {
        int mask = slots.length - 1;
        int slot = home(hash);
        while (slots[slot] != 0) {
            slot = slot + 1 & mask;
        }
        slots[slot] = id;
    }

    /** Takes the set out; what follows it in its run of slots moves up, so that no tombstone is needed. */
    private void remove(int id) {
        onRelease.accept(id);
        int mask = slots.length - 1;
        int hole = home(values[id].hashCode());
        while (slots[hole] != id) {
            hole = hole + 1 & mask;
        }
        slots[hole] = 0;
        for (int next = hole + 1 & mask; slots[next] != 0; next = next + 1 & mask) {
            int home = home(values[slots[next]].hashCode());
            if ((next - home & mask) >= (next - hole & mask)) {
                slots[hole] = slots[next];
                slots[next] = 0;
                hole = next;
            }
        }
        size--;
        generation++;
        forget(id);
        if (freeCount == free.length) {
            free = Arrays.copyOf(free, freeCount * 2);
        }
        free[freeCount++] = id;
    }

    @SuppressWarnings("NullAway") // a free number has no value, and is never asked for one
    private void forget(int id) {
        values[id] = null;
        if (lastId == id) {
            lastSeen = null;
        }
    }

    private void rehash() {
        slots = new int[slots.length * 2];
        for (int id = 1; id < highWater; id++) {
            if (users[id] > 0) {
                insert(values[id].hashCode(), id);
            }
        }
    }

    private void grow() {
        int capacity = values.length + (values.length >> 1);
        values = Arrays.copyOf(values, capacity);
        users = Arrays.copyOf(users, capacity);
        preference = Arrays.copyOf(preference, capacity);
        med = Arrays.copyOf(med, capacity);
        neighbor = Arrays.copyOf(neighbor, capacity);
        leadingRun = Arrays.copyOf(leadingRun, capacity);
        originator = Arrays.copyOf(originator, capacity);
        clusterLength = Arrays.copyOf(clusterLength, capacity);
        flags = Arrays.copyOf(flags, capacity);
        if (interiorCost.length > 0) {
            interiorCost = Arrays.copyOf(interiorCost, capacity);
        }
    }
}
