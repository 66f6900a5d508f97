package net.popbgp.engine;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import net.popbgp.core.net.AddressFamily;

/**
 * What a session has agreed on for the case that the peer restarts (RFC 4724, 3; RFC 8538, 2; RFC 9494, 3.1). Immutable.
 *
 * @param restarted the peer has restarted, as it says in this session
 * @param restartTime how long the peer may take to come back, as it has said
 * @param families whose routes are kept over that time
 * @param preserved families whose forwarding state the peer has kept over its last restart, as it says in this session
 * @param notification both sides restart gracefully after a NOTIFICATION, too
 * @param staleTime how long routes stay stale after the return if End-of-RIB never comes
 * @param longLived how much longer the routes of a family are kept, as a last resort
 * @param longLivedPreserved like {@code preserved}, for a return in that time
 */
public record RestartTerms(
        boolean restarted,
        Duration restartTime,
        Set<AddressFamily> families,
        Set<AddressFamily> preserved,
        boolean notification,
        Duration staleTime,
        Map<AddressFamily, Duration> longLived,
        Set<AddressFamily> longLivedPreserved) {

    public RestartTerms {
        families = Set.copyOf(families);
        preserved = Set.copyOf(preserved);
        longLived = Map.copyOf(longLived);
        longLivedPreserved = Set.copyOf(longLivedPreserved);
    }

    /** {@return how long routes of a family are kept before they are a last resort, or go} */
    Duration restartTime(AddressFamily family) {
        return families.contains(family) ? restartTime : Duration.ZERO;
    }

    Duration longLived(AddressFamily family) {
        return longLived.getOrDefault(family, Duration.ZERO);
    }
}
