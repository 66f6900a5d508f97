package net.popbgp.core.route;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Optional;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.net.IpAddresses;

/**
 * Our own addresses as a peer is to see them in next hops, where the session's address is not the right one or of the other kind. Immutable.
 *
 * @param ipv4 for IPv4 routes
 * @param ipv6 global, for IPv6 routes, and for IPv4 routes where the peer takes that (RFC 8950)
 * @param linkLocal sent behind the global address (RFC 2545, 3); only for a peer on the same link, which the operator vouches for
 */
public record OwnNextHops(Optional<InetAddress> ipv4, Optional<InetAddress> ipv6, Optional<InetAddress> linkLocal) {

    public static final OwnNextHops NONE = new OwnNextHops(Optional.empty(), Optional.empty(), Optional.empty());

    public OwnNextHops {
        ipv4.filter(address -> !(address instanceof Inet4Address)).ifPresent(address -> {
            throw new IllegalArgumentException("not an IPv4 address: " + IpAddresses.text(address));
        });
        ipv6.filter(address -> !(address instanceof Inet6Address) || address.isLinkLocalAddress())
                .ifPresent(address -> {
                    throw new IllegalArgumentException("not a global IPv6 address: " + IpAddresses.text(address));
                });
        linkLocal
                .filter(address -> !(address instanceof Inet6Address) || !address.isLinkLocalAddress())
                .ifPresent(address -> {
                    throw new IllegalArgumentException("not a link-local IPv6 address: " + IpAddresses.text(address));
                });
    }

    /** {@return whether an address is one of these} */
    public boolean contains(InetAddress address) {
        Optional<InetAddress> wanted = Optional.of(address);
        return ipv4.equals(wanted) || ipv6.equals(wanted) || linkLocal.equals(wanted);
    }

    /**
     * {@return the next hop of IPv4 routes; over IPv6 without an IPv4 address it is the IPv6 one, if the peer takes that (RFC 8950, 5)}
     *
     * @param session our address of the session
     * @param extended whether an IPv6 next hop was negotiated
     */
    public Optional<NextHop> forIpv4(InetAddress session, boolean extended) {
        Optional<InetAddress> address = ipv4.or(() -> Optional.of(session).filter(Inet4Address.class::isInstance));
        return address.isPresent() || !extended ? address.map(NextHop::of) : forIpv6(session);
    }

    /** {@return the next hop of IPv6 routes; on a session between link-local addresses with that address behind it} */
    public Optional<NextHop> forIpv6(InetAddress session) {
        boolean onLink = session.isLinkLocalAddress();
        InetAddress second = linkLocal.orElse(onLink && session instanceof Inet6Address ? session : null);
        return ipv6.or(() -> Optional.of(session).filter(each -> each instanceof Inet6Address && !onLink))
                .map(global -> new NextHop(global, second));
    }
}
