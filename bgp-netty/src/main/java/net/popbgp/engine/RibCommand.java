package net.popbgp.engine;

import java.util.List;
import net.popbgp.core.message.UpdateMessage.Announcement;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;

/** What the RIB thread is asked to do, in the order submitted. Immutable. */
public sealed interface RibCommand {

    /** A session is Established: its routes may come, and it wants ours. */
    record PeerUp(RibPeer peer) implements RibCommand {}

    /** What one UPDATE said, checked. Costs the session one credit, which comes back when it was applied. */
    record Received(RibPeer peer, List<Announcement> announced, List<PackedPrefixes> withdrawn) implements RibCommand {}

    /** The peer has sent all its initial routes of a family (RFC 4724, 2). Costs a credit. */
    record EndOfRib(RibPeer peer, AddressFamily family) implements RibCommand {}

    /** The peer wants a family again from the start (RFC 2918). Costs a credit. */
    record Refresh(RibPeer peer, AddressFamily family) implements RibCommand {}

    /** The peer begins, or has completed, to send a family again (RFC 7313, 4). Costs a credit. */
    record RefreshMarker(RibPeer peer, AddressFamily family, boolean begin) implements RibCommand {}

    /** The peer can be given one more batch of routes. */
    record Grant(RibPeer peer) implements RibCommand {}

    /**
     * A session is gone, and its routes with it unless they may stay for a restart of the peer.
     *
     * @param detectedNanos when the cause was noticed, on the clock of the engine's executor
     * @param reason for the operator
     * @param graceful whether its routes may stay as far as that was agreed on (RFC 4724, 4.2)
     */
    record PeerDown(RibPeer peer, long detectedNanos, String reason, boolean graceful) implements RibCommand {}

    /** What is kept of a peer without a session is not wanted any more. */
    record Forget(String peer) implements RibCommand {}

    /**
     * Anything else that has to see or change the tables: queries, local announcements, reconfiguration. Must not block.
     *
     * @param refused runs instead if the engine stops first
     */
    record Task(Runnable work, Runnable refused) implements RibCommand {}
}
