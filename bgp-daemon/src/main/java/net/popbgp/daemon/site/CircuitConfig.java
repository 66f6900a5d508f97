package net.popbgp.daemon.site;

import java.net.InetAddress;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;

/**
 * One circuit of a site. Immutable.
 *
 * @param pop the name of the point of presence
 * @param subnet the link, an IPv4 prefix; the addresses follow from it and the cloud's profile
 * @param popAddress our address
 * @param cloudAddress the cloud's address
 * @param vlan empty while the provider has not said
 * @param upstreamMbps the bandwidth from the site to the cloud, Mbit/s, more than zero; empty if unknown
 * @param downstreamMbps the bandwidth from the cloud to the site, Mbit/s, more than zero; empty if unknown
 * @param serviceKey the key that names the circuit at the cloud; no secret
 * @param enabled whether its session is started
 */
public record CircuitConfig(
        CircuitRole role,
        String pop,
        Prefix subnet,
        InetAddress popAddress,
        InetAddress cloudAddress,
        Optional<Vlan> vlan,
        OptionalInt upstreamMbps,
        OptionalInt downstreamMbps,
        Optional<UUID> serviceKey,
        boolean enabled,
        Neighbor neighbor) {

    public CircuitConfig {
        if (!subnet.family().equals(AddressFamily.IPV4_UNICAST)) {
            throw new IllegalArgumentException("a circuit's subnet is an IPv4 prefix, not " + subnet);
        }
        if (upstreamMbps.orElse(1) < 1 || downstreamMbps.orElse(1) < 1) {
            throw new IllegalArgumentException(
                    "a bandwidth is more than zero Mbit/s: " + upstreamMbps + ", " + downstreamMbps);
        }
    }
}
