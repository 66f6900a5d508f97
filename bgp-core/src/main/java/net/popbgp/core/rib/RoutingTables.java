package net.popbgp.core.rib;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import net.popbgp.core.attribute.Aggregator;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Aggregate;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.jspecify.annotations.Nullable;

/**
 * All routing tables of a speaker (RFC 4271, 3.2 and 9): what peers announce and withdraw goes in, the import policies and the Decision
 * Process run at once, and the outcome reaches the {@link AdjRibOut} groups and, if wanted, the list of changes.
 *
 * <p>Peers are small numbers; number {@link #LOCAL} stands for the speaker itself. Loop and first-AS checks are the session's: what comes
 * here is taken. Limits: 65,535 peers, 67 million prefixes per family.
 *
 * <p>Confined to the RIB thread.
 */
public final class RoutingTables {

    /** The peer number of our own routes. */
    public static final int LOCAL = 0;

    private final RibOptions options;
    private final AttributeStore store;
    private final PeerTable peers = new PeerTable();
    private final FamilyRib[] families;
    private final MultipathRoutes multipath;
    private final RibReader reader;
    private final List<AdjRibOut> groups = new ArrayList<>();
    private final Aggregation aggregation;
    private int aggregatePeer = PeerTable.NONE; // until there are aggregates
    private boolean recording;
    private RibChanges changes = new RibChanges();
    private final @Nullable RibChanges[] heldChanges = new RibChanges[2]; // of families that are held

    public RoutingTables(RibOptions options) {
        this.options = options;
        aggregation = new Aggregation(new Aggregator(options.localAs(), options.routerId()));
        store = new AttributeStore(options.decision());
        PathSelector selector = new PathSelector(store, peers, options.decision());
        families = new FamilyRib[] {
            new FamilyRib(AddressFamily.IPV4_UNICAST, 0, store, peers, selector, new Selections()),
            new FamilyRib(AddressFamily.IPV6_UNICAST, 1, store, peers, selector, new Selections())
        };
        multipath = new MultipathRoutes(store, peers);
        reader = new RibReader(families, store, peers, options.decision(), multipath);
        store.onRelease(this::attributesReleased);
        peers.add(RouteSource.LOCAL, RoutePolicy.ACCEPT_ALL);
    }

    public RibOptions options() {
        return options;
    }

    /** {@return the number of a new peer; numbers of removed ones are reused} */
    public int addPeer(RouteSource source, RoutePolicy importPolicy) {
        return peers.add(source, importPolicy).index;
    }

    /** Changes what is known of a peer, such as its metric, and selects anew. */
    public void replaceSource(int peer, RouteSource source) {
        PeerState state = peers.require(peer);
        if (source.equals(state.source())) {
            return;
        }
        state.source(source);
        peerChanged(state);
    }

    /** Says whether a peer is a client that its routes are reflected for (RFC 4456). */
    public void setReflectorClient(int peer, boolean client) {
        PeerState state = peers.require(peer);
        if (state.reflectorClient != client) {
            state.reflectorClient = client;
            peerChanged(state);
        }
    }

    /** {@return what is known of the way to next hops} */
    public NextHopTable nextHops() {
        return store.nextHops();
    }

    /** Resolves all next hops anew, and selects by the outcome (RFC 4271, 9.1.2 and 9.1.2.2 e). */
    public void nextHops(NextHopTable table) {
        if (table.equals(store.nextHops())) {
            return;
        }
        store.nextHops(table);
        for (FamilyRib family : families) {
            everyPeer(family::selectAgain); // first, so that judging starts from a selection by the new keys
            everyPeer(family::judgeAgain);
        }
    }

    private void everyPeer(Consumer<PeerState> work) {
        for (int peer = 0; peer < peers.highWater(); peer++) {
            if (peers.isUsed(peer)) {
                work.accept(peers.get(peer));
            }
        }
    }

    private void peerChanged(PeerState peer) {
        forgetExports();
        for (FamilyRib family : families) {
            for (PeerState lane : peer.lanes) {
                family.selectAgain(lane); // first, so that judging starts from a selection by the new keys
            }
            judgeAgain(family, peer);
        }
    }

