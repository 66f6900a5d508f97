package net.popbgp.fuzz;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import net.popbgp.core.codec.CodecOptions;
import org.jspecify.annotations.Nullable;

/** Messages as octets, made and taken apart without the codec under test. */
final class Frames {

    static final int HEADER = 19;
    static final int UPDATE = 2;

    private Frames() {}

    /** {@return a message of a type around a body} */
    static byte[] message(int type, byte[] body) {
        return ByteBuffer.allocate(HEADER + body.length)
                .putLong(-1)
                .putLong(-1)
                .putShort((short) (HEADER + body.length))
                .put((byte) type)
                .put(body)
                .array();
    }

    /** {@return an UPDATE of its three fields} */
    static byte[] update(byte[] withdrawn, byte[] attributes, byte[] nlri) {
        ByteBuffer body = ByteBuffer.allocate(4 + withdrawn.length + attributes.length + nlri.length)
                .putShort((short) withdrawn.length)
                .put(withdrawn)
                .putShort((short) attributes.length)
                .put(attributes)
                .put(nlri);
        return message(UPDATE, body.array());
    }

    /** {@return the attribute with a length of two octets} */
    static byte[] attribute(int flags, int type, byte[] value) {
        return ByteBuffer.allocate(4 + value.length)
                .put((byte) (flags | 0x10))
                .put((byte) type)
                .putShort((short) value.length)
                .put(value)
                .array();
    }

    /** {@return what every announced route needs: ORIGIN, AS_PATH, NEXT_HOP, and LOCAL_PREF from an internal peer} */
    static byte[] mandatory(CodecOptions options) {
        String path = options.fourOctetAs() ? "400206" + "0201" + "0000fbf6" : "400204" + "0201" + "fbf6";
        String localPref = options.external() ? "" : "40050400000064";
        return HexFormat.of().parseHex("40010100" + path + "400304c0000202" + localPref);
    }

    static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    static byte[] from(byte[] octets, int from) {
        return Arrays.copyOfRange(octets, Math.min(from, octets.length), octets.length);
    }

    /** {@return whole messages that other BGP programs' tests are made of, good and bad} */
    static List<byte[]> examples() {
        try (InputStream in = Frames.class.getResourceAsStream("/wire/dev.tsv")) {
            if (in == null) {
                throw new IllegalStateException("wire/dev.tsv is not in the class path");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> HexFormat.of().parseHex(line.substring(line.lastIndexOf('\t') + 1)))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@return the three fields of each example that is an UPDATE with lengths that fit} */
    static List<byte[][]> exampleUpdates() {
        List<byte[][]> updates = new ArrayList<>();
        for (byte[] message : examples()) {
            if (message.length < HEADER + 4 || message[HEADER - 1] != UPDATE) {
                continue;
            }
            ByteBuffer in = ByteBuffer.wrap(message, HEADER, message.length - HEADER);
            byte[] withdrawn = field(in);
            byte[] attributes = withdrawn == null ? null : field(in);
            if (withdrawn != null && attributes != null) {
                byte[] nlri = new byte[in.remaining()];
                in.get(nlri);
                updates.add(new byte[][] {withdrawn, attributes, nlri});
            }
        }
        return updates;
    }

    private static byte @Nullable [] field(ByteBuffer in) {
        int length = in.remaining() < 2 ? 1 : in.getShort() & 0xFFFF;
        if (length > in.remaining()) {
            return null;
        }
        byte[] octets = new byte[length];
        in.get(octets);
        return octets;
    }
}
