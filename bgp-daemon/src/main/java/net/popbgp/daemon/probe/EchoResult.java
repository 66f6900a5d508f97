package net.popbgp.daemon.probe;

import java.time.Duration;
import java.util.Optional;

/**
 * What became of one echo request. Immutable.
 *
 * @param roundTrip of a reply
 * @param detail why it was not sent; empty otherwise
 */
public record EchoResult(Kind kind, Optional<Duration> roundTrip, String detail) {

    public enum Kind {
        REPLY,
        /** It was sent, and no reply came in time. */
        SILENCE,
        /** The network did not take it: the source address is not ours (any more), or there is no route. */
        UNSENT,
        /** It could not be tried: there is no ping program, or it may not do what it should, or did not end. */
        IMPOSSIBLE
    }

    public static EchoResult reply(Duration roundTrip) {
        return new EchoResult(Kind.REPLY, Optional.of(roundTrip), "");
    }

    public static EchoResult silence() {
        return new EchoResult(Kind.SILENCE, Optional.empty(), "");
    }

    public static EchoResult unsent(String detail) {
        return new EchoResult(Kind.UNSENT, Optional.empty(), detail);
    }

    public static EchoResult impossible(String detail) {
        return new EchoResult(Kind.IMPOSSIBLE, Optional.empty(), detail);
    }
}
