package net.popbgp.bench;

import java.util.Arrays;
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

    private Table shared;
    private Table held;
    private Table changing;
    private boolean turn;

    @Setup
    public void fill() {
        PathAttributes[] same = new PathAttributes[SETS];
        Arrays.fill(same, Loads.attributes(2, 7));
        shared = new Table(same);
        held = new Table(sets(7));
        changing = new Table(sets(7));
    }

    private static PathAttributes[] sets(long multiExitDisc) {
        PathAttributes[] sets = new PathAttributes[SETS];
        for (int i = 0; i < SETS; i++) {
            sets[i] = PathAttributes.builder()
                    .asPath(12076, 8075, 65_536L + i)
                    .nextHop(Loads.address(2))
                    .multiExitDisc(multiExitDisc)
                    .build();
        }
        return sets;
    }

    /** The set is the one announced before it, and the route does not change: nothing is looked up. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    public int lastSet() {
        return shared.announce(shared.first);
    }

    /** The set is held, and this very object. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    public int sameObject() {
        return held.announce(held.first);
    }

    /** The set is held, but as another object: it is compared by value. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    public int equalObject() {
        return held.announce(held.equal);
    }

    /** The set is not held: it is added, the route replaced, and the former set dropped. */
    @Benchmark
    @OperationsPerInvocation(SETS)
    public int newSet() {
        turn = !turn;
        return changing.announce(turn ? changing.other : changing.first);
    }

    /** Tables of one peer with a route for each set, and sets to replace them. */
    private static final class Table {
        private final RoutingTables tables = Loads.tables();
        private final int peer = Loads.addPeer(tables, 2, 100);
        private final PackedPrefixes[] prefixes = new PackedPrefixes[SETS];
        private final PathAttributes[] first;
        private final PathAttributes[] equal;
        private final PathAttributes[] other;

        Table(PathAttributes[] sets) {
            first = sets;
            equal = Arrays.stream(sets).map(Loads::copy).toArray(PathAttributes[]::new);
            other = Arrays.stream(sets)
                    .map(set -> set.toBuilder().multiExitDisc(8).build())
                    .toArray(PathAttributes[]::new);
            PackedPrefixes all = Loads.sideBySide(Loads.IPV4, 24, SETS);
            for (int i = 0; i < SETS; i++) {
                prefixes[i] = PackedPrefixes.of(Loads.IPV4, List.of(all.get(i)));
            }
            announce(first);
        }

        int announce(PathAttributes[] sets) {
            for (int i = 0; i < SETS; i++) {
                tables.announce(peer, sets[i], prefixes[i]);
            }
            return tables.attributeSets();
        }
    }
}
