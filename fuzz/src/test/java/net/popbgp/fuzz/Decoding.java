package net.popbgp.fuzz;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.attribute.RawAttribute;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.PackedPrefixes;

/**
 * What decoding may come to, whatever the octets: a message, or a NotificationException that can be sent (docs/architecture.md, 6). Reading
 * a message twice gives the same, and a message that is written again is read as the same.
 */
final class Decoding {

    /**
     * What a codec takes before it has read anything: the frame, 65,535 octets with slack at most; the slots of the attribute cache, 4096
     * references; their rounding.
     */
    static final long FIXED_BYTES = 128 * 1024;

    /**
     * What an octet of a message can come to. The densest are one-octet prefixes: 17 bytes each in the arrays of IPv6, at most doubled when
     * some are left out; and attributes of three octets that are discarded, each a fault with its text of at most 100 characters, some 400
     * bytes with what making the text takes. So 136 bytes, and a third as much again.
     */
    static final long BYTES_PER_OCTET = 180;

    private static final Set<Integer> CODES = Set.of(1, 2, 3, 7);

    private Decoding() {}

    /** {@return what the octets of one message are read as; empty if they end the session} */
    static Optional<BgpMessage> check(CodecOptions options, byte[] octets) throws Exception {
        Optional<BgpMessage> first = read(options, octets);
        first.ifPresent(message -> {
            require(!message.toString().isEmpty(), "a message without text");
            if (message instanceof UpdateMessage update) {
                rewrite(options, update);
            } else {
                rewrite(options, message);
            }
        });
        return first;
    }

    private static Optional<BgpMessage> read(CodecOptions options, byte[] octets) throws Exception {
        MessageCodec[] codec = new MessageCodec[1];
        try {
            BgpMessage message = Allocation.bounded(FIXED_BYTES, BYTES_PER_OCTET, octets.length, () -> {
                codec[0] = new MessageCodec(options);
                return codec[0].decode(octets);
            });
            BgpMessage again = codec[0].decode(octets);
            require(again.equals(message), "read first as " + message + ", then as " + again);
            return Optional.of(message);
        } catch (NotificationException e) {
            NotificationMessage answer = e.notification();
            require(CODES.contains(answer.code()) && answer.subcode() < 16, "NOTIFICATION " + answer);
            require(e.getMessage() != null, "no detail for the operator");
            byte[] sent = new MessageCodec(options).encode(answer);
            require(sent.length <= options.maxSend(), "NOTIFICATION of " + sent.length + " octets");
            return Optional.empty();
        }
    }

    private static void rewrite(CodecOptions options, BgpMessage message) {
        MessageCodec codec = new MessageCodec(options);
        byte[] written = codec.encode(message);
        require(decode(codec, written).equals(message), "not read as it was written: " + message);
    }

    /** As the speaker does it: the packer makes as many messages as are needed. */
    private static void rewrite(CodecOptions options, UpdateMessage update) {
        for (UpdateMessage.Announcement each : update.announced()) {
            UpdatePacker packer = new UpdatePacker(options);
            packer.announce(each.attributes(), each.prefixes());
            if (!packer.oversized().isEmpty()) {
                continue;
            }
            PackedPrefixes.Builder came = PackedPrefixes.builder(each.prefixes().family(), 0);
            for (UpdateMessage message : updates(options, packer.take())) {
                message.announced().forEach(announced -> {
                    requireSame(each.attributes(), announced.attributes());
                    addAll(came, announced.prefixes());
                });
            }
            require(came.build().equals(each.prefixes()), "announced " + each.prefixes() + " and read " + came.build());
        }
        for (PackedPrefixes each : update.withdrawn()) {
            UpdatePacker packer = new UpdatePacker(options);
            packer.withdraw(each);
            PackedPrefixes.Builder came = PackedPrefixes.builder(each.family(), 0);
            updates(options, packer.take())
                    .forEach(message -> message.withdrawn().forEach(withdrawn -> addAll(came, withdrawn)));
            require(came.build().equals(each), "withdrawn " + each + " and read " + came.build());
        }
    }

    /** What is passed on without being understood gets the Partial bit (RFC 4271, 5). */
    private static void requireSame(PathAttributes sent, PathAttributes read) {
        PathAttributes expected = sent.toBuilder()
                .unrecognized(sent.unrecognized().stream()
                        .map(RawAttribute::withPartial)
                        .toList())
                .build();
        require(expected.equals(read), "sent " + expected + " and read " + read);
    }

    private static List<UpdateMessage> updates(CodecOptions options, byte[] stream) {
        MessageCodec codec = new MessageCodec(options);
        List<UpdateMessage> updates = new ArrayList<>();
        for (int at = 0; at < stream.length; ) {
            int length = (stream[at + 16] & 0xFF) << 8 | stream[at + 17] & 0xFF;
            UpdateMessage update = (UpdateMessage) decode(codec, Arrays.copyOfRange(stream, at, at + length));
            require(update.faults().isEmpty(), "we would send a faulty UPDATE: " + update);
            require(update.type() == MessageType.UPDATE, "not an UPDATE");
            updates.add(update);
            at += length;
        }
        return updates;
    }

    private static BgpMessage decode(MessageCodec codec, byte[] octets) {
        try {
            return codec.decode(octets);
        } catch (NotificationException e) {
            throw new AssertionError("we would send what we refuse: " + e.getMessage(), e);
        }
    }

    private static void addAll(PackedPrefixes.Builder to, PackedPrefixes from) {
        for (int i = 0; i < from.size(); i++) {
            if (from.hasPathIds()) {
                to.add(from.high(i), from.low(i), from.length(i), from.pathId(i));
            } else {
                to.add(from.high(i), from.low(i), from.length(i));
            }
        }
    }

    static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new AssertionError(otherwise);
        }
    }
}
