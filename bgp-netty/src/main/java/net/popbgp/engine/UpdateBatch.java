package net.popbgp.engine;

import java.util.concurrent.atomic.AtomicReference;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.rib.RouteBatch;

/**
 * Routes on their way to one or many peers. The first peer's loop that needs it encodes it; peers with the same coding share the octets.
 *
 * <p>Safe for use by several loops: encoding twice is harmless.
 */
public final class UpdateBatch {

    /**
     * UPDATE messages, encoded, and the ROUTE-REFRESH messages around them. The octets must not be changed.
     *
     * @param messages how many they are, {@code refreshMarkers} of them ROUTE-REFRESH
     * @param oversized prefixes left out because their attributes do not fit a message
     */
    public record Encoded(CodecOptions options, byte[] octets, int messages, int refreshMarkers, int oversized) {}

    private final RouteBatch routes;
    private final AtomicReference<Encoded> encoded = new AtomicReference<>();

    UpdateBatch(RouteBatch routes) {
        this.routes = routes;
    }

    /** {@return the batch as messages for a session with these options} */
    public Encoded encode(CodecOptions options) {
        Encoded known = encoded.get();
        if (known != null && known.options().equals(options)) {
            return known;
        }
        Encoded made = pack(options);
        encoded.compareAndSet(null, made);
        return made;
    }

    private Encoded pack(CodecOptions options) {
        UpdatePacker packer = new UpdatePacker(options);
        int refreshMarkers = 0;
        if (routes.has(RouteBatch.Marker.BEGIN_OF_REFRESH)) {
            packer.routeRefresh(new RouteRefreshMessage(routes.family(), RouteRefreshMessage.BEGIN));
            refreshMarkers++;
        }
        for (RouteBatch.Section section : routes.sections()) {
            if (section.attributes() == null) {
                packer.withdraw(section.prefixes());
            } else {
                packer.announce(section.attributes(), section.prefixes());
            }
        }
        int oversized = 0;
        for (PackedPrefixes prefixes : packer.oversized()) {
            // RFC 4271, 9.2: what does not fit is not advertised; a former announcement of it must go.
            packer.withdraw(prefixes);
            oversized += prefixes.size();
        }
        for (AddressFamily family : routes.endOfRib()) {
            packer.endOfRib(family);
        }
        if (routes.has(RouteBatch.Marker.END_OF_REFRESH)) {
            packer.routeRefresh(new RouteRefreshMessage(routes.family(), RouteRefreshMessage.END));
            refreshMarkers++;
        }
        int messages = packer.messages();
        return new Encoded(options, packer.take(), messages, refreshMarkers, oversized);
    }
}
