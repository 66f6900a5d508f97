package net.popbgp.speaker;

import java.util.Optional;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.route.BgpRole;

/**
 * What is offered to a peer in the OPEN beyond the address families, and what is demanded of it. Immutable.
 *
 * @param extendedMessages messages of up to 65,535 octets are taken (RFC 8654). Off by default: what arrives in one may be too large to be
 *     passed on to a peer without it
 * @param extendedNextHop IPv4 routes may have an IPv6 next hop, in both directions (RFC 8950)
 * @param addPathReceive the peer may send several paths of a prefix, in all families (RFC 7911); 16 of a prefix are kept
 * @param role what we are to an external peer (RFC 9234); ONLY_TO_CUSTOMER is set and obeyed accordingly
 * @param required families, capabilities and the role without which the peer's OPEN is refused with 2/7 (RFC 5492, 5) and 2/11
 */
public record PeerFeatures(
        boolean extendedMessages,
        boolean extendedNextHop,
        boolean addPathReceive,
        Optional<BgpRole> role,
        OpenRequirements required) {

    public static final PeerFeatures DEFAULT =
            new PeerFeatures(false, false, false, Optional.empty(), OpenRequirements.NONE);

    public PeerFeatures {
        if (required.role() && role.isEmpty()) {
            throw new IllegalArgumentException("a role is required of the peer, and we have none ourselves");
        }
    }

    public PeerFeatures withExtendedMessages(boolean value) {
        return new PeerFeatures(value, extendedNextHop, addPathReceive, role, required);
    }

    public PeerFeatures withExtendedNextHop(boolean value) {
        return new PeerFeatures(extendedMessages, value, addPathReceive, role, required);
    }

    public PeerFeatures withAddPathReceive(boolean value) {
        return new PeerFeatures(extendedMessages, extendedNextHop, value, role, required);
    }

    /** {@return with a role, and the strict mode of RFC 9234, 4.2 if the peer must name its own} */
    public PeerFeatures withRole(BgpRole value, boolean strict) {
        return new PeerFeatures(
                extendedMessages,
                extendedNextHop,
                addPathReceive,
                Optional.of(value),
                new OpenRequirements(required.families(), required.capabilities(), strict));
    }

    public PeerFeatures withRequired(OpenRequirements value) {
        return new PeerFeatures(extendedMessages, extendedNextHop, addPathReceive, role, value);
    }
}
