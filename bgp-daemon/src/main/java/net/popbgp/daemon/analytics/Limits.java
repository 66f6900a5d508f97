package net.popbgp.daemon.analytics;

import java.util.Optional;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.daemon.site.Sku;
import net.popbgp.speaker.PeerConfig;

/**
 * How many IPv4 prefixes a circuit may have in each direction. Immutable.
 *
 * @param in from the cloud
 * @param out to the cloud
 */
public record Limits(int in, int out) {

    private static final int ROUTES_FROM_CLOUD = 1024;
    private static final int ROUTES_TO_CLOUD = 4000;
    private static final int ROUTES_TO_CLOUD_PREMIUM = 10_000;

    /** {@return what is configured, otherwise what the cloud allows with the circuit's tier} */
    public static Limits of(Sku sku, Optional<PeerConfig> peer) {
        return new Limits(
                peer.flatMap(each -> Optional.ofNullable(each.prefixLimits().get(AddressFamily.IPV4_UNICAST)))
                        .map(PrefixLimit::limit)
                        .orElse(ROUTES_FROM_CLOUD),
                peer.flatMap(each -> Optional.ofNullable(each.outboundGuards().get(AddressFamily.IPV4_UNICAST)))
                        .map(OutboundGuard::limit)
                        .orElse(sku == Sku.PREMIUM ? ROUTES_TO_CLOUD_PREMIUM : ROUTES_TO_CLOUD));
    }
}
