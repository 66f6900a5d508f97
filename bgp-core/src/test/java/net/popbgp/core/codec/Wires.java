package net.popbgp.core.codec;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Set;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;

/** Hexadecimal to messages, for the tests of this package. */
final class Wires {

    static final Set<AddressFamily> BOTH = Set.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST);
    static final CodecOptions EXTERNAL = options(true, true);
    static final CodecOptions INTERNAL = options(false, true);
    static final CodecOptions TWO_OCTET = options(true, false);

    private Wires() {}

    static CodecOptions options(boolean external, boolean fourOctetAs) {
        return new CodecOptions(external, fourOctetAs, 4096, 4096, BOTH, Set.of(), Set.of(), Set.of());
    }

    static CodecOptions addPath() {
        return new CodecOptions(true, true, 4096, 4096, BOTH, BOTH, BOTH, Set.of());
    }

    static CodecOptions extendedNextHop() {
        return new CodecOptions(true, true, 4096, 4096, BOTH, Set.of(), Set.of(), Set.of(AddressFamily.IPV4_UNICAST));
    }

    static byte[] octets(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    static String hex(byte[] octets) {
        return HexFormat.of().formatHex(octets);
    }

    /** A message of a type around a body. */
    static byte[] message(int type, String body) {
        byte[] octets = octets(body);
        return ByteBuffer.allocate(19 + octets.length)
                .putLong(-1)
                .putLong(-1)
                .putShort((short) (19 + octets.length))
                .put((byte) type)
                .put(octets)
                .array();
    }

    static byte[] update(String withdrawn, String attributes, String nlri) {
        return message(2, counted(withdrawn) + counted(attributes) + nlri);
    }

    private static String counted(String field) {
        return HexFormat.of().toHexDigits((short) octets(field).length) + field;
    }

    static BgpMessage decode(CodecOptions options, byte[] message) throws NotificationException {
        return new MessageCodec(options).decode(message);
    }

    static UpdateMessage decodeUpdate(CodecOptions options, byte[] message) throws NotificationException {
        return (UpdateMessage) decode(options, message);
    }

    /** What comes of a message in a few words: the NOTIFICATION, or what is announced, withdrawn and discarded. */
    static String outcome(CodecOptions options, byte[] message) {
        try {
            return describe(decode(options, message));
        } catch (NotificationException e) {
            return describe(e.notification());
        }
    }

    static String describe(NotificationMessage notification) {
        String data = hex(notification.data());
        return notification.code() + "/" + notification.subcode() + (data.isEmpty() ? "" : " " + data);
    }

    private static String describe(BgpMessage message) {
        if (!(message instanceof UpdateMessage update)) {
            return message.toString();
        }
        StringBuilder text =
                new StringBuilder(update.treatment().map(Enum::name).orElse("ok"));
        update.announced().forEach(each -> text.append(" +").append(each.prefixes()));
        update.withdrawn().forEach(each -> text.append(" -").append(each));
        update.endOfRib().ifPresent(family -> text.append(" end of ").append(family));
        return text.toString();
    }
}
