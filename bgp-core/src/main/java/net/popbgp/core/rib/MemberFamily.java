package net.popbgp.core.rib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import net.popbgp.core.net.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * One rank of one family of one member of a group: how far it has read the log, what it was sent, and what its outbound guard withholds.
 *
 * <p>Confined to the RIB thread.
 */
final class MemberFamily {

    private static final int DONE = -1;

    private final FamilyOut out;
    private final int peer;
    private final MemberRanks markers;
    private final BitSet advertised = new BitSet();
    private final PrefixHeap withheld;
    private int advertisedCount;
    private int limit;
    private int cursor;
    private int dump; // the next prefix of the table to look at
    private boolean everything; // the dump repeats what was sent before
    private @Nullable BitSet known; // the dump leaves out what the peer has already
    private boolean endOfRibDue = true;
    private int completeAt = DONE; // position in the log that the peer must have reached for the table to be complete
    private boolean refreshing; // END_OF_REFRESH is owed
    private @Nullable Pacing pacing; // none where routes may follow each other at once
    private @Nullable SentTimes times; // none where nobody asks

    private long[] actions = new long[64];
    private int actionCount;
    private int[] fresh = new int[64];
    private int freshCount;

    MemberFamily(FamilyOut out, int peer, int limit, MemberRanks markers) {
        this.out = out;
        this.peer = peer;
        this.limit = limit;
        this.markers = markers;
        withheld = new PrefixHeap(out.rib.prefixes);
        out.join(this);
        cursor = out.logSize();
    }

    void pace(Pacing value) {
        pacing = value;
    }

    void recordTimes(@Nullable SentTimes value) {
        times = value;
    }

    @Nullable
    SentTimes times() {
        return times;
    }

    /** {@return nanoseconds until a route that waits may be advertised, {@link Pacing#NEVER} if none does} */
    long nanosToNextPaced() {
        return pacing == null ? Pacing.NEVER : pacing.nanosToNext();
    }

    int cursor() {
        return cursor;
    }

    /** Positions from {@code from} on have become those in the array. */
    void moveCursor(int from, int[] newPositions) {
        cursor = newPositions[cursor - from];
        if (completeAt != DONE) {
            completeAt = newPositions[Math.max(0, completeAt - from)];
        }
    }

    int advertisedCount() {
        return advertisedCount;
    }

    int withheldCount() {
        return withheld.size();
    }

    boolean isAdvertised(int id) {
        return advertised.get(id);
    }

    int limit() {
        return limit;
    }

    void limit(int newLimit) {
        limit = newLimit;
    }

    List<Prefix> withheldPrefixes(int max) {
        List<Prefix> result = new ArrayList<>();
        for (int id : withheld.lowest(max)) {
            result.add(out.rib.prefixes.prefix(id));
        }
        return result;
    }

    /** Looks at the whole table again and sends also what was sent before. */
    void refresh(boolean marked) {
        refreshing |= marked;
        dump = 0;
        everything = true;
        known = null;
    }

    /** Takes over from a member of another group: the peer keeps what it has, and is sent what differs. */
    void takeOver(MemberFamily old, boolean refreshAgain) {
        everything = true;
        known = new BitSet();
        endOfRibDue = old.endOfRibDue;
        refreshing = refreshAgain;
        times = old.times;
        for (int id = old.advertised.nextSetBit(0); id >= 0; id = old.advertised.nextSetBit(id + 1)) {
            advertised.set(id);
            advertisedCount++;
            boolean same = !old.out.isComing(id, old.cursor) && old.out.exported(id) == out.exported(id);
            if (!out.isEligible(id, peer)) {
                out.touch(id); // keeps the prefix until the peer has been sent the withdrawal
            } else if (same && !old.everything && !refreshAgain && !old.isHeldBack(id)) {
                known.set(id);
            }
        }
    }

    private boolean isHeldBack(int id) {
        return pacing != null && pacing.isWaiting(id);
    }

    void leave() {
        out.leave(this);
    }

    boolean hasPending() {
        return dump != DONE
                || cursor < out.logSize()
                || endOfRibDue
                || refreshing
                || limit > 0 && advertisedCount > limit
                || withheld.size() > 0 && hasRoom()
                || pacing != null && pacing.hasDue();
    }

    /** Returns the next batch of about {@code max} prefixes, null if nothing is to be sent. */
    @Nullable
    RouteBatch next(int max) {
        boolean wasLast = cursor == out.head();
        actionCount = 0;
        withdrawBeyondLimit();
        if (pacing != null) {
            releaseDue(pacing, max);
        }
        do {
            readLog(max);
            admit(max);
            readTable(max);
            admit(max);
        } while (actionCount == 0 && (dump != DONE || cursor < out.logSize() || withheld.size() > 0 && hasRoom()));
        Set<RouteBatch.Marker> taken = takeMarkers();
        RouteBatch batch = null;
        if (actionCount > 0 || !taken.isEmpty()) {
            batch = out.batch(sortedActions(), taken);
        }
        if (wasLast) {
            out.trim();
        }
        return batch;
    }

