package net.popbgp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.FastThreadLocal;
import java.io.IOException;
import java.util.Arrays;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.UpdateMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cuts the byte stream into messages and has them decoded, each before the next is looked at, so that what an OPEN negotiates counts for
 * what follows it in the same read. A header that is wrong ends it at once, without waiting for the body. After an error, and once the
 * session has let go of the connection, input is thrown away. Nothing goes further along the pipeline.
 *
 * <p>What a read brings goes into an array that the connections of a loop share; a connection keeps only the message that is not there in full
 * yet. However small the pieces are in which a message comes, its octets are gathered once and decoded when it is complete.
 *
 * <p>Confined to the peer's loop.
 */
final class FrameDecoder extends ChannelInboundHandlerAdapter {

    private static final Logger LOG = LoggerFactory.getLogger(FrameDecoder.class);
    private static final int SHARED = CodecOptions.EXTENDED_LENGTH + 64 * 1024;
    private static final byte[] NOTHING = {};

    /** Where the loop's connections put what they have read; absent while one of them is at it. */
    private static final FastThreadLocal<byte[]> ROOM = new FastThreadLocal<>();

    private final ChannelWire wire;
    private byte[] begun = NOTHING; // as long as the message, or its header while that is all that is known
    private int begunSize;

    FrameDecoder(ChannelWire wire) {
        this.wire = wire;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object read) {
        ByteBuf in = (ByteBuf) read;
        try {
            if (wire.isReceiving()) {
                take(in);
            }
        } finally {
            in.release();
        }
    }

    private void take(ByteBuf in) {
        int size = begunSize + in.readableBytes();
        if (size < begun.length) {
            in.readBytes(begun, begunSize, in.readableBytes());
            begunSize = size;
            return;
        }
        byte[] room = ROOM.getIfExists();
        ROOM.remove();
        if (room == null || room.length < size) {
            room = new byte[Math.max(SHARED, size)];
        }
        System.arraycopy(begun, 0, room, 0, begunSize);
        in.readBytes(room, begunSize, size - begunSize);
        forget();
        try {
            decode(room, size);
        } catch (NotificationException e) {
            wire.receivedError(e);
        } finally {
            ROOM.set(room);
        }
    }

    private void decode(byte[] octets, int size) throws NotificationException {
        int at = 0;
        while (at < size && wire.isReceiving()) {
            boolean header = size - at >= MessageCodec.HEADER_LENGTH;
            int length = header ? wire.codec().frameLength(octets, at) : MessageCodec.HEADER_LENGTH;
            if (size - at < length) {
                begin(octets, at, size - at, length);
                return;
            }
            BgpMessage message = wire.codec().decode(octets, at, length);
            if (message instanceof UpdateMessage update && !update.faults().isEmpty()) {
                wire.faults(update, Arrays.copyOfRange(octets, at, at + length));
            }
            at += length;
            wire.counted(length);
            wire.received(message);
        }
    }

    private void begin(byte[] octets, int at, int size, int length) {
        begun = new byte[length];
        begunSize = size;
        System.arraycopy(octets, at, begun, 0, size);
    }

    private void forget() {
        begun = NOTHING;
        begunSize = 0;
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        forget();
        wire.closed();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        wire.writabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            wire.failed(Failures.connected(cause));
        } else {
            wire.failed("internal error: " + cause);
            LOG.error("event=transport_error remote={}", wire.remoteAddress(), cause);
        }
        wire.closed(); // first, for a failover may depend on it
        context.close();
    }
}
