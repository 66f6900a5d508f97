/**
 * The simulated edge as Azure Resource Manager shows it: circuits, peerings, the provider's cross connections, virtual networks, tables of
 * the routers and metrics, with the property names and oddities of the real interface (2024-05-01). {@link net.popbgp.sim.arm.ArmServer} is
 * the HTTP port, {@link net.popbgp.sim.arm.ArmApi} what answers. What the routers do is not kept here but read from and given to
 * {@code net.popbgp.sim.azure}; a peering that is changed here changes the session.
 *
 * <p>Time goes by the clock of {@link net.popbgp.sim.arm.ArmClock}, which can run fast. Nothing happens on its own: how far an operation
 * has got is worked out when it is asked for. Error codes are those of Azure where they are documented, otherwise of the simulator.
 *
 * <p>{@code ArmApi} is guarded by its own lock; all else in the package is confined to it or immutable.
 */
@NullMarked
package net.popbgp.sim.arm;

import org.jspecify.annotations.NullMarked;
