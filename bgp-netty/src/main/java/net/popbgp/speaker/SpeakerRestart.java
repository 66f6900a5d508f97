package net.popbgp.speaker;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;

/**
 * What a speaker that starts knows of the one whose place it takes (RFC 4724, 4.1). Immutable.
 *
 * @param peers names of the peers that wait for us, with the families they had: their OPEN says that we have restarted, and the selection of
 *     routes waits for their End-of-RIB. Empty if nothing is left of what was before
 * @param forwardingPreserved whether the machine has been running all the time: if not, no forwarding state is said to be preserved,
 *     whatever {@link GracefulRestart#forwardingPreserved} says
 * @param selectionDeferralTime how long the selection of routes is deferred at most (Selection_Deferral_Timer); positive
 */
public record SpeakerRestart(
        Map<String, Set<AddressFamily>> peers, boolean forwardingPreserved, Duration selectionDeferralTime) {

    public SpeakerRestart {
        if (selectionDeferralTime.isNegative() || selectionDeferralTime.isZero()) {
            throw new IllegalArgumentException(
                    "the selection deferral time must be positive: " + selectionDeferralTime);
        }
        peers = Map.copyOf(peers);
    }
}
