package net.popbgp.speaker;

import java.net.InetSocketAddress;
import java.util.Optional;
import net.popbgp.core.fsm.FsmState;

/**
 * One connection of a peer, or the attempt at one. Two at a time exist while a collision is resolved (RFC 4271, 6.8). Immutable.
 *
 * @param incoming whether the peer has made it
 * @param local our end, empty while there is no connection
 * @param remote the peer's end, empty while there is no connection
 */
public record PeerConnection(
        boolean incoming, FsmState state, Optional<InetSocketAddress> local, Optional<InetSocketAddress> remote) {}
