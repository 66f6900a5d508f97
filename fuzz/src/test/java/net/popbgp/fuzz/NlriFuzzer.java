package net.popbgp.fuzz;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * Prefixes in one of the four fields that hold them, with and without Path Identifiers, against another reader that is written for being
 * obvious. First octet: the session's options in the lower three bits, the field in the next two; the rest is the field's octets.
 */
public final class NlriFuzzer {

    private static final int MAX_FIELD = CodecOptions.STANDARD_LENGTH - 100;
    private static final byte[] NOTHING = {};
    private static final byte[] REACH_IPV6 =
            HexFormat.of().parseHex("000201" + "10" + "20010db8000000000000000000000002" + "00");
    private static final byte[] UNREACH_IPV6 = HexFormat.of().parseHex("000201");

    private NlriFuzzer() {}

    /** A prefix as it stands in the octets: its address with the bits behind its length zero. */
    private record Read(BigInteger address, int length, int pathId) {}

    public static void fuzzerTestOneInput(byte[] input) throws Exception {
        if (input.length < 2 || input.length > MAX_FIELD) {
            return;
        }
        CodecOptions options = Sessions.of(input[0]);
        boolean ipv6 = (input[0] & 0x08) != 0;
        boolean announcing = (input[0] & 0x10) != 0;
        AddressFamily family = ipv6 ? AddressFamily.IPV6_UNICAST : AddressFamily.IPV4_UNICAST;
        byte[] field = Frames.from(input, 1);
        Optional<BgpMessage> message = Decoding.check(options, message(options, field, ipv6, announcing));
        if (!options.families().contains(family)) {
            return;
        }
        List<Read> expected = read(field, ipv6, options.addPathReceive().contains(family));
        if (expected == null) {
            Decoding.require(message.isEmpty(), "taken, though it cannot be parsed: " + message);
            return;
        }
        Decoding.require(message.isPresent(), "refused, though it is well-formed: " + expected);
        compare((UpdateMessage) message.get(), expected, ipv6, announcing);
    }

    private static byte[] message(CodecOptions options, byte[] field, boolean ipv6, boolean announcing) {
        byte[] mandatory = Frames.mandatory(options);
        if (ipv6) {
            byte[] attribute = announcing
                    ? Frames.attribute(0x80, 14, Frames.concat(REACH_IPV6, field))
                    : Frames.attribute(0x80, 15, Frames.concat(UNREACH_IPV6, field));
            return Frames.update(NOTHING, announcing ? Frames.concat(attribute, mandatory) : attribute, NOTHING);
        }
        return announcing ? Frames.update(NOTHING, mandatory, field) : Frames.update(field, NOTHING, NOTHING);
    }

    private static void compare(UpdateMessage update, List<Read> expected, boolean ipv6, boolean announcing) {
        List<PackedPrefixes> fields = announcing
                ? update.announced().stream()
                        .map(UpdateMessage.Announcement::prefixes)
                        .toList()
                : update.withdrawn();
        List<Read> got = new ArrayList<>();
        for (PackedPrefixes prefixes : fields) {
            for (int i = 0; i < prefixes.size(); i++) {
                Prefix prefix = prefixes.get(i);
                Decoding.require(Prefix.of(prefix.toString()).equals(prefix), "written as " + prefix);
                got.add(new Read(address(prefix), prefixes.length(i), prefixes.hasPathIds() ? prefixes.pathId(i) : 0));
            }
        }
        List<Read> usable = expected.stream()
                .filter(each -> !announcing || !isNoUnicast(each, ipv6))
                .toList();
        Decoding.require(got.equals(usable), "read " + got + ", expected " + usable);
    }

    private static BigInteger address(Prefix prefix) {
        return new BigInteger(1, prefix.address().getAddress());
    }

    /** {@return the prefixes in a field, null if it does not end where a prefix ends or a length is too long} */
    private static @Nullable List<Read> read(byte[] field, boolean ipv6, boolean pathIds) {
        int bits = ipv6 ? 128 : 32;
        List<Read> all = new ArrayList<>();
        ByteBuffer in = ByteBuffer.wrap(field);
        while (in.hasRemaining()) {
            if (pathIds && in.remaining() < 4) {
                return null;
            }
            int pathId = pathIds ? in.getInt() : 0;
            int length = in.hasRemaining() ? in.get() & 0xFF : 256;
            int octets = (length + 7) / 8;
            if (length > bits || in.remaining() < octets) {
                return null;
            }
            byte[] address = new byte[bits / 8];
            in.get(address, 0, octets);
            BigInteger kept =
                    BigInteger.ONE.shiftLeft(length).subtract(BigInteger.ONE).shiftLeft(bits - length);
            all.add(new Read(new BigInteger(1, address).and(kept), length, pathId));
        }
        return all;
    }

    /** Multicast, reserved, loopback, and link-local for IPv6. */
    private static boolean isNoUnicast(Read prefix, boolean ipv6) {
        return ipv6
                ? within(prefix, "ff00::/8")
                        || within(prefix, "fe80::/10")
                        || within(prefix, "::/128")
                        || within(prefix, "::1/128")
                : within(prefix, "224.0.0.0/3") || within(prefix, "127.0.0.0/8");
    }

    private static boolean within(Read prefix, String text) {
        Prefix range = Prefix.of(text);
        int bits = range.family().maxPrefixLength();
        return prefix.length() >= range.length()
                && prefix.address()
                        .shiftRight(bits - range.length())
                        .equals(address(range).shiftRight(bits - range.length()));
    }

    /** {@return the NLRI and withdrawn fields of the examples, in each session, and some made by hand} */
    static List<byte[]> seeds() {
        List<byte[]> fields = new ArrayList<>(Frames.exampleUpdates().stream()
                .flatMap(each -> Arrays.stream(new byte[][] {each[0], each[2]}))
                .filter(field -> field.length > 0)
                .toList());
        HexFormat hex = HexFormat.of();
        fields.add(hex.parseHex("00" + "080a" + "17c0a800" + "20c6336401"));
        fields.add(hex.parseHex("2020010db8" + "8020010db8000000000000000000000001" + "00"));
        fields.add(hex.parseHex("00000001" + "18c63364" + "00000002" + "18c63364"));
        fields.add(hex.parseHex("08e0" + "087f" + "08ff" + "0afe80"));
        List<byte[]> seeds = new ArrayList<>();
        for (byte[] field : fields) {
            byte[] choice = {(byte) (seeds.size() * 5)};
            seeds.add(Frames.concat(choice, field));
        }
        return seeds;
    }
}
