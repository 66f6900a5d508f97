package net.popbgp.core.rib;

import java.util.List;
import java.util.Optional;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Route;

/**
 * A change of the best route of a prefix, or of the routes that share its traffic. Immutable.
 *
 * @param previous equal to {@code current} where only {@code multipath} has changed
 * @param step the step that decided for the current route; ONLY_ROUTE where there is none
 * @param multipath the routes in use now, {@code current} first, if they are two or more ({@link Multipath}); otherwise empty
 */
public record RibChange(
        Prefix prefix, Optional<Route> previous, Optional<Route> current, DecisionStep step, List<Route> multipath) {

    public RibChange {
        multipath = List.copyOf(multipath);
    }
}
