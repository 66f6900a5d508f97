/**
 * The simulator as a program: {@link net.popbgp.sim.SimConfig} reads its file, {@link net.popbgp.sim.Simulator} runs the circuits and the
 * control port, {@link net.popbgp.sim.SimCommand} is the command line. A test tool: the control port has no password and is meant for
 * the loopback interface.
 */
@NullMarked
package net.popbgp.sim;

import org.jspecify.annotations.NullMarked;
