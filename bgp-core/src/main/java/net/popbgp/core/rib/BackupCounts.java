package net.popbgp.core.rib;

import java.util.Arrays;

/**
 * For how many prefixes one peer has the best route and another the backup, so that it is known at once who takes over from a peer that is
 * lost. Takes room for the pairs that there are; pairs without a prefix go when more room is needed.
 *
 * <p>Confined to the RIB thread.
 */
final class BackupCounts {

    private static final int NONE = PeerTable.NONE;
    private static final int FREE = -1; // would be the pair of nobody with nobody

    private int[] pairs = new int[16];
    private int[] counts = new int[16];
    private int used;
    private int last; // changes come in rows of the same pair

    BackupCounts() {
        Arrays.fill(pairs, FREE);
    }

    /** A prefix has another best or backup. */
    void moved(int oldBest, int oldBackup, int best, int backup) {
        if (oldBackup != NONE) {
            add(oldBest, oldBackup, -1);
        }
        if (backup != NONE) {
            add(best, backup, 1);
        }
    }

    private void add(int best, int backup, int prefixes) {
        int slot = slot(best, backup); // may take other arrays
        counts[slot] += prefixes;
    }

    /** Returns for how many prefixes. */
    int count(int best, int backup) {
        int slot = find(best << 16 | backup);
        return pairs[slot] == FREE ? 0 : counts[slot];
    }

    private int slot(int best, int backup) {
        int pair = best << 16 | backup;
        if (pairs[last] == pair) {
            return last;
        }
        int slot = find(pair);
        if (pairs[slot] == FREE) {
            if (used * 2 >= pairs.length) {
                rehash();
                slot = find(pair);
            }
            pairs[slot] = pair;
            counts[slot] = 0;
            used++;
        }
        last = slot;
        return slot;
    }

    /** Returns where the pair is or would be. */
    private int find(int pair) {
        int mask = pairs.length - 1;
        int slot = (pair * 0x9E3779B9 >>> 7) & mask;
        while (pairs[slot] != pair && pairs[slot] != FREE) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void rehash() {
        int kept = 0;
        for (int slot = 0; slot < pairs.length; slot++) {
            kept += pairs[slot] != FREE && counts[slot] != 0 ? 1 : 0;
        }
        int[] oldPairs = pairs;
        int[] oldCounts = counts;
        int capacity = Math.max(16, Integer.highestOneBit(kept + 1) * 4);
        pairs = new int[capacity];
        counts = new int[capacity];
        Arrays.fill(pairs, FREE);
        for (int old = 0; old < oldPairs.length; old++) {
            if (oldPairs[old] != FREE && oldCounts[old] != 0) {
                int slot = find(oldPairs[old]);
                pairs[slot] = oldPairs[old];
                counts[slot] = oldCounts[old];
            }
        }
        used = kept;
        last = 0;
    }

    long memoryBytes() {
        return pairs.length * 8L;
    }
}
