package net.popbgp.sim.virtual;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.Route;

/** The Decision Process as a text book has it: all routes of one prefix are looked at together, rule after rule (RFC 4271, 9.1.2.2). */
final class NaiveModel {

    private NaiveModel() {}

    /** {@return the best of the routes that the import policies took} */
    static Optional<Route> best(List<Route> routes) {
        List<Route> left = equal(routes);
        if (left.isEmpty()) {
            return Optional.empty();
        }
        keep(left, Comparator.comparingLong(NaiveModel::identifier));
        keep(
                left,
                Comparator.comparingInt(
                        route -> route.attributes().clusterList().size()));
        keep(
                left,
                Comparator.comparing(route -> route.source().peer().getAddress(), java.util.Arrays::compareUnsigned));
        return Optional.of(left.get(0));
    }

    /** {@return the routes in use, the best first, if they are two or more} */
    static List<Route> multipath(List<Route> routes, Multipath options) {
        List<Route> left = equal(routes);
        List<Route> used = new ArrayList<>();
        for (Optional<Route> next = best(left); next.isPresent() && used.size() < options.paths(); next = best(left)) {
            left.remove(next.get());
            if (used.isEmpty() || isLike(used.get(0), next.get(), options)) {
                used.add(next.get());
            }
        }
        return used.size() < 2 ? List.of() : used;
    }

    private static boolean isLike(Route best, Route other, Multipath options) {
        return med(best) == med(other)
                && (options.asPath() == Multipath.AsPathMatch.LENGTH
                        || best.attributes().asPath().equals(other.attributes().asPath()));
    }

    /** Returns those that no rule before the BGP Identifier tells apart. */
    private static List<Route> equal(List<Route> routes) {
        List<Route> left = new ArrayList<>(routes);
        if (left.isEmpty()) {
            return left;
        }
        keep(left, Comparator.comparingInt(route -> route.source().metric()));
        keep(
                left,
                Comparator.comparingLong(
                        route -> -route.attributes().localPref().orElse(100)));
        keep(left, Comparator.comparingInt(route -> route.attributes().asPath().length()));
        keep(left, Comparator.comparing(route -> route.attributes().origin()));
        List<Route> all = List.copyOf(left);
        left.removeIf(route ->
                all.stream().anyMatch(other -> neighbour(other).equals(neighbour(route)) && med(other) < med(route)));
        keep(left, Comparator.comparing(route -> route.source().type() == PeerType.INTERNAL));
        return left;
    }

    private static long identifier(Route route) {
        return Integer.toUnsignedLong(route.attributes()
                .originatorId()
                .orElse(route.source().routerId())
                .bits());
    }

    private static String neighbour(Route route) {
        return route.attributes().asPath().neighborAs().map(Object::toString).orElse("none");
    }

    private static long med(Route route) {
        return route.attributes().multiExitDisc().orElse(0);
    }

    private static void keep(List<Route> routes, Comparator<Route> order) {
        Route best = Collections.min(routes, order);
        routes.removeIf(route -> order.compare(route, best) > 0);
    }

    /** {@return what of a route both ends of a session must agree on} */
    static String agreed(PathAttributes attributes) {
        return attributes.asPath() + " " + attributes.origin() + " med " + attributes.multiExitDisc() + " pref "
                + attributes.localPref() + " " + attributes.communities() + " " + attributes.originatorId() + " "
                + attributes.clusterList();
    }
}
