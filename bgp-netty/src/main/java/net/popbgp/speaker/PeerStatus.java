package net.popbgp.speaker;

import java.net.InetAddress;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.fsm.NegotiatedSession;
import net.popbgp.core.net.AddressFamily;

/**
 * A peer at one moment. Immutable.
 *
 * @param dynamicRange the name of the dynamic peers that it is one of, empty for a configured peer
 * @param enabled whether it is to be up; false after an operator's stop
 * @param stateSince when the state was entered
 * @param negotiated what the OPENs agreed on, while Established
 * @param localAddress our address of the present connection
 * @param lastDown why it last left Established, or last failed to get there
 * @param diagnosis one sentence for the operator about what keeps it from coming up, or from offering capabilities; empty when nothing is known
 * @param drain whether the session is being drained before its end
 * @param established how often Established was entered
 * @param staleRoutes routes that have outlived the session they came on; empty when there are none
 * @param connectRetryCounter failures since the last start (RFC 4271, 8.1)
 */
public record PeerStatus(
        PeerConfig config,
        String dynamicRange,
        InetAddress remoteAddress,
        boolean enabled,
        FsmState state,
        Instant stateSince,
        Optional<NegotiatedSession> negotiated,
        Optional<InetAddress> localAddress,
        DownReason lastDown,
        Optional<Instant> lastDownAt,
        String diagnosis,
        Drain drain,
        long established,
        Optional<StaleRoutes> staleRoutes,
        int connectRetryCounter,
        Counters counters,
        Map<AddressFamily, Prefixes> prefixes) {

    /** Messages since the peer was added. Immutable. */
    public record Counters(
            long messagesIn,
            long messagesOut,
            long updatesIn,
            long updatesOut,
            long keepalivesIn,
            long keepalivesOut,
            long notificationsIn,
            long notificationsOut,
            long treatedAsWithdraw,
            long attributesDiscarded,
            long routeLeaks) {}

    /**
     * Prefixes of one family; of a peer with several paths of a prefix (RFC 7911) each path counts. Immutable.
     *
     * @param received in the Adj-RIB-In, before policy
     * @param accepted past the import policy
     * @param best selected into the Loc-RIB
     * @param advertised sent to the peer and not withdrawn
     * @param withheld not sent because of the outbound guard
     * @param limitWarning the inbound count has reached the warning share of its limit
     * @param limitExceeded it is beyond its limit: routes are discarded, or would be by another action
     * @param guardWarning the outbound count has reached the warning share of its guard
     * @param endOfRib the peer's End-of-RIB was received in this session
     * @param pathsDiscarded announcements of this session not kept because the peer had 16 other paths of the prefix
     */
    public record Prefixes(
            int received,
            int accepted,
            int best,
            int advertised,
            int withheld,
            boolean limitWarning,
            boolean limitExceeded,
            boolean guardWarning,
            boolean endOfRib,
            long pathsDiscarded) {

        static final Prefixes NONE = new Prefixes(0, 0, 0, 0, 0, false, false, false, false, 0);
    }

    /**
     * Routes that have outlived their session. Immutable.
     *
     * @param since when it was lost
     */
    public record StaleRoutes(Instant since, Map<AddressFamily, StaleFamily> families) {}

    /**
     * Stale routes of one family. Immutable.
     *
     * @param routes how many are left
     * @param longLived they are a last resort by now (RFC 9494)
     * @param until when they go, or become a last resort, if the peer is not back or has not sent End-of-RIB by then
     */
    public record StaleFamily(int routes, boolean longLived, Instant until) {}

    /** {@return the counts of a family, all zero while there is no session or the family was not negotiated} */
    public Prefixes prefixes(AddressFamily family) {
        return prefixes.getOrDefault(family, Prefixes.NONE);
    }

    public boolean isEstablished() {
        return state == FsmState.ESTABLISHED;
    }
}
