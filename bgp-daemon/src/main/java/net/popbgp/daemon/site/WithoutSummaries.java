package net.popbgp.daemon.site;

import java.util.Set;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;

/** A policy that does not see the summaries which are there for circuits alone. Immutable. */
record WithoutSummaries(RoutePolicy policy, Set<Prefix> summaries) implements RoutePolicy {

    private static final PolicyVerdict HIDDEN = PolicyVerdict.reject("summary of a site");

    WithoutSummaries {
        summaries = Set.copyOf(summaries);
    }

    @Override
    public PolicyVerdict evaluate(Route route) {
        boolean hidden = route.source().isLocal() && summaries.contains(route.prefix()) || SummaryMark.isOn(route);
        return hidden ? HIDDEN : policy.evaluate(route);
    }
}
