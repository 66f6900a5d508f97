package net.popbgp.core.fsm;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerType;

/**
 * What two OPENs agreed on (RFC 4271, 4.2; RFC 5492). Immutable.
 *
 * @param holdTime the smaller of the two, seconds; 0 for none
 * @param keepaliveTime seconds, 0 for none
 * @param families offered by both; IPv4 unicast alone if the peer offered no multiprotocol capability (RFC 4760, 8)
 * @param fourOctetAs both sides have the capability (RFC 6793)
 * @param extendedMessageSend the peer takes up to 65,535 octets, and so do we (RFC 8654): peers are known that refuse them of others
 * @param extendedMessageReceive we announced that we take up to 65,535 octets
 * @param addPathReceive families in which the peer sends Path Identifiers to us (RFC 7911)
 * @param addPathSend families in which we send Path Identifiers
 * @param extendedNextHop families of both with an IPv6 next hop for IPv4 (RFC 8950)
 * @param gracefulRestart the peer's capability
 * @param gracefulNotification both sides restart gracefully after a NOTIFICATION that is no Hard Reset (RFC 8538)
 * @param localCapabilities all that we offered
 * @param remoteCapabilities all the peer's, as received
 */
public record NegotiatedSession(
        PeerType peerType,
        Asn remoteAs,
        RouterId remoteRouterId,
        int holdTime,
        int keepaliveTime,
        Set<AddressFamily> families,
        boolean fourOctetAs,
        boolean routeRefresh,
        boolean enhancedRouteRefresh,
        boolean extendedMessageSend,
        boolean extendedMessageReceive,
        Set<AddressFamily> addPathReceive,
        Set<AddressFamily> addPathSend,
        Set<AddressFamily> extendedNextHop,
        Optional<Capability.GracefulRestart> gracefulRestart,
        boolean gracefulNotification,
        List<Capability> localCapabilities,
        List<Capability> remoteCapabilities) {

    public NegotiatedSession {
        families = Set.copyOf(families);
        addPathReceive = Set.copyOf(addPathReceive);
        addPathSend = Set.copyOf(addPathSend);
        extendedNextHop = Set.copyOf(extendedNextHop);
        localCapabilities = List.copyOf(localCapabilities);
        remoteCapabilities = List.copyOf(remoteCapabilities);
    }

    /** {@return the peer's capability; without Graceful Restart it does not count (RFC 9494, 4.5)} */
    public Optional<Capability.LongLivedGracefulRestart> longLivedGracefulRestart() {
        return gracefulRestart.flatMap(restart -> remoteCapabilities.stream()
                .filter(Capability.LongLivedGracefulRestart.class::isInstance)
                .map(Capability.LongLivedGracefulRestart.class::cast)
                .reduce((before, last) -> last));
    }
}
