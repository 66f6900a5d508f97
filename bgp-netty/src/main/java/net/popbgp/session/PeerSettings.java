package net.popbgp.session;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.fsm.FsmConfig;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.BgpRole;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RoutePolicy;

/**
 * What a {@link Peer} works by: the operator's configuration, resolved against the speaker's. Immutable.
 *
 * @param fsm for the state machine, the OPEN included
 * @param target where to dial
 * @param nextHops our own addresses in next hops, where they differ from the session's
 * @param advertisementInterval MinRouteAdvertisementInterval (RFC 4271, 9.2.1.1), zero for none
 * @param circuitGroup empty for none
 * @param addPathSend how many paths of a prefix the peer is sent where it takes Path Identifiers (RFC 7911)
 * @param clusterId the CLUSTER_ID (RFC 4456, 7) that we put into reflected routes, and refuse to see again
 * @param refreshStaleTime how long routes stay that a refresh of the peer does not repeat and does not end
 */
public record PeerSettings(
        String name,
        InetAddress remoteAddress,
        FsmConfig fsm,
        Dialer.Target target,
        OwnNextHops nextHops,
        Duration advertisementInterval,
        PeerType type,
        Asn remoteAs,
        int metric,
        String circuitGroup,
        RoutePolicy importPolicy,
        RoutePolicy exportPolicy,
        Set<AddressFamily> families,
        Map<AddressFamily, PrefixLimit> prefixLimits,
        Map<AddressFamily, OutboundGuard> outboundGuards,
        boolean enforceFirstAs,
        int allowOwnAs,
        boolean nextHopSelf,
        int addPathSend,
        PeerRouting routing,
        RouterId clusterId,
        Duration refreshStaleTime,
        RestartSettings restart) {

    /** {@return what we are to the peer (RFC 9234), empty if that is not configured} */
    Optional<BgpRole> role() {
        return fsm.capabilities().stream()
                .filter(Capability.Role.class::isInstance)
                .findFirst()
                .flatMap(capability -> BgpRole.of(((Capability.Role) capability).role()));
    }
}
