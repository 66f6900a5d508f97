package net.popbgp.core.route;

/**
 * How routes go to and come from one peer, beyond its policies. Immutable.
 *
 * @param reflectorClient the peer is our client (RFC 4456): routes of other internal peers are reflected to it, and its own to them. For
 *     internal peers only
 */
public record PeerRouting(boolean reflectorClient) {

    /** Nothing beyond the policies. */
    public static final PeerRouting DEFAULT = new PeerRouting(false);

    public PeerRouting withReflectorClient(boolean value) {
        return new PeerRouting(value);
    }
}
