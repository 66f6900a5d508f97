package net.popbgp.core.rib;

import java.util.Map;
import net.popbgp.core.net.AddressFamily;

/**
 * The outbound guard of one peer: how many prefixes it is sent at most. What does not fit is withheld.
 *
 * <p>Immutable.
 *
 * @param limits per family; without an entry, or with 0, there is no limit
 * @param warnPercent from which share of the limit on the peer counts as warned, 1..100
 */
public record MemberLimits(Map<AddressFamily, Integer> limits, int warnPercent) {

    public static final MemberLimits NONE = new MemberLimits(Map.of(), 80);

    public MemberLimits {
        limits = Map.copyOf(limits);
        limits.values().forEach(limit -> {
            if (limit < 0) {
                throw new IllegalArgumentException("negative prefix limit: " + limit);
            }
        });
        if (warnPercent < 1 || warnPercent > 100) {
            throw new IllegalArgumentException("warn percentage out of range 1..100: " + warnPercent);
        }
    }

    public int limit(AddressFamily family) {
        return limits.getOrDefault(family, 0);
    }
}
