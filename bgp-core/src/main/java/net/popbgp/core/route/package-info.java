/**
 * Routes with their source, and the policies that let them in and out. Start at {@link net.popbgp.core.route.RoutePolicy}; a policy made
 * from a configuration is {@link net.popbgp.core.route.TermPolicy}. Immutable throughout; policies run on the RIB thread.
 */
@NullMarked
package net.popbgp.core.route;

import org.jspecify.annotations.NullMarked;
