package net.popbgp.daemon.config;

import java.util.List;
import java.util.stream.Collectors;

/** A configuration that is refused, with all that is wrong with it. */
public final class ConfigException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient List<Problem> problems;

    public ConfigException(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("; ")));
        this.problems = List.copyOf(problems);
    }

    /** {@return errors and warnings in the order of the document} */
    public List<Problem> problems() {
        return problems;
    }
}
