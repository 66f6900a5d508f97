package net.popbgp.core.rib;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;
import net.popbgp.core.attribute.Aggregator;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of an aggregate (RFC 4271, 9.2.2.2), without AS_SET (RFC 9774): AS_PATH is what all paths begin with, and ATOMIC_AGGREGATE says
 * that something was left out. NEXT_HOP and LOCAL_PREF are our own; a received MULTI_EXIT_DISC does not go on.
 *
 * <p>Pure functions.
 */
final class AggregateAttributes {

    /** The most communities of each kind; beyond it nothing is aggregated, since leaving some out could let a route go too far. */
    static final int MAX_COMMUNITIES = 1000;

    private AggregateAttributes() {}

    /** Returns why these routes may not be aggregated; empty if they may. */
    static String hindrance(Collection<PathAttributes> routes, boolean ignoreMed) {
        long meds = routes.stream()
                .mapToLong(each -> each.multiExitDisc().orElse(0))
                .distinct()
                .limit(2)
                .count();
        if (meds > 1 && !ignoreMed) {
            return "routes of different MULTI_EXIT_DISC";
        }
        boolean tooMany = union(routes, PathAttributes::communities).size() > MAX_COMMUNITIES
                || union(routes, PathAttributes::largeCommunities).size() > MAX_COMMUNITIES
                || union(routes, PathAttributes::extendedCommunities).size() > MAX_COMMUNITIES;
        return tooMany ? "more than " + MAX_COMMUNITIES + " communities" : "";
    }

    /** Aggregates routes, one at least. */
    static PathAttributes of(Collection<PathAttributes> routes, Aggregator self) {
        AsPath path = commonPath(routes);
        boolean lost = routes.stream()
                .anyMatch(each -> each.atomicAggregate() || !each.asPath().equals(path));
        return PathAttributes.builder()
                .origin(routes.stream()
                        .map(PathAttributes::origin)
                        .max(Comparator.naturalOrder())
                        .orElse(Origin.INCOMPLETE))
                .asPath(path)
                .atomicAggregate(lost)
                .aggregator(self)
                .communities(communities(routes))
                .largeCommunities(union(routes, PathAttributes::largeCommunities))
                .extendedCommunities(union(routes, PathAttributes::extendedCommunities))
                .onlyToCustomer(onlyToCustomer(routes))
                .build();
    }

    private static AsPath commonPath(Collection<PathAttributes> routes) {
        long[] common = null;
        for (PathAttributes each : routes) {
            long[] sequence = leadingSequence(each.asPath());
            int length = common == null ? sequence.length : Math.max(0, mismatch(common, sequence));
            common = Arrays.copyOf(sequence, length);
        }
        return common == null ? AsPath.EMPTY : AsPath.of(common);
    }

    private static int mismatch(long[] a, long[] b) {
        int at = Arrays.mismatch(a, b);
        return at < 0 ? a.length : at;
    }

    private static long[] leadingSequence(AsPath path) {
        return path.segments().stream()
                .takeWhile(segment -> segment.type() == AsPath.SegmentType.AS_SEQUENCE)
                .flatMapToLong(segment -> IntStream.range(0, segment.size())
                        .mapToLong(index -> segment.asn(index).value()))
                .toArray();
    }

    /**
     * All that restrict where a route goes, and all of the operators'. Another well-known one, as BLACKHOLE or GRACEFUL_SHUTDOWN, says something
     * about the aggregate only if every route says it.
     */
    private static Set<Community> communities(Collection<PathAttributes> routes) {
        Set<Community> all = union(routes, PathAttributes::communities);
        all.removeIf(each -> each.bits() >>> 16 == 0xFFFF
                && !Community.RESTRICTING.contains(each)
                && !routes.stream().allMatch(route -> route.hasCommunity(each)));
        return all;
    }

    private static <T extends Comparable<T>> Set<T> union(
            Collection<PathAttributes> routes, Function<PathAttributes, List<T>> communities) {
        Set<T> all = new TreeSet<>();
        routes.forEach(each -> all.addAll(communities.apply(each)));
        return all;
    }

    /** A route that may go to customers only makes the aggregate one (RFC 9234, 5). */
    private static @Nullable Asn onlyToCustomer(Collection<PathAttributes> routes) {
        return routes.stream()
                .flatMap(each -> each.onlyToCustomer().stream())
                .min(Comparator.comparingLong(Asn::value))
                .orElse(null);
    }
}
