package net.popbgp.core.rib;

import java.util.Arrays;
import java.util.List;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.PolicyVerdict;
import org.jspecify.annotations.Nullable;

/**
 * Adj-RIBs-In and Loc-RIB of one family. Per prefix it keeps who is best and who is backup, and selects anew only where it must.
 *
 * <p>The shortcuts are exact. As long as no candidate of a prefix could be drained, is a last resort or carries a MULTI_EXIT_DISC, the
 * remaining steps order routes totally, so the newcomer is compared with backup and best and that is all. With a MULTI_EXIT_DISC about, only
 * a strict difference in rank (metric, LOCAL_PREF, AS_PATH length, ORIGIN) is trusted: a route ranked strictly worse than the backup can
 * change neither choice, whether it comes, goes or changes. Everything else is selected from all candidates. What has been seen of a prefix
 * is remembered in two bits, which a full selection refreshes.
 *
 * <p>Confined to the RIB thread.
 */
final class FamilyRib {

    /** Told when the best route of a prefix becomes another. The attribute sets are still valid during the call. */
    interface SelectionListener {
        /** Peer and attribute set before and after; {@link PeerTable#NONE} and 0 for no route. */
        void bestChanged(FamilyRib family, int id, int oldPeer, int oldAttributes, int newPeer, int newAttributes);

        /** Some candidate has come, gone or changed, perhaps the best; only while the family is {@link #ranked}. */
        void candidatesChanged(FamilyRib family, int id);
    }

    private static final int NONE = PeerTable.NONE;
    private static final int BATCH = 256;
    private static final int BEFORE_RANK = 1;
    private static final int WITH_MED = 2;

    final AddressFamily family;
    final int index;
    final PrefixTable prefixes;
    private final AttributeStore store;
    private final PeerTable peers;
    private final PathSelector selector;
    private final SelectionListener listener;
    private final int[] ids = new int[BATCH];
    private char[] best = new char[0];
    private char[] backup = new char[0];
    private char[] candidates = new char[0];
    private char[] paths = new char[0]; // received routes, the refused ones included
    private char[] exporters = new char[0]; // groups that hold something about the prefix
    private byte[] seen = new byte[0];
    private final BackupCounts backups = new BackupCounts();
    private int routes;

    /** Whether anybody wants to know of more than the best route. */
    boolean ranked;

    /** Whether something exported has changed since this was last cleared. */
    boolean exportsChanged;

    FamilyRib(
            AddressFamily family,
            int index,
            AttributeStore store,
            PeerTable peers,
            PathSelector selector,
            SelectionListener listener) {
        this.family = family;
        this.index = index;
        this.store = store;
        this.peers = peers;
        this.selector = selector;
        this.listener = listener;
        prefixes = new PrefixTable(family);
    }

    /** Returns how many prefixes have a best route. */
    int routes() {
        return routes;
    }

    int best(int id) {
        return best[id];
    }

    int backup(int id) {
        return backup[id];
    }

    /** Returns how many prefixes have the one as best, the other as backup. */
    int backedUp(int lane, int byLane) {
        return backups.count(lane, byLane);
    }

    int candidates(int id) {
        return candidates[id];
    }

    int bestAttributes(int id) {
        return attributes(id, best[id]);
    }

    int attributes(int id, int peer) {
        return peer == NONE ? 0 : peers.get(peer).accepted(index, id);
    }

    /** Puts the candidates of a prefix in the order in which they would be chosen, the best first. {@return how many there are, up to room} */
    int rank(int id, int[] ranking) {
        int count = 0;
        loadCandidates(id);
        while (count < ranking.length && selector.size() > 0) {
            int winner = selector.winner(-1);
            ranking[count++] = selector.peerAt(winner);
            selector.remove(winner);
        }
        return count;
    }

    /** Finds the best candidate and its equals, see {@link PathSelector#equalRoutes}. {@return how many there are, up to room} */
    int equalRoutes(int id, Multipath.AsPathMatch asPath, int[] lanes) {
        loadCandidates(id);
        int count = selector.equalRoutes(asPath, lanes);
        for (int i = 0; i < count; i++) {
            lanes[i] = selector.peerAt(lanes[i]);
        }
        return count;
    }

