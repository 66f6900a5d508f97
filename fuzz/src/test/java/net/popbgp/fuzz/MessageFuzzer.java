package net.popbgp.fuzz;

import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.codec.CodecOptions;

/**
 * One message. First octet: the session's options in the lower bits; with the highest bit the octets that follow are a message with its
 * header, otherwise a type and a body, to which the header is made.
 */
public final class MessageFuzzer {

    private static final int WITH_HEADER = 0x80;
    private static final int MAX_BODY = CodecOptions.EXTENDED_LENGTH - Frames.HEADER;

    private MessageFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length < 2) {
            return;
        }
        boolean whole = (input[0] & WITH_HEADER) != 0;
        byte[] octets = whole ? Frames.from(input, 1) : framed(input);
        if (octets.length >= Frames.HEADER) {
            Decoding.check(Sessions.of(input[0]), octets);
        }
    }

    private static byte[] framed(byte[] input) {
        byte[] body = Frames.from(input, 2);
        return Frames.message(input[1], body.length <= MAX_BODY ? body : new byte[0]);
    }

    /** {@return the examples as they are, and their bodies in sessions by turns} */
    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (byte[] message : Frames.examples()) {
            int session = seeds.size() / 2 % Sessions.count();
            seeds.add(Frames.concat(new byte[] {(byte) WITH_HEADER}, message));
            seeds.add(Frames.concat(new byte[] {(byte) session}, Frames.from(message, Frames.HEADER - 1)));
        }
        return seeds;
    }
}
