package net.popbgp.speaker;

import java.util.Optional;
import net.popbgp.core.fsm.OpenRequirements;
import net.popbgp.core.rib.ExportOptions;
import net.popbgp.core.route.BgpRole;

/**
 * What is offered to a peer in the OPEN beyond the address families, and what is demanded of it. Immutable.
 *
 * @param extendedMessages messages of up to 65,535 octets are taken (RFC 8654). Off by default: what arrives in one may be too large to be
 *     passed on to a peer without it
 * @param extendedNextHop IPv4 routes may have an IPv6 next hop, in both directions (RFC 8950)
 * @param addPathReceive the peer may send several paths of a prefix, in all families (RFC 7911); 16 of a prefix are kept
 * @param addPathSend how many of the best paths of a prefix are sent to the peer, in all families, 1..16 (RFC 7911); 0 for the best alone,
 *     without Path Identifier
 * @param role what we are to an external peer (RFC 9234); ONLY_TO_CUSTOMER is set and obeyed accordingly
 * @param required families, capabilities and the role without which the peer's OPEN is refused with 2/7 (RFC 5492, 5) and 2/11
 */
public record PeerFeatures(
        boolean extendedMessages,
        boolean extendedNextHop,
        boolean addPathReceive,
        int addPathSend,
        Optional<BgpRole> role,
        OpenRequirements required) {

    public static final PeerFeatures DEFAULT =
            new PeerFeatures(false, false, false, 0, Optional.empty(), OpenRequirements.NONE);

    public PeerFeatures {
        if (addPathSend < 0 || addPathSend > ExportOptions.MAX_PATHS) {
            throw new IllegalArgumentException(
                    "paths to send out of range 0.." + ExportOptions.MAX_PATHS + ": " + addPathSend);
        }
        if (required.role() && role.isEmpty()) {
            throw new IllegalArgumentException("a role is required of the peer, and we have none ourselves");
        }
    }

    public PeerFeatures withExtendedMessages(boolean value) {
        return new PeerFeatures(value, extendedNextHop, addPathReceive, addPathSend, role, required);
    }

    public PeerFeatures withExtendedNextHop(boolean value) {
        return new PeerFeatures(extendedMessages, value, addPathReceive, addPathSend, role, required);
    }

    /**
     * {@return with several paths of a prefix received, sent, or both (RFC 7911)}
     *
     * @param send how many are sent, 0..16
     */
    public PeerFeatures withAddPath(boolean receive, int send) {
        return new PeerFeatures(extendedMessages, extendedNextHop, receive, send, role, required);
    }

    /** {@return with a role, and the strict mode of RFC 9234, 4.2 if the peer must name its own} */
    public PeerFeatures withRole(BgpRole value, boolean strict) {
        return new PeerFeatures(
                extendedMessages,
                extendedNextHop,
                addPathReceive,
                addPathSend,
                Optional.of(value),
                new OpenRequirements(required.families(), required.capabilities(), strict));
    }

    public PeerFeatures withRequired(OpenRequirements value) {
        return new PeerFeatures(extendedMessages, extendedNextHop, addPathReceive, addPathSend, role, value);
    }
}
