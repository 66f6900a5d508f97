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
 * @param defaultOriginate the peer is advertised a default route of our own, in each family, whether the table has one or not; its export
 *     policy decides on it as on any other
 * @param advertisedTimes it is remembered when each prefix was advertised to the peer; costs some 100 octets a prefix
 */
public record PeerRouting(
        boolean reflectorClient,
        boolean gracefulShutdown,
        int drainPrepend,
        boolean moreSpecifics,
        boolean exportBlackholes,
        boolean defaultOriginate,
        boolean advertisedTimes) {

    /** Nothing beyond the policies. */
    public static final PeerRouting DEFAULT = new PeerRouting(false, false, 0, false, false, false, false);

    public PeerRouting {
        if (drainPrepend < 0 || drainPrepend > RouteActions.Prepend.MAX_TIMES) {
            throw new IllegalArgumentException(
                    "drain-prepend out of range 0.." + RouteActions.Prepend.MAX_TIMES + ": " + drainPrepend);
        }
    }

    public PeerRouting withReflectorClient(boolean value) {
        return new PeerRouting(
                value,
                gracefulShutdown,
                drainPrepend,
                moreSpecifics,
                exportBlackholes,
                defaultOriginate,
                advertisedTimes);
    }

    public PeerRouting withGracefulShutdown(boolean value) {
        return new PeerRouting(
                reflectorClient,
                value,
                drainPrepend,
                moreSpecifics,
                exportBlackholes,
                defaultOriginate,
                advertisedTimes);
    }

    public PeerRouting withDrainPrepend(int value) {
        return new PeerRouting(
                reflectorClient,
                gracefulShutdown,
                value,
                moreSpecifics,
                exportBlackholes,
                defaultOriginate,
                advertisedTimes);
    }

    public PeerRouting withMoreSpecifics(boolean value) {
        return new PeerRouting(
                reflectorClient,
                gracefulShutdown,
                drainPrepend,
                value,
                exportBlackholes,
                defaultOriginate,
                advertisedTimes);
    }

    public PeerRouting withExportBlackholes(boolean value) {
        return new PeerRouting(
                reflectorClient,
                gracefulShutdown,
                drainPrepend,
                moreSpecifics,
                value,
                defaultOriginate,
                advertisedTimes);
    }

    public PeerRouting withDefaultOriginate(boolean value) {
        return new PeerRouting(
                reflectorClient,
                gracefulShutdown,
                drainPrepend,
                moreSpecifics,
                exportBlackholes,
                value,
                advertisedTimes);
    }

    public PeerRouting withAdvertisedTimes(boolean value) {
        return new PeerRouting(
                reflectorClient,
                gracefulShutdown,
                drainPrepend,
                moreSpecifics,
                exportBlackholes,
                defaultOriginate,
                value);
    }
}
