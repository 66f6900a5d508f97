package net.popbgp.core.rib;

import java.util.List;
import java.util.Optional;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Route;

/**
 * Why a prefix has the route it has: all that was received for it and where each was left behind. Immutable.
 *
 * @param routes every received route, ascending by peer and Path Identifier, the rejected ones included
 * @param step the step that decided; empty without a best route
 */
public record Explanation(
        Prefix prefix,
        List<RibPage.Row> routes,
        Optional<Route> best,
        Optional<Route> backup,
        Optional<DecisionStep> step) {

    public Explanation {
        routes = List.copyOf(routes);
    }
}
