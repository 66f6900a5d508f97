package net.popbgp.core.route;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;

/**
 * What a policy term changes. Communities are first cleared if asked, then removed, then added.
 *
 * <p>Immutable.
 *
 * @param prepend the AS to put in front of the AS_PATH
 * @param prependCount how often, 1..50; 0 for not
 */
public record RouteActions(
        OptionalLong localPref,
        OptionalLong multiExitDisc,
        Optional<Origin> origin,
        Optional<InetAddress> nextHop,
        boolean clearCommunities,
        List<Community> addCommunities,
        List<Community> removeCommunities,
        List<LargeCommunity> addLargeCommunities,
        List<LargeCommunity> removeLargeCommunities,
        List<ExtendedCommunity> addExtendedCommunities,
        Optional<Asn> prepend,
        int prependCount) {

    /** The most that a term may prepend. */
    public static final int MAX_PREPEND = 50;

    /** Changes nothing. */
    public static final RouteActions NONE = new RouteActions(
            OptionalLong.empty(),
            OptionalLong.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            0);

    public RouteActions {
        addCommunities = List.copyOf(addCommunities);
        removeCommunities = List.copyOf(removeCommunities);
        addLargeCommunities = List.copyOf(addLargeCommunities);
        removeLargeCommunities = List.copyOf(removeLargeCommunities);
        addExtendedCommunities = List.copyOf(addExtendedCommunities);
        if (prependCount < 0 || prependCount > MAX_PREPEND) {
            throw new IllegalArgumentException("prepend count out of range 0.." + MAX_PREPEND + ": " + prependCount);
        }
    }

    PathAttributes apply(PathAttributes attributes) {
        if (equals(NONE)) {
            return attributes;
        }
        PathAttributes.Builder builder = attributes.toBuilder();
        localPref.ifPresent(builder::localPref);
        multiExitDisc.ifPresent(builder::multiExitDisc);
        origin.ifPresent(builder::origin);
        nextHop.ifPresent(builder::nextHop);
        builder.communities(change(attributes.communities(), clearCommunities, removeCommunities, addCommunities));
        builder.largeCommunities(
                change(attributes.largeCommunities(), clearCommunities, removeLargeCommunities, addLargeCommunities));
        builder.extendedCommunities(
                change(attributes.extendedCommunities(), clearCommunities, List.of(), addExtendedCommunities));
        prepend.ifPresent(asn -> builder.asPath(attributes.asPath().prepend(asn, prependCount)));
        return builder.build();
    }

    private static <T> List<T> change(List<T> present, boolean clear, List<T> remove, List<T> add) {
        if (!clear && remove.isEmpty() && add.isEmpty()) {
            return present;
        }
        List<T> result = new ArrayList<>(clear ? List.of() : present);
        result.removeAll(remove);
        add.stream().filter(each -> !result.contains(each)).forEach(result::add);
        return result;
    }
}
