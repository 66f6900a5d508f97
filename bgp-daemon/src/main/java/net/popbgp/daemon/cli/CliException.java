package net.popbgp.daemon.cli;

/** Something that ends a command with one line on the error output. */
final class CliException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Exit code for what failed. */
    static final int FAILED = 1;

    /** Exit code for wrong usage or configuration. */
    static final int USAGE = 2;

    private final int exitCode;

    CliException(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
