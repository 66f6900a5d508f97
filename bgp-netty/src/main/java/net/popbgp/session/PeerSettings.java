package net.popbgp.session;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import net.popbgp.core.fsm.FsmConfig;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.route.OutboundGuard;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PrefixLimit;
import net.popbgp.core.route.RoutePolicy;

/**
 * What a {@link Peer} works by: the operator's configuration, resolved against the speaker's. Immutable.
 *
 * @param fsm for the state machine, the OPEN included
 * @param target where to dial
 * @param circuitGroup empty for none
 * @param refreshStaleTime how long routes stay that a refresh of the peer does not repeat and does not end
 */
public record PeerSettings(
        String name,
        InetAddress remoteAddress,
        FsmConfig fsm,
        Dialer.Target target,
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
        Duration refreshStaleTime) {}
