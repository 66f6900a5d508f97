package net.popbgp.core.rib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RouteSource;
import org.jspecify.annotations.Nullable;

/**
 * One family of a group's Adj-RIB-Out: what is exported, and the log of what changed. {@link AdjRibOut} tells how it works.
 *
 * <p>Confined to the RIB thread.
 */
final class FamilyOut {

    private static final int UNKNOWN = 0;
    private static final int REFUSED = -1;
    private static final int REMEMBERED_BATCHES = 8;
    private static final int NO_PREFIX = -1;
    private static final PathAttributes OWN = PathAttributes.builder().build();

    final FamilyRib rib;
    private final AttributeStore store;
    private final PeerTable peers;
    private final ExportRules rules;
    private final boolean eachPrefix;
    private final IntPredicate hidden;
    private final boolean originatesDefault;
    private final int rank;
    private final int pathId;
    private final int[] ranking;
    private final List<MemberFamily> members = new ArrayList<>();

    private int[] exported = new int[0];
    private char[] source = new char[0];
    private int[] logIndex = new int[0]; // of the prefix's latest entry, + 1
    private final BitSet sourceOnly = new BitSet(); // the latest entry is about another source of the same attributes
    private int[] log = new int[64];
    private int head;
    private int logSize;
    private int live;
    private boolean active;
    private int defaultId = NO_PREFIX; // of the default route, where it is originated for the group

    private PathAttributes[] cached = new PathAttributes[0]; // by attribute set: what is exported for it
    private int[] cachedId = new int[0]; // its number when it was last used, UNKNOWN or REFUSED
    private char[] cachedFor = new char[0];

    private final SharedBatch[] shared = new SharedBatch[REMEMBERED_BATCHES];
    private int nextShared;

    /** A batch with the actions it was made from, valid while no number has been freed. */
    @SuppressWarnings("ArrayRecordComponent") // never changed, never compared as a record
    private record SharedBatch(
            long[] actions,
            Set<RouteBatch.Marker> markers,
            int prefixGeneration,
            int attributeGeneration,
            RouteBatch batch) {}

    /**
     * The predicate says of a prefix's number whether an aggregate stands for it.
     *
     * @param originatesDefault whether a default route of our own is exported, whatever the table has
     * @param rank which route of a prefix is exported, 0 for the best
     * @param pathId what it is sent with, 0 without Path Identifier
     */
    FamilyOut(
            FamilyRib rib,
            AttributeStore store,
            PeerTable peers,
            ExportRules rules,
            boolean eachPrefix,
            IntPredicate hidden,
            boolean originatesDefault,
            int rank,
            int pathId) {
        this.rib = rib;
        this.store = store;
        this.peers = peers;
        this.rules = rules;
        this.eachPrefix = eachPrefix;
        this.hidden = hidden;
        this.originatesDefault = originatesDefault;
        this.rank = rank;
        this.pathId = pathId;
        ranking = new int[rank + 1];
    }

    int pathId() {
        return pathId;
    }

    AddressFamily family() {
        return rib.family;
    }

    void join(MemberFamily member) {
        if (!active) {
            active = true;
            if (originatesDefault) {
                defaultId = rib.number(Prefix.masked(rib.family, 0, 0, 0));
                rib.retainExport(defaultId);
            }
            grow();
            exportAll();
            exportDefault();
            trim();
            log = new int[64];
        }
        members.add(member);
    }

    void leave(MemberFamily member) {
        members.remove(member);
        trim();
        if (members.isEmpty()) {
            deactivate();
        }
    }

    private void deactivate() {
        active = false;
        forgetExports();
        for (int id = 0; id < exported.length; id++) {
            if (exported[id] != 0) {
                store.release(exported[id]);
                exported[id] = 0;
                rib.releaseExport(id);
            }
        }
        if (defaultId != NO_PREFIX) {
            rib.releaseExport(defaultId);
            defaultId = NO_PREFIX;
        }
        exported = new int[0];
        source = new char[0];
        logIndex = new int[0];
        sourceOnly.clear();
        Arrays.fill(shared, null);
    }

    /** Looks at every prefix again. */
    void exportAll() {
        rib.ranked |= rank > 0;
        for (int id = 0; id < rib.prefixes.highWater(); id++) {
            if (rib.prefixes.isUsed(id) && rib.best(id) != PeerTable.NONE) {
                int lane = rank == 0 ? rib.best(id) : rib.rank(id, ranking) > rank ? ranking[rank] : PeerTable.NONE;
                routeChanged(id, peers.owner(lane), rib.attributes(id, lane));
            }
        }
    }

