package net.popbgp.daemon;

import net.popbgp.daemon.cli.PopbgpCommand;

/** The program {@code popbgp}. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) {
        System.exit(PopbgpCommand.commandLine(arguments).execute(arguments));
    }
}
