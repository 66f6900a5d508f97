package net.popbgp.session;

import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;

/** What a peer has to tell. Called on the peer's loop, so it must only hand on. */
public interface PeerEvents {

    void stateChanged(Peer peer, FsmState from, FsmState to, DownReason reason);

    void notification(Peer peer, boolean sent, NotificationMessage message);

    /** Routes could not be advertised because their attributes do not fit a message. */
    void oversized(Peer peer, int prefixes);

    /** A message of the peer has no effect because it came where it must not. */
    void ignored(Peer peer, String what);

    /** A bug on the peer's loop: the session was ended with Cease, the peer waits in Idle. */
    void failed(Peer peer, Throwable bug);
}
