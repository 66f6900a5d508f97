package net.popbgp.core.codec;

import java.util.Arrays;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;

/**
 * Messages of one connection to bytes and back (RFC 4271, 4 and 6). Received bytes cause values or {@link NotificationException}, nothing
 * else.
 *
 * <p>A frame is copied once into an array that is kept, and read from there. Attributes of UPDATEs are remembered: the same octets give
 * the identical PathAttributes again. The memory for that is bounded by 4,096 sets of at most 512 octets, the newer replacing the older.
 *
 * <p>Not thread-safe; one per connection.
 */
public final class MessageCodec {

    /** Marker, Length and Type (RFC 4271, 4.1). */
    public static final int HEADER_LENGTH = 19;

    private static final int LENGTH_OFFSET = 16;
    private static final int TYPE_OFFSET = 18;
    private static final int SUBTYPE_OFFSET = HEADER_LENGTH + 2; // of ROUTE-REFRESH

    private final CodecOptions options;
    private final UpdateCodec updates;
    private byte[] frame = new byte[CodecOptions.STANDARD_LENGTH + NlriCodec.SLACK];

    public MessageCodec(CodecOptions options) {
        this.options = options;
        updates = new UpdateCodec(options);
    }

    /**
     * Checks a header (RFC 4271, 6.1).
     *
     * @param octets with at least {@link #HEADER_LENGTH} of them from {@code from} on
     * @return the length of the message, header included
     */
    public int frameLength(byte[] octets, int from) throws NotificationException {
        if (octets.length - from < HEADER_LENGTH) {
            throw new IllegalArgumentException("a header has 19 octets, not " + (octets.length - from));
        }
        if ((Octets.i64(octets, from) & Octets.i64(octets, from + Long.BYTES)) != -1) {
            throw notSynchronized(octets, from);
        }
        int length = Octets.u16(octets, from + LENGTH_OFFSET);
        if (length < HEADER_LENGTH || length > options.maxReceive()) {
            throw Notifications.badLength(length, "message of length " + length);
        }
        int code = Octets.u8(octets, from + TYPE_OFFSET);
        MessageType type = MessageType.ofCode(code)
                .orElseThrow(() -> Notifications.header(
                        NotificationMessage.BAD_MESSAGE_TYPE, "message of type " + code, (byte) code));
        if (length < minLength(type) || length > maxLength(type)) {
            throw Notifications.badLength(length, type + " of length " + length);
        }
        return length;
    }

    private static NotificationException notSynchronized(byte[] octets, int from) {
        int i = 0;
        while (octets[from + i] == -1) {
            i++;
        }
        return Notifications.header(
                NotificationMessage.CONNECTION_NOT_SYNCHRONIZED, "octet " + i + " of the marker is not ff");
    }

    /** A ROUTE-REFRESH is looked at from its subtype on: that decides how a wrong length is answered (RFC 7313, 5). */
    private static int minLength(MessageType type) {
        return type == MessageType.ROUTE_REFRESH ? SUBTYPE_OFFSET + 1 : type.minLength();
    }

    /** OPEN and KEEPALIVE are never extended messages (RFC 8654, 4). */
    private int maxLength(MessageType type) {
        return switch (type) {
            case KEEPALIVE -> HEADER_LENGTH;
            case OPEN -> CodecOptions.STANDARD_LENGTH;
            case UPDATE, NOTIFICATION, ROUTE_REFRESH -> options.maxReceive();
        };
    }

    /** Reads one message, header checks included. */
    public BgpMessage decode(byte[] message) throws NotificationException {
        return decode(message, 0, message.length);
    }

