package net.popbgp.speaker;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;

/**
 * How a restart of the speaker's own stands (RFC 4724, 4.1), at one moment. Immutable.
 *
 * @param isOver whether the routes of all families are selected
 * @param deferredUntil when they are at the latest
 * @param awaited the families whose selection is deferred, with the peers whose End-of-RIB has not come
 */
public record RestartStatus(boolean isOver, Instant deferredUntil, Map<AddressFamily, Set<String>> awaited) {

    public RestartStatus {
        awaited = Map.copyOf(awaited);
    }
}