    private static void judgeAgain(FamilyRib family, PeerState peer) {
        for (PeerState lane : peer.lanes) {
            family.judgeAgain(lane);
        }
    }

    /** Judges the routes of a peer again, as they were received. */
    public void replaceImportPolicy(int peer, RoutePolicy policy) {
        PeerState state = peers.require(peer);
        state.importPolicy(policy);
        for (FamilyRib family : families) {
            judgeAgain(family, state);
        }
    }

    /**
     * Keeps at most so many routes of a peer, each path of a prefix counted: announcements of further ones are discarded and counted. What is
     * there already stays and can be replaced.
     *
     * @param limit at least 0; Integer.MAX_VALUE for none
     */
    public void limitReceived(int peer, AddressFamily family, int limit) {
        peers.require(peer).receiveLimit[rib(family).index] = limit;
    }

    /** {@return how many announcements the limit has discarded since the peer's routes were last cleared} */
    public long discarded(int peer, AddressFamily family) {
        return peers.require(peer).discarded[rib(family).index];
    }

    /**
     * {@return how many announcements were discarded because the peer had 16 other paths of the prefix, since its routes were last cleared}
     */
    public long pathsDiscarded(int peer, AddressFamily family) {
        return peers.require(peer).pathsDiscarded[indexOf(family)];
    }

    /**
     * Takes routes as a peer announced them; each replaces the peer's former one, with Path Identifiers the former one with the same
     * identifier (RFC 7911, 2). At most 16 paths of a prefix are kept of a peer.
     */
    public void announce(int peer, PathAttributes attributes, PackedPrefixes prefixes) {
        rib(prefixes.family()).announce(peers.require(peer), attributes, prefixes);
    }

    /** Takes routes away; prefixes and paths that the peer has not announced are ignored. */
    public void withdraw(int peer, PackedPrefixes prefixes) {
        rib(prefixes.family()).withdraw(peers.require(peer), prefixes);
    }

    /** Takes all routes of a peer away. */
    public void clear(int peer) {
        for (FamilyRib family : families) {
            family.clear(peers.require(peer));
        }
    }

    public void clear(int peer, AddressFamily family) {
        rib(family).clear(peers.require(peer));
    }

    /**
     * Marks the routes that a peer has announced as stale; each loses the mark when it is announced again. They are selected and advertised
     * as before.
     */
    public void markStale(int peer, AddressFamily family) {
        rib(family).markStale(peers.require(peer));
    }

    /** Takes away the routes that are still stale. {@return how many they were} */
    public int sweepStale(int peer, AddressFamily family) {
        return rib(family).sweepStale(peers.require(peer));
    }

    /** Lets stale routes lose to all others from now on, without those that forbid it (RFC 9494, 4.2). They stay stale. */
    public void keepAsLastResort(int peer, AddressFamily family) {
        rib(family).keepAsLastResort(peers.require(peer));
    }

    /** {@return how many routes of the peer are stale} */
    public int stale(int peer, AddressFamily family) {
        return peers.require(peer).stale(indexOf(family));
    }

    /** Takes all routes of a peer away, ends its memberships, and frees its number. */
    public void removePeer(int peer) {
        if (peer == LOCAL) {
            throw new IllegalArgumentException("our own routes have no peer to remove");
        }
        clear(peer);
        for (AdjRibOut group : List.copyOf(groups)) {
            for (AdjRibOut.Member member : group.members()) {
                if (member.peer() == peer) {
                    member.leave();
                }
            }
        }
        forgetExports();
        peers.remove(peer);
    }

    /** {@return how many routes the peer has announced and not withdrawn} */
    public int received(int peer, AddressFamily family) {
        return peers.require(peer).received(indexOf(family));
    }

    /** {@return how many of them the import policy took} */
    public int accepted(int peer, AddressFamily family) {
        return peers.require(peer).accepted(indexOf(family));
    }

    /** {@return how many of them are selected} */
    public int best(int peer, AddressFamily family) {
        return peers.require(peer).best(indexOf(family));
    }

