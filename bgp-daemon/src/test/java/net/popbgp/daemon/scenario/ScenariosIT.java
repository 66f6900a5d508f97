package net.popbgp.daemon.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.popbgp.daemon.alert.FrequencyScenarios;
import net.popbgp.daemon.probe.MonitoringScenarios;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** All scenarios, side by side as they mostly wait, and the document that comes of them. */
@Execution(ExecutionMode.CONCURRENT)
class ScenariosIT {

    @Nested
    class BringUp extends BringUpScenarios {}

    @Nested
    class Settings extends SettingScenarios {}

    @Nested
    class Failovers extends FailoverScenarios {}

    @Nested
    class Limits extends LimitScenarios {}

    @Nested
    class Maintenance extends MaintenanceScenarios {}

    @Nested
    class Policies extends PolicyScenarios {}

    @Nested
    class Operations extends OperationScenarios {}

    @Nested
    class Times extends TimeScenarios {}

    @Nested
    class Frequencies extends FrequencyScenarios {}

    @Nested
    class Monitoring extends MonitoringScenarios {}

    private static final Path DOCUMENT = Path.of("..", "docs", "scenarios.md");

    private static final String INTRODUCTION = """
            # Scenarios

            What happens to a site of two ExpressRoute circuits, played against the simulated Azure ([simulator.md](simulator.md)) over real sockets with
            real TCP MD5, or on a moved clock where it is about hours. Each test looks at three sides: what was on the wire, what the PoP shows, and what Azure
            shows. This document is made by the run of `ScenariosIT`, part of `mvn -B verify`; a run whose results differ from it fails, and leaves its own in
            `bgp-daemon/target/scenarios.md` (or here, with `-Dscenarios.report=true`). Timers are shortened by configuration; the time is the test's.

            "holds" means that everything in "what is to be seen" was asserted. "differs" says what is otherwise, which was asserted in its place. "later" was
            not played, and says what is missing.
            """;

    private static ScenarioReport report() {
        return new ScenarioReport(chapters());
    }

    private static List<Class<?>> chapters() {
        return Arrays.stream(ScenariosIT.class.getDeclaredClasses())
                .<Class<?>>map(Class::getSuperclass)
                .toList();
    }

    @Test
    void every_scenario_is_played_or_says_what_it_needs() {
        assertThat(report().missing()).isEmpty();
    }

    /** After a complete run the document in the repository must say the same, times apart. */
    @AfterAll
    static void write() throws Exception {
        ScenarioReport report = report();
        String document = report.document(INTRODUCTION);
        Files.createDirectories(Path.of("target"));
        Files.writeString(Path.of("target", "scenarios.md"), document);
        if (Boolean.getBoolean("scenarios.report")) {
            Files.writeString(DOCUMENT, document);
        }
        if (report.isComplete()) {
            String present = Files.readString(DOCUMENT);
            assertThat(report.rows())
                    .as(DOCUMENT + " is to be as target/scenarios.md")
                    .allMatch(present::contains);
            assertThat(present).startsWith(INTRODUCTION);
        }
    }
}
