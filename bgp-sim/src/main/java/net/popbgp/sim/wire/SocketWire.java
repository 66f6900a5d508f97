package net.popbgp.sim.wire;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.session.Wire;
import org.jspecify.annotations.Nullable;

/** A TCP connection. Confined to the peer's loop. */
final class SocketWire extends ChannelInboundHandlerAdapter implements SimWire {

    private static final long LINGER_MILLIS = 1000;

    private final Channel channel;
    private final Function<SimWire, Optional<Wire.Events>> onActive;
    private final MessageStream stream = new MessageStream();
    private Wire.@Nullable Events events;
    private long sent;
    private long unsent;
    private boolean closed;
    private String failure = "closed by the peer";

    SocketWire(Channel channel, Function<SimWire, Optional<Wire.Events>> onActive) {
        this.channel = channel;
        this.onActive = onActive;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        Optional<Wire.Events> answer = onActive.apply(this);
        if (answer.isEmpty()) {
            reset();
        }
        events = answer.orElse(null);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object received) {
        ByteBuf octets = (ByteBuf) received;
        try {
            if (events != null && !closed) {
                ByteBuffer copy = ByteBuffer.allocate(octets.readableBytes());
                octets.readBytes(copy);
                stream.feed(copy.flip(), events);
            }
        } finally {
            ReferenceCountUtil.release(received);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        if (!closed) {
            closed = true;
            stream.stop();
            if (events != null) {
                events.onClosed(failure);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (!closed && events != null && channel.isWritable()) {
            channel.eventLoop().execute(() -> {
                if (!closed && events != null) {
                    events.onWritable();
                }
            });
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        failure = String.valueOf(cause.getMessage());
        context.close();
    }

    @Override
    public void send(BgpMessage message) {
        sendEncoded(stream.encode(message), 1);
    }

    @Override
    public void sendEncoded(byte[] octets, int messages) {
        if (closed) {
            return;
        }
        sent += octets.length;
        unsent += octets.length;
        channel.writeAndFlush(Unpooled.wrappedBuffer(octets)).addListener(done -> {
            unsent -= octets.length;
            if (done.isSuccess() && !closed && events != null) {
                events.onSendProgress();
            }
        });
    }

    @Override
    public boolean isWritable() {
        return channel.isWritable();
    }

    @Override
    public boolean isDrained() {
        return unsent == 0;
    }

    @Override
    public void setReading(boolean reading) {
        channel.config().setAutoRead(reading);
    }

    @Override
    public void setOptions(CodecOptions options) {
        stream.setOptions(options);
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        stop();
        channel.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
        channel.eventLoop().schedule(this::abort, LINGER_MILLIS, TimeUnit.MILLISECONDS);
    }

    @Override
    public void reset() {
        if (!closed) {
            stop();
            abort();
        }
    }

    @Override
    public long octetsIn() {
        return stream.received();
    }

    @Override
    public long octetsOut() {
        return sent;
    }

    private void stop() {
        closed = true;
        stream.stop();
    }

    private void abort() {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            channel.close();
        }
    }

    @Override
    public InetSocketAddress localAddress() {
        return (InetSocketAddress) channel.localAddress();
    }

    @Override
    public InetSocketAddress remoteAddress() {
        return (InetSocketAddress) channel.remoteAddress();
    }
}
