package net.popbgp.daemon.site;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.RouteExplanation;
import net.popbgp.speaker.RoutePage;
import net.popbgp.speaker.RouteQuery;

/**
 * The routing table of the point of presence, a page at a time: the static routes of the sites' circuits, then what each peer has sent and is
 * not rejected, circuits first, then our own announcements. It is read where it is, and no page keeps more than its own rows.
 *
 * <p>Rows as they lie in the tables cost what is looked at, {@link #MAX_LOOKED_AT} rows a page at most. In any other order a page reads all
 * that can match, {@link #MAX_SORTED} rows at most, and keeps those that come first after the cursor. A route that changes while one pages
 * may be missed or seen twice; in an order, only if the change moves it.
 *
 * <p>Thread-safe. Blocks: not for a thread of the speaker.
 */
public final class RoutingTable {

    /** The most rows that a page in no order looks at; what matches farther on is on the next page. */
    public static final int MAX_LOOKED_AT = 200_000;

    /** The most rows that can be sorted; more have to be narrowed by a filter. */
    public static final int MAX_SORTED = 4_000_000;

    /** The most pages that are sorted at a time; others wait. */
    static final int MAX_SORTING = 2;

    private static final int CHUNK = 2_000; // rows that the RIB thread makes at a time: some milliseconds
    private static final String LOCAL = "local";
    private static final String STATIC = "static";
    private static final String PEER = "peer/";

    private final BgpSpeaker speaker;
    private final Sites sites;
    private final Semaphore sorting = new Semaphore(MAX_SORTING, true);

    public RoutingTable(BgpSpeaker speaker, Sites sites) {
        this.speaker = speaker;
        this.sites = sites;
    }

