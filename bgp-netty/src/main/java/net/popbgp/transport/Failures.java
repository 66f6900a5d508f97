package net.popbgp.transport;

import io.netty.channel.ConnectTimeoutException;
import java.net.NoRouteToHostException;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a socket, in an operator's words: without the names of system calls, and with what to look at where that is known.
 *
 * <p>No state.
 */
final class Failures {

    static final String CLOSED = "closed by the peer";
    static final String RESET = "connection reset by the peer";

    /** A segment that TCP MD5 or GTSM rejects is dropped without an answer, so silence has more than one cause. */
    static final String CONNECT_TIMED_OUT =
            "connect timed out (nothing answers, or segments are rejected: possible MD5 mismatch)";

    private static final Pattern SYSTEM_CALL =
            Pattern.compile("^\\w+\\((?:\\.\\.)?\\) failed(?: with error\\(-\\d+\\))?: ");
    private static final Pattern ADDRESS = Pattern.compile(": [^ /]*/\\S+$");

    private Failures() {}

    /** Why an attempt to connect has failed. */
    static String connecting(@Nullable Throwable cause) {
        if (cause instanceof ConnectTimeoutException) {
            return CONNECT_TIMED_OUT;
        }
        String text = reason(cause);
        if (text.equals("connection timed out")) {
            return CONNECT_TIMED_OUT;
        }
        if (text.equals("cannot assign requested address")) {
            return "the local address is not one of this host";
        }
        return text;
    }

    /** Why an established connection is gone. */
    static String connected(Throwable cause) {
        if (String.valueOf(cause.getMessage()).contains("reset")) {
            return RESET; // without another look: a failover waits for it
        }
        String text = reason(cause);
        if (text.equals("broken pipe")) {
            return RESET;
        }
        if (text.equals("connection timed out")) {
            return "connection timed out (what was sent is not acknowledged)";
        }
        return text;
    }

    /** Why an address cannot be listened on. */
    static String binding(@Nullable Throwable cause, int port) {
        String text = reason(cause);
        if (text.equals("permission denied") && port < 1024) {
            return text + " (port " + port + " needs root or CAP_NET_BIND_SERVICE)";
        }
        if (text.equals("address already in use")) {
            return text + " (another BGP speaker?)";
        }
        if (text.equals("cannot assign requested address")) {
            return "the address is not one of this host";
        }
        return text;
    }

    /** {@return the kernel's words for what has happened, in lower case} */
    static String reason(@Nullable Throwable cause) {
        if (cause == null) {
            return "cancelled";
        }
        if (cause instanceof NoRouteToHostException) {
            return "no route to host"; // Netty's has no message but the address
        }
        String message = cause.getMessage();
        if (message == null) {
            return cause.getClass().getSimpleName();
        }
        String text = SYSTEM_CALL.matcher(message).replaceFirst("");
        return ADDRESS.matcher(text).replaceFirst("").toLowerCase(Locale.ROOT);
    }
}
