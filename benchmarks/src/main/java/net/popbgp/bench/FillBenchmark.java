package net.popbgp.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.sim.load.Batch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A whole table of one peer, into empty tables and out again. Scores are per table. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class FillBenchmark {

    /** Prefixes of the peer. */
    @Param({"1000", "100000", "1000000"})
    public int prefixes;

    private List<Batch> routes;
    private RoutingTables empty;
    private RoutingTables full;
    private int peer;

    @Setup
    public void generate() {
        routes = Loads.internet(prefixes, 2);
    }

    @Setup(Level.Invocation)
    public void fill() {
        empty = Loads.tables();
        peer = Loads.addPeer(empty, 2, 100);
        full = Loads.tables();
        Loads.announce(full, Loads.addPeer(full, 2, 100), routes);
    }

    /** The tables grow from nothing. */
    @Benchmark
    public int announceAll() {
        Loads.announce(empty, peer, routes);
        return empty.size(Loads.IPV4);
    }

    @Benchmark
    public int withdrawAll() {
        Loads.withdraw(full, peer, routes);
        return full.size(Loads.IPV4);
    }
}