    /** {@return how many prefixes, of all families, have a route of the one as best and a route of the other as backup} Found without looking at them. */
    public int backedUp(int peer, int by) {
        int sum = 0;
        for (FamilyRib family : families) {
            for (PeerState lane : peers.require(peer).lanes) {
                for (PeerState backup : peers.require(by).lanes) {
                    sum += family.backedUp(lane.index, backup.index);
                }
            }
        }
        return sum;
    }

    /** {@return how many prefixes have a route in the Loc-RIB} */
    public int size(AddressFamily family) {
        return rib(family).routes();
    }

    public Explanation explain(Prefix prefix) {
        return reader.explain(rib(prefix.family()), prefix);
    }

    public Optional<Route> best(Prefix prefix) {
        FamilyRib rib = rib(prefix.family());
        int id = rib.prefixes.find(prefix);
        return id < 0 ? Optional.empty() : reader.route(rib, prefix, rib.best(id));
    }

    /** {@return the route that would be best if the best one went away} */
    public Optional<Route> backup(Prefix prefix) {
        FamilyRib rib = rib(prefix.family());
        int id = rib.prefixes.find(prefix);
        return id < 0 ? Optional.empty() : reader.route(rib, prefix, rib.backup(id));
    }

    /** {@return the routes that share a prefix's traffic, the best first, if they are two or more; otherwise none} */
    public List<Route> multipath(Prefix prefix) {
        FamilyRib rib = rib(prefix.family());
        int id = rib.prefixes.find(prefix);
        return id < 0 ? List.of() : multipath.routes(rib, id);
    }

    /** {@return which routes of a prefix are in use; {@link Multipath#OFF} at first} */
    public Multipath multipath() {
        return multipath.options();
    }

    /** Lets more or fewer equal routes be in use. */
    public void multipath(Multipath wanted) {
        if (wanted.equals(multipath.options())) {
            return;
        }
        multipath.options(wanted);
        for (FamilyRib rib : families) {
            rib.ranked |= multipath.isUsed();
            everyRoute(rib, id -> updateMultipath(rib, id));
        }
    }

    private void updateMultipath(FamilyRib rib, int id) {
        if (multipath.update(rib, id)) {
            int best = rib.best(id);
            record(rib, id, best, rib.bestAttributes(id), best, rib.bestAttributes(id));
        }
    }

    /** {@return a page of a table; it shows the table as it is now, so routes that move between two calls can be missed or seen twice} */
    public RibPage page(RibQuery query) {
        return reader.page(query);
    }

    /** Starts or stops to list changes of the Loc-RIB, which are counted in any case; stopping drops what is listed. */
    public void recordChanges(boolean on) {
        recording = on;
        changes = new RibChanges();
    }

    /** Keeps the changes of a family to itself until {@link #releaseChanges}. */
    public void holdChanges(AddressFamily family) {
        heldChanges[indexOf(family)] = new RibChanges();
    }

    /** Gives the changes of a family to {@link #takeChanges} again. {@return those that were held} */
    public RibChanges releaseChanges(AddressFamily family) {
        RibChanges held = heldChanges[indexOf(family)];
        heldChanges[indexOf(family)] = null;
        return held == null ? new RibChanges() : held;
    }

    /** {@return the changes since the last call} */
    public RibChanges takeChanges() {
        RibChanges taken = changes;
        if (taken.total() > 0) {
            changes = new RibChanges();
        }
        return taken;
    }

    /** {@return whether, since the last call, something has changed that members may have to be sent} What concerns one member alone does not count. */
    public boolean takeExportsChanged() {
        boolean changed = false;
        for (FamilyRib family : families) {
            changed |= family.exportsChanged;
            family.exportsChanged = false;
        }
        return changed;
    }

