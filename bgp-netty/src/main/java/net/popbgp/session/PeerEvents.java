package net.popbgp.session;

import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.UpdateMessage;

/** What a peer has to tell. Called on the peer's loop, so it must only hand on. */
public interface PeerEvents {

    void stateChanged(Peer peer, FsmState from, FsmState to, DownReason reason);

    void notification(Peer peer, boolean sent, NotificationMessage message);

    /** Routes could not be advertised because their attributes do not fit a message. */
    void oversized(Peer peer, int prefixes);

    /**
     * A message of the peer has no effect because it came where it must not. Told, together with faulty UPDATEs, for at most
     * {@link FaultReports#PER_MINUTE} a minute and peer.
     *
     * @param untold how many other mistakes there were since the last one that was told
     */
    void ignored(Peer peer, String what, long untold);

    /**
     * An UPDATE had faults that the session survived (RFC 7606, 6). Told as {@link #ignored} is.
     *
     * @param octets the whole message
     * @param untold how many other mistakes there were since the last one that was told
     */
    void faultyUpdate(Peer peer, UpdateMessage update, byte[] octets, long untold);

    /** A bug on the peer's loop: the session was ended with Cease, the peer waits in Idle. */
    void failed(Peer peer, Throwable bug);
}
