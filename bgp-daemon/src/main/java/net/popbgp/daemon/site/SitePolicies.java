package net.popbgp.daemon.site;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.decision.DecisionProcess;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.AsPathPattern;
import net.popbgp.core.route.CommunityPattern;
import net.popbgp.core.route.PrefixList;
import net.popbgp.core.route.RouteActions;
import net.popbgp.core.route.RouteMatch;
import net.popbgp.core.route.TermPolicy;
import net.popbgp.core.route.TermPolicy.Outcome;
import net.popbgp.core.route.TermPolicy.Term;

/** What a circuit's switches come to as policies; the names of the terms are the rules that operators see at rejected routes. Pure functions. */
final class SitePolicies {

    /** One more than what a route without LOCAL_PREF counts as. */
    private static final long PREFERRED = DecisionProcess.DEFAULT_LOCAL_PREF + 1;

    static final Prefix DEFAULT_ROUTE = new Prefix(AddressFamily.IPV4_UNICAST, 0, 0, 0);

    private SitePolicies() {}

    /** What is taken from the cloud. Where the metrics are equal the role decides: LOCAL_PREF is asked next. */
    static TermPolicy in(SiteConfig site, CircuitConfig circuit) {
        Accept accept = circuit.neighbor().accept();
        RouteActions actions = isPreferredByRole(site, circuit)
                ? RouteActions.builder().localPref(PREFERRED).build()
                : RouteActions.NONE;
        List<Term> terms = new ArrayList<>();
        terms.add(reject("link-subnet", RouteMatch.of(links(site))));
        terms.add(term(
                "default-route",
                RouteMatch.of(exactly("default-route", List.of(DEFAULT_ROUTE))),
                accept.defaultRoute() ? actions : RouteActions.NONE,
                accept.defaultRoute()));
        int number = 0;
        for (Exclusion each : accept.exclusions()) {
            terms.add(term(
                    "exclusion-" + ++number,
                    match(each),
                    accept.dynamicRoutes() ? RouteActions.NONE : actions,
                    !accept.dynamicRoutes()));
        }
        terms.add(term(
                "dynamic-routes",
                RouteMatch.ANY,
                accept.dynamicRoutes() ? actions : RouteActions.NONE,
                accept.dynamicRoutes()));
        return new TermPolicy(site.peerName(circuit.role()) + "-in", terms);
    }

    private static boolean isPreferredByRole(SiteConfig site, CircuitConfig circuit) {
        return circuit.role() == CircuitRole.PRIMARY
                && site.circuit(CircuitRole.SECONDARY)
                        .filter(other ->
                                other.neighbor().metric() == circuit.neighbor().metric())
                        .isPresent();
    }

    private static RouteMatch match(Exclusion exclusion) {
        RouteMatch.Builder builder = RouteMatch.builder();
        exclusion.prefixes().ifPresent(builder::prefixList);
        exclusion.community().map(Community::toString).map(CommunityPattern::of).ifPresent(pattern -> {
            if (exclusion.communityAbsent()) {
                builder.noCommunity(List.of(pattern));
            } else {
                builder.anyCommunity(List.of(pattern));
            }
        });
        return builder.build();
    }

    /**
     * What the cloud is sent.
     *
     * @param clouds the ASes of all clouds: nothing that has come from one goes to another
     * @param foreignSummaries summaries that other circuits advertise
     */
    static TermPolicy out(
            SiteConfig site,
            CircuitConfig circuit,
            Asn localAs,
            Collection<Asn> clouds,
            Collection<Prefix> foreignSummaries) {
        Advertise advertise = circuit.neighbor().advertise();
        int prepend = circuit.neighbor().prepend();
        List<Term> terms = new ArrayList<>();
        clouds.stream()
                .sorted()
                .forEach(cloud -> terms.add(reject(
                        "never-back-to-a-cloud-" + cloud,
                        RouteMatch.builder()
                                .asPath(AsPathPattern.of("_" + cloud + "_"))
                                .build())));
        terms.add(reject("link-subnet", RouteMatch.of(links(site))));
        terms.add(term(
                "default-route",
                RouteMatch.of(exactly("default-route", List.of(DEFAULT_ROUTE))),
                advertise.defaultRoute()
                        ? actions(advertise.defaultRouteCommunities(), localAs, prepend)
                        : RouteActions.NONE,
                advertise.defaultRoute()));
        int number = 0;
        for (SummaryRoute each : advertise.summaries()) {
            terms.add(term(
                    "summary-" + ++number,
                    RouteMatch.of(exactly("summary", List.of(each.subnet()))),
                    actions(each.communities(), localAs, prepend),
                    true));
        }
        if (!foreignSummaries.isEmpty() && advertise.allRoutes()) {
            terms.add(reject(
                    "summary-of-others",
                    RouteMatch.builder()
                            .prefixList(exactly("summaries-of-others", foreignSummaries))
                            .local(true)
                            .build()));
        }
        if (advertise.allRoutes()
                && advertise.summaryOnly()
                && !advertise.summaries().isEmpty()) {
            terms.add(reject("within-summary", RouteMatch.of(within(advertise.summaries()))));
        }
        terms.add(term(
                "all-routes",
                RouteMatch.ANY,
                advertise.allRoutes() ? actions(List.of(), localAs, prepend) : RouteActions.NONE,
                advertise.allRoutes()));
        return new TermPolicy(site.peerName(circuit.role()) + "-out", terms);
    }

    private static RouteActions actions(List<Community> communities, Asn localAs, int prepend) {
        RouteActions.Builder builder = RouteActions.builder().addCommunities(communities);
        if (prepend > 0) {
            builder.prepend(localAs, prepend);
        }
        return builder.build();
    }

    private static Term term(String name, RouteMatch match, RouteActions actions, boolean accept) {
        return new Term(name, match, actions, accept ? Outcome.ACCEPT : Outcome.REJECT);
    }

    private static Term reject(String name, RouteMatch match) {
        return term(name, match, RouteActions.NONE, false);
    }

    private static PrefixList exactly(String name, Collection<Prefix> prefixes) {
        return new PrefixList(
                name, prefixes.stream().sorted().map(PrefixList.Entry::exactly).toList());
    }

    private static PrefixList within(List<SummaryRoute> summaries) {
        return new PrefixList(
                "within-summaries",
                summaries.stream()
                        .map(SummaryRoute::subnet)
                        .filter(subnet -> subnet.length() < 32)
                        .map(subnet -> new PrefixList.Entry(true, subnet, subnet.length() + 1, 32))
                        .toList());
    }

    private static PrefixList links(SiteConfig site) {
        return new PrefixList(
                "links",
                site.circuits().stream()
                        .map(each -> new PrefixList.Entry(
                                true, each.subnet(), each.subnet().length(), 32))
                        .toList());
    }
}
