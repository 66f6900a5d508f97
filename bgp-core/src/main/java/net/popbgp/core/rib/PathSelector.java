package net.popbgp.core.rib;

import java.util.Arrays;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.decision.Multipath;

/**
 * The Decision Process over primitive keys: the rules of {@code DecisionProcess}, for one prefix at a time, without an object. Metric,
 * LOCAL_PREF, AS_PATH length and ORIGIN are one number, the rank, so that one comparison answers four steps.
 *
 * <p>Confined to the RIB thread.
 */
final class PathSelector {

    private static final int[] SHIFTS = {48, 16, 2, 0};
    private static final DecisionStep[] RANK_STEPS = {
        DecisionStep.METRIC, DecisionStep.LOCAL_PREF, DecisionStep.AS_PATH_LENGTH, DecisionStep.ORIGIN
    };

    private final AttributeStore store;
    private final PeerTable peers;
    private final DecisionOptions options;
    private int family;
    private int prefix;
    private int size;
    private PeerState[] peer = new PeerState[16];
    private int[] attributes = new int[16];
    private int[] left = new int[16];
    private int leftCount;
    private int[] groups = new int[32]; // neighbouring AS → index of a candidate with its lowest MED, + 1
    private DecisionStep step = DecisionStep.ONLY_ROUTE;

    PathSelector(AttributeStore store, PeerTable peers, DecisionOptions options) {
        this.store = store;
        this.peers = peers;
        this.options = options;
    }

    /** Returns metric, LOCAL_PREF, AS_PATH length and ORIGIN as one number; lower, compared unsigned, wins. */
    long rank(PeerState of, int attributeId) {
        return of.metric() | store.preference(attributeId);
    }

    /** Compares two routes as if they were alone, leaving MULTI_EXIT_DISC and drains aside. */
    int compare(int ofFamily, int ofPrefix, PeerState a, int attributesOfA, PeerState b, int attributesOfB) {
        family = ofFamily;
        prefix = ofPrefix;
        int byRank = Long.compareUnsigned(rank(a, attributesOfA), rank(b, attributesOfB));
        return byRank != 0 ? byRank : breakTie(a, attributesOfA, b, attributesOfB);
    }

    /** Returns the step at which the worse of two different ranks is out. */
    static DecisionStep stepBetween(long rank, long otherRank) {
        long difference = rank ^ otherRank;
        for (int i = 0; i < SHIFTS.length; i++) {
            if (difference >>> SHIFTS[i] != 0) {
                return RANK_STEPS[i];
            }
        }
        return DecisionStep.ONLY_ROUTE;
    }

    /** Begins with no candidate for a prefix. */
    void clear(int ofFamily, int ofPrefix) {
        family = ofFamily;
        prefix = ofPrefix;
        size = 0;
    }

    void add(int peerIndex, int attributeId) {
        if (size == peer.length) {
            peer = Arrays.copyOf(peer, size * 2);
            attributes = Arrays.copyOf(attributes, size * 2);
            left = new int[size * 2];
            groups = new int[size * 4];
        }
        peer[size] = peers.get(peerIndex);
        attributes[size++] = attributeId;
    }

    /** Takes a candidate out; the last one gets its number. */
    void remove(int candidate) {
        size--;
        peer[candidate] = peer[size];
        attributes[candidate] = attributes[size];
    }

    int size() {
        return size;
    }

    int peerAt(int candidate) {
        return peer[candidate].index;
    }

    int attributesAt(int candidate) {
        return attributes[candidate];
    }

    /** Returns the step that removed the last rival in the last {@link #winner}. */
    DecisionStep step() {
        return step;
    }

    /** Returns the candidate that wins when one, or with -1 none, is left out; -1 if there is no other. */
    int winner(int without) {
        step = DecisionStep.ONLY_ROUTE;
        leftCount = 0;
        boolean mayDrain = false;
        boolean someLastResort = false;
        boolean withMed = false;
        for (int i = 0; i < size; i++) {
            if (i != without) {
                left[leftCount++] = i;
                someLastResort |= store.is(AttributeStore.LAST_RESORT, attributes[i]);
                mayDrain |= mayDrain(peer[i], attributes[i]);
                withMed |= store.is(AttributeStore.WITH_MED, attributes[i]);
            }
        }
        if (leftCount == 0) {
            return -1;
        }
        if (someLastResort && leftCount > 1) {
            dropLastResort();
        }
        if (mayDrain && leftCount > 1) {
            dropDrained();
        }
        keepBestRank();
        if (withMed && leftCount > 1) {
            keepLowestMed();
        }
        int best = left[0];
        for (int i = 1; i < leftCount; i++) {
            if (breakTie(peer[left[i]], attributes[left[i]], peer[best], attributes[best]) < 0) {
                best = left[i];
            }
        }
        noteTieBreaks(best);
        return best;
    }

