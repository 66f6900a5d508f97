package net.popbgp.sim.arm;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.InetAddress;
import java.util.Optional;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;

/**
 * A peering of a circuit as it was configured. Immutable.
 *
 * @param type {@link #PRIVATE} or {@link #MICROSOFT}
 * @param primary the /30 with a router
 * @param secondary the /30 without one
 * @param sharedKey TCP MD5; never shown
 * @param microsoft what only Microsoft peering has, as it was given
 * @param lastModifiedBy {@code Customer} or {@code Provider}
 */
record ArmPeering(
        String type,
        boolean enabled,
        Asn peerAs,
        Prefix primary,
        Prefix secondary,
        int vlan,
        Optional<String> sharedKey,
        Optional<ObjectNode> microsoft,
        String lastModifiedBy) {

    static final String PRIVATE = "AzurePrivatePeering";
    static final String MICROSOFT = "MicrosoftPeering";

    /** {@return the /30 of a device, {@code primary} or {@code secondary}} */
    Prefix subnet(boolean isPrimary) {
        return isPrimary ? primary : secondary;
    }

    /** {@return a usable address: 1 for the PoP, 2 for the router} */
    static InetAddress host(Prefix subnet, int number) {
        return Prefix.masked(
                        subnet.family(),
                        subnet.high(),
                        subnet.low() + number,
                        subnet.family().maxPrefixLength())
                .address();
    }

    /** {@return whether the session must be set up anew for the other one} */
    boolean isOtherSession(ArmPeering other) {
        return !peerAs.equals(other.peerAs) || !primary.equals(other.primary) || !sharedKey.equals(other.sharedKey);
    }
}
