package net.popbgp.daemon.site;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.RoutePage;
import net.popbgp.speaker.RouteQuery;

/**
 * The routing table of the point of presence, a page at a time: the static routes of the sites' circuits, then what each peer has sent and is
 * not rejected, circuits first, then our own announcements. It is read where it is: no page costs more than its own rows. Routes that change
 * while one pages may be missed or seen twice.
 *
 * <p>Thread-safe.
 */
public final class RoutingTable {

    private static final String STATIC = "static";
    private static final String LOCAL = "local";

    /** The circuit that a peer is of. */
    private record Member(SiteConfig site, CircuitConfig circuit) {}

    /** A peer whose routes are listed, with its circuit if it is one's. */
    private record Source(String peer, Optional<Member> member) {}

    private final BgpSpeaker speaker;
    private final Sites sites;

    public RoutingTable(BgpSpeaker speaker, Sites sites) {
        this.speaker = speaker;
        this.sites = sites;
    }

    /**
     * Reads a page.
     *
     * @throws IllegalArgumentException if the cursor is none of ours, or of a peer that is gone
     */
    public CompletionStage<RoutingTablePage> page(RoutingTableQuery query) {
        List<Source> sources = sources(query);
        String cursor = query.cursor().isEmpty() ? STATIC + "/0" : query.cursor();
        int slash = cursor.lastIndexOf('/');
        if (slash < 0 || !cursor.substring(slash + 1).matches("\\d{1,19}")) {
            throw new IllegalArgumentException("not a cursor of this table: '" + cursor + "'");
        }
        String section = cursor.substring(0, slash);
        long within = Long.parseLong(cursor.substring(slash + 1));
        if (section.equals(STATIC)) {
            List<RoutingTableRow> all = staticRows(query);
            int from = (int) Math.min(all.size(), within);
            int to = Math.min(all.size(), from + query.limit());
            if (to < all.size()) {
                return CompletableFuture.completedFuture(
                        new RoutingTablePage(all.subList(from, to), Optional.of(STATIC + "/" + to)));
            }
            return dynamic(query, sources, 0, 0, all.subList(from, to));
        }
        for (int i = 0; i < sources.size(); i++) {
            if (section.equals("peer/" + sources.get(i).peer)) {
                return dynamic(query, sources, i, within, List.of());
            }
        }
        throw new IllegalArgumentException("the peer of the cursor has gone, begin again: '" + cursor + "'");
    }

    private List<Source> sources(RoutingTableQuery query) {
        List<Source> sources = new ArrayList<>();
        for (SiteConfig site : chosen(query)) {
            site.circuits()
                    .forEach(circuit -> sources.add(
                            new Source(site.peerName(circuit.role()), Optional.of(new Member(site, circuit)))));
        }
        if (query.site().isEmpty()) {
            List<String> circuits = sources.stream().map(Source::peer).toList();
            speaker.peers().stream()
                    .map(peer -> peer.config().name())
                    .filter(name -> !circuits.contains(name))
                    .sorted(Comparator.naturalOrder())
                    .forEach(name -> sources.add(new Source(name, Optional.empty())));
            sources.add(new Source(LOCAL, Optional.empty()));
        }
        return sources;
    }

    private List<SiteConfig> chosen(RoutingTableQuery query) {
        return sites.configs().stream()
                .filter(site -> query.site().isEmpty() || query.site().get().equals(site.name()))
                .toList();
    }

    private List<RoutingTableRow> staticRows(RoutingTableQuery query) {
        List<RoutingTableRow> rows = new ArrayList<>();
        for (SiteConfig site : chosen(query)) {
            for (CircuitConfig circuit : site.circuits()) {
                boolean up = speaker.peer(site.peerName(circuit.role()))
                        .map(PeerHandle::status)
                        .filter(PeerStatus::isEstablished)
                        .isPresent();
                rows.add(staticRow(site, circuit, circuit.subnet(), "", up));
                rows.add(staticRow(
                        site,
                        circuit,
                        Prefix.of(circuit.cloudAddress(), 32),
                        IpAddresses.text(circuit.cloudAddress()),
                        up));
            }
        }
        rows.removeIf(row ->
                query.within().filter(prefix -> !prefix.covers(row.subnet())).isPresent());
        return rows;
    }

    private static RoutingTableRow staticRow(
            SiteConfig site, CircuitConfig circuit, Prefix subnet, String nextHop, boolean up) {
        return new RoutingTableRow(
                subnet,
                RoutingTableRow.Type.STATIC,
                site.name(),
                Optional.of(circuit.role()),
                "",
                nextHop,
                circuit.pop(),
                circuit.neighbor().metric(),
                up ? RoutingTableRow.State.ACTIVE : RoutingTableRow.State.DOWN,
                true);
    }

    private CompletionStage<RoutingTablePage> dynamic(
            RoutingTableQuery query, List<Source> sources, int index, long within, List<RoutingTableRow> before) {
        int at = index;
        while (at < sources.size() && isEmpty(sources.get(at))) {
            at++;
        }
        if (at == sources.size()) {
            return CompletableFuture.completedFuture(new RoutingTablePage(before, Optional.empty()));
        }
        Source source = sources.get(at);
        long start = at == index ? within : 0;
        int room = query.limit() - before.size();
        if (room <= 0) {
            return CompletableFuture.completedFuture(
                    new RoutingTablePage(before, Optional.of("peer/" + source.peer + "/" + start)));
        }
        RouteQuery routes = new RouteQuery(
                RouteQuery.Table.ADJ_RIB_IN, Optional.of(source.peer), Optional.empty(), query.within(), start, room);
        int here = at;
        return speaker.routes(routes).exceptionally(CircuitTables::emptyIfGone).thenCompose(page -> {
            List<RoutingTableRow> rows = new ArrayList<>(before);
            page.rows().stream()
                    .filter(row -> row.status() != RoutePage.Status.REJECTED)
                    .forEach(row -> rows.add(dynamicRow(source, row)));
            return page.next().isPresent()
                    ? dynamic(query, sources, here, page.next().getAsLong(), rows)
                    : dynamic(query, sources, here + 1, 0, rows);
        });
    }

    private boolean isEmpty(Source source) {
        return !source.peer.equals(LOCAL)
                && speaker.peer(source.peer)
                        .map(PeerHandle::status)
                        .filter(peer -> peer.staleRoutes().isPresent()
                                || peer.prefixes().values().stream().anyMatch(counts -> counts.accepted() > 0))
                        .isEmpty();
    }

    private static RoutingTableRow dynamicRow(Source source, RoutePage.Row row) {
        Optional<CircuitConfig> circuit = source.member.map(Member::circuit);
        RoutingTableRow.State state = switch (row.status()) {
            case BEST -> RoutingTableRow.State.ACTIVE;
            case MULTIPATH -> RoutingTableRow.State.MULTIPATH;
            default -> RoutingTableRow.State.PASSIVE;
        };
        return new RoutingTableRow(
                row.prefix(),
                RoutingTableRow.Type.DYNAMIC,
                source.member.map(member -> member.site.name()).orElse(""),
                circuit.map(CircuitConfig::role),
                row.peer(),
                circuit.map(each -> IpAddresses.text(each.cloudAddress()))
                        .or(() -> row.attributes().nextHop().map(NextHop::toString))
                        .orElse(""),
                circuit.map(CircuitConfig::pop).orElse(""),
                row.metric(),
                state,
                state != RoutingTableRow.State.PASSIVE);
    }
}
