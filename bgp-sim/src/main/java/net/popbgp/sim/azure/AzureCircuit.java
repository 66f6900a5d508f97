package net.popbgp.sim.azure;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;

/**
 * One circuit's primary peering. Immutable.
 *
 * @param name unique within the edge
 * @param peering the /30 or /126: its first usable address is the PoP, its second the Azure router
 * @param peerAs the AS that the PoP must have
 * @param port where the Azure router listens; 0 for any free one
 * @param peerPort where the PoP listens
 * @param passiveOnly never dial
 * @param sharedKey TCP MD5 (RFC 2385), empty for none
 * @param vnets connected in the beginning
 */
public record AzureCircuit(
        String name,
        Prefix peering,
        Asn peerAs,
        int port,
        int peerPort,
        boolean passiveOnly,
        Optional<String> sharedKey,
        Sku sku,
        List<Vnet> vnets,
        AzureProfile profile) {

    /** A virtual network: its address spaces, and the communities on them. Immutable. */
    public record Vnet(String name, List<Prefix> addressSpaces, List<Community> communities) {
        public Vnet {
            addressSpaces = List.copyOf(addressSpaces);
            communities = List.copyOf(communities);
        }
    }

    public AzureCircuit {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a circuit needs a name");
        }
        if (peering.length() != peering.family().maxPrefixLength() - 2) {
            throw new IllegalArgumentException("a peering is a /30 or a /126, not " + peering);
        }
        if (port < 0 || port > 65535 || peerPort < 1 || peerPort > 65535) {
            throw new IllegalArgumentException("no such port: " + port + " or " + peerPort);
        }
        vnets = List.copyOf(vnets);
    }

    /** {@return the same circuit with another peering} */
    public AzureCircuit withPeering(Prefix otherPeering, Asn otherPeerAs, Optional<String> otherKey) {
        return new AzureCircuit(
                name, otherPeering, otherPeerAs, port, peerPort, passiveOnly, otherKey, sku, vnets, profile);
    }

    /** {@return the PoP: the first usable address} */
    public InetAddress popAddress() {
        return host(1);
    }

    /** {@return the Azure router: the second usable address} */
    public InetAddress azureAddress() {
        return host(2);
    }

    private InetAddress host(int number) {
        return Prefix.masked(
                        peering.family(),
                        peering.high(),
                        peering.low() + number,
                        peering.family().maxPrefixLength())
                .address();
    }

    /** {@return whether the address is usable on the link} */
    boolean isOnLink(InetAddress address) {
        return address.getAddress().length * 8 == peering.family().maxPrefixLength()
                && peering.covers(Prefix.of(address, peering.family().maxPrefixLength()));
    }

    /** {@return the family of the peering's own addresses} */
    public AddressFamily family() {
        return peering.family();
    }
}
