package net.popbgp.core.attribute;

import java.net.InetAddress;
import java.util.Optional;
import net.popbgp.core.net.IpAddresses;
import org.jspecify.annotations.Nullable;

/**
 * Where to send what matches a route: NEXT_HOP (RFC 4271, 5.1.3) or the next hop of MP_REACH_NLRI, for IPv6 with a link-local address
 * beside the global one (RFC 2545, 3).
 *
 * <p>Immutable.
 */
public record NextHop(InetAddress address, @Nullable InetAddress linkLocalAddress) {

    public static NextHop of(InetAddress address) {
        return new NextHop(address, null);
    }

    public Optional<InetAddress> linkLocal() {
        return Optional.ofNullable(linkLocalAddress);
    }

    @Override
    public String toString() {
        return IpAddresses.text(address) + (linkLocalAddress == null ? "" : " " + IpAddresses.text(linkLocalAddress));
    }
}
