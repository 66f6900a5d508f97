package net.popbgp.core.fsm;

import java.time.Duration;
import net.popbgp.core.message.BgpMessage;

/** Something the session has to do, in the order given, after the transition. Immutable. */
public sealed interface FsmAction {

    /** Start a TCP connection to the peer; the answer is event 16 or 18. */
    record Dial() implements FsmAction {}

    /** Send the message on the connection. */
    record Send(BgpMessage message) implements FsmAction {}

    /** Close the connection, or give up dialing; what was sent before still goes out. */
    record DropConnection() implements FsmAction {}

    /** Start or restart a timer. Jitter (RFC 4271, 10) is already in the duration, but for KEEPALIVE, which the runner jitters at every turn. */
    record StartTimer(FsmTimer timer, Duration duration) implements FsmAction {}

    record StopTimer(FsmTimer timer) implements FsmAction {}

    /** The OPEN exchange is done; from here on messages are coded as negotiated. Comes before {@link SessionUp}. */
    record Negotiated(NegotiatedSession session) implements FsmAction {}

    /** Established was entered. */
    record SessionUp(NegotiatedSession session) implements FsmAction {}

    /** Established was left. */
    record SessionDown(DownReason reason) implements FsmAction {}

    /** The state is another one now. The reason says why when it is Idle, Active or Connect after a failure. */
    record StateChanged(FsmState from, FsmState to, DownReason reason) implements FsmAction {}
}
