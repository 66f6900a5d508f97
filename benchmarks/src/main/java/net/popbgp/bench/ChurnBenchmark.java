package net.popbgp.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.sim.load.Batch;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Changes in a table that two peers fill with the same prefixes, the changing one preferred. A thousand prefixes change at a time, and go
 * round the table, so the table's size shows in what the caches miss. Scores are per prefix.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChurnBenchmark {

    private static final int PORTION = 1_000;

    /** Prefixes in the table. */
    @Param({"1000", "100000", "1000000"})
    public int prefixes;

    private RoutingTables tables;
    private int peer;
    private List<List<Batch>> portions;
    private List<List<Batch>> replacements;
    private int next;
    private boolean replaced;

    @Setup
    public void fill() {
        tables = Loads.tables();
        peer = Loads.addPeer(tables, 2, 90);
        int other = Loads.addPeer(tables, 3, 100);
        portions = Loads.portions(Loads.internet(prefixes, 2), PORTION);
        replacements = new ArrayList<>();
        for (List<Batch> portion : portions) {
            Loads.announce(tables, peer, portion);
            Loads.announce(tables, other, portion);
            replacements.add(portion.stream()
                    .map(batch -> new Batch(
                            batch.attributes().toBuilder().multiExitDisc(5_000).build(), batch.prefixes()))
                    .toList());
        }
    }

    private int step() {
        int portion = next;
        next = portion + 1 == portions.size() ? 0 : portion + 1;
        return portion;
    }

    /** The same prefixes with other attributes, which stay best. */
    @Benchmark
    @OperationsPerInvocation(PORTION)
    public int replace() {
        int portion = step();
        if (portion == 0) {
            replaced = !replaced;
        }
        Loads.announce(tables, peer, (replaced ? replacements : portions).get(portion));
        return tables.best(peer, Loads.IPV4);
    }

    /** The preferred route goes, the other peer's takes over, and it comes back: two changes of the best route. */
    @Benchmark
    @OperationsPerInvocation(PORTION)
    public int withdrawAndAnnounce() {
        List<Batch> portion = portions.get(step());
        Loads.withdraw(tables, peer, portion);
        Loads.announce(tables, peer, portion);
        return tables.best(peer, Loads.IPV4);
    }
}
