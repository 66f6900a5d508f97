package net.popbgp.session;

import java.net.InetSocketAddress;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.UpdateMessage;

/**
 * One TCP connection as the session sees it: messages in and out, and whether there is room. A real one is a channel, a virtual one a queue.
 * What happens on it is told to its {@link Events}, always from the peer's loop and never from inside a call on the wire.
 *
 * <p>Confined to the peer's loop.
 */
public interface Wire {

    /** What happens on a connection. */
    interface Events {

        /** A message that could be decoded. */
        void onMessage(BgpMessage message);

        /**
         * The UPDATE that comes with the next {@link #onMessage} has faults that the session survives (RFC 7606).
         *
         * @param octets the whole message
         */
        default void onFaults(UpdateMessage update, byte[] octets) {}

        /**
         * A message that ends the session. Nothing more is delivered from this connection.
         *
         * @param error carries the NOTIFICATION to send; its code says whether header, OPEN or UPDATE was wrong
         */
        void onMessageError(NotificationException error);

        /** The connection was closed by the peer or the network. Not told after {@link Wire#close}. */
        void onClosed(String detail);

        /** {@link Wire#isWritable} has become true again. */
        void onWritable();

        /** The network took at least one more message since the last call (RFC 9687: restarts the SendHoldTimer). */
        void onSendProgress();
    }

    /** Encodes and sends a message. Ignored once closed. */
    void send(BgpMessage message);

    /**
     * Sends messages that are encoded already. The array is shared with other connections: it must not be changed.
     *
     * @param messages how many messages the octets hold, for the counters
     */
    void sendEncoded(byte[] octets, int messages);

    /** {@return whether the outbound buffer is below its high-water mark} */
    boolean isWritable();

    /** {@return whether everything sent was taken by the network} */
    boolean isDrained();

    /** Stops or restarts reading; what was read already may still be delivered. */
    void setReading(boolean reading);

    /** Codes messages from here on as negotiated, in both directions. */
    void setOptions(CodecOptions options);

    /** Closes once what was sent has gone out, or after at most one second. No event follows. */
    void close();

    /** {@return our address and port} */
    InetSocketAddress localAddress();

    /** {@return the peer's address and port} */
    InetSocketAddress remoteAddress();
}
