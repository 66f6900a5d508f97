package net.popbgp.core.codec;

import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.message.Treatment;
import org.jspecify.annotations.Nullable;

/**
 * What the codec knows of one attribute type: a row of the table in {@link AttributeCodec}. Immutable.
 *
 * @param flags the Optional and Transitive bits it must have
 * @param treatment what is done if it is malformed, wrong flags included (RFC 7606, 3 and 7)
 * @param scope from whom it is taken; from others it is discarded
 * @param encoder empty for attributes that are passed on byte for byte
 */
record AttributeRow(
        int type,
        String name,
        int flags,
        Treatment treatment,
        Scope scope,
        Decoder decoder,
        @Nullable Encoder encoder) {

    /** Whose attribute counts. */
    enum Scope {
        ANY_PEER,
        /** Only a peer of our AS (RFC 7606, 7.5, 7.9, 7.10). */
        INTERNAL_PEER,
        /** Only a peer that knows two-octet AS numbers alone (RFC 6793, 6). */
        TWO_OCTET_PEER;

        boolean includes(CodecOptions options) {
            return switch (this) {
                case ANY_PEER -> true;
                case INTERNAL_PEER -> !options.external();
                case TWO_OCTET_PEER -> !options.fourOctetAs();
            };
        }

        String otherwise() {
            return switch (this) {
                case ANY_PEER -> "";
                case INTERNAL_PEER -> "from an external peer";
                case TWO_OCTET_PEER -> "from a peer with four-octet AS numbers";
            };
        }
    }

    /** Why an attribute is malformed, with the subcode that says so where the session ends. */
    record Problem(int subcode, String detail) {}

    /** Reads the value that lies between two places into what was received; {@code null} if it is well-formed. */
    interface Decoder {
        @Nullable
        Problem decode(ReceivedAttributes into, byte[] octets, int from, int end);
    }

    /** Writes the attribute, header included, if there is one. */
    interface Encoder {
        void encode(WireBuffer out, PathAttributes attributes, CodecOptions options);
    }
}
