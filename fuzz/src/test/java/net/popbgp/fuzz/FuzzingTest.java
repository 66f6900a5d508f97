package net.popbgp.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Received octets cause the outcomes of the error model and no others (docs/architecture.md, 6): for every seed, for everything that fuzzing
 * has found so far, and for what it tries in {@code -Dpopbgp.fuzz.seconds} (10 by default, 0 to leave it out) for each target.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FuzzingTest {

    private static final int AT_A_TIME = 2;

    private final int seconds = Integer.getInteger("popbgp.fuzz.seconds", 10);
    private final Map<Target, Future<Fuzzing.Result>> running = new HashMap<>();
    private final ExecutorService launcher = Executors.newFixedThreadPool(AT_A_TIME);

    static List<Target> targets() {
        return Target.ALL;
    }

    @BeforeAll
    void start() {
        if (seconds > 0 && Fuzzing.isPossible()) {
            for (Target target : Target.ALL) {
                Callable<Fuzzing.Result> work = () -> new Fuzzing(target, seconds).run();
                running.put(target, launcher.submit(work));
            }
        }
    }

    @AfterAll
    void stop() {
        launcher.shutdownNow();
    }

    @ParameterizedTest
    @MethodSource("targets")
    void seeds_and_findings_cause_named_outcomes_only(Target target) {
        assertThat(target.seeds().get()).isNotEmpty();
        for (List<byte[]> inputs : Arrays.asList(target.seeds().get(), target.findings())) {
            for (byte[] input : inputs) {
                try {
                    target.once().run(input);
                } catch (Throwable e) {
                    fail(target + " " + HexFormat.of().formatHex(input), e);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("targets")
    void fuzzing_finds_nothing(Target target) throws Exception {
        assumeTrue(seconds > 0, () -> visibly("fuzzing is left out, popbgp.fuzz.seconds is 0"));
        assumeTrue(Fuzzing.isPossible(), () -> visibly("Jazzer has no driver for this machine, nothing was fuzzed"));
        Fuzzing.Result result = Objects.requireNonNull(running.get(target)).get();
        assumeTrue(result.started(), () -> visibly("Jazzer's driver does not run here: " + result.lastLines()));
        System.out.println("fuzzing " + target + ": " + result.summary());
        assertThat(result.finding()).as("%s", result.report()).isEmpty();
    }

    private static String visibly(String reason) {
        System.out.println("SKIPPED: " + reason);
        return reason;
    }
}
