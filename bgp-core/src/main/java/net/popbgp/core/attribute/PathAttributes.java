package net.popbgp.core.attribute;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;
import org.jspecify.annotations.Nullable;

/**
 * The path attributes that routes share (RFC 4271, 5): one object for any number of prefixes. The next hop of MP_REACH_NLRI is the
 * {@link #nextHop} of the routes it carries; NLRI themselves are not attributes here.
 *
 * <p>The hash is kept, so that interning costs one computation per object.
 *
 * <p>Immutable.
 */
public final class PathAttributes {

    private static final long ABSENT = -1;

    private final Origin origin;
    private final AsPath asPath;
    private final @Nullable NextHop nextHop;
    private final long multiExitDisc;
    private final long localPref;
    private final boolean atomicAggregate;
    private final @Nullable Aggregator aggregator;
    private final List<Community> communities;
    private final List<ExtendedCommunity> extendedCommunities;
    private final List<LargeCommunity> largeCommunities;
    private final @Nullable RouterId originatorId;
    private final List<RouterId> clusterList;
    private final long onlyToCustomer;
    private final List<RawAttribute> unrecognized;
    private final int hash;

    private PathAttributes(Builder builder) {
        origin = builder.origin;
        asPath = builder.asPath;
        nextHop = builder.nextHop;
        multiExitDisc = builder.multiExitDisc;
        localPref = builder.localPref;
        atomicAggregate = builder.atomicAggregate;
        aggregator = builder.aggregator;
        communities = builder.communities;
        extendedCommunities = builder.extendedCommunities;
        largeCommunities = builder.largeCommunities;
        originatorId = builder.originatorId;
        clusterList = builder.clusterList;
        onlyToCustomer = builder.onlyToCustomer;
        unrecognized = builder.unrecognized;
        hash = computeHash();
    }

    /** {@return a builder with ORIGIN IGP, an empty AS_PATH and nothing else} */
    public static Builder builder() {
        return new Builder();
    }

    /** {@return a builder that starts from these attributes} */
    public Builder toBuilder() {
        Builder builder = new Builder();
        builder.origin = origin;
        builder.asPath = asPath;
        builder.nextHop = nextHop;
        builder.multiExitDisc = multiExitDisc;
        builder.localPref = localPref;
        builder.atomicAggregate = atomicAggregate;
        builder.aggregator = aggregator;
        builder.communities = communities;
        builder.extendedCommunities = extendedCommunities;
        builder.largeCommunities = largeCommunities;
        builder.originatorId = originatorId;
        builder.clusterList = clusterList;
        builder.onlyToCustomer = onlyToCustomer;
        builder.unrecognized = unrecognized;
        return builder;
    }

    public Origin origin() {
        return origin;
    }

    public AsPath asPath() {
        return asPath;
    }

    public Optional<NextHop> nextHop() {
        return Optional.ofNullable(nextHop);
    }

    /** {@return MULTI_EXIT_DISC, 0..4294967295} */
    public OptionalLong multiExitDisc() {
        return multiExitDisc == ABSENT ? OptionalLong.empty() : OptionalLong.of(multiExitDisc);
    }

    /** {@return LOCAL_PREF, 0..4294967295} */
    public OptionalLong localPref() {
        return localPref == ABSENT ? OptionalLong.empty() : OptionalLong.of(localPref);
    }

    public boolean atomicAggregate() {
        return atomicAggregate;
    }

    public Optional<Aggregator> aggregator() {
        return Optional.ofNullable(aggregator);
    }

    public List<Community> communities() {
        return communities;
    }

    public boolean hasCommunity(Community community) {
        return !communities.isEmpty() && communities.contains(community);
    }

    /** {@return the same with this community; itself if it is there} */
    public PathAttributes withCommunity(Community community) {
        if (hasCommunity(community)) {
            return this;
        }
        List<Community> all = new ArrayList<>(communities);
        all.add(community);
        return toBuilder().communities(all).build();
    }

    public List<ExtendedCommunity> extendedCommunities() {
        return extendedCommunities;
    }

    public List<LargeCommunity> largeCommunities() {
        return largeCommunities;
    }

    public Optional<RouterId> originatorId() {
        return Optional.ofNullable(originatorId);
    }

    public List<RouterId> clusterList() {
        return clusterList;
    }

    /** {@return Only to Customer (RFC 9234, 5): the AS that set it} */
    public Optional<Asn> onlyToCustomer() {
        return onlyToCustomer == ABSENT ? Optional.empty() : Optional.of(Asn.of(onlyToCustomer));
    }

    /** {@return attributes that we only pass on, in ascending order of type} */
    public List<RawAttribute> unrecognized() {
        return unrecognized;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof PathAttributes that
                        && hash == that.hash
                        && origin == that.origin
                        && multiExitDisc == that.multiExitDisc
                        && localPref == that.localPref
                        && atomicAggregate == that.atomicAggregate
                        && onlyToCustomer == that.onlyToCustomer
                        && asPath.equals(that.asPath)
                        && Objects.equals(nextHop, that.nextHop)
                        && Objects.equals(aggregator, that.aggregator)
                        && communities.equals(that.communities)
                        && extendedCommunities.equals(that.extendedCommunities)
                        && largeCommunities.equals(that.largeCommunities)
                        && Objects.equals(originatorId, that.originatorId)
                        && clusterList.equals(that.clusterList)
                        && unrecognized.equals(that.unrecognized);
    }

