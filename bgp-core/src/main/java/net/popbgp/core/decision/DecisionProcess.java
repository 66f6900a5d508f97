package net.popbgp.core.decision;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.Asn;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.Route;

/**
 * The Decision Process for one prefix (RFC 4271, 9.1; RFC 4456, 9), as a reader of the RFC expects it: the {@linkplain DecisionStep steps}
 * in their order, each removing routes from what the steps before left. It eliminates and does not compare pairs, because
 * MULTI_EXIT_DISC orders only routes of the same neighbouring AS; the outcome then does not depend on the order of arrival.
 *
 * <p>This form explains a choice and serves as the reference of the tables, which apply the same rules to primitive keys. Candidates are the
 * routes whose next hop can be resolved. A {@link Route} carries no Path Identifier: {@link DecisionStep#PATH_ID} never removes anything.
 * Of routes that no step can tell apart the first in the list stays.
 *
 * <p>Immutable.
 */
public final class DecisionProcess {

    /** LOCAL_PREF of a route that carries none. */
    public static final long DEFAULT_LOCAL_PREF = 100;

    private final DecisionOptions options;
    private final NextHopTable nextHops;

    /** Makes a process that knows nothing of the way to next hops. */
    public DecisionProcess(DecisionOptions options) {
        this(options, NextHopTable.EMPTY);
    }

    public DecisionProcess(DecisionOptions options, NextHopTable nextHops) {
        this.options = options;
        this.nextHops = nextHops;
    }

    /** {@return the best of the candidates, all of one prefix, and the best of the others} */
    public Selection select(List<Route> candidates) {
        if (candidates.isEmpty()) {
            return new Selection(Optional.empty(), Optional.empty(), DecisionStep.ONLY_ROUTE, 0);
        }
        Elimination all = new Elimination(candidates);
        int winner = all.run();
        List<Route> others = new ArrayList<>(candidates);
        Route best = others.remove(winner);
        Optional<Route> backup =
                others.isEmpty() ? Optional.empty() : Optional.of(others.get(new Elimination(others).run()));
        return new Selection(Optional.of(best), backup, all.lastStep(), candidates.size());
    }

    /** {@return for each candidate the step that removed it; empty for the best} */
    public List<Optional<DecisionStep>> eliminations(List<Route> candidates) {
        if (candidates.isEmpty()) {
            return List.of();
        }
        Elimination all = new Elimination(candidates);
        all.run();
        List<Optional<DecisionStep>> result = new ArrayList<>(candidates.size());
        for (DecisionStep step : all.removedAt) {
            result.add(step == DecisionStep.ONLY_ROUTE ? Optional.empty() : Optional.of(step));
        }
        return Collections.unmodifiableList(result);
    }

    /** One run over the candidates. ONLY_ROUTE stands for not removed. */
    private final class Elimination {
        private final List<Route> routes;
        private final DecisionStep[] removedAt;

        Elimination(List<Route> routes) {
            this.routes = routes;
            removedAt = new DecisionStep[routes.size()];
            Arrays.fill(removedAt, DecisionStep.ONLY_ROUTE);
        }

        /** Returns the index of the one that stays. */
        int run() {
            keepLowest(
                    DecisionStep.LONG_LIVED_STALE,
                    route -> route.attributes().hasCommunity(Community.LLGR_STALE) ? 1 : 0);
            dropDrained();
            keepLowest(DecisionStep.METRIC, route -> route.source().metric());
            keepLowest(
                    DecisionStep.LOCAL_PREF,
                    route -> -route.attributes().localPref().orElse(DEFAULT_LOCAL_PREF));
            keepLowest(
                    DecisionStep.AS_PATH_LENGTH,
                    route -> route.attributes().asPath().length());
            keepLowest(DecisionStep.ORIGIN, route -> route.attributes().origin().ordinal());
            keepLowestMultiExitDisc();
            keepLowest(DecisionStep.PEER_TYPE, route -> isExternal(route) ? 0 : 1);
            keepLowest(DecisionStep.INTERIOR_COST, route -> nextHops.cost(route.attributes()));
            keepLowest(DecisionStep.ROUTER_ID, DecisionProcess::identifier);
            keepLowest(
                    DecisionStep.CLUSTER_LIST_LENGTH,
                    route -> route.attributes().clusterList().size());
            keepLowestPeerAddress();
            int winner = 0;
            while (!isLeft(winner)) {
                winner++;
            }
            return winner;
        }

