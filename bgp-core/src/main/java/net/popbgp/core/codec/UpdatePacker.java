package net.popbgp.core.codec;

import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.RouteRefreshMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;

/**
 * Packs routes into UPDATEs that fill the longest message the session may send (RFC 4271, 9.2.2; RFC 8654). Each UPDATE has exactly one of
 * withdrawn routes, NLRI, MP_REACH_NLRI and MP_UNREACH_NLRI, an MP attribute first (RFC 7606, 5.1). IPv4 with an IPv4 next hop and IPv4
 * withdrawals use the fields of RFC 4271, all else those of RFC 4760.
 *
 * <p>What is packed is held until {@link #take}: one array that grows with it, and no object per prefix. A route whose attributes leave no
 * room for it in any UPDATE is not announced but listed in {@link #oversized}, for the caller to withdraw (RFC 4271, 9.2).
 *
 * <p>Not thread-safe.
 */
public final class UpdatePacker {

    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
    private static final int EMPTY_UPDATE = MessageCodec.HEADER_LENGTH + 4;

    private final CodecOptions options;
    private final WireBuffer out = new WireBuffer(CodecOptions.STANDARD_LENGTH);
    private final WireBuffer attributesField = new WireBuffer(256);
    private final List<PackedPrefixes> oversized = new ArrayList<>(0);
    private int messages;
    private int chunkLength; // octets of the prefixes that fit() last found to fit

    public UpdatePacker(CodecOptions options) {
        this.options = options;
    }

    /**
     * Packs routes that share their attributes.
     *
     * @throws IllegalArgumentException if the attributes have no next hop, or one that this session cannot carry for the family
     */
    public void announce(PathAttributes attributes, PackedPrefixes prefixes) {
        if (prefixes.isEmpty()) {
            return;
        }
        AddressFamily family = prefixes.family();
        NextHop nextHop = UpdateEncoder.nextHop(attributes);
        boolean classic = UpdateEncoder.isClassic(family, nextHop);
        if (!classic && family.equals(IPV4) && !options.extendedNextHop().contains(family)) {
            throw new IllegalArgumentException("the session takes no IPv6 next hop for " + family + ": " + nextHop);
        }
        attributesField.truncate(0);
        boolean encodable = AttributeCodec.write(attributesField, attributes, options, classic);
        int room = encodable ? options.maxSend() - EMPTY_UPDATE - attributesField.size() : 0;
        int fixed = classic ? 0 : Multiprotocol.reachFixedLength(family, nextHop);
        boolean pathIds = options.addPathSend().contains(family);
        PackedPrefixes.Builder tooBig = null;
        int next = 0;
        while (next < prefixes.size()) {
            int end = fit(prefixes, next, room, fixed, pathIds);
            if (end == next) {
                tooBig = tooBig == null ? PackedPrefixes.builder(family, prefixes.size() - next) : tooBig;
                add(tooBig, prefixes, next);
                next++;
                continue;
            }
            int start = out.beginMessage(MessageType.UPDATE);
            out.u16(0);
            int lengthAt = out.size();
            out.u16(0);
            if (!classic) {
                Multiprotocol.writeReach(out, family, nextHop, chunkLength);
                write(prefixes, next, end, pathIds);
            }
            out.bytes(attributesField);
            out.setU16(lengthAt, out.size() - lengthAt - 2);
            if (classic) {
                write(prefixes, next, end, pathIds);
            }
            finish(start);
            next = end;
        }
        if (tooBig != null) {
            oversized.add(tooBig.build());
        }
    }

    /** Packs withdrawals. */
    public void withdraw(PackedPrefixes prefixes) {
        AddressFamily family = prefixes.family();
        boolean classic = family.equals(IPV4);
        boolean pathIds = options.addPathSend().contains(family);
        int fixed = classic ? 0 : Multiprotocol.unreachFixedLength();
        int next = 0;
        while (next < prefixes.size()) {
            int end = fit(prefixes, next, options.maxSend() - EMPTY_UPDATE, fixed, pathIds);
            int start = out.beginMessage(MessageType.UPDATE);
            if (classic) {
                out.u16(chunkLength);
                write(prefixes, next, end, pathIds);
                out.u16(0);
            } else {
                out.u16(0).u16(Multiprotocol.overhead(fixed, chunkLength) + chunkLength);
                Multiprotocol.writeUnreach(out, family, chunkLength);
                write(prefixes, next, end, pathIds);
            }
            finish(start);
            next = end;
        }
    }

    /** Packs the End-of-RIB marker of a family (RFC 4724, 2). */
    public void endOfRib(AddressFamily family) {
        int start = out.beginMessage(MessageType.UPDATE);
        out.u16(0);
        if (family.equals(IPV4)) {
            out.u16(0);
        } else {
            out.u16(Multiprotocol.overhead(Multiprotocol.unreachFixedLength(), 0));
            Multiprotocol.writeUnreach(out, family, 0);
        }
        finish(start);
    }

    /** Packs a ROUTE-REFRESH: where a refresh begins or ends among the routes (RFC 7313, 4). */
    public void routeRefresh(RouteRefreshMessage refresh) {
        MessageCodec.encodeRouteRefresh(out, refresh);
        messages++;
    }

    /** {@return all messages since the last take, one after another} */
    public byte[] take() {
        byte[] packed = out.toByteArray();
        out.truncate(0);
        oversized.clear();
        messages = 0;
        return packed;
    }

    /** {@return the number of messages since the last take} */
    public int messages() {
        return messages;
    }

    /** {@return the octets of all messages since the last take} */
    public int size() {
        return out.size();
    }

    /** {@return the prefixes since the last take that do not fit an UPDATE with their attributes; they were not announced} */
    public List<PackedPrefixes> oversized() {
        return List.copyOf(oversized);
    }

    /** {@return the end of the longest run of prefixes that fits, with an MP attribute around it if that has a fixed part} */
    private int fit(PackedPrefixes prefixes, int from, int room, int fixed, boolean pathIds) {
        int length = 0;
        int index = from;
        while (index < prefixes.size()) {
            int longer = length + NlriCodec.sizeOf(prefixes, index, pathIds);
            int needed = fixed == 0 ? longer : longer + Multiprotocol.overhead(fixed, longer);
            if (needed > room) {
                break;
            }
            length = longer;
            index++;
        }
        chunkLength = length;
        return index;
    }

    private void write(PackedPrefixes prefixes, int from, int end, boolean pathIds) {
        for (int i = from; i < end; i++) {
            NlriCodec.write(out, prefixes, i, pathIds);
        }
    }

    private void finish(int start) {
        out.endMessage(start);
        messages++;
    }

    private static void add(PackedPrefixes.Builder to, PackedPrefixes prefixes, int index) {
        if (prefixes.hasPathIds()) {
            to.add(prefixes.high(index), prefixes.low(index), prefixes.length(index), prefixes.pathId(index));
        } else {
            to.add(prefixes.high(index), prefixes.low(index), prefixes.length(index));
        }
    }
}
