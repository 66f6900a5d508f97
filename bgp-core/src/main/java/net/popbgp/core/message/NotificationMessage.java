package net.popbgp.core.message;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import net.popbgp.core.net.AddressFamily;

/**
 * NOTIFICATION (RFC 4271, 4.5): any code, subcode and data, known or not.
 *
 * <p>Immutable.
 */
public final class NotificationMessage implements BgpMessage {

    // Message Header Error (1)
    public static final int CONNECTION_NOT_SYNCHRONIZED = 1;
    public static final int BAD_MESSAGE_LENGTH = 2;
    public static final int BAD_MESSAGE_TYPE = 3;
    // OPEN Message Error (2)
    public static final int UNSUPPORTED_VERSION_NUMBER = 1;
    public static final int BAD_PEER_AS = 2;
    public static final int BAD_BGP_IDENTIFIER = 3;
    public static final int UNSUPPORTED_OPTIONAL_PARAMETER = 4;
    public static final int UNACCEPTABLE_HOLD_TIME = 6;
    public static final int UNSUPPORTED_CAPABILITY = 7;
    public static final int ROLE_MISMATCH = 11;
    // UPDATE Message Error (3)
    public static final int MALFORMED_ATTRIBUTE_LIST = 1;
    public static final int UNRECOGNIZED_WELL_KNOWN_ATTRIBUTE = 2;
    public static final int MISSING_WELL_KNOWN_ATTRIBUTE = 3;
    public static final int ATTRIBUTE_FLAGS_ERROR = 4;
    public static final int ATTRIBUTE_LENGTH_ERROR = 5;
    public static final int INVALID_ORIGIN = 6;
    public static final int INVALID_NEXT_HOP = 8;
    public static final int OPTIONAL_ATTRIBUTE_ERROR = 9;
    public static final int INVALID_NETWORK_FIELD = 10;
    public static final int MALFORMED_AS_PATH = 11;
    // Finite State Machine Error (5), RFC 6608
    public static final int UNEXPECTED_MESSAGE_IN_OPEN_SENT = 1;
    public static final int UNEXPECTED_MESSAGE_IN_OPEN_CONFIRM = 2;
    public static final int UNEXPECTED_MESSAGE_IN_ESTABLISHED = 3;
    // Cease (6), RFC 4486, RFC 8538, RFC 9384
    public static final int MAXIMUM_NUMBER_OF_PREFIXES_REACHED = 1;
    public static final int ADMINISTRATIVE_SHUTDOWN = 2;
    public static final int PEER_DECONFIGURED = 3;
    public static final int ADMINISTRATIVE_RESET = 4;
    public static final int CONNECTION_REJECTED = 5;
    public static final int OTHER_CONFIGURATION_CHANGE = 6;
    public static final int CONNECTION_COLLISION_RESOLUTION = 7;
    public static final int OUT_OF_RESOURCES = 8;
    public static final int HARD_RESET = 9;
    public static final int BFD_DOWN = 10;
    // ROUTE-REFRESH Message Error (7), RFC 7313
    public static final int INVALID_MESSAGE_LENGTH = 1;

    /** The longest shutdown communication, octets of UTF-8 (RFC 9003, 2). */
    public static final int MAX_SHUTDOWN_COMMUNICATION = 255;

    private final int code;
    private final int subcode;
    private final byte[] data;

    /**
     * @param code 0..255
     * @param subcode 0..255
     * @param data copied
     */
    public NotificationMessage(int code, int subcode, byte... data) {
        if (code < 0 || code > 255 || subcode < 0 || subcode > 255) {
            throw new IllegalArgumentException("NOTIFICATION code and subcode are 0..255: " + code + "/" + subcode);
        }
        this.code = code;
        this.subcode = subcode;
        this.data = data.clone();
    }

    public static NotificationMessage of(ErrorCode code, int subcode, byte... data) {
        return new NotificationMessage(code.code(), subcode, data);
    }

    public static NotificationMessage cease(int subcode) {
        return of(ErrorCode.CEASE, subcode);
    }