    private int computeHash() {
        int result = asPath.hashCode();
        result = 31 * result + Objects.hashCode(nextHop);
        result = 31 * result + Long.hashCode(multiExitDisc);
        result = 31 * result + Long.hashCode(localPref);
        result = 31 * result + communities.hashCode();
        result = 31 * result + extendedCommunities.hashCode();
        result = 31 * result + largeCommunities.hashCode();
        result = 31 * result + Objects.hashCode(aggregator);
        result = 31 * result + Objects.hashCode(originatorId);
        result = 31 * result + clusterList.hashCode();
        result = 31 * result + unrecognized.hashCode();
        return 31 * result + origin.ordinal();
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("origin ")
                .append(origin)
                .append(", as-path [")
                .append(asPath)
                .append(']');
        if (nextHop != null) {
            text.append(", next-hop ").append(nextHop);
        }
        if (multiExitDisc != ABSENT) {
            text.append(", med ").append(multiExitDisc);
        }
        if (localPref != ABSENT) {
            text.append(", local-pref ").append(localPref);
        }
        if (atomicAggregate) {
            text.append(", atomic-aggregate");
        }
        if (aggregator != null) {
            text.append(", aggregator ").append(aggregator);
        }
        appendList(text, "communities", communities);
        appendList(text, "extended-communities", extendedCommunities);
        appendList(text, "large-communities", largeCommunities);
        if (originatorId != null) {
            text.append(", originator-id ").append(originatorId);
        }
        appendList(text, "cluster-list", clusterList);
        if (onlyToCustomer != ABSENT) {
            text.append(", only-to-customer ").append(onlyToCustomer);
        }
        appendList(text, "unrecognized", unrecognized);
        return text.toString();
    }

    private static void appendList(StringBuilder text, String name, List<?> values) {
        if (!values.isEmpty()) {
            text.append(", ").append(name).append(' ').append(values);
        }
    }

    /** Sets attributes one by one. Not thread-safe. */
    public static final class Builder {
        private Origin origin = Origin.IGP;
        private AsPath asPath = AsPath.EMPTY;
        private @Nullable NextHop nextHop;
        private long multiExitDisc = ABSENT;
        private long localPref = ABSENT;
        private boolean atomicAggregate;
        private @Nullable Aggregator aggregator;
        private List<Community> communities = List.of();
        private List<ExtendedCommunity> extendedCommunities = List.of();
        private List<LargeCommunity> largeCommunities = List.of();
        private @Nullable RouterId originatorId;
        private List<RouterId> clusterList = List.of();
        private long onlyToCustomer = ABSENT;
        private List<RawAttribute> unrecognized = List.of();

        private Builder() {}

        public Builder origin(Origin value) {
            origin = value;
            return this;
        }

        public Builder asPath(AsPath value) {
            asPath = value;
            return this;
        }

        public Builder asPath(long... asns) {
            return asPath(AsPath.of(asns));
        }

        public Builder nextHop(NextHop value) {
            nextHop = value;
            return this;
        }

        public Builder nextHop(InetAddress value) {
            return nextHop(NextHop.of(value));
        }

        public Builder withoutNextHop() {
            nextHop = null;
            return this;
        }

        /** Sets MULTI_EXIT_DISC, 0..4294967295. */
        public Builder multiExitDisc(long value) {
            multiExitDisc = unsigned32("MULTI_EXIT_DISC", value);
            return this;
        }

        public Builder withoutMultiExitDisc() {
            multiExitDisc = ABSENT;
            return this;
        }

        /** Sets LOCAL_PREF, 0..4294967295. */
        public Builder localPref(long value) {
            localPref = unsigned32("LOCAL_PREF", value);
            return this;
        }

        public Builder withoutLocalPref() {
            localPref = ABSENT;
            return this;
        }

        public Builder atomicAggregate(boolean value) {
            atomicAggregate = value;
            return this;
        }

        public Builder aggregator(@Nullable Aggregator value) {
            aggregator = value;
            return this;
        }

        public Builder communities(Collection<Community> values) {
            communities = List.copyOf(values);
            return this;
        }

        public Builder extendedCommunities(Collection<ExtendedCommunity> values) {
            extendedCommunities = List.copyOf(values);
            return this;
        }

        public Builder largeCommunities(Collection<LargeCommunity> values) {
            largeCommunities = List.copyOf(values);
            return this;
        }

        public Builder originatorId(@Nullable RouterId value) {
            originatorId = value;
            return this;
        }

        public Builder clusterList(Collection<RouterId> values) {
            clusterList = List.copyOf(values);
            return this;
        }

        public Builder onlyToCustomer(@Nullable Asn value) {
            onlyToCustomer = value == null ? ABSENT : value.value();
            return this;
        }

        /** Sets the attributes that are only passed on; they are put in ascending order of type. */
        public Builder unrecognized(Collection<RawAttribute> values) {
            if (values.size() < 2) {
                unrecognized = List.copyOf(values);
                return this;
            }
            List<RawAttribute> sorted = new ArrayList<>(values);
            sorted.sort((a, b) -> Integer.compare(a.type(), b.type()));
            unrecognized = List.copyOf(sorted);
            return this;
        }

        public PathAttributes build() {
            return new PathAttributes(this);
        }

        private static long unsigned32(String name, long value) {
            if (value < 0 || value > 0xFFFF_FFFFL) {
                throw new IllegalArgumentException(name + " out of range 0..4294967295: " + value);
            }
            return value;
        }
    }
}
