package net.popbgp.speaker;

import net.popbgp.core.fsm.OpenRequirements;

/**
 * What is offered to a peer in the OPEN beyond the address families, and what is demanded of it. Immutable.
 *
 * @param extendedMessages messages of up to 65,535 octets are taken (RFC 8654). Off by default: what arrives in one may be too large to be
 *     passed on to a peer without it
 * @param required families and capabilities without which the peer's OPEN is refused with 2/7 (RFC 5492, 5)
 */
public record PeerFeatures(boolean extendedMessages, OpenRequirements required) {

    public static final PeerFeatures DEFAULT = new PeerFeatures(false, OpenRequirements.NONE);

    public PeerFeatures withExtendedMessages(boolean value) {
        return new PeerFeatures(value, required);
    }

    public PeerFeatures withRequired(OpenRequirements value) {
        return new PeerFeatures(extendedMessages, value);
    }
}
