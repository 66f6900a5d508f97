/**
 * The provider's side of ExpressRoute circuits: routers of AS 12076 that announce VNet address spaces, count what they are sent and drop
 * the session when it is too much. {@link net.popbgp.sim.azure.AzureEdge} holds the circuits, {@link net.popbgp.sim.azure.AzurePeer} is one
 * router's session with a PoP. It is a small speaker of its own that shares the codec with the product and nothing else, so that it can
 * misbehave (see {@code net.popbgp.sim.fault}) and an error is not made twice.
 *
 * <p>What the real routers do where nothing is documented is a knob of {@link net.popbgp.sim.azure.AzureProfile}, never a claim.
 *
 * <p>An {@code AzurePeer}'s inner types are confined to its loop; what they show is immutable.
 */
@NullMarked
package net.popbgp.sim.azure;

import org.jspecify.annotations.NullMarked;
