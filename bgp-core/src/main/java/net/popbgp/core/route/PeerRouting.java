package net.popbgp.core.route;

/**
 * How routes go to and come from one peer, beyond its policies. Immutable.
 *
 * @param reflectorClient the peer is our client (RFC 4456): routes of other internal peers are reflected to it, and its own to them. For
 *     internal peers only
 * @param gracefulShutdown the session is about to be shut down (RFC 8326, 4.2): what goes over it either way is drained
 * @param drainPrepend how often our AS is put in front of what is advertised meanwhile, 0..{@link RouteActions.Prepend#MAX_TIMES}
 * @param moreSpecifics the peer is advertised also what a summary-only {@link Aggregate} stands for
 * @param exportBlackholes an external peer is advertised also routes of other ASes that carry BLACKHOLE (RFC 7999, 3.2)
 */
public record PeerRouting(
        boolean reflectorClient,
        boolean gracefulShutdown,
        int drainPrepend,
        boolean moreSpecifics,
        boolean exportBlackholes) {

    /** Nothing beyond the policies. */
    public static final PeerRouting DEFAULT = new PeerRouting(false, false, 0, false, false);

    public PeerRouting {
        if (drainPrepend < 0 || drainPrepend > RouteActions.Prepend.MAX_TIMES) {
            throw new IllegalArgumentException(
                    "drain-prepend out of range 0.." + RouteActions.Prepend.MAX_TIMES + ": " + drainPrepend);
        }
    }

    public PeerRouting withReflectorClient(boolean value) {
        return new PeerRouting(value, gracefulShutdown, drainPrepend, moreSpecifics, exportBlackholes);
    }

    public PeerRouting withGracefulShutdown(boolean value) {
        return new PeerRouting(reflectorClient, value, drainPrepend, moreSpecifics, exportBlackholes);
    }

    public PeerRouting withDrainPrepend(int value) {
        return new PeerRouting(reflectorClient, gracefulShutdown, value, moreSpecifics, exportBlackholes);
    }

    public PeerRouting withMoreSpecifics(boolean value) {
        return new PeerRouting(reflectorClient, gracefulShutdown, drainPrepend, value, exportBlackholes);
    }

    public PeerRouting withExportBlackholes(boolean value) {
        return new PeerRouting(reflectorClient, gracefulShutdown, drainPrepend, moreSpecifics, value);
    }
}
