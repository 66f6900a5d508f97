package net.popbgp.core.codec;

import static net.popbgp.core.attribute.RawAttribute.OPTIONAL;
import static net.popbgp.core.attribute.RawAttribute.TRANSITIVE;

import java.net.Inet4Address;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import net.popbgp.core.attribute.Aggregator;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.LargeCommunity;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.codec.AttributeRow.Problem;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import org.jspecify.annotations.Nullable;

/** The value of each attribute, reading beside writing; the rows of {@link AttributeCodec} refer to these. */
final class AttributeValues {

    private static final Origin[] ORIGINS = Origin.values();
    private static final int OPTIONAL_TRANSITIVE = OPTIONAL | TRANSITIVE;

    private AttributeValues() {}

    private static Problem badLength(int from, int end) {
        return new Problem(NotificationMessage.ATTRIBUTE_LENGTH_ERROR, "has length " + (end - from));
    }

    /** {@return a problem unless the length is a multiple of the unit, and not zero} */
    private static @Nullable Problem checkUnits(int from, int end, int unit) {
        return end == from || (end - from) % unit != 0
                ? new Problem(NotificationMessage.OPTIONAL_ATTRIBUTE_ERROR, "has length " + (end - from))
                : null;
    }

    // ORIGIN (RFC 4271, 5.1.1; RFC 7606, 7.1)

    static @Nullable Problem decodeOrigin(ReceivedAttributes into, byte[] octets, int from, int end) {
        if (end - from != 1) {
            return badLength(from, end);
        }
        int value = Octets.u8(octets, from);
        if (value >= ORIGINS.length) {
            return new Problem(NotificationMessage.INVALID_ORIGIN, "has value " + value);
        }
        into.builder.origin(ORIGINS[value]);
        return null;
    }

    static void encodeOrigin(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        AttributeCodec.header(out, TRANSITIVE, AttributeCodec.ORIGIN, 1)
                .u8(attributes.origin().ordinal());
    }

    // AS_PATH and AS4_PATH (RFC 4271, 5.1.2; RFC 6793; RFC 7606, 7.2)

    private static int asnLength(CodecOptions options) {
        return options.fourOctetAs() ? 4 : 2;
    }

    static @Nullable Problem decodeAsPath(ReceivedAttributes into, byte[] octets, int from, int end) {
        AsPathCodec.Result result = AsPathCodec.decode(octets, from, end, asnLength(into.options));
        into.asPath = result.path();
        return result.problem() == null ? null : new Problem(NotificationMessage.MALFORMED_AS_PATH, result.problem());
    }

    static void encodeAsPath(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        int asnLength = asnLength(options);
        int length = AsPathCodec.length(attributes.asPath(), asnLength, true);
        AttributeCodec.header(out, TRANSITIVE, AttributeCodec.AS_PATH, length);
        AsPathCodec.encode(out, attributes.asPath(), asnLength, true);
    }

    static @Nullable Problem decodeAs4Path(ReceivedAttributes into, byte[] octets, int from, int end) {
        AsPathCodec.Result result = AsPathCodec.decodeAs4Path(octets, from, end);
        if (result.problem() != null) {
            return new Problem(NotificationMessage.OPTIONAL_ATTRIBUTE_ERROR, result.problem());
        }
        into.as4Path = result.path();
        return null;
    }

    static void encodeAs4Path(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        if (!options.fourOctetAs() && AsPathCodec.needsAs4Path(attributes.asPath())) {
            int length = AsPathCodec.length(attributes.asPath(), 4, false);
            AttributeCodec.header(out, OPTIONAL_TRANSITIVE, 17, length);
            AsPathCodec.encode(out, attributes.asPath(), 4, false);
        }
    }

    // NEXT_HOP (RFC 4271, 5.1.3); whether it is a host address is asked only where it counts, see UpdateCodec

    static @Nullable Problem decodeNextHop(ReceivedAttributes into, byte[] octets, int from, int end) {
        if (end - from != 4) {
            return badLength(from, end);
        }
        into.nextHop = IpAddresses.ofBits(Octets.i32(octets, from));
        return null;
    }

    static void encodeNextHop(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        attributes.nextHop().ifPresent(nextHop -> {
            if (!(nextHop.address() instanceof Inet4Address address)) {
                throw new IllegalArgumentException("NEXT_HOP is an IPv4 address, not " + nextHop);
            }
            AttributeCodec.header(out, TRANSITIVE, AttributeCodec.NEXT_HOP, 4).u32(IpAddresses.bits(address));
        });
    }

