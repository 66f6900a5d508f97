package net.popbgp.daemon.site;

import java.util.Set;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;

/**
 * A circuit's export policy with the summaries that have been made automatically. Immutable.
 *
 * @param base what is advertised without them
 * @param fixed what no summary stands for: the default route and the configured summaries
 */
record SummarizedPolicy(RoutePolicy base, Set<Prefix> fixed, AutoSummaries summaries) implements RoutePolicy {

    private static final PolicyVerdict OTHERS = PolicyVerdict.reject("summary of other circuits");
    private static final PolicyVerdict SUMMARIZED = PolicyVerdict.reject("summarized automatically");
    private static final PolicyVerdict WAITS = PolicyVerdict.reject("waits for a summary to be brought in");

    SummarizedPolicy {
        fixed = Set.copyOf(fixed);
    }

    SummarizedPolicy with(AutoSummaries other) {
        return new SummarizedPolicy(base, fixed, other);
    }

    @Override
    public PolicyVerdict evaluate(Route route) {
        Prefix prefix = route.prefix();
        if (SummaryMark.isOn(route)) {
            if (!summaries.announced().contains(prefix)) {
                return OTHERS;
            }
            Route bare = new Route(prefix, SummaryMark.off(route.attributes()), route.source());
            PolicyVerdict verdict = base.evaluate(bare);
            return verdict instanceof PolicyVerdict.Accept
                    ? new PolicyVerdict.AcceptModified(bare.attributes())
                    : verdict;
        }
        PolicyVerdict verdict = base.evaluate(route);
        if (verdict instanceof PolicyVerdict.Reject || fixed.contains(prefix)) {
            return verdict;
        }
        if (summaries.hides(prefix)) {
            return SUMMARIZED;
        }
        return summaries.only().isPresent() && !summaries.only().get().contains(prefix) ? WAITS : verdict;
    }
}
