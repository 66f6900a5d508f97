package net.popbgp.daemon.config;

/**
 * Something wrong or doubtful in a configuration. Immutable.
 *
 * @param path where, as {@code peers[1].md5-key}; empty for the whole document
 * @param line counted from 1; 0 if unknown
 */
public record Problem(Severity severity, String path, int line, String message) {

    /** An error refuses the configuration, a warning does not. */
    public enum Severity {
        ERROR,
        WARNING
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        return (line > 0 ? "line " + line + ": " : "") + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