    private Set<RouteBatch.Marker> takeMarkers() {
        if (!endOfRibDue && !refreshing) {
            return Set.of();
        }
        boolean complete = dump == DONE && cursor >= completeAt;
        Set<RouteBatch.Marker> taken = markers.takeMarkers(complete && endOfRibDue, complete && refreshing);
        if (complete) {
            endOfRibDue = false;
            refreshing = false;
            completeAt = DONE;
        }
        return taken;
    }

    private long[] sortedActions() {
        Arrays.sort(actions, 0, actionCount);
        int kept = 0;
        for (int i = 0; i < actionCount; i++) {
            if (i == 0 || actions[i] != actions[i - 1]) { // a refresh may repeat what the log has just said
                actions[kept++] = actions[i];
            }
        }
        return Arrays.copyOf(actions, kept);
    }

    private void readTable(int max) {
        if (dump == DONE) {
            return;
        }
        int end = out.rib.prefixes.highWater();
        while (dump < end && actionCount + freshCount < max) {
            int id = dump++;
            if (out.isEligible(id, peer) && !out.isComing(id, cursor)) {
                if (!advertised.get(id)) {
                    offer(id);
                } else if (everything && (known == null || !known.get(id))) {
                    announceNow(id);
                }
            }
        }
        if (dump == end) {
            dump = DONE;
            everything = false;
            known = null;
            completeAt = out.logSize();
        }
    }

    private void readLog(int max) {
        int end = out.logSize();
        while (cursor < end && actionCount + freshCount < max) {
            int id = out.entry(cursor++);
            if (id < 0) {
                continue;
            }
            boolean has = advertised.get(id);
            if (!out.isEligible(id, peer)) {
                withheld.remove(id);
                if (has) {
                    withdraw(id);
                }
            } else if (!has) {
                offer(id);
            } else if (!out.isSourceOnly(id)) {
                announce(id);
            }
        }
    }

    /** A table that the peer waits for in full is not paced (RFC 4724, 2; RFC 7313, 4); what has changed since may be. */
    private void announce(int id) {
        if (pacing == null || endOfRibDue || refreshing || !pacing.holds(id)) {
            announceNow(id);
        }
    }

    private void announceNow(int id) {
        if (pacing != null) {
            pacing.advertised(id);
        }
        if (times != null) {
            times.sent(id);
        }
        act(id, out.exported(id));
    }

    /** What has waited goes out as it is now; where a change is still ahead in the log, that is what goes out. */
    private void releaseDue(Pacing waiting, int max) {
        int id;
        while (actionCount < max && (id = waiting.takeDue()) >= 0) {
            if (advertised.get(id) && out.isEligible(id, peer) && !out.isComing(id, cursor)) {
                announceNow(id);
            }
        }
    }

    private void withdraw(int id) {
        advertised.clear(id);
        advertisedCount--;
        if (pacing != null) {
            pacing.forget(id);
        }
        if (times != null) {
            times.withdrawn(id);
        }
        act(id, 0);
    }

    private void act(int id, int attributes) {
        if (actionCount == actions.length) {
            actions = Arrays.copyOf(actions, actionCount * 2);
        }
        actions[actionCount++] = (long) attributes << 32 | id;
    }

    /** A prefix that the peer has not got: the guard may withhold it. */
    private void offer(int id) {
        if (withheld.contains(id)) {
            return;
        }
        if (freshCount == fresh.length) {
            fresh = Arrays.copyOf(fresh, freshCount * 2);
        }
        fresh[freshCount++] = id;
    }

    private boolean hasRoom() {
        return limit == 0 || advertisedCount < limit;
    }

    /** Lets in the fresh ones; where not all fit, the lowest of all that wait. */
    private void admit(int max) {
        if (withheld.size() == 0 && (limit == 0 || advertisedCount + freshCount <= limit)) {
            for (int i = 0; i < freshCount; i++) {
                send(fresh[i]);
            }
            freshCount = 0;
            return;
        }
        for (int i = 0; i < freshCount; i++) {
            withheld.add(fresh[i]);
        }
        freshCount = 0;
        for (int looked = 0; looked < max && withheld.size() > 0 && hasRoom(); looked++) {
            int id = withheld.removeLowest();
            if (out.isEligible(id, peer)) { // otherwise the log, further on, says that it has gone
                send(id);
            }
        }
    }

    private void send(int id) {
        advertised.set(id);
        advertisedCount++;
        announce(id);
    }

    /** After the limit was lowered: the highest prefixes have to go, all at once. */
    private void withdrawBeyondLimit() {
        if (limit == 0 || advertisedCount <= limit) {
            return;
        }
        PrefixHeap all = new PrefixHeap(out.rib.prefixes);
        advertised.stream().forEach(all::add);
        int[] ascending = all.lowest(advertisedCount);
        for (int i = ascending.length - 1; i >= limit; i--) {
            int id = ascending[i];
            withdraw(id);
            if (out.isEligible(id, peer)) {
                withheld.add(id);
            }
        }
    }

    long memoryBytes() {
        return advertised.size() / 8
                + withheld.memoryBytes()
                + 8L * actions.length
                + 4L * fresh.length
                + (pacing == null ? 0 : pacing.memoryBytes());
    }
}
