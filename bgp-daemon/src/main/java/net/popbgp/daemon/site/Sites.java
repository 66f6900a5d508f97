package net.popbgp.daemon.site;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.summary.Suggestion;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.CircuitGroup;
import net.popbgp.speaker.PeerConnection;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.PeerStatus;
import net.popbgp.speaker.RoutePage;
import net.popbgp.speaker.RouteQuery;

/** The sites as they are now, read from the speaker. It keeps nothing. Thread-safe; a stage completes on a thread of the speaker. */
public final class Sites {

    private final BgpSpeaker speaker;
    private final Supplier<List<SiteConfig>> configs;
    private final Function<String, AutoSummarized> summarized;
    private final CircuitTables tables;

    /**
     * Reads nothing yet.
     *
     * @param configs gives the sites of the configuration in force
     * @param summarized gives what is summarized automatically at a site
     */
    public Sites(BgpSpeaker speaker, Supplier<List<SiteConfig>> configs, Function<String, AutoSummarized> summarized) {
        this.speaker = speaker;
        this.summarized = summarized;
        this.configs = configs;
        this.tables = new CircuitTables(speaker);
    }

    public List<SiteConfig> configs() {
        return configs.get();
    }

    public Optional<SiteConfig> config(String name) {
        return configs.get().stream().filter(each -> each.name().equals(name)).findFirst();
    }

    public List<SiteStatus> all() {
        return configs.get().stream().map(this::status).toList();
    }

    public Optional<SiteStatus> site(String name) {
        return config(name).map(this::status);
    }

    /** {@return the site and the circuit that a peer belongs to, empty if it is no circuit's} */
    public Optional<SiteStatus> ofPeer(String peer) {
        return configs.get().stream()
                .filter(site -> site.circuits().stream()
                        .anyMatch(circuit -> site.peerName(circuit.role()).equals(peer)))
                .findFirst()
                .map(this::status);
    }

    /** {@return all that is known of a circuit's session} */
    public CompletionStage<CircuitDetails> details(SiteStatus site, CircuitStatus circuit) {
        CompletionStage<List<PeerConnection>> connections = speaker.peer(circuit.peerName())
                .map(PeerHandle::connections)
                .orElse(CompletableFuture.completedFuture(List.of()));
        return routes(circuit.peerName())
                .thenCombine(connections, (routes, each) -> new CircuitDetails(site.config(), circuit, each, routes));
    }

    /** {@return the routes of a circuit, by the name of its peer} */
    public CompletionStage<CircuitRoutes> routes(String peer) {
        return tables.received(peer).thenCombine(tables.sent(peer), (received, sent) -> {
            Predicate<RoutePage.Row> rejected = row -> row.status() == RoutePage.Status.REJECTED;
            return new CircuitRoutes(
                    received.stream().filter(rejected.negate()).toList(),
                    received.stream().filter(rejected).toList(),
                    sent);
        });
    }

    /**
     * {@return some of the routes of a circuit; fewer than asked for, even none, while there are more}
     *
     * @param peer the name of its peer; without a session it has no routes
     * @param cursor 0, or {@link RoutePage#next} of the page before
     */
    public RoutePage routes(String peer, CircuitList list, long cursor, int limit) {
        RouteQuery query = list == CircuitList.TO_PEER ? RouteQuery.adjRibOut(peer) : RouteQuery.adjRibIn(peer);
        RoutePage page;
        try {
            page = Answers.await(speaker.routes(query.page(cursor, limit)));
        } catch (IllegalArgumentException gone) {
            page = CircuitTables.emptyIfGone(new CompletionException(gone));
        }
        return new RoutePage(page.rows().stream().filter(list::has).toList(), page.next());
    }

    /** {@return what would be if that circuit went down} */
    public CompletionStage<WhatIf> whatIf(SiteStatus site, CircuitStatus down) {
        CompletionStage<CircuitRoutes> other = site.circuits().stream()
                .filter(each -> each.config().role() != down.config().role())
                .findFirst()
                .map(each -> routes(each.peerName()))
                .orElse(CompletableFuture.completedFuture(new CircuitRoutes(List.of(), List.of(), List.of())));
        return routes(down.peerName()).thenCombine(other, (its, others) -> WhatIf.of(site, down, its, others));
    }

    /**
     * {@return how what the site would advertise could be fewer prefixes}
     *
     * @param role over this circuit; empty for what any of them would
     * @param wish what was learned from clouds and the links of the site are never added
     * @throws IllegalArgumentException if it is too much to be summarized
     */
    public List<Suggestion> suggest(SiteConfig site, Optional<CircuitRole> role, Suggestion.Wish wish) {
        Set<String> cloudPeers = configs.get().stream()
                .flatMap(each -> each.circuits().stream().map(circuit -> each.peerName(circuit.role())))
                .collect(Collectors.toSet());
        List<CircuitConfig> circuits = site.circuits().stream()
                .filter(circuit -> role.isEmpty() || role.get() == circuit.role())
                .toList();
        Advertisable.Routes routes = new Advertisable(speaker).read(site, circuits, cloudPeers);
        List<Prefix> never = new ArrayList<>(wish.never());
        never.addAll(routes.foreign());
        never.removeIf(each -> each.length() == 0);
        OptionalInt limit = wish.limit().isEmpty()
                ? wish.limit()
                : OptionalInt.of(Math.max(1, wish.limit().getAsInt() - routes.fixed()));
        return Suggestion.of(routes.prefixes(), new Suggestion.Wish(limit, wish.maxOverCoverage(), never));
    }

    private SiteStatus status(SiteConfig site) {
        Optional<CircuitGroup> group = speaker.circuitGroup(site.name());
        Optional<String> activePeer = group.isPresent() ? group.get().active().map(PeerHandle::name) : single(site);
        List<CircuitStatus> circuits = new ArrayList<>();
        Optional<CircuitRole> active = Optional.empty();
        for (CircuitConfig circuit : site.circuits()) {
            String name = site.peerName(circuit.role());
            Optional<PeerStatus> peer = speaker.peer(name).map(PeerHandle::status);
            boolean carries = activePeer.equals(Optional.of(name));
            if (carries) {
                active = Optional.of(circuit.role());
            }
            circuits.add(new CircuitStatus(
                    circuit, name, peer, carries, peer.map(DisconnectReason::of).orElse(DisconnectReason.NONE)));
        }
        long established =
                circuits.stream().filter(CircuitStatus::isEstablished).count();
        return new SiteStatus(
                site,
                SiteState.of(established, circuits.size()),
                active,
                circuits,
                group.flatMap(CircuitGroup::lastFailover),
                summarized.apply(site.name()));
    }

    /** Without a second circuit there is no group: the one is active while it has routes in use. */
    private Optional<String> single(SiteConfig site) {
        String name = site.peerName(CircuitRole.PRIMARY);
        return speaker.peer(name)
                .map(PeerHandle::status)
                .filter(peer -> peer.prefixes().values().stream().anyMatch(counts -> counts.best() > 0))
                .map(peer -> name);
    }
}
