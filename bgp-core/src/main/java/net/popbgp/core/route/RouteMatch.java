package net.popbgp.core.route;

import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;

/**
 * Conditions of a policy term; all that are given must hold, none means every route. Of a list, any one suffices.
 *
 * <p>Immutable.
 *
 * @param originAs the AS that originated the route; a route of our own has none
 */
public record RouteMatch(
        Optional<AddressFamily> family,
        Optional<PrefixList> prefixList,
        Optional<AsPathPattern> asPath,
        Optional<Asn> neighborAs,
        Optional<Asn> originAs,
        List<Community> communities,
        List<LargeCommunity> largeCommunities,
        List<ExtendedCommunity> extendedCommunities) {

    /** Matches every route. */
    public static final RouteMatch ANY = new RouteMatch(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of());

    public RouteMatch {
        communities = List.copyOf(communities);
        largeCommunities = List.copyOf(largeCommunities);
        extendedCommunities = List.copyOf(extendedCommunities);
    }

    /** {@return the match of a prefix list alone} */
    public static RouteMatch of(PrefixList list) {
        return new RouteMatch(
                Optional.empty(),
                Optional.of(list),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(),
                List.of());
    }

    boolean dependsOnPrefix() {
        return prefixList.isPresent() || family.isPresent();
    }

    boolean matches(Route route) {
        var attributes = route.attributes();
        return (family.isEmpty() || family.get().equals(route.prefix().family()))
                && (neighborAs.isEmpty()
                        || neighborAs.equals(attributes.asPath().neighborAs()))
                && (originAs.isEmpty() || originAs.equals(attributes.asPath().originAs()))
                && anyOf(communities, attributes.communities())
                && anyOf(largeCommunities, attributes.largeCommunities())
                && anyOf(extendedCommunities, attributes.extendedCommunities())
                && (asPath.isEmpty() || asPath.get().matches(attributes.asPath()))
                && (prefixList.isEmpty() || prefixList.get().permits(route.prefix()));
    }

    private static <T> boolean anyOf(List<T> wanted, List<T> present) {
        return wanted.isEmpty() || wanted.stream().anyMatch(present::contains);
    }
}
