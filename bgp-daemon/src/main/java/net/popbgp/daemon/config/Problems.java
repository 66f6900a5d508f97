package net.popbgp.daemon.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects what is wrong while a document is read. Used by one thread. */
final class Problems {

    private static final int MAX = 1000;

    private final List<Problem> all = new ArrayList<>();

    void error(String path, int line, String message) {
        add(new Problem(Problem.Severity.ERROR, path, line, message));
    }

    void warning(String path, int line, String message) {
        add(new Problem(Problem.Severity.WARNING, path, line, message));
    }

    private void add(Problem problem) {
        if (all.size() < MAX && !all.contains(problem)) {
            all.add(problem);
        }
    }

    boolean hasErrors() {
        return all.stream().anyMatch(Problem::isError);
    }

    /** {@return the problems in the order of the document} */
    List<Problem> inOrder() {
        return all.stream().sorted(Comparator.comparingInt(Problem::line)).toList();
    }

    List<Problem> warnings() {
        return inOrder().stream().filter(problem -> !problem.isError()).toList();
    }
}
