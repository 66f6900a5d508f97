package net.popbgp.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.rib.AdjRibOut;
import net.popbgp.core.rib.MemberLimits;
import net.popbgp.core.rib.RibChanges;
import net.popbgp.core.rib.RouteBatch;
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

/**
 * The preferred of two peers with the same prefixes is lost; every prefix moves to the other. A third peer gets the routes that remain.
 * Scores are per failover, from the loss on: detection is not in them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class FailoverBenchmark {

    private static final int BATCH = 4_096; // as the speaker drains

    /** Prefixes of each peer. */
    @Param({"1000", "4000", "100000", "1000000"})
    public int prefixes;

    private RoutingTables tables;
    private int primary;
    private List<Batch> primaryRoutes;
    private AdjRibOut.Member downstream;
    private UpdatePacker packer;

    @Setup
    public void fill() {
        tables = Loads.tables();
        primary = Loads.addPeer(tables, 2, 90);
        int secondary = Loads.addPeer(tables, 3, 100);
        int customer = Loads.addPeer(tables, 4, 100);
        primaryRoutes = Loads.internet(prefixes, 2);
        Loads.announce(tables, secondary, Loads.internet(prefixes, 3));
        downstream = tables.adjRibOut(Loads.export()).join(customer, MemberLimits.NONE);
        packer = new UpdatePacker(Loads.SESSION);
        tables.recordChanges(true);
    }

    @Setup(Level.Invocation)
    public void restorePrimary() {
        Loads.announce(tables, primary, primaryRoutes);
        advertise();
        tables.recordChanges(true);
    }

    /** Until the Loc-RIB has the other routes and the list of changes is complete. */
    @Benchmark
    public RibChanges toLocRib() {
        tables.clear(primary);
        return tables.takeChanges();
    }

    /** Until the last octet for the third peer is written. */
    @Benchmark
    public long toUpdates() {
        tables.clear(primary);
        return advertise();
    }

    /** Drains what is due downstream; returns the octets. */
    private long advertise() {
        long octets = 0;
        for (RouteBatch batch = downstream.next(BATCH); batch != null; batch = downstream.next(BATCH)) {
            Loads.pack(batch, packer);
            octets += packer.take().length;
        }
        return octets;
    }
}
