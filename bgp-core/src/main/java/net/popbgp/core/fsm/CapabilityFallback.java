package net.popbgp.core.fsm;

import net.popbgp.core.message.Capability;
import net.popbgp.core.net.AddressFamily;

/**
 * Whether the next OPEN goes out without capabilities, because the peer answered one that had them with 2/4 (RFC 5492, 3). Not for ever:
 * after three connections without them that came to nothing, and after an operator's start, they are offered again.
 *
 * <p>One instance serves all connections of a peer. Mutable. Confined to the peer's loop.
 */
public final class CapabilityFallback {

    private static final int MAX_ATTEMPTS = 3;

    private final boolean possible;
    private int attempts;

    /** Only where nothing is lost that is needed: IPv4 unicast, two-octet AS numbers, no role (RFC 9234, 4.1), no requirement. */
    public CapabilityFallback(FsmConfig config) {
        possible = config.required().equals(OpenRequirements.NONE)
                && config.localAs().fitsTwoOctets()
                && config.remoteAs().stream().allMatch(as -> as.fitsTwoOctets())
                && config.capabilities().contains(new Capability.Multiprotocol(AddressFamily.IPV4_UNICAST))
                && config.capabilities().stream().noneMatch(Capability.Role.class::isInstance);
    }

    /** {@return whether to leave the capabilities out} */
    public boolean isActive() {
        return attempts > 0;
    }

    /** The peer has answered an OPEN with capabilities with 2/4. */
    void refused() {
        attempts = possible ? MAX_ATTEMPTS : 0;
    }

    /** A connection with an OPEN without capabilities was of no use. */
    void failed() {
        attempts = Math.max(0, attempts - 1);
    }

    /** It was of use: the peer cannot do better. */
    void succeeded() {
        attempts = MAX_ATTEMPTS;
    }

    /** The operator has started it anew. */
    void reset() {
        attempts = 0;
    }
}
