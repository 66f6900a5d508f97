package net.popbgp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.function.Function;
import net.popbgp.session.Wire;

/** A connection without a network: the transport's own wire and frame decoder over a channel that is fed by hand. Used by one thread. */
public final class EmbeddedWire {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final ByteArrayOutputStream sent = new ByteArrayOutputStream();

    /** Connects; {@code accept} answers who gets what is received. */
    public EmbeddedWire(InetSocketAddress local, InetSocketAddress remote, Function<Wire, Wire.Events> accept) {
        ChannelWire wire = new ChannelWire(channel, local, remote);
        wire.open(accept.apply(wire));
    }

    /** Feeds octets in pieces of at most a size. */
    public void feed(byte[] octets, int piece) {
        for (int at = 0; at < octets.length && channel.isActive(); at += piece) {
            channel.writeInbound(
                    Unpooled.wrappedBuffer(Arrays.copyOfRange(octets, at, Math.min(at + piece, octets.length))));
        }
    }

    /** Runs what the channel has put off. */
    public void runPending() {
        channel.runPendingTasks();
        channel.checkException();
    }

    /** {@return all octets that were sent so far} */
    public byte[] sent() {
        for (ByteBuf octets = channel.readOutbound(); octets != null; octets = channel.readOutbound()) {
            byte[] copy = new byte[octets.readableBytes()];
            octets.readBytes(copy);
            octets.release();
            sent.writeBytes(copy);
        }
        return sent.toByteArray();
    }

    public void close() {
        channel.finishAndReleaseAll();
    }
}