    void announce(PeerState peer, PathAttributes attributes, PackedPrefixes announced) {
        if (announced.isEmpty()) {
            return;
        }
        int receivedId = store.acquire(attributes);
        boolean each = peer.policyDependsOnPrefix();
        PathAttributes shared = store.value(receivedId);
        boolean paths = usePaths(peer, announced);
        int acceptedId = each ? 0 : acquireAccepted(peer.judgeAll(announced.get(0), shared), shared, receivedId);
        for (int from = 0; from < announced.size(); from += BATCH) {
            int count = Math.min(BATCH, announced.size() - from);
            prefixes.findOrAdd(announced, from, count, ids);
            growColumns();
            if (!paths) {
                freshenAll(peer, count);
            }
            for (int i = 0; i < count; i++) {
                PeerState lane = paths ? laneToTake(peer, ids[i], announced.pathId(from + i)) : peer;
                if (lane == null) {
                    continue;
                }
                if (each) {
                    announceJudged(lane, ids[i], receivedId);
                } else {
                    store(lane, ids[i], receivedId, acceptedId);
                }
            }
        }
        store.release(acceptedId);
        store.release(receivedId);
    }

    private boolean usePaths(PeerState peer, PackedPrefixes prefixes) {
        peer.withPathIds[index] |= prefixes.hasPathIds();
        return peer.withPathIds[index];
    }

    /** Returns the lane that has the path or can take it; null if a limit forbids another path, which is counted. */
    private @Nullable PeerState laneToTake(PeerState peer, int id, int pathId) {
        PeerState lane = peer.laneOf(index, id, pathId);
        if (lane != null) {
            freshen(lane, id);
            return lane;
        }
        if (peer.isFull(index)) {
            discard(peer, id);
            return null;
        }
        lane = peers.freeLane(peer, index, id);
        if (lane == null) {
            peer.pathsDiscarded[index]++;
        } else {
            lane.pathId(index, id, pathId, prefixes.capacity());
        }
        return lane;
    }

    private void discard(PeerState peer, int id) {
        peer.discarded[index]++;
        if (!prefixes.isFree(id)) { // freed already where an UPDATE names a prefix twice
            freeIfUnused(id);
        }
    }

    private void announceJudged(PeerState peer, int id, int receivedId) {
        if (peer.received[index].get(id) == receivedId) {
            return; // policies are pure
        }
        PathAttributes attributes = store.value(receivedId);
        int acceptedId = acquireAccepted(peer.judge(prefixes.prefix(id), attributes), attributes, receivedId);
        store(peer, id, receivedId, acceptedId);
        store.release(acceptedId);
    }

    /** Returns the number of what the policy lets in, with one user more; 0 if it refuses, or the next hop cannot be resolved. */
    private int acquireAccepted(PolicyVerdict verdict, PathAttributes attributes, int receivedId) {
        int acceptedId = receivedId;
        if (verdict instanceof PolicyVerdict.Accept) {
            store.retain(receivedId);
        } else {
            PathAttributes accepted = PeerState.accepted(verdict, attributes);
            if (accepted != null && attributes.hasCommunity(Community.LLGR_STALE)) {
                accepted = accepted.withCommunity(Community.LLGR_STALE); // RFC 9494, 4.3: no policy takes it off
            }
            acceptedId = accepted == null ? 0 : store.acquire(accepted);
        }
        if (store.interiorCost(acceptedId) == NextHopTable.UNREACHABLE) {
            store.release(acceptedId);
            return 0;
        }
        return acceptedId;
    }

    void withdraw(PeerState peer, PackedPrefixes withdrawn) {
        for (int from = 0; from < withdrawn.size(); from += BATCH) {
            int count = Math.min(BATCH, withdrawn.size() - from);
            prefixes.find(withdrawn, from, count, ids);
            if (usePaths(peer, withdrawn)) {
                withdrawPaths(peer, withdrawn, from, count);
                continue;
            }
            freshenAll(peer, count);
            for (int i = 0; i < count; i++) {
                if (ids[i] >= 0) {
                    store(peer, ids[i], 0, 0);
                }
            }
        }
    }

