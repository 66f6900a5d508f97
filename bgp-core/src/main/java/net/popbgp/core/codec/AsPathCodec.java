package net.popbgp.core.codec;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.AsPath.Segment;
import net.popbgp.core.attribute.AsPath.SegmentType;
import net.popbgp.core.net.Asn;
import org.jspecify.annotations.Nullable;

/** AS_PATH and AS4_PATH (RFC 4271, 4.3; RFC 6793, 3 and 4.2). */
final class AsPathCodec {

    private AsPathCodec() {}

    /** What was read: a path, or else what is wrong with it. */
    record Result(AsPath path, @Nullable String problem) {
        private static Result malformed(String problem) {
            return new Result(AsPath.EMPTY, problem);
        }
    }

    /** Reads AS_PATH. AS 0 (RFC 7607, 2) and confederation segments (RFC 5065, 5: we are in none) are malformed. */
    static Result decode(byte[] octets, int from, int end, int asnLength) {
        return decode(octets, from, end, asnLength, false);
    }

    /** Reads AS4_PATH; confederation segments are left out (RFC 6793, 6). */
    static Result decodeAs4Path(byte[] octets, int from, int end) {
        return end - from < 6 ? Result.malformed("is too short") : decode(octets, from, end, 4, true);
    }

    private static Result decode(byte[] octets, int from, int end, int asnLength, boolean skipConfederation) {
        List<Segment> segments = new ArrayList<>(1);
        int at = from;
        while (at < end) {
            if (end - at < 2) {
                return Result.malformed("has an octet left over");
            }
            Optional<SegmentType> type = SegmentType.ofCode(Octets.u8(octets, at));
            int count = Octets.u8(octets, at + 1);
            at += 2;
            if (type.isEmpty()) {
                return Result.malformed("has a segment of unknown type " + Octets.u8(octets, at - 2));
            }
            if (count == 0) {
                return Result.malformed("has an empty segment");
            }
            if (count * asnLength > end - at) {
                return Result.malformed("has a segment that overruns it");
            }
            boolean confederation = isConfederation(type.get());
            if (confederation && !skipConfederation) {
                return Result.malformed("has a confederation segment");
            }
            int[] asns = new int[count];
            for (int i = 0; i < count; i++, at += asnLength) {
                asns[i] = asnLength == 4 ? Octets.i32(octets, at) : Octets.u16(octets, at);
                if (asns[i] == 0) {
                    return Result.malformed("has AS 0");
                }
            }
            if (!confederation) {
                segments.add(new Segment(type.get(), asns));
            }
        }
        return new Result(segments.isEmpty() ? AsPath.EMPTY : new AsPath(segments), null);
    }

    /**
     * {@return the path with the four-octet numbers put back (RFC 6793, 4.2.3): what AS_PATH has more than AS4_PATH at its front, then
     * AS4_PATH; AS_PATH alone if it is the shorter one}
     */
    static AsPath merge(AsPath asPath, AsPath as4Path) {
        int leading = asPath.length() - as4Path.length();
        if (leading < 0) {
            return asPath;
        }
        List<Segment> merged = new ArrayList<>();
        for (Segment segment : asPath.segments()) {
            if (leading == 0) {
                break;
            }
            boolean sequence = segment.type() == SegmentType.AS_SEQUENCE;
            int taken = sequence ? Math.min(leading, segment.size()) : segment.size();
            append(merged, segment, taken);
            leading -= sequence ? taken : 1;
        }
        for (Segment segment : as4Path.segments()) {
            append(merged, segment, segment.size());
        }
        return new AsPath(merged);
    }

    /** Joins to an AS_SEQUENCE before it what still fits one. */
    private static void append(List<Segment> path, Segment segment, int count) {
        Segment last = path.isEmpty() ? null : path.get(path.size() - 1);
        boolean joins = last != null
                && last.type() == SegmentType.AS_SEQUENCE
                && segment.type() == SegmentType.AS_SEQUENCE
                && last.size() + count <= 255;
        int before = joins && last != null ? last.size() : 0;
        int[] asns = new int[before + count];
        for (int i = 0; i < before && last != null; i++) {
            asns[i] = last.asnBits(i);
        }
        for (int i = 0; i < count; i++) {
            asns[before + i] = segment.asnBits(i);
        }
        if (joins) {
            path.remove(path.size() - 1);
        }
        path.add(new Segment(segment.type(), asns));
    }

    static boolean isConfederation(SegmentType type) {
        return type == SegmentType.AS_CONFED_SEQUENCE || type == SegmentType.AS_CONFED_SET;
    }

    /** {@return the octets the path takes} */
    static int length(AsPath path, int asnLength, boolean withConfederation) {
        if (path.isSequence()) {
            return 2 + path.sequenceSize() * asnLength;
        }
        int length = 0;
        for (Segment segment : path.segments()) {
            if (withConfederation || !isConfederation(segment.type())) {
                length += 2 + segment.size() * asnLength;
            }
        }
        return length;
    }

    static void encode(WireBuffer out, AsPath path, int asnLength, boolean withConfederation) {
        if (path.isSequence()) {
            out.u8(SegmentType.AS_SEQUENCE.code()).u8(path.sequenceSize());
            for (int i = 0; i < path.sequenceSize(); i++) {
                encode(out, path.sequenceBits(i), asnLength);
            }
            return;
        }
        for (Segment segment : path.segments()) {
            if (!withConfederation && isConfederation(segment.type())) {
                continue;
            }
            out.u8(segment.type().code()).u8(segment.size());
            for (int i = 0; i < segment.size(); i++) {
                encode(out, segment.asnBits(i), asnLength);
            }
        }
    }

    private static void encode(WireBuffer out, int asnBits, int asnLength) {
        if (asnLength == 4) {
            out.u32(asnBits);
        } else {
            out.u16(asnBits >>> 16 == 0 ? asnBits : Asn.AS_TRANS.bits());
        }
    }

    /** {@return whether a two-octet AS_PATH cannot say it all (RFC 6793, 4.2.2)} */
    static boolean needsAs4Path(AsPath path) {
        for (Segment segment : path.segments()) {
            for (int i = 0; i < segment.size(); i++) {
                if (segment.asnBits(i) >>> 16 != 0 && !isConfederation(segment.type())) {
                    return true;
                }
            }
        }
        return false;
    }
}
