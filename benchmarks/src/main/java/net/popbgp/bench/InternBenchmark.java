package net.popbgp.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.rib.RoutingTables;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Attribute sets to their numbers in the tables, one announced prefix each. The store is not public, so a score holds the announcement of
 * one prefix too; {@code lastSet} has only that, and the difference to it is the price of interning. Scores are per set.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class InternBenchmark {

    private static final int SETS = 10_000;

    private RoutingTables tables;
    private int peer;
    private PackedPrefixes[] prefixes;
    private PathAttributes[] held;
    private PathAttributes[] copies;
    private PathAttributes[] others;
    private boolean turn;

    @Setup
    public void fill() {
        tables = Loads.tables();
        peer = Loads.addPeer(tables, 2, 100);
        prefixes = new PackedPrefixes[SETS];
        held = new PathAttributes[SETS];
        copies = new PathAttributes[SETS];
        others = new PathAttributes[SETS];
        PackedPrefixes all = Loads.sideBySide(Loads.IPV4, 24, SETS);
        for (int i = 0; i < SETS; i++) {
            prefixes[i] = PackedPrefixes.of(Loads.IPV4, List.of(all.get(i)));
            held[i] = PathAttributes.builder()
                    .asPath(12076, 8075, 65_536L + i)
                    .nextHop(Loads.address(2))
                    .multiExitDisc(7)
                    .build();
            copies[i] = Loads.copy(held[i]);
            others[i] = held[i].toBuilder().multiExitDisc(8).build();
        }
        announce(held);
    }

    private int announce(PathAttributes[] sets) {
        for (int i = 0; i < SETS; i++) {
            tables.announce(peer, sets[i], prefixes[i]);
        }
        return tables.attributeSets();
    }

    /** The set is the one announced before it, and the route does not change: nothing is looked up. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    public int lastSet(OneSet one) {
        for (int i = 0; i < SETS; i++) {
            one.tables.announce(one.peer, one.attributes, prefixes[i]);
        }
        return one.tables.attributeSets();
    }

    /** The set is held, and this very object. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    public int sameObject(Held held10k) {
        return held10k.benchmark.announce(held10k.benchmark.held);
    }

    /** The set is held, but as another object: it is compared by value. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    public int equalObject(Held held10k) {
        return held10k.benchmark.announce(held10k.benchmark.copies);
    }

    /** The set is not held: it is added, the route replaced, and the former set dropped. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    public int newSet() {
        turn = !turn;
        return announce(turn ? others : held);
    }

    /** A table where every route has its own set, and keeps it. */
    @State(Scope.Thread)
    public static class Held {
        private final InternBenchmark benchmark = new InternBenchmark();

        @Setup
        public void fill() {
            benchmark.fill();
        }
    }

    /** A table where all routes share a set. */
    @State(Scope.Thread)
    public static class OneSet {
        private RoutingTables tables;
        private int peer;
        private PathAttributes attributes;

        @Setup
        public void fill() {
            tables = Loads.tables();
            peer = Loads.addPeer(tables, 2, 100);
            attributes = Loads.attributes(2, 7);
            tables.announce(peer, attributes, Loads.sideBySide(Loads.IPV4, 24, SETS));
        }
    }
}
