/**
 * What can go wrong on a circuit, by name: {@link net.popbgp.sim.fault.Faults} turns a name and parameters into a command for an
 * {@code AzurePeer}; {@link net.popbgp.sim.fault.MalformedUpdate} makes messages that no correct router sends.
 */
@NullMarked
package net.popbgp.sim.fault;

import org.jspecify.annotations.NullMarked;
