package net.popbgp.daemon.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What the configuration says about restarts of the daemon's own (RFC 4724, 4.1). Immutable.
 *
 * @param stateFile where a run leaves what the next one has to know; empty if the daemon does not know of its restarts
 * @param selectionDeferral how long the selection of routes is deferred at most; positive
 * @param onStop what becomes of sessions when the daemon is told to end
 */
public record RestartConfig(Optional<Path> stateFile, Duration selectionDeferral, OnStop onStop) {

    public static final RestartConfig DEFAULT =
            new RestartConfig(Optional.empty(), Duration.ofMinutes(2), OnStop.SHUTDOWN);

    /** What becomes of sessions when the daemon is told to end. */
    public enum OnStop {
        /** They end with Cease/Administrative Shutdown, and our routes with them. */
        SHUTDOWN,
        /** Peers with graceful restart are left without a NOTIFICATION and keep our routes for the Restart Time. */
        RESTART
    }
}
