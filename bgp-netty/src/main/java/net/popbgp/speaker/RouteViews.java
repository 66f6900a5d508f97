package net.popbgp.speaker;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.rib.AdjRibOut;
import net.popbgp.core.rib.Explanation;
import net.popbgp.core.rib.RibPage;
import net.popbgp.core.rib.RibQuery;
import net.popbgp.core.rib.RibView;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RouteSource;
import net.popbgp.engine.RibEngine;
import net.popbgp.engine.RibPeer;

/**
 * The tables as the API shows them: peers by name instead of index.
 *
 * <p>Confined to the RIB thread.
 */
final class RouteViews {

    private static final AddressFamily[] FAMILIES = {AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST};

    private RouteViews() {}

    static RoutePage page(RibEngine engine, RoutingTables tables, RouteQuery query) {
        if (query.table() == RouteQuery.Table.ADJ_RIB_OUT) {
            return advertised(engine, tables, query);
        }
        RibView view = query.table() == RouteQuery.Table.LOC_RIB
                ? RibView.LOC_RIB
                : RibView.adjRibIn(indexOf(engine, query.peer().orElseThrow()));
        RibPage page = tables.page(new RibQuery(
                view, query.family(), query.within(), query.within().isPresent(), query.cursor(), query.limit()));
        List<RoutePage.Row> rows = new ArrayList<>(page.rows().size());
        for (RibPage.Row row : page.rows()) {
            boolean locRib = query.table() == RouteQuery.Table.LOC_RIB;
            Route shown = locRib ? row.accepted().orElse(row.route()) : row.route();
            rows.add(new RoutePage.Row(
                    shown.prefix(),
                    shown.attributes(),
                    engine.nameOf(row.peer()),
                    row.pathId(),
                    metric(engine, row),
                    status(row.status()),
                    locRib || row.status() == RibPage.Status.BEST
                            ? backup(engine, tables, shown.prefix())
                            : Optional.empty(),
                    locRib ? multipath(engine, tables, shown.prefix()) : List.of(),
                    row.rejectReason().isEmpty() ? row.step().map(Enum::name).orElse("") : row.rejectReason(),
                    Optional.empty()));
        }
        return new RoutePage(
                rows, page.nextCursor() == RibPage.END ? OptionalLong.empty() : OptionalLong.of(page.nextCursor()));
    }

    private static int indexOf(RibEngine engine, String name) {
        if (name.equals(BgpSpeaker.LOCAL)) {
            return RoutingTables.LOCAL;
        }
        return engine.indexOf(name)
                .orElseThrow(() -> new IllegalArgumentException("no peer named '" + name + "' has routes here"));
    }

    /** The configured metric: the tables' own is another one while a circuit is reverting. */
    private static int metric(RibEngine engine, RibPage.Row row) {
        return engine.peer(engine.nameOf(row.peer()))
                .map(peer -> peer.setup().source().metric())
                .orElse(row.route().source().metric());
    }

    private static Optional<String> backup(RibEngine engine, RoutingTables tables, Prefix prefix) {
        return tables.backup(prefix).map(route -> name(engine, route.source()));
    }

    private static List<String> multipath(RibEngine engine, RoutingTables tables, Prefix prefix) {
        return tables.multipath(prefix).stream()
                .skip(1)
                .map(route -> name(engine, route.source()))
                .toList();
    }

    private static String name(RibEngine engine, RouteSource source) {
        return source.isLocal()
                ? BgpSpeaker.LOCAL
                : engine.peerByAddress(source.peer()).map(RibPeer::name).orElse(IpAddresses.text(source.peer()));
    }

    private static RoutePage.Status status(RibPage.Status status) {
        return switch (status) {
            case BEST -> RoutePage.Status.BEST;
            case MULTIPATH -> RoutePage.Status.MULTIPATH;
            case BACKUP -> RoutePage.Status.BACKUP;
            case CANDIDATE -> RoutePage.Status.VALID;
            case REJECTED -> RoutePage.Status.REJECTED;
        };
    }