    /**
     * {@return Cease with a shutdown communication (RFC 9003, 2): for Administrative Shutdown and Administrative Reset}
     *
     * @param communication cut to 255 octets of UTF-8 at a character's border; empty for none
     */
    public static NotificationMessage cease(int subcode, String communication) {
        if (communication.isEmpty()) {
            return cease(subcode);
        }
        byte[] text = communication.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_SHUTDOWN_COMMUNICATION);
        while (length > 0 && length < text.length && (text[length] & 0xC0) == 0x80) {
            length--;
        }
        return of(
                ErrorCode.CEASE,
                subcode,
                ByteBuffer.allocate(1 + length)
                        .put((byte) length)
                        .put(text, 0, length)
                        .array());
    }

    /** {@return Cease / Maximum Number of Prefixes Reached with the family and the limit as data (RFC 4486, 4)} */
    public static NotificationMessage maximumPrefixes(AddressFamily family, long limit) {
        return of(
                ErrorCode.CEASE,
                MAXIMUM_NUMBER_OF_PREFIXES_REACHED,
                ByteBuffer.allocate(7)
                        .putShort((short) family.afi())
                        .put((byte) family.safi())
                        .putInt((int) limit)
                        .array());
    }

    /** {@return the Hard Reset that carries a NOTIFICATION (RFC 8538, 3.1)} */
    public static NotificationMessage hardReset(NotificationMessage reason) {
        return of(
                ErrorCode.CEASE,
                HARD_RESET,
                ByteBuffer.allocate(2 + reason.data.length)
                        .put((byte) reason.code)
                        .put((byte) reason.subcode)
                        .put(reason.data)
                        .array());
    }

    public boolean isHardReset() {
        return is(ErrorCode.CEASE, HARD_RESET);
    }

    /** {@return the NOTIFICATION that a Hard Reset carries (RFC 8538, 3.1); empty if this is none or it carries none} */
    public Optional<NotificationMessage> carried() {
        return isHardReset() && data.length >= 2
                ? Optional.of(new NotificationMessage(
                        data[0] & 0xFF, data[1] & 0xFF, Arrays.copyOfRange(data, 2, data.length)))
                : Optional.empty();
    }

    public int code() {
        return code;
    }

    public int subcode() {
        return subcode;
    }

    /** {@return a copy of the data} */
    public byte[] data() {
        return data.clone();
    }

    public boolean is(ErrorCode errorCode, int expectedSubcode) {
        return code == errorCode.code() && subcode == expectedSubcode;
    }

    /** {@return the text of a Cease 6/2 or 6/4 (RFC 9003), also inside a Hard Reset; empty if there is none or it is not UTF-8} */
    public Optional<String> shutdownCommunication() {
        Optional<NotificationMessage> carried = carried();
        if (carried.isPresent()) {
            return carried.get().isHardReset()
                    ? Optional.empty()
                    : carried.get().shutdownCommunication(); // RFC 8538, 5.2
        }
        if (code != ErrorCode.CEASE.code()
                || (subcode != ADMINISTRATIVE_SHUTDOWN && subcode != ADMINISTRATIVE_RESET)
                || data.length < 2
                || (data[0] & 0xFF) == 0
                || (data[0] & 0xFF) > data.length - 1) {
            return Optional.empty();
        }
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(data, 1, data[0] & 0xFF))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    /** {@return code and subcode in words, e.g. {@code Cease/Maximum Number of Prefixes Reached}} */
    public String describe() {
        return NotificationNames.describe(code, subcode);
    }

    @Override
    public MessageType type() {
        return MessageType.NOTIFICATION;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof NotificationMessage that
                && code == that.code
                && subcode == that.subcode
                && Arrays.equals(data, that.data);
    }

    @Override
    public int hashCode() {
        return (code * 31 + subcode) * 31 + Arrays.hashCode(data);
    }

    @Override
    public String toString() {
        return code + "/" + subcode + " " + describe() + dataText();
    }

    private String dataText() {
        if (data.length == 0) {
            return "";
        }
        String hex = " data " + HexFormat.of().formatHex(data);
        if (is(ErrorCode.CEASE, MAXIMUM_NUMBER_OF_PREFIXES_REACHED) && data.length == 7) {
            ByteBuffer fields = ByteBuffer.wrap(data);
            AddressFamily family = AddressFamily.of(fields.getShort() & 0xFFFF, fields.get() & 0xFF);
            return hex + " (" + family + ", limit " + Integer.toUnsignedString(fields.getInt()) + ")";
        }
        Optional<NotificationMessage> carried = carried();
        if (carried.isPresent() && !carried.get().isHardReset()) {
            return " for " + carried.get();
        }
        return shutdownCommunication().map(text -> " \"" + text + "\"").orElse(hex);
    }
}
