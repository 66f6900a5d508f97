package net.popbgp.speaker;

import java.util.Objects;

/** What a change of a peer's configuration does to its session, mildest first. */
public enum ReconfigureImpact {
    /** Nothing has changed. */
    NONE,
    /** Takes effect at once or with the next session; no route moves because of the change itself. */
    LIVE,
    /** Routes are evaluated again, in or out; the session stays. */
    SOFT,
    /** The session is ended with Cease 6/6 and opened anew. */
    RESTART;

    /** {@return the impact of going from one configuration of a peer to another} */
    public static ReconfigureImpact between(PeerConfig from, PeerConfig to) {
        if (from.equals(to)) {
            return NONE;
        }
        if (from.remotePort() != to.remotePort()
                || !from.localAddress().equals(to.localAddress())
                || !from.remoteAs().equals(to.remoteAs())
                || from.passive() != to.passive()
                || !from.md5Key().equals(to.md5Key())
                || !from.holdTime().equals(to.holdTime())
                || !from.keepaliveTime().equals(to.keepaliveTime())
                || !from.sendHoldTime().equals(to.sendHoldTime())
                || !from.delayOpenTime().equals(to.delayOpenTime())
                || !from.openHoldTime().equals(to.openHoldTime())
                || !from.features().equals(to.features())
                || !from.families().equals(to.families())
                || from.enforceFirstAs() != to.enforceFirstAs()
                || from.allowOwnAs() != to.allowOwnAs()
                || from.ttlSecurity() != to.ttlSecurity()
                || from.routeRefresh().enhanced() != to.routeRefresh().enhanced()
                || !from.gracefulRestart().isOfferedLike(to.gracefulRestart())) {
            return RESTART;
        }
        if (from.metric() != to.metric()
                || !Objects.equals(from.importPolicy(), to.importPolicy())
                || !Objects.equals(from.exportPolicy(), to.exportPolicy())
                || !from.nextHops().equals(to.nextHops())
                || from.nextHopSelf() != to.nextHopSelf()
                || !from.routing().equals(to.routing())
                || !from.outboundGuards().equals(to.outboundGuards())) {
            return SOFT;
        }
        return LIVE;
    }
}
