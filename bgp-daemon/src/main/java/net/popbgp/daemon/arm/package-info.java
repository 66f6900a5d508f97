/**
 * Azure's own view of the circuits, by Azure Resource Manager: {@link net.popbgp.daemon.arm.Azure} says whether a service key can be used and
 * what it stands for, and what Azure's routers see of a site. {@code ArmClient} below it is plain HTTP that only reads; the simulator answers
 * it as the real one does. Nothing of this is on the
 * way of BGP: without it sites work just as well.
 *
 * <p>All calls block the caller, with a deadline. All types are thread-safe or immutable.
 */
@NullMarked
package net.popbgp.daemon.arm;

import org.jspecify.annotations.NullMarked;