    /** The route of a prefix that is exported is another; {@link PeerTable#NONE} and 0 if there is none. */
    void routeChanged(int id, int peer, int attributes) {
        if (!active || id == defaultId) {
            return;
        }
        if (id >= exported.length) {
            grow();
        }
        int result = peer == PeerTable.NONE || hidden.test(id) ? 0 : acquireExport(id, peer, attributes);
        update(id, result, peer);
        store.release(result);
    }

    /** The default route that is originated for the group stays what it is, whatever the table has. */
    private void exportDefault() {
        if (defaultId != NO_PREFIX) {
            Route route = new Route(rib.prefixes.prefix(defaultId), OWN, RouteSource.LOCAL);
            Optional<PathAttributes> result = rules.export(route, false);
            int number = result.isPresent() ? store.acquire(result.get()) : 0;
            update(defaultId, number, RoutingTables.LOCAL);
            store.release(number);
        }
    }

    private void update(int id, int result, int peer) {
        int old = exported[id];
        if (old == result && (old == 0 || source[id] == peer)) {
            return;
        }
        if (old == 0 && logIndex[id] == 0) {
            rib.retainExport(id);
        }
        source[id] = (char) peer;
        if (old != result) {
            if (result != 0) {
                store.retain(result);
            }
            exported[id] = result;
            store.release(old);
        }
        append(id, old == result && logIndex[id] == 0);
    }

    /** Makes every member look at the prefix again, and keeps its number until then. */
    void touch(int id) {
        if (id >= exported.length) {
            grow();
        }
        if (exported[id] == 0 && logIndex[id] == 0) {
            rib.retainExport(id);
        }
        append(id, false);
    }

    private void append(int id, boolean onlySource) {
        rib.exportsChanged = true;
        if (logIndex[id] == 0) {
            live++;
        }
        sourceOnly.set(id, onlySource);
        if (logSize == log.length) {
            if (logSize > 2 * live + 64) {
                compact();
            } else {
                log = Arrays.copyOf(log, logSize + (logSize >> 1));
            }
        }
        log[logSize++] = id;
        logIndex[id] = logSize;
    }

    /** Returns the attributes to export with one user more; 0 for none. */
    private int acquireExport(int id, int peer, int attributes) {
        if (eachPrefix) {
            Optional<PathAttributes> result = export(id, peer, attributes);
            return result.isPresent() ? store.acquire(result.get()) : 0;
        }
        if (attributes >= cached.length) {
            cached = Arrays.copyOf(cached, store.highWater() + (store.highWater() >> 1) + 1);
            cachedId = Arrays.copyOf(cachedId, cached.length);
            cachedFor = Arrays.copyOf(cachedFor, cached.length);
        }
        int number = cachedId[attributes];
        if (number == UNKNOWN || cachedFor[attributes] != peer) {
            cachedFor[attributes] = (char) peer;
            Optional<PathAttributes> result = export(id, peer, attributes);
            number = result.isPresent() ? store.acquire(result.get()) : REFUSED;
        } else if (number != REFUSED && !store.holds(number, cached[attributes])) {
            number = store.acquire(cached[attributes]); // its number has been freed meanwhile
        } else {
            store.retain(Math.max(0, number));
        }
        cachedId[attributes] = number;
        cached[attributes] = store.value(Math.max(0, number));
        return Math.max(0, number);
    }

    private Optional<PathAttributes> export(int id, int peer, int attributes) {
        PeerState from = peers.get(peer);
        Route route = new Route(rib.prefixes.prefix(id), store.value(attributes), from.source());
        return rules.export(route, from.reflectorClient);
    }

    /** The number of an attribute set becomes free. */
    @SuppressWarnings("NullAway") // an empty slot of the memory
    void forgetExport(int attributes) {
        if (attributes < cached.length) {
            cached[attributes] = null;
            cachedId[attributes] = UNKNOWN;
        }
    }

    /** A source is no longer what it was. */
    @SuppressWarnings("NullAway") // empty slots of the memory
    void forgetExports() {
        Arrays.fill(cached, null);
        Arrays.fill(cachedId, UNKNOWN);
    }

    boolean isEligible(int id, int peer) {
        return id < exported.length && exported[id] != 0 && source[id] != peer && !pointsBack(exported[id], peer);
    }

    /** A peer is never sent its own address as the next hop (RFC 4271, 5.1.3); external ones always get ours. */
    private boolean pointsBack(int attributes, int peer) {
        if (rules.setsNextHop()) {
            return false;
        }
        Optional<NextHop> nextHop = store.value(attributes).nextHop();
        return nextHop.isPresent()
                && nextHop.get().address().equals(peers.get(peer).source().peer());
    }

