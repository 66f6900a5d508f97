package net.popbgp.core.rib;

import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * When a peer was first and last advertised each prefix that it has: an object per prefix, so only for peers that are asked about it.
 *
 * <p>Confined to the RIB thread.
 */
final class SentTimes {

    private final LongSupplier clock;
    private final Map<Integer, long[]> byPrefix = new HashMap<>();

    SentTimes(LongSupplier clock) {
        this.clock = clock;
    }

    void sent(int id) {
        long now = clock.getAsLong();
        long[] known = byPrefix.get(id);
        if (known == null) {
            byPrefix.put(id, new long[] {now, now});
        } else {
            known[1] = now;
        }
    }

    void withdrawn(int id) {
        byPrefix.remove(id);
    }

    /** Takes over what another knows of the same peer. */
    void takeOver(SentTimes other) {
        byPrefix.putAll(other.byPrefix);
    }

    /** Returns when the prefix was first and last advertised, null if it has not been. */
    long @Nullable [] of(int id) {
        return byPrefix.get(id);
    }
}