        DecisionStep lastStep() {
            return Collections.max(Arrays.asList(removedAt));
        }

        private boolean isLeft(int index) {
            return removedAt[index] == DecisionStep.ONLY_ROUTE;
        }

        private void remove(DecisionStep step, IntPredicate which) {
            for (int i = 0; i < removedAt.length; i++) {
                if (isLeft(i) && which.test(i)) {
                    removedAt[i] = step;
                }
            }
        }

        private void keepLowest(DecisionStep step, ToLongFunction<Route> key) {
            long lowest = Long.MAX_VALUE;
            for (int i = 0; i < removedAt.length; i++) {
                if (isLeft(i)) {
                    lowest = Math.min(lowest, key.applyAsLong(routes.get(i)));
                }
            }
            long kept = lowest;
            remove(step, i -> key.applyAsLong(routes.get(i)) != kept);
        }

        /** A drained route gives way to any that is not; where all are drained the step says nothing. */
        private void dropDrained() {
            if (!options.honourDrain()) {
                return;
            }
            List<Route> left = IntStream.range(0, removedAt.length)
                    .filter(this::isLeft)
                    .mapToObj(routes::get)
                    .toList();
            boolean someNotShutDown = left.stream().anyMatch(route -> !isShutDown(route));
            long shortestRun = left.stream()
                    .filter(DecisionProcess::isExternal)
                    .mapToLong(route -> route.attributes().asPath().leadingRun())
                    .min()
                    .orElse(0);
            IntPredicate drained = i -> {
                Route route = routes.get(i);
                return someNotShutDown && isShutDown(route)
                        || isExternal(route)
                                && route.attributes().asPath().leadingRun() >= shortestRun + options.drainThreshold();
            };
            for (int i = 0; i < removedAt.length; i++) {
                if (isLeft(i) && !drained.test(i)) {
                    remove(DecisionStep.DRAIN, drained);
                    return;
                }
            }
        }

        private void keepLowestMultiExitDisc() {
            Map<Long, Long> lowest = new HashMap<>();
            for (int i = 0; i < removedAt.length; i++) {
                if (isLeft(i)) {
                    lowest.merge(neighborAs(routes.get(i)), multiExitDisc(routes.get(i)), Math::min);
                }
            }
            remove(
                    DecisionStep.MULTI_EXIT_DISC,
                    i -> !multiExitDisc(routes.get(i)).equals(lowest.get(neighborAs(routes.get(i)))));
        }

        private void keepLowestPeerAddress() {
            byte[] lowest = null;
            for (int i = 0; i < removedAt.length; i++) {
                byte[] address = routes.get(i).source().peer().getAddress();
                if (isLeft(i) && (lowest == null || Arrays.compareUnsigned(address, lowest) < 0)) {
                    lowest = address;
                }
            }
            byte[] kept = lowest;
            remove(
                    DecisionStep.PEER_ADDRESS,
                    i -> !Arrays.equals(routes.get(i).source().peer().getAddress(), kept));
        }
    }

    private static boolean isExternal(Route route) {
        return route.source().type() == PeerType.EXTERNAL;
    }

    private static boolean isShutDown(Route route) {
        return route.attributes().hasCommunity(Community.GRACEFUL_SHUTDOWN);
    }

    /** The AS a route was learned from; where AS_PATH does not say it, the external peer's, and 0 for our own (RFC 4271, 9.1.2.2 c). */
    private static Long neighborAs(Route route) {
        return route.attributes()
                .asPath()
                .neighborAs()
                .orElse(isExternal(route) ? route.source().remoteAs() : Asn.of(0))
                .value();
    }

    private static Long multiExitDisc(Route route) {
        return route.attributes().multiExitDisc().orElse(0);
    }

    private static long identifier(Route route) {
        return route.attributes()
                        .originatorId()
                        .orElse(route.source().routerId())
                        .bits()
                & 0xFFFF_FFFFL;
    }
}
