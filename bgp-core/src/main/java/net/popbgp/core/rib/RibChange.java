package net.popbgp.core.rib;

import java.util.Optional;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Route;

/**
 * A change of the best route of a prefix. Immutable.
 *
 * @param step the step that decided for the current route; ONLY_ROUTE where there is none
 */
public record RibChange(Prefix prefix, Optional<Route> previous, Optional<Route> current, DecisionStep step) {}