    /** {@return the group of peers with these options: for equal options the one that has members, if any} */
    public AdjRibOut adjRibOut(ExportOptions exportOptions) {
        for (AdjRibOut group : groups) {
            if (group.options().equals(exportOptions)) {
                return group;
            }
        }
        ExportRules rules = new ExportRules(exportOptions, options.decision().honourDrain());
        boolean eachPrefix = exportOptions.policy().dependsOnPrefix();
        boolean all = exportOptions.routing().moreSpecifics();
        FamilyOut[][] outs = new FamilyOut[families.length][];
        for (FamilyRib rib : families) {
            int paths = exportOptions.paths().getOrDefault(rib.family, 0);
            outs[rib.index] = new FamilyOut[exportOptions.families().contains(rib.family) ? Math.max(1, paths) : 0];
            for (int rank = 0; rank < outs[rib.index].length; rank++) {
                outs[rib.index][rank] = new FamilyOut(
                        rib,
                        store,
                        peers,
                        rules,
                        eachPrefix,
                        id -> !all && aggregation.isHidden(rib, id),
                        rank == 0 && exportOptions.routing().defaultOriginate(),
                        rank,
                        paths == 0 ? 0 : rank + 1);
            }
        }
        return new AdjRibOut(exportOptions, outs, groups);
    }

    /**
     * Originates other aggregates than so far (RFC 4271, 9.2.2.2); those that stay as they are are not disturbed.
     *
     * @throws IllegalArgumentException if there are too many, or two of one prefix
     */
    public void replaceAggregates(List<Aggregate> aggregates) {
        boolean hid = aggregation.hides();
        aggregation.replace(aggregates);
        if (aggregation.isUsed() && aggregatePeer == PeerTable.NONE) {
            aggregatePeer = peers.add(RouteSource.LOCAL, RoutePolicy.ACCEPT_ALL).index;
        }
        for (FamilyRib rib : families) {
            everyRoute(rib, id -> addContributor(rib, id, rib.best(id), rib.bestAttributes(id)));
        }
        settleAggregates();
        if (hid || aggregation.hides()) {
            exportAgain();
        }
    }

    /** Forms the aggregates again whose contributors have changed since the last call. To be called once the routes at hand are taken. */
    public void settleAggregates() {
        if (aggregation.isUsed() && aggregation.settle(new AggregateRoutes())) {
            exportAgain();
        }
    }

    /** {@return the aggregates in order of their prefixes} */
    public List<AggregateStatus> aggregates() {
        return aggregation.status();
    }

    private final class AggregateRoutes implements Aggregation.Origination {
        @Override
        public void announce(Prefix prefix, PathAttributes attributes) {
            RoutingTables.this.announce(aggregatePeer, attributes, PackedPrefixes.of(prefix.family(), List.of(prefix)));
        }

        @Override
        public void withdraw(Prefix prefix) {
            RoutingTables.this.withdraw(aggregatePeer, PackedPrefixes.of(prefix.family(), List.of(prefix)));
        }
    }

    private void contributorChanged(
            FamilyRib rib, int id, int oldPeer, int oldAttributes, int newPeer, int newAttributes) {
        if (oldAttributes == newAttributes && oldPeer != aggregatePeer && newPeer != aggregatePeer) {
            return;
        }
        if (oldPeer != PeerTable.NONE && oldPeer != aggregatePeer) {
            aggregation.remove(rib, id, store.value(oldAttributes));
        }
        addContributor(rib, id, newPeer, newAttributes);
    }

    private void addContributor(FamilyRib rib, int id, int peer, int attributes) {
        if (peer != PeerTable.NONE && peer != aggregatePeer) {
            aggregation.add(rib, id, store.value(attributes));
        }
    }

    private static void everyRoute(FamilyRib rib, IntConsumer work) {
        for (int id = 0; id < rib.prefixes.highWater(); id++) {
            if (rib.prefixes.isUsed(id) && rib.best(id) != PeerTable.NONE) {
                work.accept(id);
            }
        }
    }

    private void exportAgain() {
        everyOut(FamilyOut::exportAll);
    }

