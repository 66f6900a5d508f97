package net.popbgp.daemon;

import net.popbgp.daemon.cli.PopbgpCommand;

/** The program {@code popbgp}. Exit codes: 0 done, 1 failed, 2 wrong usage or configuration. */
public final class Main {

    private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

    private Main() {}

    public static void main(String[] arguments) {
        // Else the first buffer, and so the first session, would wait for Flight Recorder to be set up.
        if (System.getProperty(NETTY_EVENTS) == null) {
            System.setProperty(NETTY_EVENTS, "false");
        }
        System.exit(PopbgpCommand.execute(arguments));
    }
}
