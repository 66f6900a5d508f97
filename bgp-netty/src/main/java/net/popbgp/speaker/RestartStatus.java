package net.popbgp.speaker;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;

/**
 * How a restart of the speaker's own stands (RFC 4724, 4.1), at one moment. Immutable.
 *
 * @param deferredUntil when the selection of routes is made at the latest, where it is still deferred
 * @param awaited the families whose selection is deferred, with the peers whose End-of-RIB has not come; empty once the restart is over
 */
public record RestartStatus(Instant deferredUntil, Map<AddressFamily, Set<String>> awaited) {

    public RestartStatus {
        awaited = Map.copyOf(awaited);
    }

    public boolean isOver() {
        return awaited.isEmpty();
    }
}