    /**
     * Finds the winner and those that no step down to the interior cost tells from it, in the order of the remaining steps.
     *
     * @return how many there are, up to the room for them
     */
    int equalRoutes(Multipath.AsPathMatch asPath, int[] equal) {
        int best = winner(-1);
        int count = 0;
        while (best >= 0 && count < equal.length) {
            equal[count++] = best;
            best = bestLeft(asPath, equal, count);
        }
        return count;
    }

    /** Returns the best of those left by the last {@link #winner} that are equal to the first chosen and not chosen yet, -1 for none. */
    private int bestLeft(Multipath.AsPathMatch asPath, int[] chosen, int count) {
        int best = -1;
        for (int i = 0; i < leftCount; i++) {
            int each = left[i];
            boolean taken = !isEqual(each, chosen[0], asPath);
            for (int c = 0; c < count && !taken; c++) {
                taken = chosen[c] == each;
            }
            if (!taken && (best < 0 || breakTie(peer[each], attributes[each], peer[best], attributes[best]) < 0)) {
                best = each;
            }
        }
        return best;
    }

    private boolean isEqual(int candidate, int best, Multipath.AsPathMatch asPath) {
        return peer[candidate].isExternal() == peer[best].isExternal()
                && store.interiorCost(attributes[candidate]) == store.interiorCost(attributes[best])
                && med(candidate) == med(best)
                && (asPath == Multipath.AsPathMatch.LENGTH
                        || store.value(attributes[candidate])
                                .asPath()
                                .equals(store.value(attributes[best]).asPath()));
    }

    /** Returns whether a route may lose, or make others lose, before ranks are compared. */
    boolean mayLoseBeforeRank(PeerState of, int attributeId) {
        return store.is(AttributeStore.LAST_RESORT, attributeId) || mayDrain(of, attributeId);
    }

    private boolean mayDrain(PeerState of, int attributeId) {
        return store.is(AttributeStore.SHUT_DOWN, attributeId)
                || of.isExternal() && store.is(AttributeStore.UNUSUAL_RUN, attributeId);
    }

    private void dropLastResort() {
        int kept = 0;
        for (int i = 0; i < leftCount; i++) {
            if (!store.is(AttributeStore.LAST_RESORT, attributes[left[i]])) {
                left[kept++] = left[i];
            }
        }
        if (kept > 0) {
            keep(kept, DecisionStep.LONG_LIVED_STALE);
        }
    }

    private void dropDrained() {
        boolean someNotShutDown = false;
        int shortestRun = Integer.MAX_VALUE;
        for (int i = 0; i < leftCount; i++) {
            int each = left[i];
            someNotShutDown |= !store.is(AttributeStore.SHUT_DOWN, attributes[each]);
            if (peer[each].isExternal()) {
                shortestRun = Math.min(shortestRun, store.leadingRun(attributes[each]));
            }
        }
        int kept = 0;
        for (int i = 0; i < leftCount; i++) {
            int each = left[i];
            boolean drained = someNotShutDown && store.is(AttributeStore.SHUT_DOWN, attributes[each])
                    || peer[each].isExternal()
                            && store.leadingRun(attributes[each]) >= shortestRun + options.drainThreshold();
            if (!drained) {
                int swapped = left[kept];
                left[kept++] = each;
                left[i] = swapped;
            }
        }
        if (kept > 0) {
            keep(kept, DecisionStep.DRAIN);
        }
    }