    /** {@return about how many bytes the tables' arrays take; attribute objects come on top} */
    public long memoryBytes() {
        long bytes = store.memoryBytes() + multipath.memoryBytes();
        for (FamilyRib family : families) {
            bytes += family.memoryBytes();
        }
        for (int peer = 0; peer < peers.highWater(); peer++) {
            bytes += peers.isUsed(peer) ? peers.get(peer).memoryBytes() : 0;
        }
        for (AdjRibOut group : groups) {
            for (FamilyRib family : families) {
                for (FamilyOut out : group.ranks(family.index)) {
                    bytes += out.memoryBytes();
                }
            }
        }
        return bytes;
    }

    /** {@return how many distinct attribute sets are held} */
    public int attributeSets() {
        return store.size();
    }

    private final class Selections implements FamilyRib.SelectionListener {
        private final int[] ranking = new int[ExportOptions.MAX_PATHS];

        @Override
        public void bestChanged(
                FamilyRib family, int id, int oldPeer, int oldAttributes, int newPeer, int newAttributes) {
            if (aggregation.isUsed()) {
                contributorChanged(family, id, oldPeer, oldAttributes, newPeer, newAttributes);
            }
            int from = peers.owner(newPeer);
            for (int i = 0; i < groups.size(); i++) { // per prefix, so without an iterator
                FamilyOut[] ranks = groups.get(i).ranks(family.index);
                if (ranks.length > 0) {
                    ranks[0].routeChanged(id, from, newAttributes);
                }
            }
            boolean others = multipath.isUsed() && multipath.update(family, id);
            if (others || oldPeer != newPeer || oldAttributes != newAttributes) {
                record(family, id, oldPeer, oldAttributes, newPeer, newAttributes);
            }
        }

        @Override
        public void candidatesChanged(FamilyRib family, int id) {
            if (multipath.isUsed()) {
                updateMultipath(family, id);
            }
            boolean wanted = false;
            int count = 0;
            for (int i = 0; i < groups.size(); i++) {
                FamilyOut[] ranks = groups.get(i).ranks(family.index);
                if (ranks.length > 1 && !wanted) {
                    wanted = true;
                    count = family.rank(id, ranking);
                }
                for (int rank = 1; rank < ranks.length; rank++) {
                    int lane = rank < count ? ranking[rank] : PeerTable.NONE;
                    ranks[rank].routeChanged(id, peers.owner(lane), family.attributes(id, lane));
                }
            }
            family.ranked = wanted || multipath.isUsed();
        }
    }

    private void record(FamilyRib family, int id, int oldPeer, int oldAttributes, int newPeer, int newAttributes) {
        RibChanges held = heldChanges[family.index];
        RibChanges list = held == null ? changes : held;
        list.count(newPeer == PeerTable.NONE, oldPeer == newPeer && oldAttributes == newAttributes);
        if (recording && list.hasRoom()) {
            list.addPrefix(family.prefixes, id, family.decidedBy(id), family.index == 1);
            if (oldPeer != PeerTable.NONE) {
                list.previous(store.value(oldAttributes), peers.get(oldPeer).source());
            }
            if (newPeer != PeerTable.NONE) {
                list.current(store.value(newAttributes), peers.get(newPeer).source());
            }
            if (multipath.isUsed()) {
                list.multipath(multipath.routes(family, id));
            }
        }
    }

    private void attributesReleased(int id) {
        for (int i = 0; i < groups.size(); i++) { // perhaps per prefix, so without an iterator
            for (FamilyRib family : families) {
                for (FamilyOut out : groups.get(i).ranks(family.index)) {
                    out.forgetExport(id);
                }
            }
        }
    }

    private void forgetExports() {
        everyOut(FamilyOut::forgetExports);
    }

    private void everyOut(Consumer<FamilyOut> work) {
        for (AdjRibOut group : groups) {
            for (FamilyRib family : families) {
                for (FamilyOut out : group.ranks(family.index)) {
                    work.accept(out);
                }
            }
        }
    }

    private FamilyRib rib(AddressFamily family) {
        return families[indexOf(family)];
    }

    static int indexOf(AddressFamily family) {
        if (!family.isSupported()) {
            throw new IllegalArgumentException("no routes are kept of family " + family);
        }
        return family.afi() - 1;
    }
}
