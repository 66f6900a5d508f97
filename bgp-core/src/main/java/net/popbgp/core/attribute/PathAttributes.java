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

    /** What few sets have, apart, so that the others need no room for it. Immutable. */
    private record Rare(
            @Nullable Aggregator aggregator,
            List<ExtendedCommunity> extendedCommunities,
            @Nullable RouterId originatorId,
            List<RouterId> clusterList,
            long onlyToCustomer,
            List<RawAttribute> unrecognized) {

        static final Rare NONE = new Rare(null, List.of(), null, List.of(), ABSENT, List.of());

        static Rare of(Builder builder) {
            Rare made = new Rare(
                    builder.aggregator,
                    builder.extendedCommunities,
                    builder.originatorId,
                    builder.clusterList,
                    builder.onlyToCustomer,
                    builder.unrecognized);
            return made.equals(NONE) ? NONE : made;
        }
    }

    private final Origin origin;
    private final AsPath asPath;
    private final @Nullable NextHop nextHop;
    private final Communities communities;
    private final List<LargeCommunity> largeCommunities;
    private final Rare rare;
    private final int multiExitDisc; // 0 also if it is absent
    private final int localPref;
    private final boolean hasMultiExitDisc;
    private final boolean hasLocalPref;
    private final boolean atomicAggregate;
    private final int hash;

    private PathAttributes(Builder builder) {
        origin = builder.origin;
        asPath = builder.asPath;
        nextHop = builder.nextHop;
        communities = builder.communities;
        largeCommunities = builder.largeCommunities;
        rare = Rare.of(builder);
        hasMultiExitDisc = builder.multiExitDisc != ABSENT;
        hasLocalPref = builder.localPref != ABSENT;
        multiExitDisc = hasMultiExitDisc ? (int) builder.multiExitDisc : 0;
        localPref = hasLocalPref ? (int) builder.localPref : 0;
        atomicAggregate = builder.atomicAggregate;
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
        builder.multiExitDisc = hasMultiExitDisc ? multiExitDisc & 0xFFFF_FFFFL : ABSENT;
        builder.localPref = hasLocalPref ? localPref & 0xFFFF_FFFFL : ABSENT;
        builder.atomicAggregate = atomicAggregate;
        builder.communities = communities;
        builder.largeCommunities = largeCommunities;
        builder.aggregator = rare.aggregator;
        builder.extendedCommunities = rare.extendedCommunities;
        builder.originatorId = rare.originatorId;
        builder.clusterList = rare.clusterList;
        builder.onlyToCustomer = rare.onlyToCustomer;
        builder.unrecognized = rare.unrecognized;
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
        return hasMultiExitDisc ? OptionalLong.of(multiExitDisc & 0xFFFF_FFFFL) : OptionalLong.empty();
    }

    /** {@return LOCAL_PREF, 0..4294967295} */
    public OptionalLong localPref() {
        return hasLocalPref ? OptionalLong.of(localPref & 0xFFFF_FFFFL) : OptionalLong.empty();
    }

    public boolean atomicAggregate() {
        return atomicAggregate;
    }

    public Optional<Aggregator> aggregator() {
        return Optional.ofNullable(rare.aggregator);
    }

    public List<Community> communities() {
        return communities;
    }

    public boolean hasCommunity(Community community) {
        return communities.contains(community.bits());
    }

    /** {@return how many communities there are} */
    public int communityCount() {
        return communities.size();
    }

    /** {@return the 32 bits of a community} */
    public int communityBits(int index) {
        return communities.bits(index);
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
        return rare.extendedCommunities;
    }

    public List<LargeCommunity> largeCommunities() {
        return largeCommunities;
    }

    public Optional<RouterId> originatorId() {
        return Optional.ofNullable(rare.originatorId);
    }

    public List<RouterId> clusterList() {
        return rare.clusterList;
    }

    /** {@return Only to Customer (RFC 9234, 5): the AS that set it} */
    public Optional<Asn> onlyToCustomer() {
        return rare.onlyToCustomer == ABSENT ? Optional.empty() : Optional.of(Asn.of(rare.onlyToCustomer));
    }

    /** {@return attributes that we only pass on, in ascending order of type} */
    public List<RawAttribute> unrecognized() {
        return rare.unrecognized;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || other instanceof PathAttributes that
                        && hash == that.hash
                        && origin == that.origin
                        && hasMultiExitDisc == that.hasMultiExitDisc
                        && multiExitDisc == that.multiExitDisc
                        && hasLocalPref == that.hasLocalPref
                        && localPref == that.localPref
                        && atomicAggregate == that.atomicAggregate
                        && asPath.equals(that.asPath)
                        && Objects.equals(nextHop, that.nextHop)
                        && communities.equals(that.communities)
                        && largeCommunities.equals(that.largeCommunities)
                        && rare.equals(that.rare);
    }

    private int computeHash() {
        int result = asPath.hashCode();
        result = 31 * result + Objects.hashCode(nextHop);
        result = 31 * result + multiExitDisc;
        result = 31 * result + localPref;
        result = 31 * result + communities.hashCode();
        result = 31 * result + largeCommunities.hashCode();
        result = 31 * result + rare.hashCode();
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
        if (hasMultiExitDisc) {
            text.append(", med ").append(Integer.toUnsignedLong(multiExitDisc));
        }
        if (hasLocalPref) {
            text.append(", local-pref ").append(Integer.toUnsignedLong(localPref));
        }
        if (atomicAggregate) {
            text.append(", atomic-aggregate");
        }
        if (rare.aggregator != null) {
            text.append(", aggregator ").append(rare.aggregator);
        }
        appendList(text, "communities", communities);
        appendList(text, "extended-communities", rare.extendedCommunities);
        appendList(text, "large-communities", largeCommunities);
        if (rare.originatorId != null) {
            text.append(", originator-id ").append(rare.originatorId);
        }
        appendList(text, "cluster-list", rare.clusterList);
        if (rare.onlyToCustomer != ABSENT) {
            text.append(", only-to-customer ").append(rare.onlyToCustomer);
        }
        appendList(text, "unrecognized", rare.unrecognized);
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
        private Communities communities = Communities.NONE;
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
            communities = Communities.of(values);
            return this;
        }

        /** Sets communities by their 32 bits. */
        public Builder communityBits(int... values) {
            communities = Communities.of(values);
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
