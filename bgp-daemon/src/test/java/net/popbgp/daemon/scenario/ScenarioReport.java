package net.popbgp.daemon.scenario;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The outcomes of a run as a document. Used by one thread. */
final class ScenarioReport {

    private final Map<Scenario, List<Method>> tests = new EnumMap<>(Scenario.class);
    private final Map<Method, Outcomes.Outcome> outcomes = Outcomes.all();

    ScenarioReport(List<Class<?>> chapters) {
        chapters.stream()
                .flatMap(ScenarioReport::methods)
                .sorted(Comparator.comparing(Method::getName))
                .forEach(method -> tests.computeIfAbsent(
                                method.getAnnotation(Plays.class).value(), any -> new ArrayList<>())
                        .add(method));
    }

    private static Stream<Method> methods(Class<?> chapter) {
        return Arrays.stream(chapter.getDeclaredMethods()).filter(each -> each.isAnnotationPresent(Plays.class));
    }

    private List<Method> of(Scenario scenario) {
        return tests.getOrDefault(scenario, List.of());
    }

    /** {@return the scenarios that should be played, but that no test plays} */
    List<Scenario> missing() {
        return Arrays.stream(Scenario.values())
                .filter(each -> each.needs().isEmpty() && of(each).isEmpty())
                .toList();
    }

    /** {@return whether every test has run} */
    boolean isComplete() {
        return tests.values().stream().flatMap(List::stream).allMatch(outcomes::containsKey);
    }

    /** {@return a line for each scenario, without its time; the same for the same outcomes} */
    List<String> rows() {
        return Arrays.stream(Scenario.values()).map(this::row).toList();
    }

    private String row(Scenario scenario) {
        return "| " + scenario + " | " + scenario.what() + " | " + scenario.expected() + " | " + result(scenario)
                + " |";
    }

    private String result(Scenario scenario) {
        if (!scenario.needs().isEmpty()) {
            return "later: needs " + scenario.needs();
        }
        List<Method> methods = of(scenario);
        if (methods.stream()
                .anyMatch(each ->
                        outcomes.containsKey(each) && !outcomes.get(each).passed())) {
            return "**fails**";
        }
        if (methods.isEmpty() || !methods.stream().allMatch(outcomes::containsKey)) {
            return "not played";
        }
        String instead = methods.stream()
                .map(each -> each.getAnnotation(Plays.class).instead())
                .filter(each -> !each.isEmpty())
                .collect(Collectors.joining("; "));
        return instead.isEmpty() ? "holds" : "**differs**: " + instead;
    }

    /** {@return how long a scenario took, roughly: exact times would change the document with every run} */
    private String time(Scenario scenario) {
        Duration time = of(scenario).stream()
                .filter(outcomes::containsKey)
                .map(each -> outcomes.get(each).time())
                .reduce(Duration.ZERO, Duration::plus);
        if (time.isZero()) {
            return "-";
        }
        for (int limit : new int[] {1, 3, 10, 30}) {
            if (time.toSeconds() < limit) {
                return "< " + limit + " s";
            }
        }
        return "≥ 30 s";
    }

    /** {@return the whole document} */
    String document(String introduction) {
        StringBuilder text = new StringBuilder(introduction)
                .append("\n| Id | What happens | What is to be seen | Result | Time |\n|---|---|---|---|---|\n");
        for (Scenario scenario : Scenario.values()) {
            text.append(row(scenario)).append(' ').append(time(scenario)).append(" |\n");
        }
        return text.toString();
    }
}
