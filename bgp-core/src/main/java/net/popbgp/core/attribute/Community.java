package net.popbgp.core.attribute;

import java.util.List;
import java.util.Map;

/**
 * A community (RFC 1997): 32 bits, written {@code asn:value} or by the name of a well-known one.
 *
 * <p>Immutable.
 */
public record Community(int bits) implements Comparable<Community> {

    /** Planned maintenance: use any other route (RFC 8326). */
    public static final Community GRACEFUL_SHUTDOWN = new Community(0xFFFF_0000);

    /** Discard traffic to this prefix (RFC 7999). */
    public static final Community BLACKHOLE = new Community(0xFFFF_029A);

    /** Stale route under long-lived graceful restart (RFC 9494). */
    public static final Community LLGR_STALE = new Community(0xFFFF_0006);

    /** Not to be kept under long-lived graceful restart (RFC 9494). */
    public static final Community NO_LLGR = new Community(0xFFFF_0007);

    /** Not to be advertised outside the AS or confederation (RFC 1997). */
    public static final Community NO_EXPORT = new Community(0xFFFF_FF01);

    /** Not to be advertised to anybody (RFC 1997). */
    public static final Community NO_ADVERTISE = new Community(0xFFFF_FF02);

    /** Not to be advertised to external peers, members of the confederation included (RFC 1997). */
    public static final Community NO_EXPORT_SUBCONFED = new Community(0xFFFF_FF03);

    /** Each of these keeps a route from external peers (RFC 1997). */
    public static final List<Community> RESTRICTING = List.of(NO_EXPORT, NO_ADVERTISE, NO_EXPORT_SUBCONFED);

    private static final Map<String, Community> NAMES = Map.of(
            "graceful-shutdown", GRACEFUL_SHUTDOWN,
            "blackhole", BLACKHOLE,
            "llgr-stale", LLGR_STALE,
            "no-llgr", NO_LLGR,
            "no-export", NO_EXPORT,
            "no-advertise", NO_ADVERTISE,
            "no-export-subconfed", NO_EXPORT_SUBCONFED);

    public static Community of(int asn, int value) {
        return new Community(
                Numbers.inRange(asn, 0xFFFF, "community") << 16 | Numbers.inRange(value, 0xFFFF, "community"));
    }

    /**
     * Reads {@code asn:value}, both 0..65535, or a well-known name in kebab-case.
     *
     * @throws IllegalArgumentException naming the text
     */
    public static Community of(String text) {
        Community named = NAMES.get(text);
        if (named != null) {
            return named;
        }
        long[] parts = Numbers.parse(text, 2, 0xFFFF, "community (asn:value or a well-known name)");
        return new Community((int) (parts[0] << 16 | parts[1]));
    }

    @Override
    public int compareTo(Community other) {
        return Integer.compareUnsigned(bits, other.bits);
    }

    @Override
    public String toString() {
        return (bits >>> 16) + ":" + (bits & 0xFFFF);
    }
}
