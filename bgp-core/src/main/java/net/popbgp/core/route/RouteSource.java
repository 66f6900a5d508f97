package net.popbgp.core.route;

import java.net.InetAddress;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;

/**
 * Where a route was learned: one peer of one session, or ourselves. All that the Decision Process and the policies may know about it.
 *
 * <p>Immutable.
 *
 * @param peer the peer's address; 0.0.0.0 for routes of our own
 * @param type internal or external
 * @param remoteAs the peer's AS
 * @param routerId the peer's BGP Identifier
 * @param metric the configured preference of the peer, 0..65535, lower wins; it is asked before everything of RFC 4271, 9.1
 * @param circuitGroup the circuit group that the peer belongs to, empty for none: routes of one circuit are never advertised to another of
 *     the same group
 */
public record RouteSource(
        InetAddress peer, PeerType type, Asn remoteAs, RouterId routerId, int metric, String circuitGroup) {

    /** The metric of a peer that has none configured. */
    public static final int DEFAULT_METRIC = 100;

    /** Routes announced by this speaker itself: they win over all that is learned, unless a peer has metric 0 too. */
    public static final RouteSource LOCAL =
            new RouteSource(IpAddresses.ofBits(0), PeerType.INTERNAL, Asn.of(0), new RouterId(0), 0, "");

    public RouteSource {
        if (metric < 0 || metric > 0xFFFF) {
            throw new IllegalArgumentException("metric out of range 0..65535: " + metric);
        }
    }

    public boolean isLocal() {
        return peer.isAnyLocalAddress();
    }
}