    // MULTI_EXIT_DISC and LOCAL_PREF (RFC 4271, 5.1.4 and 5.1.5)

    static @Nullable Problem decodeMultiExitDisc(ReceivedAttributes into, byte[] octets, int from, int end) {
        if (end - from != 4) {
            return badLength(from, end);
        }
        into.builder.multiExitDisc(Octets.u32(octets, from));
        return null;
    }

    static void encodeMultiExitDisc(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        attributes
                .multiExitDisc()
                .ifPresent(value -> AttributeCodec.header(out, OPTIONAL, 4, 4).u32((int) value));
    }

    static @Nullable Problem decodeLocalPref(ReceivedAttributes into, byte[] octets, int from, int end) {
        if (end - from != 4) {
            return badLength(from, end);
        }
        into.builder.localPref(Octets.u32(octets, from));
        return null;
    }

    static void encodeLocalPref(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        attributes
                .localPref()
                .ifPresent(value -> AttributeCodec.header(out, TRANSITIVE, 5, 4).u32((int) value));
    }

    // ATOMIC_AGGREGATE, AGGREGATOR, AS4_AGGREGATOR (RFC 4271, 5.1.6 and 5.1.7; RFC 6793; RFC 7607, 2)

    static @Nullable Problem decodeAtomicAggregate(ReceivedAttributes into, byte[] octets, int from, int end) {
        if (end != from) {
            return badLength(from, end);
        }
        into.builder.atomicAggregate(true);
        return null;
    }

    static void encodeAtomicAggregate(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        if (attributes.atomicAggregate()) {
            AttributeCodec.header(out, TRANSITIVE, 6, 0);
        }
    }

    static @Nullable Problem decodeAggregator(ReceivedAttributes into, byte[] octets, int from, int end) {
        int asnLength = asnLength(into.options);
        if (end - from != asnLength + 4) {
            return badLength(from, end);
        }
        Asn asn = Asn.of(asnLength == 4 ? Octets.u32(octets, from) : Octets.u16(octets, from));
        if (asn.value() == 0) {
            return new Problem(NotificationMessage.OPTIONAL_ATTRIBUTE_ERROR, "has AS 0");
        }
        into.aggregator = new Aggregator(asn, new RouterId(Octets.i32(octets, from + asnLength)));
        return null;
    }

    static void encodeAggregator(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        attributes.aggregator().ifPresent(aggregator -> {
            AttributeCodec.header(out, OPTIONAL_TRANSITIVE, 7, asnLength(options) + 4);
            if (options.fourOctetAs()) {
                out.u32(aggregator.asn().bits());
            } else {
                out.u16(aggregator.asn().asTwoOctets().bits());
            }
            out.u32(aggregator.routerId().bits());
        });
    }

    static @Nullable Problem decodeAs4Aggregator(ReceivedAttributes into, byte[] octets, int from, int end) {
        if (end - from != 8) {
            return badLength(from, end);
        }
        Asn asn = Asn.ofBits(Octets.i32(octets, from));
        if (asn.value() == 0) {
            return new Problem(NotificationMessage.OPTIONAL_ATTRIBUTE_ERROR, "has AS 0");
        }
        into.as4Aggregator = new Aggregator(asn, new RouterId(Octets.i32(octets, from + 4)));
        return null;
    }

    static void encodeAs4Aggregator(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        attributes
                .aggregator()
                .filter(aggregator ->
                        !options.fourOctetAs() && !aggregator.asn().fitsTwoOctets())
                .ifPresent(aggregator -> AttributeCodec.header(out, OPTIONAL_TRANSITIVE, 18, 8)
                        .u32(aggregator.asn().bits())
                        .u32(aggregator.routerId().bits()));
    }

    // COMMUNITIES (RFC 1997), EXTENDED COMMUNITIES (RFC 4360), LARGE_COMMUNITY (RFC 8092)

    static @Nullable Problem decodeCommunities(ReceivedAttributes into, byte[] octets, int from, int end) {
        Problem problem = checkUnits(from, end, 4);
        if (problem == null) {
            int[] values = new int[(end - from) / 4];
            for (int i = 0; i < values.length; i++) {
                values[i] = Octets.i32(octets, from + 4 * i);
            }
            into.builder.communityBits(values);
        }
        return problem;
    }

