package net.popbgp.core.rib;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.BgpRole;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;

/**
 * What decides how routes look to a peer. Peers with equal options form a group and share its Adj-RIB-Out.
 *
 * <p>Immutable.
 *
 * @param peerType external peers get our AS in front and ourselves as next hop, internal ones the route nearly as it is
 * @param localAs the AS that external peers see
 * @param clusterId our CLUSTER_ID, put into reflected routes
 * @param nextHopIpv4 our address for IPv4 routes; without one none are sent that need it
 * @param nextHopIpv6 our address for IPv6 routes; without one none are sent that need it
 * @param extendedNextHop whether the peers take an IPv6 next hop for IPv4 (RFC 8950)
 * @param role what we are to the peers (RFC 9234); empty where it is not configured
 * @param nextHopSelf whether internal peers too get ourselves as next hop; never of reflected routes (RFC 4456, 10)
 * @param circuitGroup routes learned in the same group are not sent; empty for none
 * @param routing what else is done to their routes
 * @param lastResort whether routes with LLGR_STALE are sent: the peer has the capability of RFC 9494
 * @param policy the export policy
 * @param families the families that are sent
 * @param paths families whose routes carry Path Identifiers, with how many paths of a prefix are sent, 1..{@link #MAX_PATHS} (RFC 7911)
 */
public record ExportOptions(
        PeerType peerType,
        Asn localAs,
        RouterId clusterId,
        Optional<NextHop> nextHopIpv4,
        Optional<NextHop> nextHopIpv6,
        boolean extendedNextHop,
        Optional<BgpRole> role,
        boolean nextHopSelf,
        String circuitGroup,
        PeerRouting routing,
        boolean lastResort,
        RoutePolicy policy,
        Set<AddressFamily> families,
        Map<AddressFamily, Integer> paths) {

    /** Paths of one prefix that can be sent to a peer. */
    public static final int MAX_PATHS = PeerTable.MAX_PATHS;

    public ExportOptions {
        families = Set.copyOf(families);
        paths = Map.copyOf(paths);
        for (int each : paths.values()) {
            if (each < 1 || each > MAX_PATHS) {
                throw new IllegalArgumentException("paths to send out of range 1.." + MAX_PATHS + ": " + each);
            }
        }
        for (AddressFamily family : families) {
            if (!family.isSupported()) {
                throw new IllegalArgumentException("no routes are kept of family " + family);
            }
        }
    }

    /** Without Path Identifiers. */
    public ExportOptions(
            PeerType peerType,
            Asn localAs,
            RouterId clusterId,
            Optional<NextHop> nextHopIpv4,
            Optional<NextHop> nextHopIpv6,
            boolean extendedNextHop,
            Optional<BgpRole> role,
            boolean nextHopSelf,
            String circuitGroup,
            PeerRouting routing,
            boolean lastResort,
            RoutePolicy policy,
            Set<AddressFamily> families) {
        this(
                peerType,
                localAs,
                clusterId,
                nextHopIpv4,
                nextHopIpv6,
                extendedNextHop,
                role,
                nextHopSelf,
                circuitGroup,
                routing,
                lastResort,
                policy,
                families,
                Map.of());
    }

    Optional<NextHop> nextHop(AddressFamily family) {
        return family.afi() == 1 ? nextHopIpv4 : nextHopIpv6;
    }
}
