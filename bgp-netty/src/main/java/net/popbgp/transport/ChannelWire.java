package net.popbgp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.UpdateMessage;
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
    private final ChannelFutureListener written = future -> writeDone(future.cause());
    private MessageCodec codec = new MessageCodec(CodecOptions.INITIAL);
    private @Nullable Events events;
    private int unwritten;
    private boolean flushScheduled;
    private boolean closing;
    private boolean deaf;
    private String closeReason = Failures.CLOSED;
    private long messagesIn;
    private long messagesOut;
    private long octetsIn;
    private long octetsOut;

    ChannelWire(Channel channel) {
        this(channel, (InetSocketAddress) channel.localAddress(), (InetSocketAddress) channel.remoteAddress());
    }

    ChannelWire(Channel channel, InetSocketAddress local, InetSocketAddress remote) {
        this.channel = channel;
        this.local = local;
        this.remote = remote;
        channel.config()
                .setOption(ChannelOption.WRITE_BUFFER_WATER_MARK, new WriteBufferWaterMark(LOW_WATER, HIGH_WATER));
        channel.pipeline().addLast(new FrameDecoder(this));
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
        return events != null && !deaf;
    }

    void counted(int octets) {
        messagesIn++;
        octetsIn += octets;
    }

    void received(BgpMessage message) {
        if (events != null && !deaf) {
            events.onMessage(message);
        }
    }

    void faults(UpdateMessage update, byte[] octets) {
        if (events != null && !deaf) {
            events.onFaults(update, octets);
        }
    }

    void receivedError(NotificationException error) {
        deaf = true;
        if (events != null) {
            events.onMessageError(error);
        }
    }

    /** The connection cannot go on, for a reason of the network or of ours: no more messages, but the end is told. */
    void failed(String reason) {
        deaf = true;
        closeReason = reason;
    }

    void closed() {
        closed(closeReason);
    }

    private void closed(String detail) {
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

    private void writeDone(@Nullable Throwable failure) {
        unwritten--;
        if (failure == null) {
            if (events != null) {
                events.onSendProgress();
            }
        } else if (failure instanceof IOException && !(failure instanceof ClosedChannelException)) {
            closeReason = Failures.connected(failure); // a write may meet the reset before a read does
        }
        if (closing && unwritten == 0) {
            shutdownOutput();
        }
    }

    @Override
    public void send(BgpMessage message) {
        if (!closing) {
            write(Unpooled.wrappedBuffer(codec.encode(message)), 1);
        }
    }

    @Override
    public void sendEncoded(byte[] octets, int messages) {
        if (!closing) {
            write(Unpooled.wrappedBuffer(octets), messages);
        }
    }

    private void write(ByteBuf octets, int messages) {
        messagesOut += messages;
        octetsOut += octets.readableBytes();
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
        if (!closing) {
            channel.config().setAutoRead(reading);
        }
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

    /** {@return messages received whole and readable} */
    long messagesIn() {
        return messagesIn;
    }

    long messagesOut() {
        return messagesOut;
    }

    /** {@return octets of the messages received} */
    long octetsIn() {
        return octetsIn;
    }

    long octetsOut() {
        return octetsOut;
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
