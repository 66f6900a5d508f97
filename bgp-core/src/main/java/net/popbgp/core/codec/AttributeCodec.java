package net.popbgp.core.codec;

import static net.popbgp.core.attribute.RawAttribute.OPTIONAL;
import static net.popbgp.core.attribute.RawAttribute.TRANSITIVE;
import static net.popbgp.core.message.Treatment.ATTRIBUTE_DISCARD;
import static net.popbgp.core.message.Treatment.TREAT_AS_WITHDRAW;

import java.util.Arrays;
import java.util.List;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.attribute.RawAttribute;
import net.popbgp.core.codec.AttributeRow.Problem;
import net.popbgp.core.codec.AttributeRow.Scope;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.Treatment;
import org.jspecify.annotations.Nullable;

/**
 * The path attributes field of an UPDATE (RFC 4271, 4.3 and 6.3; RFC 7606). A table: one row per type says which flags it must have, how
 * it is read and written, and what is done if it is malformed. How a value looks is in {@link AttributeValues}.
 *
 * <p>Types without a row are passed on if they are optional transitive and dropped if they are optional non-transitive.
 */
final class AttributeCodec {

    static final int ORIGIN = 1;
    static final int AS_PATH = 2;
    static final int NEXT_HOP = 3;
    static final int MP_REACH_NLRI = 14;
    static final int MP_UNREACH_NLRI = 15;
    static final int IPV6_EXTENDED_COMMUNITIES = 25;

    static final int EXTENDED_LENGTH = 0x10;
    private static final int WELL_KNOWN = TRANSITIVE;
    private static final int OPTIONAL_TRANSITIVE = OPTIONAL | TRANSITIVE;

    private static final List<AttributeRow> TABLE = List.of(
            row(
                    ORIGIN,
                    "ORIGIN",
                    WELL_KNOWN,
                    TREAT_AS_WITHDRAW,
                    Scope.ANY_PEER,
                    AttributeValues::decodeOrigin,
                    AttributeValues::encodeOrigin),
            row(
                    AS_PATH,
                    "AS_PATH",
                    WELL_KNOWN,
                    TREAT_AS_WITHDRAW,
                    Scope.ANY_PEER,
                    AttributeValues::decodeAsPath,
                    AttributeValues::encodeAsPath),
            row(
                    NEXT_HOP,
                    "NEXT_HOP",
                    WELL_KNOWN,
                    TREAT_AS_WITHDRAW,
                    Scope.ANY_PEER,
                    AttributeValues::decodeNextHop,
                    AttributeValues::encodeNextHop),
            row(
                    4,
                    "MULTI_EXIT_DISC",
                    OPTIONAL,
                    TREAT_AS_WITHDRAW,
                    Scope.ANY_PEER,
                    AttributeValues::decodeMultiExitDisc,
                    AttributeValues::encodeMultiExitDisc),
            row(
                    5,
                    "LOCAL_PREF",
                    WELL_KNOWN,
                    TREAT_AS_WITHDRAW,
                    Scope.INTERNAL_PEER,
                    AttributeValues::decodeLocalPref,
                    AttributeValues::encodeLocalPref),
            row(
                    6,
                    "ATOMIC_AGGREGATE",
                    WELL_KNOWN,
                    ATTRIBUTE_DISCARD,
                    Scope.ANY_PEER,
                    AttributeValues::decodeAtomicAggregate,
                    AttributeValues::encodeAtomicAggregate),
            row(
                    7,
                    "AGGREGATOR",
                    OPTIONAL_TRANSITIVE,
                    ATTRIBUTE_DISCARD,
                    Scope.ANY_PEER,
                    AttributeValues::decodeAggregator,
                    AttributeValues::encodeAggregator),
            row(
                    8,
                    "COMMUNITIES",
                    OPTIONAL_TRANSITIVE,
                    TREAT_AS_WITHDRAW,
                    Scope.ANY_PEER,
                    AttributeValues::decodeCommunities,
                    AttributeValues::encodeCommunities),
            row(
                    9,
                    "ORIGINATOR_ID",
                    OPTIONAL,
                    TREAT_AS_WITHDRAW,
                    Scope.INTERNAL_PEER,
                    AttributeValues::decodeOriginatorId,
                    AttributeValues::encodeOriginatorId),
            row(
                    10,
                    "CLUSTER_LIST",
                    OPTIONAL,
                    TREAT_AS_WITHDRAW,
                    Scope.INTERNAL_PEER,
                    AttributeValues::decodeClusterList,
                    AttributeValues::encodeClusterList),
            row(
                    16,
                    "EXTENDED COMMUNITIES",
                    OPTIONAL_TRANSITIVE,
                    TREAT_AS_WITHDRAW,
                    Scope.ANY_PEER,
                    AttributeValues::decodeExtendedCommunities,
                    AttributeValues::encodeExtendedCommunities),
            row(
                    17,
                    "AS4_PATH",
                    OPTIONAL_TRANSITIVE,
                    ATTRIBUTE_DISCARD,
                    Scope.TWO_OCTET_PEER,
                    AttributeValues::decodeAs4Path,
                    AttributeValues::encodeAs4Path),
            row(
                    18,
                    "AS4_AGGREGATOR",
                    OPTIONAL_TRANSITIVE,
                    ATTRIBUTE_DISCARD,
                    Scope.TWO_OCTET_PEER,
                    AttributeValues::decodeAs4Aggregator,
                    AttributeValues::encodeAs4Aggregator),
            row(
                    IPV6_EXTENDED_COMMUNITIES,
                    "IPv6 EXTENDED COMMUNITIES",
                    OPTIONAL_TRANSITIVE,
                    TREAT_AS_WITHDRAW,
                    Scope.ANY_PEER,
                    AttributeValues::checkIpv6ExtendedCommunities,
                    null),
            row(
                    32,
                    "LARGE_COMMUNITY",
                    OPTIONAL_TRANSITIVE,
                    TREAT_AS_WITHDRAW,
                    Scope.ANY_PEER,
                    AttributeValues::decodeLargeCommunities,
                    AttributeValues::encodeLargeCommunities),
            row(
                    35,
                    "ONLY_TO_CUSTOMER",
                    OPTIONAL_TRANSITIVE,
                    TREAT_AS_WITHDRAW,
                    Scope.ANY_PEER,
                    AttributeValues::decodeOnlyToCustomer,
                    AttributeValues::encodeOnlyToCustomer));

