package net.popbgp.core.rib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.decision.DecisionProcess;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;

/**
 * Makes objects of the tables' numbers when somebody asks. What it says about eliminations comes from {@link DecisionProcess}.
 *
 * <p>Confined to the RIB thread.
 */
final class RibReader {

    private static final int LOOKED_AT = 65_536; // prefixes per call

    private final FamilyRib[] families;
    private final AttributeStore store;
    private final PeerTable peers;
    private final DecisionOptions options;
    private final MultipathRoutes multipath;

    RibReader(
            FamilyRib[] families,
            AttributeStore store,
            PeerTable peers,
            DecisionOptions options,
            MultipathRoutes multipath) {
        this.families = families;
        this.store = store;
        this.peers = peers;
        this.options = options;
        this.multipath = multipath;
    }

    Optional<Route> route(FamilyRib rib, Prefix prefix, int peer) {
        int id = rib.prefixes.find(prefix);
        if (id < 0 || peer == PeerTable.NONE) {
            return Optional.empty();
        }
        PeerState from = peers.get(peer);
        return Optional.of(new Route(prefix, store.value(from.accepted(rib.index, id)), from.source()));
    }

    Explanation explain(FamilyRib rib, Prefix prefix) {
        int id = rib.prefixes.find(prefix);
        if (id < 0) {
            return new Explanation(prefix, List.of(), Optional.empty(), Optional.empty(), Optional.empty());
        }
        return new Explanation(
                prefix,
                rows(rib, id),
                route(rib, prefix, rib.best(id)),
                route(rib, prefix, rib.backup(id)),
                rib.best(id) == PeerTable.NONE ? Optional.empty() : Optional.of(rib.decidedBy(id)));
    }

    /** Returns all received routes of a prefix. */
    private List<RibPage.Row> rows(FamilyRib rib, int id) {
        Prefix prefix = rib.prefixes.prefix(id);
        List<Route> candidates = new ArrayList<>();
        List<PeerState> from = lanes(rib, id);
        from.forEach(lane -> accepted(rib, id, prefix, lane).ifPresent(candidates::add));
        List<Optional<DecisionStep>> eliminations =
                new DecisionProcess(options, store.nextHops()).eliminations(candidates);
        List<RibPage.Row> rows = new ArrayList<>();
        int candidate = 0;
        for (PeerState lane : from) {
            Optional<DecisionStep> step = Optional.empty();
            if (lane.accepted(rib.index, id) != 0) {
                step = Optional.of(eliminations
                        .get(candidate++)
                        .orElseGet(() -> lane.index == rib.best(id) ? rib.decidedBy(id) : DecisionStep.PATH_ID));
            }
            rows.add(row(rib, id, prefix, lane, step));
        }
        return rows;
    }

    /** Returns the lanes with a received route, ascending by peer and Path Identifier. */
    private List<PeerState> lanes(FamilyRib rib, int id) {
        List<PeerState> result = new ArrayList<>();
        for (int peer = 0; peer < peers.highWater(); peer++) {
            if (peers.isUsed(peer) && peers.owner(peer) == peer) {
                Arrays.stream(peers.get(peer).lanes)
                        .filter(lane -> lane.received[rib.index].get(id) != 0)
                        .sorted((a, b) -> Integer.compareUnsigned(a.pathId(rib.index, id), b.pathId(rib.index, id)))
                        .forEach(result::add);
            }
        }
        return result;
    }

    private RibPage.Row row(FamilyRib rib, int id, Prefix prefix, PeerState state, Optional<DecisionStep> step) {
        int peer = state.index;
        PathAttributes received = store.value(state.received[rib.index].get(id));
        Optional<Route> accepted = accepted(rib, id, prefix, state);
        String reason = accepted.isPresent() ? "" : reasonAgainst(state, prefix, received);
        RibPage.Status status = accepted.isEmpty() ? RibPage.Status.REJECTED : status(rib, id, peer);
        OptionalLong pathId = state.owner.withPathIds[rib.index]
                ? OptionalLong.of(Integer.toUnsignedLong(state.pathId(rib.index, id)))
                : OptionalLong.empty();
        Route route = new Route(prefix, received, state.source());
        return new RibPage.Row(state.owner.index, pathId, route, accepted, status, step, reason);
    }

