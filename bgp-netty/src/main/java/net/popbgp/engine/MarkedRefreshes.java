package net.popbgp.engine;

import java.time.Duration;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.rib.RoutingTables;

/**
 * The refreshes that peers put between markers (RFC 7313, 4): what is not announced again in between is removed, at the end or after the
 * stale time.
 *
 * <p>Confined to the RIB thread.
 */
final class MarkedRefreshes {

    private final RoutingTables tables;
    private final BiConsumer<Runnable, Duration> later;
    private final Consumer<RibPeer> changed;

    /**
     * @param later does something on the RIB thread after a while
     * @param changed gets a peer that has lost routes
     */
    MarkedRefreshes(RoutingTables tables, BiConsumer<Runnable, Duration> later, Consumer<RibPeer> changed) {
        this.tables = tables;
        this.later = later;
        this.changed = changed;
    }

    /** A second beginning marks all routes again: the last one counts. */
    void begin(RibPeer peer, AddressFamily family) {
        tables.markStale(peer.index, family);
        Object refresh = new Object();
        peer.refreshes.put(family, refresh);
        later.accept(
                () -> {
                    if (peer.isUp() && peer.refreshes.get(family) == refresh) {
                        end(peer, family);
                    }
                },
                peer.setup().stale().refreshTime());
    }

    /** An end without a beginning means nothing. */
    void end(RibPeer peer, AddressFamily family) {
        if (peer.refreshes.remove(family) != null) {
            tables.sweepStale(peer.index, family);
            changed.accept(peer);
        }
    }
}
