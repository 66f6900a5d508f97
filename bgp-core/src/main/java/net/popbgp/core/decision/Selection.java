package net.popbgp.core.decision;

import java.util.Optional;
import net.popbgp.core.route.Route;

/**
 * What the Decision Process chose for one prefix.
 *
 * <p>Immutable.
 *
 * @param best the route to use; empty only without candidates
 * @param backup the route that would be best if {@code best} went away
 * @param step the step that removed the last rival of {@code best}
 * @param candidates how many routes there were to choose from
 */
public record Selection(Optional<Route> best, Optional<Route> backup, DecisionStep step, int candidates) {}
