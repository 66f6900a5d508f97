package net.popbgp.core.attribute;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.net.Asn;

/**
 * AS_PATH (RFC 4271, 5.1.2) with four-octet numbers throughout (RFC 6793). Written {@code 65000 12076 {64512 64513}}, sets in braces.
 *
 * <p>Nearly every path is one AS_SEQUENCE, and a table holds some hundred thousand of them: such a path keeps its numbers only.
 *
 * <p>Immutable.
 */
public final class AsPath {

    private static final int[] NO_SEQUENCE = {};

    public static final AsPath EMPTY = new AsPath(List.of());

    /** The kinds of segment. The numbers are the wire's. */
    public enum SegmentType {
        AS_SET(1),
        AS_SEQUENCE(2),
        AS_CONFED_SEQUENCE(3),
        AS_CONFED_SET(4);

        private final int code;

        SegmentType(int code) {
            this.code = code;
        }

        public int code() {
            return code;
        }

        public static Optional<SegmentType> ofCode(int code) {
            return code >= 1 && code <= 4 ? Optional.of(values()[code - 1]) : Optional.empty();
        }
    }

    /** One path segment: 1..255 AS numbers. Immutable. */
    public static final class Segment {
        private final SegmentType type;
        private final int[] asns;

        /**
         * @param asnBits AS numbers as unsigned 32-bit values; copied
         * @throws IllegalArgumentException if there are none or more than 255
         */
        public Segment(SegmentType type, int... asnBits) {
            if (asnBits.length == 0 || asnBits.length > 255) {
                throw new IllegalArgumentException("a path segment holds 1..255 AS numbers, not " + asnBits.length);
            }
            this.type = type;
            this.asns = asnBits.clone();
        }

        private Segment(int[] sequence) {
            type = SegmentType.AS_SEQUENCE;
            asns = sequence;
        }

        public SegmentType type() {
            return type;
        }

        public int size() {
            return asns.length;
        }

        /** {@return the 32 bits of the AS number at the index} */
        public int asnBits(int index) {
            return asns[index];
        }

        public Asn asn(int index) {
            return Asn.ofBits(asns[index]);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Segment that && type == that.type && Arrays.equals(asns, that.asns);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(asns) * 31 + type.code();
        }

        @Override
        public String toString() {
            StringBuilder text = new StringBuilder();
            for (int asn : asns) {
                text.append(text.isEmpty() ? "" : " ").append(Integer.toUnsignedString(asn));
            }
            return switch (type) {
                case AS_SEQUENCE -> text.toString();
                case AS_SET -> "{" + text + "}";
                case AS_CONFED_SEQUENCE -> "(" + text + ")";
                case AS_CONFED_SET -> "[" + text + "]";
            };
        }
    }

    private final int[] sequence; // all of the path if that is one AS_SEQUENCE
    private final List<Segment> segments; // otherwise

    /** @param segments as received, first the one nearest to us */
    public AsPath(List<Segment> segments) {
        boolean single = segments.size() == 1 && segments.get(0).type == SegmentType.AS_SEQUENCE;
        this.sequence = single ? segments.get(0).asns : NO_SEQUENCE;
        this.segments = single ? List.of() : List.copyOf(segments);
    }

    private AsPath(int[] sequence) {
        this.sequence = sequence;
        this.segments = List.of();
    }

    /** {@return the segments as received, first the one nearest to us} */
    public List<Segment> segments() {
        return isSequence() ? List.of(new Segment(sequence)) : segments;
    }

    /** {@return whether all of the path is one AS_SEQUENCE} */
    public boolean isSequence() {
        return sequence.length > 0;
    }

    /** {@return how many AS numbers the one AS_SEQUENCE has, 0 if the path is anything else} */
    public int sequenceSize() {
        return sequence.length;
    }

    /** {@return the 32 bits of an AS number of the one AS_SEQUENCE} */
    public int sequenceBits(int index) {
        return sequence[index];
    }

    /** {@return a path of one AS_SEQUENCE per 255 numbers} */
    public static AsPath of(long... asns) {
        if (asns.length == 0) {
            return EMPTY;
        }
        List<Segment> segments = new ArrayList<>();
        for (int from = 0; from < asns.length; from += 255) {
            int[] bits = new int[Math.min(255, asns.length - from)];
            for (int i = 0; i < bits.length; i++) {
                bits[i] = Asn.of(asns[from + i]).bits();
            }
            segments.add(new Segment(SegmentType.AS_SEQUENCE, bits));
        }
        return new AsPath(segments);
    }