    int exported(int id) {
        return id < exported.length ? exported[id] : 0;
    }

    AdjRibOut.AdvertisedPage.Row row(int id, @Nullable SentTimes times) {
        long[] sent = times == null ? null : times.of(id);
        return new AdjRibOut.AdvertisedPage.Row(
                rib.prefixes.prefix(id),
                store.value(exported[id]),
                pathId,
                sent == null ? 0 : sent[0],
                sent == null ? 0 : sent[1]);
    }

    int logSize() {
        return logSize;
    }

    /** Returns the prefix of a log entry, -1 if a later entry replaced it. */
    int entry(int position) {
        int id = log[position];
        return logIndex[id] == position + 1 ? id : -1;
    }

    boolean isSourceOnly(int id) {
        return sourceOnly.get(id);
    }

    /** Returns whether a log entry at or after the cursor will make a member send the prefix anyway. */
    boolean isComing(int id, int cursor) {
        return logIndex[id] > cursor && !sourceOnly.get(id);
    }

    /** Forgets the part of the log that all members have passed, and prefixes that nobody has any more. */
    void trim() {
        int passed = logSize;
        for (MemberFamily member : members) {
            passed = Math.min(passed, member.cursor());
        }
        for (; head < passed; head++) {
            int id = entry(head);
            if (id >= 0) {
                logIndex[id] = 0;
                live--;
                if (exported[id] == 0) {
                    rib.releaseExport(id);
                }
            }
        }
        if (head == logSize && head > 0) {
            int[] nowhere = new int[1];
            members.forEach(member -> member.moveCursor(logSize, nowhere));
            head = 0;
            logSize = 0;
        }
    }

    int head() {
        return head;
    }

    /** Leaves out the superseded entries. */
    private void compact() {
        int[] newPositions = new int[logSize - head + 1];
        int kept = 0;
        for (int i = head; i < logSize; i++) {
            newPositions[i - head] = kept;
            int id = entry(i);
            if (id >= 0) {
                log[kept++] = id;
                logIndex[id] = kept;
            }
        }
        newPositions[logSize - head] = kept;
        for (MemberFamily member : members) {
            member.moveCursor(head, newPositions);
        }
        head = 0;
        logSize = kept;
    }

    /** Returns the batch for sorted actions, attribute set << 32 | prefix, the same object for the same actions. */
    RouteBatch batch(long[] actions, Set<RouteBatch.Marker> markers) {
        for (SharedBatch each : shared) {
            if (each != null
                    && each.markers.equals(markers)
                    && each.prefixGeneration == rib.prefixes.generation()
                    && each.attributeGeneration == store.generation()
                    && Arrays.equals(each.actions, actions)) {
                return each.batch;
            }
        }
        RouteBatch batch = new RouteBatch(sections(actions), family(), markers);
        shared[nextShared] = new SharedBatch(actions, markers, rib.prefixes.generation(), store.generation(), batch);
        nextShared = (nextShared + 1) % REMEMBERED_BATCHES;
        return batch;
    }

    private List<RouteBatch.Section> sections(long[] actions) {
        List<RouteBatch.Section> sections = new ArrayList<>();
        for (int from = 0, to; from < actions.length; from = to) {
            int attributes = (int) (actions[from] >>> 32);
            to = from + 1;
            while (to < actions.length && (int) (actions[to] >>> 32) == attributes) {
                to++;
            }
            PackedPrefixes.Builder builder = PackedPrefixes.builder(family(), to - from);
            for (int i = from; i < to; i++) {
                int id = (int) actions[i];
                if (pathId == 0) {
                    builder.add(rib.prefixes.high(id), rib.prefixes.low(id), rib.prefixes.length(id));
                } else {
                    builder.add(rib.prefixes.high(id), rib.prefixes.low(id), rib.prefixes.length(id), pathId);
                }
            }
            sections.add(new RouteBatch.Section(attributes == 0 ? null : store.value(attributes), builder.build()));
        }
        return sections;
    }

    long memoryBytes() {
        long bytes = 4L * (exported.length + logIndex.length + log.length + 2L * cached.length);
        bytes += 2L * (source.length + cachedFor.length) + sourceOnly.size() / 8;
        for (MemberFamily member : members) {
            bytes += member.memoryBytes();
        }
        return bytes;
    }

    private void grow() {
        int capacity = rib.prefixes.capacity();
        exported = Arrays.copyOf(exported, capacity);
        source = Arrays.copyOf(source, capacity);
        logIndex = Arrays.copyOf(logIndex, capacity);
    }
}
