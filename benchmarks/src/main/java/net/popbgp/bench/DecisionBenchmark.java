package net.popbgp.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.decision.DecisionProcess;
import net.popbgp.core.decision.Selection;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.Route;
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

/** Which of several routes is best. Scores are per decision. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecisionBenchmark {

    private static final int PREFIXES = 1_000;

    /** Routes of each prefix. */
    @Param({"2", "4", "16"})
    public int candidates;

    private DecisionProcess process;
    private List<Route> routes;
    private RoutingTables tables;
    private int turning;
    private PackedPrefixes prefixes;
    private PathAttributes better;
    private PathAttributes worse;
    private boolean turn;

    @Setup
    public void fill() {
        process = new DecisionProcess(DecisionOptions.DEFAULT);
        routes = new ArrayList<>();
        tables = Loads.tables();
        prefixes = Loads.sideBySide(Loads.IPV4, 24, PREFIXES);
        for (int i = 0; i < candidates; i++) {
            PathAttributes attributes = Loads.attributes(i + 2, 100);
            routes.add(new Route(Prefix.of("24.0.0.0/24"), attributes, Loads.source(i + 2, 100)));
            turning = Loads.addPeer(tables, i + 2, 100);
            tables.announce(turning, attributes, prefixes);
        }
        better = Loads.attributes(candidates + 1, 50);
        worse = Loads.attributes(candidates + 1, 200);
    }

    /** The form that explains: all steps, on objects. The identifier decides. */
    @Benchmark
    public Selection reference() {
        return process.select(routes);
    }

    /** The tables' form: one peer's MULTI_EXIT_DISC gets better and worse again, so that its routes win and lose in turns. */
    @Benchmark
    @OperationsPerInvocation(PREFIXES)
    public int tables() {
        turn = !turn;
        tables.announce(turning, turn ? better : worse, prefixes);
        return tables.best(turning, Loads.IPV4);
    }
}
