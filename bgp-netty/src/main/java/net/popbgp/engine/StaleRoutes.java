package net.popbgp.engine;

import java.time.Instant;
import java.util.Map;
import net.popbgp.core.net.AddressFamily;

/**
 * A peer's routes that have outlived the session they came on, at one moment. Immutable.
 *
 * @param since when the session was lost
 */
public record StaleRoutes(Instant since, Map<AddressFamily, Family> families) {

    /**
     * Those of one family. Immutable.
     *
     * @param routes how many are left
     * @param longLived they are a last resort by now (RFC 9494, 4.2)
     * @param until when they go, or become a last resort
     */
    public record Family(int routes, boolean longLived, Instant until) {}

    public StaleRoutes {
        families = Map.copyOf(families);
    }
}
