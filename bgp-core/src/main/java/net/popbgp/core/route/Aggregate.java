package net.popbgp.core.route;

import java.util.Set;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;

/**
 * A route that is originated while a more specific one is selected (RFC 4271, 9.2.2.2). Immutable.
 *
 * @param summaryOnly whether the more specific routes are kept from the peers, but for those that ask for them
 *     ({@link PeerRouting#moreSpecifics})
 * @param ignoreMed whether routes of different MULTI_EXIT_DISC are aggregated all the same; RFC 4271 forbids it
 * @param excluding routes with one of these ASes anywhere in their path do not contribute; only without {@code summaryOnly}
 * @param set changes to what the aggregated routes give
 */
public record Aggregate(Prefix prefix, boolean summaryOnly, boolean ignoreMed, Set<Asn> excluding, RouteActions set) {

    /** The most aggregates of a speaker: each selected route is compared with all of them. */
    public static final int MAX_AGGREGATES = 256;

    public Aggregate {
        excluding = Set.copyOf(excluding);
        if (summaryOnly && !excluding.isEmpty()) {
            throw new IllegalArgumentException(
                    prefix + " cannot both hide more specific routes and stand for only some of them");
        }
    }

    /** {@return an aggregate as the RFC has it, beside its more specific routes} */
    public static Aggregate of(Prefix prefix) {
        return new Aggregate(prefix, false, false, Set.of(), RouteActions.NONE);
    }

    public Aggregate withSummaryOnly(boolean value) {
        return new Aggregate(prefix, value, ignoreMed, excluding, set);
    }

    public Aggregate withIgnoreMed(boolean value) {
        return new Aggregate(prefix, summaryOnly, value, excluding, set);
    }

    public Aggregate withSet(RouteActions value) {
        return new Aggregate(prefix, summaryOnly, ignoreMed, excluding, value);
    }

    public Aggregate withExcluding(Set<Asn> value) {
        return new Aggregate(prefix, summaryOnly, ignoreMed, value, set);
    }

    /** {@return whether a route of these attributes can contribute} */
    public boolean takes(PathAttributes attributes) {
        return excluding.isEmpty() || excluding.stream().noneMatch(attributes.asPath()::contains);
    }
}
