/**
 * Connections that can be made to fail on purpose. {@link net.popbgp.sim.wire.SimNetwork} is what a simulated router dials and listens
 * on: real sockets ({@link net.popbgp.sim.wire.SocketNetwork}) or the queues of {@code net.popbgp.sim.virtual}. It shares the codec with
 * the product, not its transport: the simulated side must be able to break what the product's transport guards.
 *
 * <p>Confined to the peer's loop.
 */
@NullMarked
package net.popbgp.sim.wire;

import org.jspecify.annotations.NullMarked;
