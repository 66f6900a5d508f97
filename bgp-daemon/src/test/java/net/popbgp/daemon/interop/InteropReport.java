package net.popbgp.daemon.interop;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** The outcomes of a run, and the document that is made of them. Thread-safe. */
final class InteropReport {

    private record Field(Method method, Kind kind, Direction direction) {}

    private static final Map<Field, Boolean> OUTCOMES = new ConcurrentHashMap<>();

    private final List<Class<?>> chapters;

    /** Makes the report of these classes' features. */
    InteropReport(List<Class<?>> chapters) {
        this.chapters = chapters.stream()
                .sorted(Comparator.comparingInt(
                        each -> each.getAnnotation(Chapter.class).number()))
                .toList();
    }

    static void note(Method method, Kind kind, Direction direction, boolean passed) {
        OUTCOMES.put(new Field(method, kind, direction), passed);
    }

    private static List<Method> features(Class<?> chapter) {
        return Arrays.stream(chapter.getDeclaredMethods())
                .filter(each -> each.isAnnotationPresent(Feature.class))
                .sorted(Comparator.comparingInt(
                        each -> each.getAnnotation(Feature.class).row()))
                .toList();
    }

    /** {@return whether every field has an outcome} */
    boolean isComplete() {
        return chapters.stream()
                .flatMap(each -> features(each).stream())
                .allMatch(method -> Arrays.stream(Kind.values())
                        .allMatch(kind -> Matrix.directions(method, kind).stream()
                                .allMatch(each -> OUTCOMES.containsKey(new Field(method, kind, each)))));
    }

    /** {@return the tables and the quirks, in Markdown; the same for the same outcomes} */
    String tables() {
        StringBuilder text = new StringBuilder();
        for (Class<?> chapter : chapters) {
            text.append("\n## ")
                    .append(chapter.getAnnotation(Chapter.class).title())
                    .append("\n\n|");
            for (Kind kind : Kind.values()) {
                text.append(" | ").append(kind.title).append(": we connect | they connect");
            }
            text.append(" |\n|---")
                    .append("|---|---".repeat(Kind.values().length))
                    .append("|\n");
            features(chapter).forEach(method -> row(text, method));
        }
        text.append("\n## Quirks\n\n");
        for (Kind kind : Kind.values()) {
            quirks(kind).forEach(each -> text.append("- ").append(each).append('\n'));
        }
        return text.toString();
    }

    private void row(StringBuilder text, Method method) {
        text.append("| ").append(method.getAnnotation(Feature.class).value());
        for (Kind kind : Kind.values()) {
            for (Direction direction : List.of(Direction.WE_CONNECT, Direction.THEY_CONNECT)) {
                text.append(" | ").append(outcome(method, kind, direction));
            }
        }
        text.append(" |\n");
    }

    private String outcome(Method method, Kind kind, Direction column) {
        Direction played = isPlayed(method, Direction.BOTH) && column == Direction.WE_CONNECT ? Direction.BOTH : column;
        if (!isPlayed(method, played)) {
            return "-";
        }
        Optional<Quirk> cannot = Matrix.cannot(method, kind, played);
        if (cannot.isPresent() && !cannot.get().instead()) {
            return "they cannot";
        }
        Boolean passed = OUTCOMES.get(new Field(method, kind, played));
        if (passed == null) {
            return "not played";
        }
        return !passed ? "**fail**" : cannot.isPresent() ? "they cannot" : "pass";
    }

    private static boolean isPlayed(Method method, Direction direction) {
        return List.of(method.getAnnotation(Feature.class).directions()).contains(direction);
    }

    private List<String> quirks(Kind kind) {
        List<String> all = new ArrayList<>();
        for (Class<?> chapter : chapters) {
            for (Method method : features(chapter)) {
                Arrays.stream(method.getAnnotationsByType(Quirk.class))
                        .filter(each -> each.daemon() == kind)
                        .map(each ->
                                kind.title + ": " + each.what() + (each.rfc().isEmpty() ? "" : " (" + each.rfc() + ")"))
                        .filter(each -> !all.contains(each))
                        .forEach(all::add);
            }
        }
        return all;
    }

    /** {@return the whole document} */
    String document(String introduction) throws InterruptedException {
        StringBuilder text = new StringBuilder(introduction);
        text.append("\n| Program | Version |\n|---|---|\n");
        for (Kind kind : Kind.values()) {
            text.append("| ")
                    .append(kind.title)
                    .append(" | ")
                    .append(kind.version())
                    .append(" |\n");
        }
        return text.append(tables()).toString();
    }
}
