package net.popbgp.core.codec;

import java.util.Arrays;
import net.popbgp.core.message.ErrorCode;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;

/** Makes the errors that end a session, with the data that RFC 4271, 6 asks for. */
final class Notifications {

    /** What fits a NOTIFICATION of standard length after header, code and subcode. */
    static final int MAX_DATA = CodecOptions.STANDARD_LENGTH - MessageCodec.HEADER_LENGTH - 2;

    private Notifications() {}

    static NotificationException header(int subcode, String detail, byte... data) {
        return new NotificationException(NotificationMessage.of(ErrorCode.MESSAGE_HEADER_ERROR, subcode, data), detail);
    }

    static NotificationException badLength(int length, String detail) {
        return header(NotificationMessage.BAD_MESSAGE_LENGTH, detail, (byte) (length >> 8), (byte) length);
    }

    static NotificationException open(int subcode, String detail, byte... data) {
        return new NotificationException(NotificationMessage.of(ErrorCode.OPEN_MESSAGE_ERROR, subcode, data), detail);
    }

    static NotificationException update(int subcode, String detail, byte... data) {
        return new NotificationException(NotificationMessage.of(ErrorCode.UPDATE_MESSAGE_ERROR, subcode, data), detail);
    }

    static NotificationException malformedAttributeList(String detail) {
        return update(NotificationMessage.MALFORMED_ATTRIBUTE_LIST, detail);
    }

    /** {@return the octets from here to there, cut to what fits a NOTIFICATION} */
    static byte[] data(byte[] octets, int from, int end) {
        return Arrays.copyOfRange(octets, from, Math.min(end, from + MAX_DATA));
    }
}