    private static final @Nullable AttributeRow[] BY_TYPE = new AttributeRow[256];

    static {
        TABLE.forEach(row -> BY_TYPE[row.type()] = row);
    }

    private AttributeCodec() {}

    private static AttributeRow row(
            int type,
            String name,
            int flags,
            Treatment treatment,
            Scope scope,
            AttributeRow.Decoder decoder,
            AttributeRow.@Nullable Encoder encoder) {
        return new AttributeRow(type, name, flags, treatment, scope, decoder, encoder);
    }

    /** Reads the field between two places. NLRI attributes are only located. */
    static ReceivedAttributes read(byte[] octets, int from, int end, CodecOptions options)
            throws NotificationException {
        ReceivedAttributes received = new ReceivedAttributes(options);
        int at = from;
        while (at < end) {
            boolean extended = (octets[at] & EXTENDED_LENGTH) != 0;
            int value = at + (extended ? 4 : 3);
            if (value > end) {
                overrun(received, end - at >= 2 ? Octets.u8(octets, at + 1) : 0, "is cut off in its header");
                break;
            }
            int type = Octets.u8(octets, at + 1);
            int length = extended ? Octets.u16(octets, at + 2) : Octets.u8(octets, at + 2);
            if (length > end - value) {
                overrun(received, type, "has length " + length + " where " + (end - value) + " octets are left");
                break;
            }
            readOne(received, octets, at, value, value + length);
            at = value + length;
        }
        return received;
    }

    /** RFC 7606, 4. An NLRI attribute that cannot be read leaves nothing to withdraw (RFC 7606, 3 j). */
    private static void overrun(ReceivedAttributes received, int type, String what) throws NotificationException {
        String detail = "attribute " + type + " " + what;
        NotificationException reset = Notifications.malformedAttributeList(detail);
        if (isMultiprotocol(type)) {
            throw reset;
        }
        received.first(type);
        received.treatAsWithdraw(type, detail, reset);
    }

    private static boolean isMultiprotocol(int type) {
        return type == MP_REACH_NLRI || type == MP_UNREACH_NLRI;
    }

