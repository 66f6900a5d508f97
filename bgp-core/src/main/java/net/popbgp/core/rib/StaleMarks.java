package net.popbgp.core.rib;

import java.util.BitSet;

/**
 * Which routes of a peer, in one family, are stale: known from before a restart or a refresh and not announced again since (RFC 4724, 4.2;
 * RFC 7313, 4). Holds nothing for a peer without stale routes.
 *
 * <p>Confined to the RIB thread.
 */
final class StaleMarks {

    private final BitSet ids = new BitSet();
    private int count;

    /** Marks what the column has. */
    StaleMarks(Column routes) {
        for (int id : routes.ids()) {
            ids.set(id);
        }
        count = routes.size();
    }

    /** The routes of these prefixes are fresh, or gone. */
    void clear(int[] prefixes, int howMany) {
        for (int i = 0; i < howMany; i++) {
            if (prefixes[i] >= 0) {
                clear(prefixes[i]);
            }
        }
    }

    void clear(int id) {
        if (ids.get(id)) {
            ids.clear(id);
            count--;
        }
    }

    boolean contains(int id) {
        return ids.get(id);
    }

    int count() {
        return count;
    }

    /** Returns the prefixes in ascending order of their numbers. */
    int[] ids() {
        return ids.stream().toArray();
    }

    long memoryBytes() {
        return ids.size() / 8;
    }
}
