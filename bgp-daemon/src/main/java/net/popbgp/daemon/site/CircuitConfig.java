package net.popbgp.daemon.site;

import java.net.InetAddress;
import java.util.Optional;
import java.util.UUID;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;

/**
 * One circuit of a site. Its addresses follow from the subnet: the first usable one is the PoP, the second the cloud. Immutable.
 *
 * @param pop the name of the point of presence
 * @param subnet an IPv4 /30
 * @param vlan empty while the provider has not said
 * @param upstreamMbps the bandwidth from the site to the cloud, Mbit/s, more than zero
 * @param downstreamMbps the bandwidth from the cloud to the site, Mbit/s, more than zero
 * @param serviceKey the key that names the circuit at the cloud; no secret
 * @param enabled whether its session is started
 */
public record CircuitConfig(
        CircuitRole role,
        String pop,
        Prefix subnet,
        Optional<Vlan> vlan,
        int upstreamMbps,
        int downstreamMbps,
        Optional<UUID> serviceKey,
        boolean enabled,
        Neighbor neighbor) {

    public CircuitConfig {
        if (!subnet.family().equals(AddressFamily.IPV4_UNICAST) || subnet.length() != 30) {
            throw new IllegalArgumentException("a circuit's subnet is an IPv4 /30, not " + subnet);
        }
        if (upstreamMbps < 1 || downstreamMbps < 1) {
            throw new IllegalArgumentException(
                    "a bandwidth is more than zero Mbit/s: " + upstreamMbps + ", " + downstreamMbps);
        }
    }

    /** {@return our address: the first usable one} */
    public InetAddress popAddress() {
        return host(1);
    }

    /** {@return the cloud's address: the second usable one} */
    public InetAddress cloudAddress() {
        return host(2);
    }

    private InetAddress host(int number) {
        return Prefix.masked(subnet.family(), subnet.high(), subnet.low() + number, 32)
                .address();
    }
}
