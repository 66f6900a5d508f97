package net.popbgp.daemon.arm;

import java.time.Duration;

/** A wait between two requests; in tests it only moves the clock on. */
@FunctionalInterface
interface Pause {

    void pause(Duration duration) throws InterruptedException;
}