    private void withdrawPaths(PeerState peer, PackedPrefixes withdrawn, int from, int count) {
        for (int i = 0; i < count; i++) {
            PeerState lane = ids[i] < 0 ? null : peer.laneOf(index, ids[i], withdrawn.pathId(from + i));
            if (lane != null) {
                freshen(lane, ids[i]);
                remove(lane, ids[i]);
            }
        }
    }

    private void remove(PeerState lane, int id) {
        store(lane, id, 0, 0);
        lane.pathId(index, id, 0, prefixes.capacity());
    }

    private void freshen(PeerState lane, int id) {
        StaleMarks stale = lane.stale[index];
        if (stale != null) {
            stale.clear(id);
        }
    }

    /** What the peer has just said about the prefixes in {@link #ids} is the latest. */
    private void freshenAll(PeerState peer, int count) {
        StaleMarks stale = peer.stale[index];
        if (stale != null) {
            stale.clear(ids, count);
        }
    }

    /** Marks all routes of the peer, whether marked before or not. */
    void markStale(PeerState peer) {
        for (PeerState lane : peer.lanes) {
            lane.stale[index] = new StaleMarks(lane.received[index]);
        }
    }

    /** Removes the routes that are still marked, and the marks. */
    int sweepStale(PeerState peer) {
        int swept = 0;
        for (PeerState lane : peer.lanes) {
            StaleMarks stale = lane.stale[index];
            if (stale != null) {
                forgetStale(lane);
                for (int id : stale.ids()) {
                    remove(lane, id);
                }
                swept += stale.count();
            }
        }
        return swept;
    }

    /**
     * Adds LLGR_STALE to the routes that are still marked, and removes those with NO_LLGR, the peer's or the policy's (RFC 9494, 4.2). They
     * stay marked.
     */
    void keepAsLastResort(PeerState peer) {
        for (PeerState lane : peer.lanes) {
            StaleMarks stale = lane.stale[index];
            if (stale != null) {
                keepAsLastResort(lane, stale);
            }
        }
    }

    private void keepAsLastResort(PeerState lane, StaleMarks stale) {
        for (int id : stale.ids()) {
            PathAttributes received = store.value(lane.received[index].get(id));
            int acceptedId = lane.accepted(index, id);
            if (received.hasCommunity(Community.NO_LLGR)
                    || acceptedId != 0 && store.value(acceptedId).hasCommunity(Community.NO_LLGR)) {
                stale.clear(id);
                remove(lane, id);
            } else if (!received.hasCommunity(Community.LLGR_STALE)) {
                replaceReceived(lane, id, received.withCommunity(Community.LLGR_STALE));
            }
        }
    }

    private void replaceReceived(PeerState peer, int id, PathAttributes attributes) {
        int receivedId = store.acquire(attributes);
        PathAttributes interned = store.value(receivedId);
        Prefix prefix = prefixes.prefix(id);
        PolicyVerdict verdict =
                peer.policyDependsOnPrefix() ? peer.judge(prefix, interned) : peer.judgeAll(prefix, interned);
        int acceptedId = acquireAccepted(verdict, interned, receivedId);
        store(peer, id, receivedId, acceptedId);
        store.release(acceptedId);
        store.release(receivedId);
    }

    @SuppressWarnings("NullAway") // none: nothing is stale
    private void forgetStale(PeerState peer) {
        peer.stale[index] = null;
    }

    /** Removes all routes of the peer: one sweep over each column. */
    void clear(PeerState peer) {
        for (PeerState lane : peer.lanes) {
            forgetStale(lane);
            for (int id : lane.received[index].ids()) {
                store(lane, id, 0, 0);
            }
            lane.received[index] = new Column();
            lane.forgetPathIds(index);
            dropAcceptedColumn(lane);
        }
        peer.discarded[index] = 0;
        peer.pathsDiscarded[index] = 0;
        peer.withPathIds[index] = false;
    }

