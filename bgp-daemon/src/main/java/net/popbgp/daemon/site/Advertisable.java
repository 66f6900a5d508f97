package net.popbgp.daemon.site;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import net.popbgp.daemon.summary.Suggestion;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.RoutePage;
import net.popbgp.speaker.RouteQuery;

/**
 * What a site's circuits would advertise without a guard and without summaries that are made automatically, whether they are up or not: the
 * routes in use, judged by the circuits' own policies. Thread-safe. Blocks: not for a thread of the speaker.
 */
final class Advertisable {

    /**
     * What would be advertised over any of some circuits. Immutable.
     *
     * @param prefixes what a summary may stand for
     * @param fixed how many more there are: default routes and configured summaries
     * @param foreign what was learned from clouds, and the links: what a summary must not add
     * @param shadowed prefixes that are originated automatically while there is a route of that name besides
     * @param complete whether there were no more than {@link Suggestion#MAX_PREFIXES}
     */
    record Routes(Set<Prefix> prefixes, int fixed, List<Prefix> foreign, Set<Prefix> shadowed, boolean complete) {}

    private static final int CHUNK = 2_000; // rows that the RIB thread makes at a time: some milliseconds
    private static final String LOCAL = "local";

    private final BgpSpeaker speaker;

    Advertisable(BgpSpeaker speaker) {
        this.speaker = speaker;
    }

    /** Reads all routes in use. What would be advertised is cut at what can be summarized. */
    Routes read(SiteConfig site, List<CircuitConfig> circuits, Set<String> cloudPeers) {
        List<SummarizedPolicy> policies = circuits.stream()
                .flatMap(circuit -> speaker.peer(site.peerName(circuit.role())).stream())
                .flatMap(peer -> peer.config().exportPolicy().stream())
                .map(Advertisable::withoutSummaries)
                .toList();
        Map<String, Optional<RouteSource>> sources = new HashMap<>();
        Set<Prefix> prefixes = new HashSet<>();
        Set<Prefix> fixed = new HashSet<>();
        Set<Prefix> shadowed = new HashSet<>();
        List<Prefix> foreign = new ArrayList<>();
        Set<Prefix> kept = new HashSet<>();
        site.circuits().forEach(circuit -> foreign.add(circuit.subnet()));
        circuits.forEach(circuit -> kept.addAll(fixed(circuit)));
        if (circuits.stream().anyMatch(circuit -> circuit.neighbor().advertise().defaultRoute())) {
            fixed.add(SitePolicies.DEFAULT_ROUTE); // is advertised whether it is in the table or not
        }
        RouteQuery query = RouteQuery.locRib().page(0, CHUNK);
        boolean complete = true;
        while (true) {
            RoutePage page = Answers.await(speaker.routes(query));
            for (RoutePage.Row row : page.rows()) {
                if (cloudPeers.contains(row.peer())) {
                    foreign.add(row.prefix());
                    continue;
                }
                Route route = new Route(
                        row.prefix(),
                        row.attributes(),
                        sources.computeIfAbsent(row.peer(), this::source).orElse(RouteSource.LOCAL));
                if (SummaryMark.isOn(route)) {
                    if (row.backupPeer().isPresent()) {
                        shadowed.add(row.prefix());
                    }
                } else if (policies.stream().anyMatch(policy -> accepts(policy, route))) {
                    (kept.contains(row.prefix()) ? fixed : prefixes).add(row.prefix());
                }
            }
            if (prefixes.size() > Suggestion.MAX_PREFIXES) {
                complete = false;
                break;
            }
            if (page.next().isEmpty()) {
                break;
            }
            query = query.page(page.next().getAsLong(), CHUNK);
        }
        return new Routes(prefixes, fixed.size(), foreign, shadowed, complete);
    }

    /** {@return what no summary stands for: the default route and the configured summaries} */
    static Set<Prefix> fixed(CircuitConfig circuit) {
        Set<Prefix> prefixes = new HashSet<>();
        prefixes.add(SitePolicies.DEFAULT_ROUTE);
        circuit.neighbor().advertise().summaries().forEach(each -> prefixes.add(each.subnet()));
        return prefixes;
    }

    private static SummarizedPolicy withoutSummaries(RoutePolicy policy) {
        return policy instanceof SummarizedPolicy summarized
                ? summarized.with(AutoSummaries.NONE)
                : new SummarizedPolicy(policy, Set.of(), AutoSummaries.NONE);
    }

    /** As external peers are sent routes: what is not for them, whatever the policy says, goes by well-known communities. */
    private static boolean accepts(SummarizedPolicy policy, Route route) {
        PathAttributes attributes = route.attributes();
        boolean restricted = Community.RESTRICTING.stream().anyMatch(attributes::hasCommunity)
                || attributes.hasCommunity(Community.BLACKHOLE)
                        && !attributes.asPath().isEmpty();
        return !restricted && !(policy.evaluate(route) instanceof PolicyVerdict.Reject);
    }

    private Optional<RouteSource> source(String peer) {
        return peer.equals(LOCAL)
                ? Optional.of(RouteSource.LOCAL)
                : speaker.peer(peer).map(PeerHandle::config).map(Advertisable::source);
    }

    private static RouteSource source(PeerConfig peer) {
        return new RouteSource(
                peer.remoteAddress(), PeerType.EXTERNAL, peer.remoteAs(), RouterId.of("0.0.0.1"), peer.metric(), "");
    }
}
