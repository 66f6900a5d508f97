package net.popbgp.core.route;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import org.jspecify.annotations.Nullable;

/**
 * Conditions of a policy term; all that are given must hold, none means every route.
 *
 * <p>Immutable.
 *
 * @param neighborAs the AS in front of the path
 * @param originAs the AS that originated the route; a route of our own has none
 * @param nextHop the address itself, beside a link-local one or alone
 * @param anyCommunity one of these suffices
 * @param allCommunities each of these must be there
 * @param noCommunity none of these may be there
 * @param local true for routes of our own, announced or aggregated, false for those learned from peers
 */
public record RouteMatch(
        Optional<AddressFamily> family,
        Optional<PrefixList> prefixList,
        Optional<AsPathPattern> asPath,
        Optional<Asn> neighborAs,
        Optional<Asn> originAs,
        Optional<InetAddress> nextHop,
        List<CommunityPattern> anyCommunity,
        List<CommunityPattern> allCommunities,
        List<CommunityPattern> noCommunity,
        Optional<Boolean> local) {

    /** Matches every route. */
    public static final RouteMatch ANY = builder().build();

    public RouteMatch {
        anyCommunity = List.copyOf(anyCommunity);
        allCommunities = List.copyOf(allCommunities);
        noCommunity = List.copyOf(noCommunity);
    }

    /** {@return the match of a prefix list alone} */
    public static RouteMatch of(PrefixList list) {
        return builder().prefixList(list).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    boolean dependsOnPrefix() {
        return prefixList.isPresent() || family.isPresent();
    }

    boolean matches(Route route) {
        PathAttributes attributes = route.attributes();
        return (family.isEmpty() || family.get().equals(route.prefix().family()))
                && (neighborAs.isEmpty()
                        || neighborAs.equals(attributes.asPath().neighborAs()))
                && (originAs.isEmpty() || originAs.equals(attributes.asPath().originAs()))
                && (nextHop.isEmpty() || nextHop.equals(attributes.nextHop().map(NextHop::address)))
                && (anyCommunity.isEmpty() || anyCommunity.stream().anyMatch(each -> each.matches(attributes)))
                && allCommunities.stream().allMatch(each -> each.matches(attributes))
                && noCommunity.stream().noneMatch(each -> each.matches(attributes))
                && (local.isEmpty() || local.get() == route.source().isLocal())
                && (asPath.isEmpty() || asPath.get().matches(attributes.asPath()))
                && (prefixList.isEmpty() || prefixList.get().permits(route.prefix()));
    }

    /** Sets conditions one by one. Not thread-safe. */
    public static final class Builder {
        private @Nullable AddressFamily family;
        private @Nullable PrefixList prefixList;
        private @Nullable AsPathPattern asPath;
        private @Nullable Asn neighborAs;
        private @Nullable Asn originAs;
        private @Nullable InetAddress nextHop;
        private List<CommunityPattern> anyCommunity = List.of();
        private List<CommunityPattern> allCommunities = List.of();
        private List<CommunityPattern> noCommunity = List.of();
        private @Nullable Boolean local;

        private Builder() {}

        public Builder family(AddressFamily value) {
            family = value;
            return this;
        }

        public Builder prefixList(PrefixList value) {
            prefixList = value;
            return this;
        }

        public Builder asPath(AsPathPattern value) {
            asPath = value;
            return this;
        }

        public Builder neighborAs(Asn value) {
            neighborAs = value;
            return this;
        }

        public Builder originAs(Asn value) {
            originAs = value;
            return this;
        }

        public Builder nextHop(InetAddress value) {
            nextHop = value;
            return this;
        }

        public Builder anyCommunity(List<CommunityPattern> values) {
            anyCommunity = values;
            return this;
        }

        public Builder allCommunities(List<CommunityPattern> values) {
            allCommunities = values;
            return this;
        }

        public Builder noCommunity(List<CommunityPattern> values) {
            noCommunity = values;
            return this;
        }

        public Builder local(boolean value) {
            local = value;
            return this;
        }

        public RouteMatch build() {
            return new RouteMatch(
                    Optional.ofNullable(family),
                    Optional.ofNullable(prefixList),
                    Optional.ofNullable(asPath),
                    Optional.ofNullable(neighborAs),
                    Optional.ofNullable(originAs),
                    Optional.ofNullable(nextHop),
                    anyCommunity,
                    allCommunities,
                    noCommunity,
                    Optional.ofNullable(local));
        }
    }
}