    /** Judges all routes of the lane again. */
    void judgeAgain(PeerState peer) {
        boolean each = peer.policyDependsOnPrefix();
        boolean modified = false;
        for (int id : peer.received[index].ids()) {
            int receivedId = peer.received[index].get(id);
            PathAttributes attributes = store.value(receivedId);
            Prefix prefix = prefixes.prefix(id);
            PolicyVerdict verdict = each ? peer.judge(prefix, attributes) : peer.judgeAll(prefix, attributes);
            int acceptedId = acquireAccepted(verdict, attributes, receivedId);
            modified |= acceptedId != receivedId;
            if (acceptedId != receivedId) {
                needAcceptedColumn(peer);
            }
            Column accepted = peer.separatelyAccepted[index];
            if (accepted != null) {
                accept(peer, accepted, id, acceptedId);
            }
            store.release(acceptedId);
        }
        Column accepted = peer.separatelyAccepted[index];
        if (!modified && accepted != null) {
            for (int id : accepted.ids()) {
                store.release(accepted.get(id));
            }
            dropAcceptedColumn(peer);
        }
    }

    /** Selects anew wherever the lane takes part, because what is known of the peer itself has changed. */
    void selectAgain(PeerState peer) {
        for (int id : peer.received[index].ids()) {
            int attributes = peer.accepted(index, id);
            if (attributes != 0) {
                int oldBest = best[id];
                int oldBackup = backup[id];
                int oldAttributes = bestAttributes(id);
                seen[id] |= (byte) traits(peer, attributes);
                selectFromAll(id, peer.index);
                countBackup(id, oldBest, oldBackup);
                if (oldBest != best[id] || oldBest == peer.index) {
                    report(id, oldBest, oldAttributes);
                }
                if (ranked) {
                    listener.candidatesChanged(this, id);
                }
            }
        }
    }

    /** Returns the number of a prefix, which need not have a route; to be retained at once. */
    int number(Prefix prefix) {
        prefixes.findOrAdd(PackedPrefixes.of(family, List.of(prefix)), 0, 1, ids);
        growColumns();
        return ids[0];
    }

    /** Keeps the prefix's number while a group needs it. */
    void retainExport(int id) {
        exporters[id]++;
    }

    void releaseExport(int id) {
        exporters[id]--;
        freeIfUnused(id);
    }

    /** Loads the selector with the candidates of a prefix, ascending by peer. */
    void loadCandidates(int id) {
        selector.clear(index, id);
        int count = candidates[id];
        for (int peer = 0; selector.size() < count; peer++) {
            addCandidate(id, peer);
        }
    }

    private void addCandidate(int id, int peer) {
        if (peers.isUsed(peer)) {
            int attributes = peers.get(peer).accepted(index, id);
            if (attributes != 0) {
                selector.add(peer, attributes);
            }
        }
    }

    /** Returns the step that decided for the best route. */
    DecisionStep decidedBy(int id) {
        if (candidates[id] < 2) {
            return DecisionStep.ONLY_ROUTE;
        }
        if (isBestOutstanding(id)) {
            return PathSelector.stepBetween(rankOf(id, best[id]), rankOf(id, backup[id]));
        }
        loadCandidates(id);
        selector.winner(-1);
        return selector.step();
    }

    /** Returns whether the best candidate is known to be alone, or ahead of all others in rank. */
    boolean isBestOutstanding(int id) {
        return candidates[id] < 2 || (seen[id] & BEFORE_RANK) == 0 && rankOf(id, best[id]) != rankOf(id, backup[id]);
    }

    private long rankOf(int id, int lane) {
        PeerState peer = peers.get(lane);
        return selector.rank(peer, peer.accepted(index, id));
    }

    long memoryBytes() {
        return prefixes.memoryBytes() + backups.memoryBytes() + best.length * (5 * 2L + 1);
    }

