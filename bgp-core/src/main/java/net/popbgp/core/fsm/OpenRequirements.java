package net.popbgp.core.fsm;

import java.util.List;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.AsnRange;

/**
 * Without what a peer's OPEN is refused. Immutable.
 *
 * @param families that both sides must offer; otherwise 2/7 (RFC 5492, 5)
 * @param capabilities codes, 0..255, that the peer must have; otherwise 2/7
 * @param role whether a peer that we name our role to must name its own; otherwise 2/11 (the strict mode of RFC 9234, 4.2)
 * @param remoteAs of which the peer's AS must be one, otherwise 2/2; empty where {@link FsmConfig#remoteAs} says it
 */
public record OpenRequirements(
        Set<AddressFamily> families, Set<Integer> capabilities, boolean role, List<AsnRange> remoteAs) {

    public static final OpenRequirements NONE = new OpenRequirements(Set.of(), Set.of(), false);

    public OpenRequirements(Set<AddressFamily> families, Set<Integer> capabilities, boolean role) {
        this(families, capabilities, role, List.of());
    }

    public OpenRequirements {
        for (int code : capabilities) {
            if (code < 0 || code > 255) {
                throw new IllegalArgumentException("capability code out of range 0..255: " + code);
            }
        }
        families = Set.copyOf(families);
        capabilities = Set.copyOf(capabilities);
        remoteAs = List.copyOf(remoteAs);
    }
}
