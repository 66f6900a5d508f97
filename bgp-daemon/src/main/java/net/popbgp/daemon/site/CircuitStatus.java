package net.popbgp.daemon.site;

import java.util.Optional;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.speaker.PeerStatus;

/**
 * A circuit at one moment. Immutable.
 *
 * @param peerName the name of its peer
 * @param peer the peer's state, empty if the speaker does not have it (it could not be added)
 * @param active whether it carries the traffic of most prefixes
 * @param disconnect why it is down, or was last
 */
public record CircuitStatus(
        CircuitConfig config, String peerName, Optional<PeerStatus> peer, boolean active, DisconnectReason disconnect) {

    public boolean isEstablished() {
        return peer.filter(PeerStatus::isEstablished).isPresent();
    }

    public FsmState state() {
        return peer.map(PeerStatus::state).orElse(FsmState.IDLE);
    }

    /** {@return counts of its prefixes, all zero while it is down} */
    public Optional<PeerStatus.Prefixes> prefixes() {
        return peer.map(each -> each.prefixes(AddressFamily.IPV4_UNICAST));
    }

    /** {@return whether the session is up but nothing has come over it, so that it can carry nothing} */
    public boolean isWithoutRoutes() {
        return isEstablished()
                && prefixes().filter(each -> each.accepted() == 0).isPresent();
    }
}
