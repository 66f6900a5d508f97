package net.popbgp.core.route;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import org.jspecify.annotations.Nullable;

/**
 * What a policy term changes. Communities of all kinds are first cleared if asked, then removed, then added.
 *
 * <p>Immutable.
 *
 * @param localPref 0..4294967295
 * @param multiExitDisc 0..4294967295
 * @param prepend put in front of the AS_PATH
 */
public record RouteActions(
        OptionalLong localPref,
        OptionalLong multiExitDisc,
        Optional<Origin> origin,
        Optional<InetAddress> nextHop,
        boolean clearCommunities,
        List<CommunityPattern> removeCommunities,
        List<Community> addCommunities,
        List<LargeCommunity> addLargeCommunities,
        List<ExtendedCommunity> addExtendedCommunities,
        Optional<Prepend> prepend) {

    /** Changes nothing. */
    public static final RouteActions NONE = builder().build();

    /**
     * An AS put in front of a path a number of times. Immutable.
     *
     * @param times 1..{@link #MAX_TIMES}
     */
    public record Prepend(Asn asn, int times) {

        /** The most that one term may prepend. */
        public static final int MAX_TIMES = 50;

        public Prepend {
            if (times < 1 || times > MAX_TIMES) {
                throw new IllegalArgumentException("prepend count out of range 1.." + MAX_TIMES + ": " + times);
            }
            if (asn.value() == 0) {
                throw new IllegalArgumentException("AS 0 cannot be prepended (RFC 7607)");
            }
        }
    }

    public RouteActions {
        requireUnsigned32("local-pref", localPref);
        requireUnsigned32("med", multiExitDisc);
        removeCommunities = List.copyOf(removeCommunities);
        addCommunities = List.copyOf(addCommunities);
        addLargeCommunities = List.copyOf(addLargeCommunities);
        addExtendedCommunities = List.copyOf(addExtendedCommunities);
    }

    private static void requireUnsigned32(String name, OptionalLong value) {
        if (value.isPresent() && (value.getAsLong() < 0 || value.getAsLong() > 0xFFFF_FFFFL)) {
            throw new IllegalArgumentException(name + " out of range 0..4294967295: " + value.getAsLong());
        }
    }

    public static Builder builder() {
        return new Builder();
    }

    /** {@return the attributes changed by these actions} */
    public PathAttributes apply(PathAttributes attributes) {
        if (equals(NONE)) {
            return attributes;
        }
        PathAttributes.Builder builder = attributes.toBuilder();
        localPref.ifPresent(builder::localPref);
        multiExitDisc.ifPresent(builder::multiExitDisc);
        origin.ifPresent(builder::origin);
        nextHop.ifPresent(builder::nextHop);
        builder.communities(change(attributes.communities(), this::removes, addCommunities));
        builder.largeCommunities(change(attributes.largeCommunities(), this::removes, addLargeCommunities));
        builder.extendedCommunities(change(attributes.extendedCommunities(), this::removes, addExtendedCommunities));
        prepend.ifPresent(each -> builder.asPath(attributes.asPath().prepend(each.asn, each.times)));
        return builder.build();
    }

    private boolean removes(Community community) {
        return removeCommunities.stream().anyMatch(each -> each.matches(community));
    }

    private boolean removes(LargeCommunity community) {
        return removeCommunities.stream().anyMatch(each -> each.matches(community));
    }

    private boolean removes(ExtendedCommunity community) {
        return removeCommunities.stream().anyMatch(each -> each.matches(community));
    }

    private <T> List<T> change(List<T> present, Predicate<T> removed, List<T> added) {
        if (!clearCommunities && removeCommunities.isEmpty() && added.isEmpty()) {
            return present;
        }
        List<T> result = new ArrayList<>(clearCommunities ? List.of() : present);
        result.removeIf(removed);
        added.stream().filter(each -> !result.contains(each)).forEach(result::add);
        return result;
    }

    /** Sets changes one by one. Not thread-safe. */
    public static final class Builder {
        private OptionalLong localPref = OptionalLong.empty();
        private OptionalLong multiExitDisc = OptionalLong.empty();
        private @Nullable Origin origin;
        private @Nullable InetAddress nextHop;
        private boolean clearCommunities;
        private List<CommunityPattern> removeCommunities = List.of();
        private List<Community> addCommunities = List.of();
        private List<LargeCommunity> addLargeCommunities = List.of();
        private List<ExtendedCommunity> addExtendedCommunities = List.of();
        private @Nullable Prepend prepend;

        private Builder() {}

        public Builder localPref(long value) {
            localPref = OptionalLong.of(value);
            return this;
        }

        public Builder multiExitDisc(long value) {
            multiExitDisc = OptionalLong.of(value);
            return this;
        }

        public Builder origin(Origin value) {
            origin = value;
            return this;
        }

        public Builder nextHop(InetAddress value) {
            nextHop = value;
            return this;
        }

        /** Takes all communities of every kind away first. */
        public Builder clearCommunities() {
            clearCommunities = true;
            return this;
        }

        public Builder removeCommunities(List<CommunityPattern> values) {
            removeCommunities = values;
            return this;
        }

        public Builder addCommunities(List<Community> values) {
            addCommunities = values;
            return this;
        }

        public Builder addLargeCommunities(List<LargeCommunity> values) {
            addLargeCommunities = values;
            return this;
        }

        public Builder addExtendedCommunities(List<ExtendedCommunity> values) {
            addExtendedCommunities = values;
            return this;
        }

        public Builder prepend(Asn asn, int times) {
            prepend = new Prepend(asn, times);
            return this;
        }

        public RouteActions build() {
            return new RouteActions(
                    localPref,
                    multiExitDisc,
                    Optional.ofNullable(origin),
                    Optional.ofNullable(nextHop),
                    clearCommunities,
                    removeCommunities,
                    addCommunities,
                    addLargeCommunities,
                    addExtendedCommunities,
                    Optional.ofNullable(prepend));
        }
    }
}
