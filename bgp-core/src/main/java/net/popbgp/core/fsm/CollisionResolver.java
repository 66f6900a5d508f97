package net.popbgp.core.fsm;

import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;

/**
 * Which of two connections between the same peers survives (RFC 4271, 6.8; RFC 6286, 2.3): the one that was initiated by the speaker with
 * the higher BGP Identifier. Identifiers are unique only within an AS; where they are equal the higher AS number decides.
 *
 * <p>Both sides come to the same answer from the same four numbers, each without knowing what the other has received so far. That holds
 * only if it is asked when an OPEN has arrived on one connection while another is in OpenConfirm, or in OpenSent with the identifier
 * known. A connection that is Established wins without asking. The losing connection's machine is given event 23.
 *
 * <p>Stateless.
 */
public final class CollisionResolver {

    /** The connection to keep. */
    public enum Keep {
        /** The one that we initiated. */
        OURS,
        /** The one that the peer initiated. */
        THEIRS
    }

    private CollisionResolver() {}

    /** {@return the connection to keep; the other is closed with Cease 6/7} Equal identifiers in one AS are refused by the negotiation before. */
    public static Keep resolve(RouterId local, Asn localAs, RouterId remote, Asn remoteAs) {
        int order = local.compareTo(remote);
        if (order == 0) {
            order = localAs.compareTo(remoteAs);
        }
        return order > 0 ? Keep.OURS : Keep.THEIRS;
    }
}
