package net.popbgp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.session.Wire;
import org.jspecify.annotations.Nullable;

/**
 * A TCP connection as a {@link Wire}. What is sent within one turn of the loop is flushed together at its end.
 *
 * <p>Closing sends what is left, then ends our direction and reads on until the peer has ended its own or a second has passed: closing at
 * once with input unread would make TCP reset the connection, and the peer would lose the NOTIFICATION that tells it why.
 *
 * <p>Confined to the peer's loop.
 */
final class ChannelWire implements Wire {

    private static final int LOW_WATER = 64 * 1024;
    private static final int HIGH_WATER = 256 * 1024;
    private static final long CLOSE_MILLIS = 1000;

    private final Channel channel;
    private final InetSocketAddress local;
    private final InetSocketAddress remote;
    private final ChannelFutureListener written = future -> writeDone(future.isSuccess());
    private MessageCodec codec = new MessageCodec(CodecOptions.INITIAL);
    private @Nullable Events events;
    private int unwritten;
    private boolean flushScheduled;
    private boolean closing;

    ChannelWire(Channel channel) {
        this.channel = channel;
        this.local = (InetSocketAddress) channel.localAddress();
        this.remote = (InetSocketAddress) channel.remoteAddress();
        channel.config()
                .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(LOW_WATER, HIGH_WATER));
        channel.pipeline().addLast(new FrameDecoder(this), new FrameDecoder.Sink(this));
    }

    /** Starts reading for these events. */
    void open(Events receiver) {
        if (closing) {
            return;
        }
        events = receiver;
        channel.config().setAutoRead(true);
        if (!channel.isActive()) {
            channel.eventLoop().execute(() -> closed("connection closed"));
        }
    }

    MessageCodec codec() {
        return codec;
    }

    /** {@return whether received messages still matter} */
    boolean isReceiving() {
        return events != null;
    }

    void received(BgpMessage message) {
        if (events != null) {
            events.onMessage(message);
        }
    }

    void receivedError(NotificationException error) {
        if (events != null) {
            events.onMessageError(error);
        }
    }

    void closed(String detail) {
        Events receiver = events;
        events = null;
        closing = true;
        if (receiver != null) {
            receiver.onClosed(detail);
        }
    }

    void writabilityChanged() {
        if (events != null && channel.isWritable()) {
            events.onWritable();
        }
    }

    private void writeDone(boolean success) {
        unwritten--;
        if (success && events != null) {
            events.onSendProgress();
        }
        if (closing && unwritten == 0) {
            shutdownOutput();
        }
    }

    @Override
    public void send(BgpMessage message) {
        if (!closing) {
            write(Unpooled.wrappedBuffer(codec.encode(message)));
        }
    }

    @Override
    public void sendEncoded(byte[] octets, int messages) {
        if (!closing) {
            write(Unpooled.wrappedBuffer(octets));
        }
    }

    private void write(ByteBuf octets) {
        unwritten++;
        channel.write(octets).addListener(written);
        if (!flushScheduled) {
            flushScheduled = true;
            channel.eventLoop().execute(this::flush);
        }
    }

    private void flush() {
        flushScheduled = false;
        channel.flush();
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean isDrained() {
        return unwritten == 0;
    }

    @Override
    public void setReading(boolean reading) {
        channel.config().setAutoRead(reading);
    }

    @Override
    public void setOptions(CodecOptions options) {
        codec = new MessageCodec(options);
    }

    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        events = null;
        channel.flush();
        channel.config().setAutoRead(true);
        channel.eventLoop().schedule(() -> channel.close(), CLOSE_MILLIS, TimeUnit.MILLISECONDS);
        if (unwritten == 0) {
            shutdownOutput();
        }
    }

    private void shutdownOutput() {
        if (channel instanceof DuplexChannel duplex && channel.isActive()) {
            duplex.shutdownOutput();
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return local;
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return remote;
    }
}
