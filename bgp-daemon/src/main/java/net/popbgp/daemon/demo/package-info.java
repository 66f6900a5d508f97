/**
 * The drill: the daemon and the simulated Azure edge as two processes on loopback, taken through failover, failback, prefix limits, drain and
 * restart over real sockets, every stage checked. Start at {@link net.popbgp.daemon.demo.Drill}.
 */
@NullMarked
package net.popbgp.daemon.demo;

import org.jspecify.annotations.NullMarked;