    public boolean isEmpty() {
        return sequence.length == 0 && segments.isEmpty();
    }

    /** {@return the length the Decision Process counts: a set is 1, confederation segments 0 (RFC 4271, 9.1.2.2 a; RFC 5065, 5.3)} */
    public int length() {
        int length = sequence.length;
        for (Segment segment : segments) {
            length += switch (segment.type) {
                case AS_SEQUENCE -> segment.asns.length;
                case AS_SET -> 1;
                case AS_CONFED_SEQUENCE, AS_CONFED_SET -> 0;
            };
        }
        return length;
    }

    /** {@return the neighbouring AS: the first number of a leading AS_SEQUENCE} */
    public Optional<Asn> neighborAs() {
        return startsWithSequence() ? Optional.of(Asn.ofBits(neighborAsBits())) : Optional.empty();
    }

    /** {@return the 32 bits of the neighbouring AS, 0 without one} */
    public int neighborAsBits() {
        if (isSequence()) {
            return sequence[0];
        }
        return startsWithSequence() ? segments.get(0).asns[0] : 0;
    }

    /** {@return the AS that originated the route: the last number of a trailing AS_SEQUENCE} */
    public Optional<Asn> originAs() {
        if (isEmpty()) {
            return Optional.empty();
        }
        List<Segment> all = segments();
        Segment last = all.get(all.size() - 1);
        return last.type == SegmentType.AS_SEQUENCE ? Optional.of(last.asn(last.size() - 1)) : Optional.empty();
    }

    /** {@return how often the neighbouring AS stands at the front in a row; 0 without one} */
    public int leadingRun() {
        if (!startsWithSequence()) {
            return 0;
        }
        int neighbor = neighborAsBits();
        int run = 0;
        for (Segment segment : segments()) {
            if (segment.type != SegmentType.AS_SEQUENCE) {
                return run;
            }
            for (int asn : segment.asns) {
                if (asn != neighbor) {
                    return run;
                }
                run++;
            }
        }
        return run;
    }

    /** {@return how often the AS occurs anywhere in the path} */
    public int count(Asn asn) {
        int bits = asn.bits();
        int count = count(sequence, bits);
        for (int i = 0; i < segments.size(); i++) {
            count += count(segments.get(i).asns, bits);
        }
        return count;
    }

    private static int count(int[] asns, int bits) {
        int count = 0;
        for (int each : asns) {
            if (each == bits) {
                count++;
            }
        }
        return count;
    }

    public boolean contains(Asn asn) {
        return count(asn) > 0;
    }

    /**
     * {@return this path with an AS put in front (RFC 4271, 5.1.2 b): into the leading AS_SEQUENCE while it has room for 255, otherwise as a
     * new one}
     *
     * @param times 0..255
     */
    public AsPath prepend(Asn asn, int times) {
        if (times < 0 || times > 255) {
            throw new IllegalArgumentException("prepend count out of range 0..255: " + times);
        }
        if (times == 0) {
            return this;
        }
        if (isSequence() && sequence.length + times <= 255) {
            int[] longer = new int[times + sequence.length];
            Arrays.fill(longer, 0, times, asn.bits());
            System.arraycopy(sequence, 0, longer, times, sequence.length);
            return new AsPath(longer);
        }
        List<Segment> all = segments();
        Segment first = startsWithSequence() ? all.get(0) : null;
        int joined = first == null ? 0 : Math.min(times, 255 - first.asns.length);
        List<Segment> result = new ArrayList<>(all.size() + 1);
        int separate = first == null ? times : times - joined;
        if (separate > 0) {
            int[] run = new int[separate];
            Arrays.fill(run, asn.bits());
            result.add(new Segment(SegmentType.AS_SEQUENCE, run));
        }
        if (first != null) {
            int[] extended = new int[joined + first.asns.length];
            Arrays.fill(extended, 0, joined, asn.bits());
            System.arraycopy(first.asns, 0, extended, joined, first.asns.length);
            result.add(new Segment(SegmentType.AS_SEQUENCE, extended));
        }
        result.addAll(first == null ? all : all.subList(1, all.size()));
        return new AsPath(result);
    }

    private boolean startsWithSequence() {
        return isSequence() || !segments.isEmpty() && segments.get(0).type == SegmentType.AS_SEQUENCE;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AsPath that && Arrays.equals(sequence, that.sequence) && segments.equals(that.segments);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(sequence) + segments.hashCode();
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (Segment segment : segments()) {
            text.append(text.isEmpty() ? "" : " ").append(segment);
        }
        return text.toString();
    }
}
