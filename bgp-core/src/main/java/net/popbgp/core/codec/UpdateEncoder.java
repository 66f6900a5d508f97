package net.popbgp.core.codec;

import java.net.Inet4Address;
import java.util.List;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.message.UpdateMessage.Announcement;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import org.jspecify.annotations.Nullable;

/** Writes one UpdateMessage as one UPDATE, if it is one that a single UPDATE can hold; faults are not written. */
final class UpdateEncoder {

    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;

    private UpdateEncoder() {}

    static void encode(WireBuffer out, UpdateMessage update, CodecOptions options) {
        if (update.announced().isEmpty()
                && update.withdrawn().isEmpty()
                && update.endOfRib().isEmpty()) {
            throw new IllegalArgumentException("an UPDATE without routes would be an End-of-RIB: " + update);
        }
        int start = out.beginMessage(MessageType.UPDATE);
        int lengthAt = out.size();
        out.u16(0);
        PackedPrefixes unreach = null;
        for (PackedPrefixes prefixes : update.withdrawn()) {
            if (prefixes.family().equals(IPV4)) {
                NlriCodec.writeAll(out, prefixes, pathIds(prefixes, options));
            } else {
                requireOne(unreach == null, "withdrawn field of a family other than ipv4-unicast");
                unreach = prefixes;
            }
        }
        setLength(out, lengthAt);
        lengthAt = out.size();
        out.u16(0);
        Announcement classic = null;
        Announcement reach = null;
        for (Announcement each : update.announced()) {
            if (isClassic(each.prefixes().family(), nextHop(each.attributes()))) {
                requireOne(classic == null, "next hop in the NLRI field");
                classic = each;
            } else {
                requireOne(reach == null, "MP_REACH_NLRI");
                reach = each;
            }
        }
        writeAttributes(out, update, options, classic, reach, unreach);
        setLength(out, lengthAt);
        if (classic != null) {
            NlriCodec.writeAll(out, classic.prefixes(), pathIds(classic.prefixes(), options));
        }
        if (out.size() - start > options.maxSend()) {
            throw new IllegalArgumentException(
                    "UPDATE of " + (out.size() - start) + " octets is longer than " + options.maxSend());
        }
        out.endMessage(start);
    }

    private static void writeAttributes(
            WireBuffer out,
            UpdateMessage update,
            CodecOptions options,
            @Nullable Announcement classic,
            @Nullable Announcement reach,
            @Nullable PackedPrefixes unreach) {
        if (reach != null) {
            PackedPrefixes prefixes = reach.prefixes();
            NextHop nextHop = nextHop(reach.attributes());
            Multiprotocol.writeReach(out, prefixes.family(), nextHop, length(prefixes, options));
            NlriCodec.writeAll(out, prefixes, pathIds(prefixes, options));
        }
        if (unreach != null) {
            Multiprotocol.writeUnreach(out, unreach.family(), length(unreach, options));
            NlriCodec.writeAll(out, unreach, pathIds(unreach, options));
        }
        AddressFamily ending = update.endOfRib().orElse(IPV4);
        if (!ending.equals(IPV4)) {
            requireOne(unreach == null, "MP_UNREACH_NLRI");
            Multiprotocol.writeUnreach(out, ending, 0);
        }
        if (classic != null && reach != null && !sameButNextHop(classic.attributes(), reach.attributes())) {
            throw new IllegalArgumentException("one UPDATE has one set of attributes: " + update.announced());
        }
        List<Announcement> announced = update.announced();
        if (!announced.isEmpty()) {
            PathAttributes attributes = (classic != null ? classic : announced.get(0)).attributes();
            if (!AttributeCodec.write(out, attributes, options, classic != null)) {
                throw new IllegalArgumentException("an attribute is longer than 65535 octets: " + attributes);
            }
        }
    }

    private static boolean sameButNextHop(PathAttributes one, PathAttributes other) {
        return one.toBuilder()
                .withoutNextHop()
                .build()
                .equals(other.toBuilder().withoutNextHop().build());
    }

    /** {@return whether the routes go into the NLRI field: IPv4 with an IPv4 next hop} */
    static boolean isClassic(AddressFamily family, NextHop nextHop) {
        return family.equals(IPV4) && nextHop.address() instanceof Inet4Address;
    }

    static NextHop nextHop(PathAttributes attributes) {
        return attributes
                .nextHop()
                .orElseThrow(() -> new IllegalArgumentException("routes to announce have no next hop: " + attributes));
    }

    private static boolean pathIds(PackedPrefixes prefixes, CodecOptions options) {
        return options.addPathSend().contains(prefixes.family());
    }

    private static int length(PackedPrefixes prefixes, CodecOptions options) {
        int length = 0;
        for (int i = 0; i < prefixes.size(); i++) {
            length += NlriCodec.sizeOf(prefixes, i, pathIds(prefixes, options));
        }
        return length;
    }

    private static void setLength(WireBuffer out, int lengthAt) {
        out.setU16(lengthAt, out.size() - lengthAt - 2);
    }

    private static void requireOne(boolean first, String what) {
        if (!first) {
            throw new IllegalArgumentException("one UPDATE holds only one " + what);
        }
    }
}
