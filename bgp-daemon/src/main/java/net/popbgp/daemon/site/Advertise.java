package net.popbgp.daemon.site;

import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.Community;

/**
 * What the cloud is sent over a circuit: the union of three switches. Routes learned from a cloud are never among them. Immutable.
 *
 * @param defaultRoute the default route, whether there is one in the table or not
 * @param defaultRouteCommunities put on the default route
 * @param allRoutes all routes of the table
 * @param summaries summary routes; empty for none
 * @param summaryOnly whether the more specific routes of a summary are held back although all routes are advertised
 * @param autoSummarize how summaries are made of what would be withheld otherwise; empty for not at all
 */
public record Advertise(
        boolean defaultRoute,
        List<Community> defaultRouteCommunities,
        boolean allRoutes,
        List<SummaryRoute> summaries,
        boolean summaryOnly,
        Optional<AutoSummarize> autoSummarize) {

    public static final Advertise DEFAULT = new Advertise(true, List.of(), false, List.of(), false, Optional.empty());

    public Advertise {
        defaultRouteCommunities = List.copyOf(defaultRouteCommunities);
        summaries = List.copyOf(summaries);
    }
}
