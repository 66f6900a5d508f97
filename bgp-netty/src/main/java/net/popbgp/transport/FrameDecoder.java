package net.popbgp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.UpdateMessage;

/**
 * Cuts the byte stream into messages and has them decoded, each before the next is looked at, so that what an OPEN negotiates counts for
 * what follows it in the same read. A header that is wrong ends it at once, without waiting for the body. After an error, and once the
 * session has let go of the connection, input is thrown away.
 *
 * <p>Confined to the peer's loop.
 */
final class FrameDecoder extends ByteToMessageDecoder {

    private final ChannelWire wire;

    FrameDecoder(ChannelWire wire) {
        this.wire = wire;
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (!wire.isReceiving()) {
            in.skipBytes(in.readableBytes());
            return;
        }
        int available = in.readableBytes();
        if (available < MessageCodec.HEADER_LENGTH) {
            return;
        }
        try {
            int length = wire.codec().frameLength(in.nioBuffer(in.readerIndex(), MessageCodec.HEADER_LENGTH));
            if (available < length) {
                return;
            }
            BgpMessage message = wire.codec().decode(in.nioBuffer(in.readerIndex(), length));
            if (message instanceof UpdateMessage update && !update.faults().isEmpty()) {
                wire.faults(update, ByteBufUtil.getBytes(in, in.readerIndex(), length));
            }
            in.skipBytes(length);
            wire.counted(length);
            out.add(message);
        } catch (NotificationException e) {
            in.skipBytes(in.readableBytes());
            wire.receivedError(e);
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        if (in.isReadable()) {
            decode(context, in, out);
        }
    }

    /** Messages stop here: the wire is told, nothing goes further along the pipeline. */
    static final class Sink extends io.netty.channel.ChannelInboundHandlerAdapter {

        private final ChannelWire wire;

        Sink(ChannelWire wire) {
            this.wire = wire;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            wire.received((BgpMessage) message);
        }

        @Override
        public void channelInactive(ChannelHandlerContext context) {
            wire.closed();
        }

        @Override
        public void channelWritabilityChanged(ChannelHandlerContext context) {
            wire.writabilityChanged();
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            if (cause instanceof java.io.IOException) {
                wire.failed(Failures.connected(cause));
            } else {
                wire.failed("internal error: " + cause);
                org.slf4j.LoggerFactory.getLogger(FrameDecoder.class)
                        .error("event=transport_error remote={}", wire.remoteAddress(), cause);
            }
            context.close();
        }
    }
}
