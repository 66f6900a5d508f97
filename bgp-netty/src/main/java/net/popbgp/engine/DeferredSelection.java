package net.popbgp.engine;

import java.time.Instant;
import java.util.Map;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;

/**
 * Families whose routes are not selected yet after a restart of ours (RFC 4724, 4.1), at one moment. Immutable.
 *
 * @param until when they are at the latest
 * @param awaited per family the peers whose End-of-RIB has not come
 */
public record DeferredSelection(Instant until, Map<AddressFamily, Set<String>> awaited) {

    static final DeferredSelection NONE = new DeferredSelection(Instant.MAX, Map.of());

    public DeferredSelection {
        awaited = Map.copyOf(awaited);
    }
}