    private static void readOne(ReceivedAttributes received, byte[] octets, int at, int value, int end)
            throws NotificationException {
        int flags = Octets.u8(octets, at);
        int type = Octets.u8(octets, at + 1);
        if (!received.first(type)) {
            if (isMultiprotocol(type)) {
                throw Notifications.malformedAttributeList("attribute " + type + " is there twice");
            }
            received.discard(type, "attribute " + type + " is there again");
            return;
        }
        AttributeRow row = BY_TYPE[type];
        if (row != null) {
            readKnown(received, row, octets, at, value, end);
        } else if (isMultiprotocol(type)) {
            locate(received, octets, at, value, end);
        } else if ((flags & OPTIONAL) == 0) {
            throw Notifications.update(
                    NotificationMessage.UNRECOGNIZED_WELL_KNOWN_ATTRIBUTE,
                    "well-known attribute " + type + " is not known",
                    Notifications.data(octets, at, end));
        } else if ((flags & TRANSITIVE) != 0) {
            received.keep(new RawAttribute(flags, type, Arrays.copyOfRange(octets, value, end)));
        }
    }

    private static void locate(ReceivedAttributes received, byte[] octets, int at, int value, int end)
            throws NotificationException {
        int type = Octets.u8(octets, at + 1);
        if ((octets[at] & OPTIONAL_TRANSITIVE) != OPTIONAL) {
            throw Notifications.update(
                    NotificationMessage.ATTRIBUTE_FLAGS_ERROR,
                    "attribute " + type + " has flags " + Octets.u8(octets, at),
                    Notifications.data(octets, at, end));
        }
        if (type == MP_REACH_NLRI) {
            received.reachAt = at;
            received.reachFrom = value;
            received.reachEnd = end;
        } else {
            received.unreachAt = at;
            received.unreachFrom = value;
            received.unreachEnd = end;
        }
    }

    private static void readKnown(
            ReceivedAttributes received, AttributeRow row, byte[] octets, int at, int value, int end) {
        if (!row.scope().includes(received.options)) {
            received.discard(row.type(), row.name() + " " + row.scope().otherwise());
            return;
        }
        int flags = Octets.u8(octets, at);
        Problem problem = (flags & OPTIONAL_TRANSITIVE) != row.flags()
                ? new Problem(NotificationMessage.ATTRIBUTE_FLAGS_ERROR, "has flags 0x" + Integer.toHexString(flags))
                : row.decoder().decode(received, octets, value, end);
        if (problem == null) {
            if (row.encoder() == null) {
                received.keep(new RawAttribute(flags, row.type(), Arrays.copyOfRange(octets, value, end)));
            }
            return;
        }
        String detail = row.name() + " " + problem.detail();
        if (row.treatment() == ATTRIBUTE_DISCARD) {
            received.discard(row.type(), detail);
            return;
        }
        boolean withData = problem.subcode() != NotificationMessage.MALFORMED_AS_PATH;
        byte[] data = withData ? Notifications.data(octets, at, end) : new byte[0];
        received.treatAsWithdraw(row.type(), detail, Notifications.update(problem.subcode(), detail, data));
    }

    /**
     * Writes all attributes but those with NLRI, in ascending order of type. Unrecognised transitive ones get the Partial bit
     * (RFC 4271, 5).
     *
     * @param withNextHop whether NEXT_HOP is among them
     * @return false if a value is too long for any attribute; what was written is then of no use
     */
    static boolean write(WireBuffer out, PathAttributes attributes, CodecOptions options, boolean withNextHop) {
        List<RawAttribute> unrecognized = attributes.unrecognized();
        int next = 0;
        boolean fits = true;
        for (AttributeRow row : TABLE) {
            for (; next < unrecognized.size() && unrecognized.get(next).type() < row.type(); next++) {
                fits &= writeRaw(out, unrecognized.get(next));
            }
            AttributeRow.Encoder encoder = row.encoder();
            if (encoder != null && (withNextHop || row.type() != NEXT_HOP)) {
                int start = out.size();
                encoder.encode(out, attributes, options);
                fits &= out.size() - start <= 0xFFFF;
            }
        }
        for (; next < unrecognized.size(); next++) {
            fits &= writeRaw(out, unrecognized.get(next));
        }
        return fits;
    }

    private static boolean writeRaw(WireBuffer out, RawAttribute attribute) {
        byte[] value = attribute.value();
        int flags = attribute.flags() | (attribute.isTransitive() ? RawAttribute.PARTIAL : 0);
        header(out, flags, attribute.type(), value.length).bytes(value);
        return value.length <= 0xFFFF;
    }

    /** Writes flags, type and length; the length takes two octets only where it must. */
    static WireBuffer header(WireBuffer out, int flags, int type, int length) {
        return length > 255
                ? out.u8(flags | EXTENDED_LENGTH).u8(type).u16(length)
                : out.u8(flags).u8(type).u8(length);
    }
}
