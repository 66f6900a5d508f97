package net.popbgp.fuzz;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.Treatment;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;

/**
 * The path attributes of an UPDATE that announces one route. First octet: the session's options; the rest is the attributes field. Whatever
 * is wrong with them, the route is announced or withdrawn, or the session ends; it is never passed over (RFC 7606, 2).
 */
public final class AttributeFuzzer {

    private static final Prefix ROUTE = Prefix.of("198.51.100.0/24");
    private static final byte[] NLRI = HexFormat.of().parseHex("18c63364");
    private static final byte[] NLRI_WITH_PATH_ID = HexFormat.of().parseHex("0000000718c63364");
    private static final int MAX_FIELD = CodecOptions.STANDARD_LENGTH - Frames.HEADER - 4 - NLRI_WITH_PATH_ID.length;

    private AttributeFuzzer() {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length < 1 || input.length > MAX_FIELD) {
            return;
        }
        CodecOptions options = Sessions.of(input[0]);
        boolean pathId = options.addPathReceive().contains(AddressFamily.IPV4_UNICAST);
        byte[] message = Frames.update(new byte[0], Frames.from(input, 1), pathId ? NLRI_WITH_PATH_ID : NLRI);
        Optional<BgpMessage> read = Decoding.check(options, message);
        if (read.isEmpty() || !(read.get() instanceof UpdateMessage update)) {
            return;
        }
        boolean announced = update.announced().stream()
                .anyMatch(each -> each.prefixes().asList().contains(ROUTE));
        boolean withdrawn =
                update.withdrawn().stream().anyMatch(each -> each.asList().contains(ROUTE));
        boolean withdraw = update.treatment().orElse(Treatment.ATTRIBUTE_DISCARD) != Treatment.ATTRIBUTE_DISCARD;
        if (options.families().contains(AddressFamily.IPV4_UNICAST)) {
            Decoding.require(announced || withdrawn, "the route was passed over: " + update);
            Decoding.require(!announced || !withdraw, "announced, though " + update.faults());
        } else {
            Decoding.require(!announced && !withdrawn, "a family that was not negotiated: " + update);
        }
    }

    /** {@return the attributes of the examples, in sessions by turns} */
    static List<byte[]> seeds() {
        List<byte[]> seeds = new ArrayList<>();
        for (byte[][] fields : Frames.exampleUpdates()) {
            if (fields[1].length > 0) {
                byte[] session = {(byte) (seeds.size() % Sessions.count())};
                seeds.add(Frames.concat(session, fields[1]));
            }
        }
        return seeds;
    }
}
