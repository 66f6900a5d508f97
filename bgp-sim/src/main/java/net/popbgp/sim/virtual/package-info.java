/**
 * Whole speakers on one thread and one clock that the test moves: {@link net.popbgp.sim.virtual.VirtualTime} is the executor,
 * {@link net.popbgp.sim.virtual.VirtualNetwork} the wires between hosts. Everything random comes from the network's seed, so a run that
 * failed is repeated by its seed.
 *
 * <p>Confined to the thread that made the {@code VirtualTime}.
 */
@NullMarked
package net.popbgp.sim.virtual;

import org.jspecify.annotations.NullMarked;