    /** Puts a received route and what was accepted of it in place; 0 for none. */
    private void store(PeerState peer, int id, int receivedId, int acceptedId) {
        if (receivedId != 0 && peer.isFull(index) && peer.received[index].get(id) == 0) {
            discard(peer, id);
            return;
        }
        if (acceptedId != receivedId) {
            needAcceptedColumn(peer);
        }
        int oldId = peer.received[index].put(id, receivedId, prefixes.capacity());
        if (oldId == receivedId) {
            return;
        }
        if (receivedId != 0) {
            store.retain(receivedId);
        }
        if (oldId == 0) {
            paths[id]++;
        } else if (receivedId == 0) {
            paths[id]--;
        }
        Column accepted = peer.separatelyAccepted[index];
        if (accepted == null) {
            candidateChanged(peer, id, oldId, acceptedId);
        } else {
            accept(peer, accepted, id, acceptedId);
        }
        store.release(oldId);
        if (receivedId == 0) {
            freeIfUnused(id);
        }
    }

    private void accept(PeerState peer, Column accepted, int id, int acceptedId) {
        int oldId = accepted.put(id, acceptedId, prefixes.capacity());
        if (oldId != acceptedId) {
            if (acceptedId != 0) {
                store.retain(acceptedId);
            }
            candidateChanged(peer, id, oldId, acceptedId);
            store.release(oldId);
        }
    }

    private void needAcceptedColumn(PeerState peer) {
        if (peer.separatelyAccepted[index] == null) {
            Column copy = peer.received[index].copy();
            for (int id : copy.ids()) {
                store.retain(copy.get(id));
            }
            peer.separatelyAccepted[index] = copy;
        }
    }

    @SuppressWarnings("NullAway") // none: the column of received routes serves
    private void dropAcceptedColumn(PeerState peer) {
        peer.separatelyAccepted[index] = null;
    }

    private void freeIfUnused(int id) {
        if (paths[id] == 0 && exporters[id] == 0) {
            prefixes.free(id);
        }
    }

    private void candidateChanged(PeerState peer, int id, int oldId, int newId) {
        if (oldId == newId) {
            return;
        }
        int oldBest = best[id];
        int oldBackup = backup[id];
        peer.acceptedCount[index] += (newId == 0 ? 0 : 1) - (oldId == 0 ? 0 : 1);
        if (newId != 0) {
            seen[id] |= (byte) traits(peer, newId);
        }
        if (oldId == 0) {
            candidates[id]++;
            insert(peer, id, newId);
        } else if (newId == 0) {
            candidates[id]--;
            remove(peer, id, oldId);
        } else {
            replace(peer, id, oldId, newId);
        }
        countBackup(id, oldBest, oldBackup);
        if (best[id] != oldBest || oldBest == peer.index) {
            int before = oldBest == peer.index
                    ? oldId
                    : oldBest == NONE ? 0 : peers.get(oldBest).accepted(index, id);
            report(id, oldBest, before);
        }
        if (ranked) {
            listener.candidatesChanged(this, id);
        }
    }

    private void countBackup(int id, int oldBest, int oldBackup) {
        if (best[id] != oldBest || backup[id] != oldBackup) {
            backups.moved(oldBest, oldBackup, best[id], backup[id]);
        }
    }

    private void report(int id, int oldBest, int oldAttributes) {
        int newBest = best[id];
        if (oldBest != newBest) {
            if (oldBest == NONE) {
                routes++;
            } else {
                peers.get(oldBest).bestCount[index]--;
            }
            if (newBest == NONE) {
                routes--;
            } else {
                peers.get(newBest).bestCount[index]++;
            }
        }
        listener.bestChanged(this, id, oldBest, oldAttributes, newBest, bestAttributes(id));
    }

    private int traits(PeerState peer, int attributes) {
        return (selector.mayLoseBeforeRank(peer, attributes) ? BEFORE_RANK : 0)
                | (store.is(AttributeStore.WITH_MED, attributes) ? WITH_MED : 0);
    }