    private static RoutePage advertised(RibEngine engine, RoutingTables tables, RouteQuery query) {
        String name = query.peer().orElseThrow();
        RibPeer peer = engine.peer(name)
                .orElseThrow(() -> new IllegalArgumentException("no Established peer is named '" + name + "'"));
        AdjRibOut.Member member = peer.member()
                .orElseThrow(() -> new IllegalArgumentException("peer '" + name + "' is advertised nothing"));
        List<RoutePage.Row> rows = new ArrayList<>();
        long cursor = query.cursor();
        int first = (int) (cursor >>> 56);
        long within = cursor & ((1L << 56) - 1);
        for (int f = first; f < FAMILIES.length; f++, within = 0) {
            AddressFamily family = FAMILIES[f];
            if (!peer.setup().families().contains(family)
                    || query.family().isPresent() && !query.family().get().equals(family)) {
                continue;
            }
            while (within != RibPage.END) {
                AdjRibOut.AdvertisedPage page = member.advertised(family, within, query.limit() - rows.size());
                for (AdjRibOut.AdvertisedPage.Row row : page.rows()) {
                    if (query.within().isEmpty() || query.within().get().covers(row.prefix())) {
                        rows.add(new RoutePage.Row(
                                row.prefix(),
                                row.attributes(),
                                name,
                                row.pathId() == 0 ? OptionalLong.empty() : OptionalLong.of(row.pathId()),
                                peer.setup().source().metric(),
                                RoutePage.Status.ADVERTISED,
                                Optional.empty(),
                                List.of(),
                                "",
                                times(row)));
                    }
                }
                within = page.nextCursor();
                if (rows.size() >= query.limit() && within != RibPage.END) {
                    return new RoutePage(rows, OptionalLong.of((long) f << 56 | within));
                }
            }
        }
        addWithheld(tables, member, peer, query, rows);
        return new RoutePage(rows, OptionalLong.empty());
    }

    private static Optional<RoutePage.Times> times(AdjRibOut.AdvertisedPage.Row row) {
        return row.addedMillis() == 0
                ? Optional.empty()
                : Optional.of(new RoutePage.Times(
                        Instant.ofEpochMilli(row.addedMillis()), Instant.ofEpochMilli(row.updatedMillis())));
    }

    /** The last page names what the guard keeps back, as far as the page has room. */
    private static void addWithheld(
            RoutingTables tables, AdjRibOut.Member member, RibPeer peer, RouteQuery query, List<RoutePage.Row> rows) {
        for (AddressFamily family : FAMILIES) {
            if (!peer.setup().families().contains(family)
                    || query.family().isPresent() && !query.family().get().equals(family)) {
                continue;
            }
            for (Prefix prefix : member.withheldPrefixes(family, Math.max(1, query.limit() - rows.size()))) {
                if (query.within().isEmpty() || query.within().get().covers(prefix)) {
                    tables.best(prefix)
                            .ifPresent(route -> rows.add(new RoutePage.Row(
                                    prefix,
                                    route.attributes(),
                                    peer.name(),
                                    OptionalLong.empty(),
                                    peer.setup().source().metric(),
                                    RoutePage.Status.WITHHELD,
                                    Optional.empty(),
                                    List.of(),
                                    "outbound guard",
                                    Optional.empty())));
                }
            }
        }
    }

    static RouteExplanation explain(RibEngine engine, RoutingTables tables, Prefix prefix) {
        Explanation explanation = tables.explain(prefix);
        List<RouteExplanation.Candidate> candidates = new ArrayList<>();
        for (RibPage.Row row : explanation.routes()) {
            boolean best = row.status() == RibPage.Status.BEST;
            candidates.add(new RouteExplanation.Candidate(
                    engine.nameOf(row.peer()),
                    row.pathId(),
                    metric(engine, row),
                    row.route().attributes(),
                    row.accepted().map(Route::attributes),
                    verdict(row),
                    status(row.status()),
                    best ? "" : row.step().map(Enum::name).orElse("")));
        }
        return new RouteExplanation(
                prefix, candidates, explanation.step().map(Enum::name).orElse("no route"));
    }

    private static String verdict(RibPage.Row row) {
        if (row.accepted().isEmpty()) {
            return "rejected: " + row.rejectReason();
        }
        return row.accepted().get().attributes().equals(row.route().attributes()) ? "accepted" : "modified";
    }
}