    static void encodeCommunities(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        int count = attributes.communityCount();
        if (count > 0) {
            AttributeCodec.header(out, OPTIONAL_TRANSITIVE, 8, count * 4);
            for (int i = 0; i < count; i++) {
                out.u32(attributes.communityBits(i));
            }
        }
    }

    static @Nullable Problem decodeExtendedCommunities(ReceivedAttributes into, byte[] octets, int from, int end) {
        Problem problem = checkUnits(from, end, 8);
        if (problem == null) {
            List<ExtendedCommunity> values = new ArrayList<>((end - from) / 8);
            for (int at = from; at < end; at += 8) {
                values.add(new ExtendedCommunity(Octets.i64(octets, at)));
            }
            into.builder.extendedCommunities(values);
        }
        return problem;
    }

    static void encodeExtendedCommunities(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        List<ExtendedCommunity> values = attributes.extendedCommunities();
        if (!values.isEmpty()) {
            AttributeCodec.header(out, OPTIONAL_TRANSITIVE, 16, values.size() * 8);
            values.forEach(value -> out.u64(value.bits()));
        }
    }

    /** Passed on byte for byte, but its length is known (RFC 7606, 7.15). */
    static @Nullable Problem checkIpv6ExtendedCommunities(ReceivedAttributes into, byte[] octets, int from, int end) {
        return checkUnits(from, end, 20);
    }

    static @Nullable Problem decodeLargeCommunities(ReceivedAttributes into, byte[] octets, int from, int end) {
        Problem problem = checkUnits(from, end, 12);
        if (problem == null) {
            Set<LargeCommunity> values = new LinkedHashSet<>(); // duplicates are silently removed (RFC 8092, 5)
            for (int at = from; at < end; at += 12) {
                values.add(new LargeCommunity(
                        Octets.i32(octets, at), Octets.i32(octets, at + 4), Octets.i32(octets, at + 8)));
            }
            into.builder.largeCommunities(values);
        }
        return problem;
    }

    static void encodeLargeCommunities(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        List<LargeCommunity> values = attributes.largeCommunities();
        if (!values.isEmpty()) {
            AttributeCodec.header(out, OPTIONAL_TRANSITIVE, 32, values.size() * 12);
            values.forEach(value ->
                    out.u32(value.globalAdministrator()).u32(value.localData1()).u32(value.localData2()));
        }
    }

    // ORIGINATOR_ID and CLUSTER_LIST (RFC 4456, 8)

    static @Nullable Problem decodeOriginatorId(ReceivedAttributes into, byte[] octets, int from, int end) {
        if (end - from != 4) {
            return badLength(from, end);
        }
        into.builder.originatorId(new RouterId(Octets.i32(octets, from)));
        return null;
    }

    static void encodeOriginatorId(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        attributes
                .originatorId()
                .ifPresent(value -> AttributeCodec.header(out, OPTIONAL, 9, 4).u32(value.bits()));
    }

    static @Nullable Problem decodeClusterList(ReceivedAttributes into, byte[] octets, int from, int end) {
        Problem problem = checkUnits(from, end, 4);
        if (problem == null) {
            List<RouterId> values = new ArrayList<>((end - from) / 4);
            for (int at = from; at < end; at += 4) {
                values.add(new RouterId(Octets.i32(octets, at)));
            }
            into.builder.clusterList(values);
        }
        return problem;
    }

    static void encodeClusterList(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        List<RouterId> values = attributes.clusterList();
        if (!values.isEmpty()) {
            AttributeCodec.header(out, OPTIONAL, 10, values.size() * 4);
            values.forEach(value -> out.u32(value.bits()));
        }
    }

    // Only to Customer (RFC 9234, 5)

    static @Nullable Problem decodeOnlyToCustomer(ReceivedAttributes into, byte[] octets, int from, int end) {
        if (end - from != 4) {
            return badLength(from, end);
        }
        into.builder.onlyToCustomer(Asn.ofBits(Octets.i32(octets, from)));
        return null;
    }

    static void encodeOnlyToCustomer(WireBuffer out, PathAttributes attributes, CodecOptions options) {
        attributes
                .onlyToCustomer()
                .ifPresent(value ->
                        AttributeCodec.header(out, OPTIONAL_TRANSITIVE, 35, 4).u32(value.bits()));
    }
}