    private void keepBestRank() {
        long lowest = rank(peer[left[0]], attributes[left[0]]);
        for (int i = 1; i < leftCount; i++) {
            long rank = rank(peer[left[i]], attributes[left[i]]);
            if (Long.compareUnsigned(rank, lowest) < 0) {
                lowest = rank;
            }
        }
        int kept = 0;
        for (int i = 0; i < leftCount; i++) {
            long rank = rank(peer[left[i]], attributes[left[i]]);
            if (rank == lowest) {
                left[kept++] = left[i];
            } else {
                note(stepBetween(rank, lowest));
            }
        }
        leftCount = kept;
    }

    private void keepLowestMed() {
        int mask = Integer.highestOneBit(groups.length) - 1;
        Arrays.fill(groups, 0);
        for (int i = 0; i < leftCount; i++) {
            int slot = groupOf(left[i], mask);
            int other = groups[slot] - 1;
            if (other < 0 || Integer.compareUnsigned(med(left[i]), med(other)) < 0) {
                groups[slot] = left[i] + 1;
            }
        }
        int kept = 0;
        for (int i = 0; i < leftCount; i++) {
            if (med(left[i]) == med(groups[groupOf(left[i], mask)] - 1)) {
                left[kept++] = left[i];
            }
        }
        keep(kept, DecisionStep.MULTI_EXIT_DISC);
    }

    private int groupOf(int candidate, int mask) {
        int as = neighborAs(candidate);
        int slot = as * 0x9E37_79B9 >>> 8 & mask;
        while (groups[slot] != 0 && neighborAs(groups[slot] - 1) != as) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private int med(int candidate) {
        return store.multiExitDisc(attributes[candidate]);
    }

    private int neighborAs(int candidate) {
        return store.is(AttributeStore.WITH_NEIGHBOR, attributes[candidate])
                ? store.neighborAs(attributes[candidate])
                : peer[candidate].remoteAs();
    }

    private void keep(int kept, DecisionStep by) {
        if (kept < leftCount) {
            leftCount = kept;
            note(by);
        }
    }

    private void note(DecisionStep by) {
        if (by.compareTo(step) > 0) {
            step = by;
        }
    }

    private int identifier(PeerState of, int attributeId) {
        return store.is(AttributeStore.WITH_ORIGINATOR, attributeId) ? store.originatorId(attributeId) : of.routerId();
    }

    private int breakTie(PeerState a, int attributesOfA, PeerState b, int attributesOfB) {
        if (a.isExternal() != b.isExternal()) {
            return a.isExternal() ? -1 : 1;
        }
        int byCost = Integer.compareUnsigned(store.interiorCost(attributesOfA), store.interiorCost(attributesOfB));
        if (byCost != 0) {
            return byCost;
        }
        int byIdentifier = Integer.compareUnsigned(identifier(a, attributesOfA), identifier(b, attributesOfB));
        if (byIdentifier != 0) {
            return byIdentifier;
        }
        int byClusters = Integer.compare(store.clusterLength(attributesOfA), store.clusterLength(attributesOfB));
        if (byClusters != 0) {
            return byClusters;
        }
        int byAddress = Arrays.compareUnsigned(a.address(), b.address());
        if (byAddress != 0 || a.owner != b.owner) {
            return byAddress != 0 ? byAddress : Integer.compare(a.owner.index, b.owner.index);
        }
        return Integer.compareUnsigned(a.pathId(family, prefix), b.pathId(family, prefix));
    }

    private void noteTieBreaks(int best) {
        for (int i = 0; i < leftCount; i++) {
            int other = left[i];
            if (other != best) {
                note(tieBreakBetween(peer[other], attributes[other], peer[best], attributes[best]));
            }
        }
    }

    private DecisionStep tieBreakBetween(PeerState a, int attributesOfA, PeerState b, int attributesOfB) {
        if (a.isExternal() != b.isExternal()) {
            return DecisionStep.PEER_TYPE;
        }
        if (store.interiorCost(attributesOfA) != store.interiorCost(attributesOfB)) {
            return DecisionStep.INTERIOR_COST;
        }
        if (identifier(a, attributesOfA) != identifier(b, attributesOfB)) {
            return DecisionStep.ROUTER_ID;
        }
        if (store.clusterLength(attributesOfA) != store.clusterLength(attributesOfB)) {
            return DecisionStep.CLUSTER_LIST_LENGTH;
        }
        return a.owner == b.owner ? DecisionStep.PATH_ID : DecisionStep.PEER_ADDRESS;
    }
}