    /** A candidate more. */
    private void insert(PeerState peer, int id, int newId) {
        if (candidates[id] == 1) {
            best[id] = (char) peer.index;
            backup[id] = (char) NONE;
            seen[id] = (byte) traits(peer, newId);
            return;
        }
        if (candidates[id] == 2) {
            selectFromAll(id, peer.index);
            return;
        }
        int toBackup = compare(id, peer, newId, backup[id]);
        if (toBackup > 0) {
            return;
        }
        int toBest = toBackup == 0 ? 0 : compare(id, peer, newId, best[id]);
        if (toBest == 0) {
            selectFromAll(id, peer.index);
        } else if (toBest < 0) {
            backup[id] = best[id];
            best[id] = (char) peer.index;
        } else {
            backup[id] = (char) peer.index;
        }
    }

    /** A candidate less. */
    private void remove(PeerState peer, int id, int oldId) {
        boolean chosen = peer.index == best[id] || peer.index == backup[id];
        if (candidates[id] < 2) {
            if (peer.index == best[id]) {
                best[id] = backup[id];
            }
            backup[id] = (char) NONE;
        } else if (chosen || compare(id, peer, oldId, backup[id]) <= 0) {
            selectFromAll(id, peer.index);
        }
    }

    /** Another route in place of a candidate's. */
    private void replace(PeerState peer, int id, int oldId, int newId) {
        if (candidates[id] == 1) {
            seen[id] = (byte) traits(peer, newId);
        } else if (peer.index == best[id]) {
            if (compare(id, peer, oldId, backup[id]) >= 0 || compare(id, peer, newId, backup[id]) >= 0) {
                selectFromAll(id, peer.index);
            }
        } else if (peer.index == backup[id] || compare(id, peer, oldId, backup[id]) <= 0) {
            selectFromAll(id, peer.index);
        } else {
            insert(peer, id, newId);
        }
    }

    /** Returns the order of two candidates, 0 where only a full selection can tell. */
    private int compare(int id, PeerState peer, int attributes, int otherPeer) {
        if ((seen[id] & BEFORE_RANK) != 0) {
            return 0;
        }
        PeerState other = peers.get(otherPeer);
        int otherAttributes = other.accepted(index, id);
        return (seen[id] & WITH_MED) != 0
                ? Long.compareUnsigned(selector.rank(peer, attributes), selector.rank(other, otherAttributes))
                : selector.compare(index, id, peer, attributes, other, otherAttributes);
    }

    /** Selects from all candidates. If they are two and one caused it, the other is known; the third of a lost one is not. */
    private void selectFromAll(int id, int cause) {
        if (candidates[id] <= 2 && peers.get(cause).accepted(index, id) != 0) {
            selector.clear(index, id);
            addKnown(id, best[id]);
            if (backup[id] != best[id]) {
                addKnown(id, backup[id]);
            }
            if (cause != best[id] && cause != backup[id]) {
                addKnown(id, cause);
            }
        } else {
            loadCandidates(id);
        }
        int traits = 0;
        for (int i = 0; i < selector.size(); i++) {
            traits |= traits(peers.get(selector.peerAt(i)), selector.attributesAt(i));
        }
        seen[id] = (byte) traits;
        int winner = selector.winner(-1);
        int second = selector.winner(winner);
        best[id] = (char) (winner < 0 ? NONE : selector.peerAt(winner));
        backup[id] = (char) (second < 0 ? NONE : selector.peerAt(second));
    }

    private void addKnown(int id, int peer) {
        if (peer != NONE) {
            addCandidate(id, peer);
        }
    }

    private void growColumns() {
        int capacity = prefixes.capacity();
        int old = best.length;
        if (old == capacity) {
            return;
        }
        best = Arrays.copyOf(best, capacity);
        backup = Arrays.copyOf(backup, capacity);
        Arrays.fill(best, old, capacity, (char) NONE);
        Arrays.fill(backup, old, capacity, (char) NONE);
        candidates = Arrays.copyOf(candidates, capacity);
        paths = Arrays.copyOf(paths, capacity);
        exporters = Arrays.copyOf(exporters, capacity);
        seen = Arrays.copyOf(seen, capacity);
    }
}
