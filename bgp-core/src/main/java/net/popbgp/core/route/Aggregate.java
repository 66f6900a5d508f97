package net.popbgp.core.route;

import net.popbgp.core.net.Prefix;

/**
 * A route that is originated while a more specific one is selected (RFC 4271, 9.2.2.2). Immutable.
 *
 * @param summaryOnly whether the more specific routes are kept from the peers, but for those that ask for them
 *     ({@link PeerRouting#moreSpecifics})
 * @param ignoreMed whether routes of different MULTI_EXIT_DISC are aggregated all the same; RFC 4271 forbids it
 * @param set changes to what the aggregated routes give
 */
public record Aggregate(Prefix prefix, boolean summaryOnly, boolean ignoreMed, RouteActions set) {

    /** The most aggregates of a speaker: each selected route is compared with all of them. */
    public static final int MAX_AGGREGATES = 256;

    /** {@return an aggregate as the RFC has it, beside its more specific routes} */
    public static Aggregate of(Prefix prefix) {
        return new Aggregate(prefix, false, false, RouteActions.NONE);
    }

    public Aggregate withSummaryOnly(boolean value) {
        return new Aggregate(prefix, value, ignoreMed, set);
    }

    public Aggregate withIgnoreMed(boolean value) {
        return new Aggregate(prefix, summaryOnly, value, set);
    }

    public Aggregate withSet(RouteActions value) {
        return new Aggregate(prefix, summaryOnly, ignoreMed, value);
    }
}
