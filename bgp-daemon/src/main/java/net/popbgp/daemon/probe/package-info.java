/**
 * ICMP echo from the PoP. {@link net.popbgp.daemon.probe.ConnectivityTest} asks once whether the other end of a circuit answers;
 * {@link net.popbgp.daemon.probe.LanMonitor} asks hosts all the time and tells when one stops answering. Both use the program {@code ping}
 * ({@link net.popbgp.daemon.probe.PingProgram}), because Java has no ICMP; one process for each probe, a bounded number of them at a time.
 *
 * <p>The time between probes and what follows from their results is decided on one thread, in {@link net.popbgp.daemon.probe.LanTargets}.
 */
@NullMarked
package net.popbgp.daemon.probe;

import org.jspecify.annotations.NullMarked;