    /**
     * Reads a page.
     *
     * @throws IllegalArgumentException if the cursor is none of ours, of another order, or of a peer that is gone; if there is more to sort
     *     than {@link #MAX_SORTED}
     * @throws IllegalStateException if the speaker does not answer, or two others are sorting for too long
     */
    public RoutingTablePage page(RoutingTableQuery query) {
        List<RouteOrigin> origins = origins(query.filter());
        if (query.filter().isLookup()) {
            return sorted(query, () -> lookUp(query.filter(), origins));
        }
        if (query.order().sort() == RouteOrder.Sort.NONE) {
            return natural(query, origins);
        }
        try {
            if (!sorting.tryAcquire(Answers.TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new IllegalStateException(
                        MAX_SORTING + " others have been sorting the routing table for too long, try again");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        try {
            return sorted(query, () -> new Everything(query.filter(), origins));
        } finally {
            sorting.release();
        }
    }

    private List<RouteOrigin> origins(RouteFilter filter) {
        List<RouteOrigin> origins = new ArrayList<>();
        List<String> circuits = new ArrayList<>();
        for (SiteConfig site : sites.configs()) {
            for (CircuitConfig circuit : site.circuits()) {
                String peer = site.peerName(circuit.role());
                circuits.add(peer);
                if (filter.wantsCircuit(site.name(), circuit.role())) {
                    origins.add(RouteOrigin.circuit(site, circuit));
                }
            }
        }
        if (filter.site().isEmpty() && filter.circuit().isEmpty()) {
            speaker.peers().stream()
                    .map(peer -> peer.config().name())
                    .filter(name -> !circuits.contains(name))
                    .sorted(Comparator.naturalOrder())
                    .forEach(name -> origins.add(RouteOrigin.peer(name)));
            origins.add(RouteOrigin.peer(LOCAL));
        }
        return origins;
    }

    private List<RoutingTableRow> staticRows(RouteFilter filter, List<RouteOrigin> origins) {
        if (!filter.wants(RoutingTableRow.Type.STATIC)) {
            return List.of();
        }
        return origins.stream()
                .flatMap(origin ->
                        origin
                                .staticRows(status(origin.peer())
                                        .filter(PeerStatus::isEstablished)
                                        .isPresent())
                                .stream())
                .filter(row -> filter.accepts(row, Optional.empty()))
                .toList();
    }

    private Optional<PeerStatus> status(String peer) {
        return speaker.peer(peer).map(PeerHandle::status);
    }

    /** Returns how many rows a peer has at least, 0 for none. */
    private long count(RouteOrigin origin) {
        return status(origin.peer())
                .map(peer -> peer.prefixes().values().stream()
                        .mapToLong(PeerStatus.Prefixes::accepted)
                        .sum())
                .orElse(0L);
    }

    private boolean isEmpty(RouteOrigin origin) {
        return !origin.peer().equals(LOCAL)
                && status(origin.peer())
                        .filter(peer -> peer.staleRoutes().isPresent() || count(origin) > 0)
                        .isEmpty();
    }

    // ---- rows as they lie in the tables

    private RoutingTablePage natural(RoutingTableQuery query, List<RouteOrigin> origins) {
        String cursor = query.cursor().isEmpty() ? STATIC + "/0" : query.cursor();
        int slash = cursor.lastIndexOf('/');
        if (slash < 0 || !cursor.substring(slash + 1).matches("\\d{1,18}")) {
            throw RouteOrder.noCursor(cursor);
        }
        String section = cursor.substring(0, slash);
        long within = Long.parseLong(cursor.substring(slash + 1));
        List<RoutingTableRow> rows = new ArrayList<>();
        List<RoutingTableRow> links = staticRows(query.filter(), origins);
        int first = 0;
        if (section.equals(STATIC)) {
            int from = (int) Math.min(links.size(), within);
            int to = Math.min(links.size(), from + query.limit());
            rows.addAll(links.subList(from, to));
            if (to < links.size()) {
                return page(query, origins, links, rows, Optional.of(STATIC + "/" + to));
            }
            within = 0;
        } else {
            List<String> peers = origins.stream().map(RouteOrigin::peer).toList();
            first = section.startsWith(PEER) ? peers.indexOf(section.substring(PEER.length())) : -1;
            if (first < 0) {
                throw new IllegalArgumentException("the peer of the cursor has gone, begin again: '" + cursor + "'");
            }
        }
        return page(query, origins, links, rows, dynamic(query, origins, first, within, rows));
    }

    private RoutingTablePage page(
            RoutingTableQuery query,
            List<RouteOrigin> origins,
            List<RoutingTableRow> links,
            List<RoutingTableRow> rows,
            Optional<String> next) {
        RouteFilter filter = query.filter();
        boolean dynamic = filter.wants(RoutingTableRow.Type.DYNAMIC);
        if (query.cursor().isEmpty() && next.isEmpty()) {
            return new RoutingTablePage(rows, next, rows.size(), true);
        }
        long counted = !dynamic || filter.isPlain()
                ? links.size()
                        + (dynamic ? origins.stream().mapToLong(this::count).sum() : 0)
                : 0;
        boolean known = origins.stream().noneMatch(origin -> origin.peer().equals(LOCAL));
        return new RoutingTablePage(rows, next, Math.max(counted, rows.size()), !dynamic || filter.isPlain() && known);
    }

    /** Adds rows of peers from a place on. {@return where to go on} */
    private Optional<String> dynamic(
            RoutingTableQuery query, List<RouteOrigin> origins, int first, long from, List<RoutingTableRow> rows) {
        if (!query.filter().wants(RoutingTableRow.Type.DYNAMIC)) {
            return Optional.empty();
        }
        int lookedAt = 0;
        long within = from;
        for (int i = first; i < origins.size(); i++, within = 0) {
            RouteOrigin origin = origins.get(i);
            OptionalLong next = isEmpty(origin) ? OptionalLong.empty() : OptionalLong.of(within);
            while (next.isPresent()) {
                within = next.getAsLong();
                int room = query.limit() - rows.size();
                if (room <= 0 || lookedAt >= MAX_LOOKED_AT) {
                    return Optional.of(PEER + origin.peer() + "/" + within);
                }
                RoutePage page = routes(query.filter(), origin, within, CHUNK);
                int enough = enough(query.filter(), origin, page, room);
                if (enough < page.rows().size()) {
                    page = routes(query.filter(), origin, within, enough);
                }
                page.rows().forEach(row -> row(query.filter(), origin, row).ifPresent(rows::add));
                lookedAt += Math.max(1, page.rows().size());
                next = page.next();
            }
        }
        return Optional.empty();
    }

    /** Returns how many rows of a page it takes to fill the room; all of them if they do not. */
    private static int enough(RouteFilter filter, RouteOrigin origin, RoutePage page, int room) {
        int found = 0;
        for (int i = 0; i < page.rows().size(); i++) {
            if (row(filter, origin, page.rows().get(i)).isPresent() && ++found == room) {
                return i + 1;
            }
        }
        return page.rows().size();
    }

    private RoutePage routes(RouteFilter filter, RouteOrigin origin, long cursor, int limit) {
        RouteQuery query = new RouteQuery(
                RouteQuery.Table.ADJ_RIB_IN,
                Optional.of(origin.peer()),
                Optional.empty(),
                filter.within(),
                cursor,
                limit);
        try {
            return Answers.await(speaker.routes(query));
        } catch (IllegalArgumentException gone) {
            return CircuitTables.emptyIfGone(new CompletionException(gone));
        }
    }

    private static Optional<RoutingTableRow> row(RouteFilter filter, RouteOrigin origin, RoutePage.Row row) {
        return row(filter, origin, row.prefix(), row.attributes(), row.pathId(), row.metric(), row.status());
    }

    private static Optional<RoutingTableRow> row(
            RouteFilter filter,
            RouteOrigin origin,
            Prefix prefix,
            PathAttributes attributes,
            OptionalLong pathId,
            int metric,
            RoutePage.Status status) {
        if (status == RoutePage.Status.REJECTED) {
            return Optional.empty();
        }
        RoutingTableRow made = origin.dynamicRow(prefix, attributes, pathId, metric, status);
        return filter.accepts(made, Optional.of(attributes)) ? Optional.of(made) : Optional.empty();
    }

    // ---- rows in an order

    /** Gives rows that match, one after the other, an empty list at the end. */
    private interface Reading {
        List<RoutingTableRow> next();
    }

    private static RoutingTablePage sorted(RoutingTableQuery query, Supplier<Reading> opening) {
        String cursor = query.cursor();
        if (!cursor.isEmpty() && !RouteOrder.isCursor(cursor)) {
            throw RouteOrder.noCursor(cursor);
        }
        RoutePageHeap heap = new RoutePageHeap(query.order(), cursor, query.limit());
        Reading reading = opening.get();
        for (List<RoutingTableRow> rows = reading.next(); !rows.isEmpty(); rows = reading.next()) {
            rows.forEach(heap::offer);
        }
        return heap.page();
    }

    /** The rows of few prefixes, found through these. */
    private Reading lookUp(RouteFilter filter, List<RouteOrigin> origins) {
        List<RoutingTableRow> rows = new ArrayList<>(staticRows(filter, origins));
        if (filter.wants(RoutingTableRow.Type.DYNAMIC)) {
            Prefix prefix = filter.prefix().orElseThrow();
            int shortest = filter.match() == RouteFilter.Match.EXACT ? prefix.length() : 0;
            for (int length = prefix.length(); length >= shortest; length--) {
                Prefix subnet = Prefix.masked(prefix.family(), prefix.high(), prefix.low(), length);
                for (RouteExplanation.Candidate each :
                        Answers.await(speaker.explain(subnet)).candidates()) {
                    origins.stream()
                            .filter(origin -> origin.peer().equals(each.peer()))
                            .flatMap(origin -> row(
                                    filter,
                                    origin,
                                    subnet,
                                    each.received(),
                                    each.pathId(),
                                    each.metric(),
                                    each.status())
                                    .stream())
                            .forEach(rows::add);
                }
            }
        }
        List<List<RoutingTableRow>> once = new ArrayList<>(List.of(rows));
        return () -> once.isEmpty() ? List.of() : once.remove(0);
    }

    /** All rows that match, read chunk by chunk. Used by one thread. */
    private final class Everything implements Reading {
        private final RouteFilter filter;
        private final List<RouteOrigin> origins;
        private List<RoutingTableRow> links;
        private int index;
        private OptionalLong within = OptionalLong.of(0);
        private long read;

        Everything(RouteFilter filter, List<RouteOrigin> origins) {
            this.filter = filter;
            this.origins = filter.wants(RoutingTableRow.Type.DYNAMIC) ? origins : List.of();
            links = staticRows(filter, origins);
        }

        @Override
        public List<RoutingTableRow> next() {
            List<RoutingTableRow> rows = links;
            links = List.of();
            while (rows.isEmpty() && index < origins.size()) {
                RouteOrigin origin = origins.get(index);
                if (within.isEmpty() || isEmpty(origin)) {
                    index++;
                    within = OptionalLong.of(0);
                    continue;
                }
                RoutePage page = routes(filter, origin, within.getAsLong(), CHUNK);
                read += page.rows().size();
                if (read > MAX_SORTED) {
                    throw new IllegalArgumentException("more than " + MAX_SORTED
                            + " routes cannot be sorted: ask for a site, a circuit or a prefix, or for no order");
                }
                rows = page.rows().stream()
                        .flatMap(row -> row(filter, origin, row).stream())
                        .toList();
                within = page.next();
            }
            return rows;
        }
    }
}