    private RibPage.Status status(FamilyRib rib, int id, int lane) {
        if (lane == rib.best(id)) {
            return RibPage.Status.BEST;
        }
        if (multipath.contains(rib, id, lane)) {
            return RibPage.Status.MULTIPATH;
        }
        return lane == rib.backup(id) ? RibPage.Status.BACKUP : RibPage.Status.CANDIDATE;
    }

    /** A route that the policy takes is not eligible if its next hop cannot be resolved (RFC 4271, 9.1.2). */
    private static String reasonAgainst(PeerState peer, Prefix prefix, PathAttributes received) {
        return peer.judge(prefix, received) instanceof PolicyVerdict.Reject reject
                ? reject.reason()
                : "next hop unresolvable";
    }

    private Optional<Route> accepted(FamilyRib rib, int id, Prefix prefix, PeerState state) {
        int attributes = state.accepted(rib.index, id);
        return attributes == 0
                ? Optional.empty()
                : Optional.of(new Route(prefix, store.value(attributes), state.source()));
    }

    /** A cursor is the family's index in the upper half and the next prefix's number in the lower. */
    RibPage page(RibQuery query) {
        if (query.view().table() == RibView.Table.ADJ_RIB_IN) {
            peers.require(query.view().peer());
        }
        List<RibPage.Row> rows = new ArrayList<>();
        int id = (int) query.cursor();
        for (int index = (int) (query.cursor() >>> 32); index < families.length; index++, id = 0) {
            FamilyRib rib = families[index];
            if (!query.wants(rib.family)) {
                continue;
            }
            if (query.prefix().isPresent() && !query.covered()) {
                add(query, rib, rib.prefixes.find(query.prefix().get()), rows);
                continue;
            }
            int next = read(query, rib, id, rows);
            if (next >= 0) {
                return new RibPage(rows, (long) index << 32 | next);
            }
        }
        return new RibPage(rows, RibPage.END);
    }

    /** Adds rows from a prefix's number on; returns the number to go on with, -1 at the end. */
    private int read(RibQuery query, FamilyRib rib, int from, List<RibPage.Row> rows) {
        if (query.view().table() == RibView.Table.ADJ_RIB_IN) {
            PeerState peer = peers.get(query.view().peer());
            Column column = peer.received[rib.index];
            if (!column.isDense() && peer.lanes.length == 1) {
                int[] ids = column.ids();
                int at = Arrays.binarySearch(ids, from);
                for (int i = at < 0 ? -at - 1 : at; i < ids.length; i++) {
                    if (rows.size() == query.limit()) {
                        return ids[i];
                    }
                    add(query, rib, ids[i], rows);
                }
                return -1;
            }
        }
        int end = rib.prefixes.highWater();
        for (int id = from; id < end; id++) {
            if (rows.size() >= query.limit() || id - from == LOOKED_AT) {
                return id;
            }
            add(query, rib, id, rows);
        }
        return -1;
    }

    private void add(RibQuery query, FamilyRib rib, int id, List<RibPage.Row> rows) {
        if (id < 0 || !rib.prefixes.isUsed(id)) {
            return;
        }
        boolean adjRibIn = query.view().table() == RibView.Table.ADJ_RIB_IN;
        int peer = adjRibIn ? query.view().peer() : rib.best(id);
        if (peer == PeerTable.NONE) {
            return;
        }
        PeerState state = peers.get(peer);
        boolean severalPaths = adjRibIn && state.lanes.length > 1;
        if (!severalPaths && state.received[rib.index].get(id) == 0) {
            return;
        }
        Prefix prefix = rib.prefixes.prefix(id);
        if (query.prefix().isPresent() && !query.prefix().get().covers(prefix)) {
            return;
        }
        if (!severalPaths && peer == rib.best(id)) {
            rows.add(row(rib, id, prefix, state, Optional.of(rib.decidedBy(id))));
            return;
        }
        for (RibPage.Row row : rows(rib, id)) {
            if (row.peer() == peer) {
                rows.add(row);
            }
        }
    }
}
