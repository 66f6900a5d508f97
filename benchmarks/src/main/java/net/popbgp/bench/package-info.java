/**
 * What PopBGP costs: JMH benchmarks of the way of a route from bytes to bytes, and {@link net.popbgp.bench.MemoryReport}.
 *
 * <p>Where one invocation handles many prefixes the score is per prefix, by {@code @OperationsPerInvocation}. What changes the state that it
 * measures is either its own inverse after two invocations, or runs in single-shot mode from a state made anew for every invocation. Routes
 * come from the seeded generator of the simulator, so that every run measures the same ones. {@code docs/benchmarks.md} has the commands
 * and results.
 *
 * <p>JMH sets the fields of a state before it uses them; therefore the package is not null-marked.
 */
package net.popbgp.bench;
