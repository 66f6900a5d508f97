package net.popbgp.sim.wire;

import java.nio.ByteBuffer;
import java.util.Arrays;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.session.Wire;

/**
 * Cuts a stream of octets into messages. Holds at most one incomplete message and what came with it. After a message in error nothing more
 * is delivered.
 *
 * <p>Confined to the peer's loop.
 */
public final class MessageStream {

    private CodecOptions options = CodecOptions.INITIAL;
    private MessageCodec codec = new MessageCodec(options);
    private byte[] pending = new byte[CodecOptions.STANDARD_LENGTH];
    private int size;
    private long received;
    private boolean dead;

    public void setOptions(CodecOptions negotiated) {
        options = negotiated;
        codec = new MessageCodec(negotiated);
    }

    public CodecOptions options() {
        return options;
    }

    public byte[] encode(BgpMessage message) {
        return codec.encode(message);
    }

    /** Takes octets as they came and delivers each message that they complete. */
    public void feed(ByteBuffer octets, Wire.Events events) {
        int added = octets.remaining();
        received += added;
        if (size + added > pending.length) {
            pending = Arrays.copyOf(pending, Math.max(size + added, pending.length * 2));
        }
        octets.get(pending, size, added);
        size += added;
        int at = 0;
        try {
            while (!dead && size - at >= MessageCodec.HEADER_LENGTH) {
                int length = codec.frameLength(pending, at);
                if (size - at < length) {
                    break;
                }
                BgpMessage message = codec.decode(pending, at, length);
                at += length;
                events.onMessage(message);
            }
        } catch (NotificationException e) {
            dead = true;
            events.onMessageError(e);
        }
        System.arraycopy(pending, at, pending, 0, size - at);
        size -= at;
    }

    /** {@return how many octets it was fed} */
    public long received() {
        return received;
    }

    /** Delivers nothing more. */
    public void stop() {
        dead = true;
    }
}
