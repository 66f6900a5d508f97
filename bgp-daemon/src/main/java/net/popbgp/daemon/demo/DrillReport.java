package net.popbgp.daemon.demo;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What the drill has found: stages with their checks and times, printed as it goes. Used by one thread. */
final class DrillReport {

    private static final int NAME_WIDTH = 22;

    /** One thing that was to hold. */
    record Check(String what, boolean passed, String seen) {}

    /** One stage. */
    static final class Stage {
        private final String name;
        private final long started = System.nanoTime();
        private final List<Check> checks = new ArrayList<>();
        private final Map<String, Duration> times = new LinkedHashMap<>();
        private final Map<String, String> notes = new LinkedHashMap<>();
        private Duration took = Duration.ZERO;

        private Stage(String name) {
            this.name = name;
        }

        /** Notes whether something held, with what was seen. */
        void check(String what, boolean passed, Object seen) {
            checks.add(new Check(what, passed, String.valueOf(seen)));
        }

        void time(String what, Duration duration) {
            times.put(what, duration);
        }

        /** Notes something to know that nothing depends on. */
        void note(String what, String seen) {
            notes.put(what, seen);
        }

        boolean passed() {
            return !checks.isEmpty() && checks.stream().allMatch(Check::passed);
        }
    }

    private final List<Stage> stages = new ArrayList<>();
    private final long started = System.nanoTime();

    Stage begin(String name) {
        Stage stage = new Stage(name);
        stages.add(stage);
        return stage;
    }

    /** Ends a stage and prints it. */
    void end(Stage stage) {
        stage.took = Duration.ofNanos(System.nanoTime() - stage.started);
        System.out.printf(
                Locale.ROOT,
                "%n%-" + NAME_WIDTH + "s %s  %6.2f s%n",
                stage.name,
                stage.passed() ? "ok  " : "FAIL",
                seconds(stage.took));
        for (Check check : stage.checks) {
            System.out.printf("  %s %-58s %s%n", check.passed ? "+" : "X", check.what, check.seen);
        }
        stage.times.forEach((what, time) -> System.out.printf("    %-58s %s%n", what, text(time)));
        stage.notes.forEach((what, seen) -> System.out.printf("    %-58s %s%n", what, seen));
        System.out.flush();
    }

    boolean passed() {
        return !stages.isEmpty() && stages.stream().allMatch(Stage::passed);
    }

    void printSummary() {
        long failed = stages.stream().filter(s -> !s.passed()).count();
        int checks = stages.stream().mapToInt(s -> s.checks.size()).sum();
        System.out.printf(
                Locale.ROOT,
                "%n%s: %d stages, %d checks, %d failed stages, %.1f s%n",
                passed() ? "PASSED" : "FAILED",
                stages.size(),
                checks,
                failed,
                seconds(Duration.ofNanos(System.nanoTime() - started)));
    }

    String toJson() throws JsonProcessingException {
        ObjectMapper mapper = new ObjectMapper();
        ObjectNode json = mapper.createObjectNode().put("passed", passed());
        ArrayNode list = json.putArray("stages");
        for (Stage stage : stages) {
            ObjectNode node = list.addObject()
                    .put("name", stage.name)
                    .put("passed", stage.passed())
                    .put("seconds", seconds(stage.took));
            ArrayNode checks = node.putArray("checks");
            stage.checks.forEach(check -> checks.addObject()
                    .put("what", check.what)
                    .put("passed", check.passed)
                    .put("seen", check.seen));
            ObjectNode times = node.putObject("times-us");
            stage.times.forEach((what, time) -> times.put(what, time.toNanos() / 1000));
            ObjectNode notes = node.putObject("notes");
            stage.notes.forEach(notes::put);
        }
        return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(json) + System.lineSeparator();
    }

    private static double seconds(Duration duration) {
        return duration.toNanos() / 1e9;
    }

    private static String text(Duration time) {
        return time.compareTo(Duration.ofSeconds(1)) < 0
                ? String.format(Locale.ROOT, "%9.3f ms", time.toNanos() / 1e6)
                : String.format(Locale.ROOT, "%9.3f s", seconds(time));
    }
}
