/**
 * Loads of routes, as they are found on real routers but made from a seed. Start at {@link net.popbgp.sim.load.RouteGenerator}.
 */
@NullMarked
package net.popbgp.sim.load;

import org.jspecify.annotations.NullMarked;