    /**
     * Reads one message out of others, header checks included.
     *
     * @param from the first octet of the message
     * @param count the octets of the message
     */
    public BgpMessage decode(byte[] octets, int from, int count) throws NotificationException {
        int length = frameLength(octets, from);
        if (length != count) {
            throw Notifications.badLength(length, "message of length " + length + " in " + count + " octets");
        }
        if (frame.length < length + NlriCodec.SLACK) {
            frame = new byte[CodecOptions.EXTENDED_LENGTH + NlriCodec.SLACK];
        }
        System.arraycopy(octets, from, frame, 0, length);
        return switch (MessageType.ofCode(frame[TYPE_OFFSET]).orElseThrow()) {
            case OPEN -> OpenCodec.decode(frame, length);
            case UPDATE -> updates.decode(frame, length);
            case NOTIFICATION ->
                new NotificationMessage(
                        Octets.u8(frame, HEADER_LENGTH),
                        Octets.u8(frame, HEADER_LENGTH + 1),
                        Arrays.copyOfRange(frame, HEADER_LENGTH + 2, length));
            case KEEPALIVE -> KeepaliveMessage.INSTANCE;
            case ROUTE_REFRESH -> decodeRouteRefresh(length);
        };
    }

    /** What follows a plain request, such as ORF entries (RFC 5291) that were not negotiated, is passed over. */
    private RouteRefreshMessage decodeRouteRefresh(int length) throws NotificationException {
        int subtype = Octets.u8(frame, SUBTYPE_OFFSET);
        boolean demarcation = subtype == RouteRefreshMessage.BEGIN || subtype == RouteRefreshMessage.END;
        if (demarcation && length != MessageType.ROUTE_REFRESH.minLength()) {
            throw new NotificationException(
                    NotificationMessage.of(
                            ErrorCode.ROUTE_REFRESH_MESSAGE_ERROR,
                            NotificationMessage.INVALID_MESSAGE_LENGTH,
                            Notifications.data(frame, 0, length)),
                    "ROUTE-REFRESH of subtype " + subtype + " and length " + length);
        }
        if (length < MessageType.ROUTE_REFRESH.minLength()) {
            throw Notifications.badLength(length, MessageType.ROUTE_REFRESH + " of length " + length);
        }
        AddressFamily family = AddressFamily.of(Octets.u16(frame, HEADER_LENGTH), Octets.u8(frame, HEADER_LENGTH + 3));
        return new RouteRefreshMessage(family, subtype);
    }

    /**
     * {@return the message as bytes}
     *
     * <p>A NOTIFICATION's data is cut to what the longest message can hold. An UPDATE is written as one message without its faults; many
     * routes are for {@link UpdatePacker}.
     *
     * @throws IllegalArgumentException if it does not fit one message of this session, or is an UPDATE without routes that is no End-of-RIB
     */
    public byte[] encode(BgpMessage message) {
        WireBuffer out = new WireBuffer(64);
        switch (message.type()) {
            case OPEN -> OpenCodec.encode(out, (OpenMessage) message);
            case UPDATE -> UpdateEncoder.encode(out, (UpdateMessage) message, options);
            case NOTIFICATION -> encodeNotification(out, (NotificationMessage) message);
            case KEEPALIVE -> out.endMessage(out.beginMessage(MessageType.KEEPALIVE));
            case ROUTE_REFRESH -> encodeRouteRefresh(out, (RouteRefreshMessage) message);
        }
        return out.toByteArray();
    }

    static void encodeRouteRefresh(WireBuffer out, RouteRefreshMessage refresh) {
        int start = out.beginMessage(MessageType.ROUTE_REFRESH);
        out.u16(refresh.family().afi())
                .u8(refresh.subtype())
                .u8(refresh.family().safi());
        out.endMessage(start);
    }

    private void encodeNotification(WireBuffer out, NotificationMessage notification) {
        int start = out.beginMessage(MessageType.NOTIFICATION);
        byte[] data = notification.data();
        out.u8(notification.code()).u8(notification.subcode());
        out.bytes(data, Math.min(data.length, options.maxSend() - HEADER_LENGTH - 2));
        out.endMessage(start);
    }
}
