package net.popbgp.daemon.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.AsnRange;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import net.popbgp.speaker.GracefulRestart;

/** Reads single values from their text. All throw IllegalArgumentException that says what is expected. */
public final class Values {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h|d)");
    private static final Pattern SIZE = Pattern.compile("(\\d{1,6})(KiB|MiB|GiB)");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,62}");

    private Values() {}

    /** {@return a time written with its unit: {@code 500ms}, {@code 90s}, {@code 2m}, {@code 1h}, {@code 1d}, or {@code 0}} */
    public static Duration duration(String text) {
        Matcher matcher = DURATION.matcher(text);
        if (text.equals("0")) {
            return Duration.ZERO;
        }
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a time with a unit (500ms, 90s, 2m, 1h): '" + text + "'"
                    + (text.matches("\\d+") ? ", did you mean '" + text + "s'?" : ""));
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
        };
    }

    /** {@return a number of octets with its unit: {@code 500MiB}, {@code 1GiB}} */
    static long size(String text) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size with a unit (500MiB, 1GiB): '" + text + "'");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "KiB" -> amount << 10;
            case "MiB" -> amount << 20;
            default -> amount << 30;
        };
    }

    /** {@return a file that the daemon may write, a relative one as seen from the directory} */
    static Path file(String text, Path directory) {
        try {
            Path path = directory.resolve(text).normalize();
            if (text.isBlank() || path.equals(directory.normalize()) || path.getFileName() == null) {
                throw new IllegalArgumentException("not the name of a file: '" + text + "'");
            }
            return path;
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("not the name of a file: '" + text + "'", e);
        }
    }

    static Duration wholeSeconds(String text) {
        Duration value = duration(text);
        if (value.toMillis() % 1000 != 0) {
            throw new IllegalArgumentException("whole seconds are needed here: '" + text + "'");
        }
        return value;
    }

    static Duration positiveDuration(String text) {
        Duration value = duration(text);
        if (value.isZero()) {
            throw new IllegalArgumentException("must be more than zero: '" + text + "'");
        }
        return value;
    }

    /** {@return a hold time: zero, or 3..65535 s (RFC 4271, 4.2)} */
    static Duration holdTime(String text) {
        Duration value = wholeSeconds(text);
        if (!value.isZero() && (value.toSeconds() < 3 || value.toSeconds() > 65535)) {
            throw new IllegalArgumentException("a hold time is 0 or 3s..65535s (RFC 4271, 4.2): '" + text + "'");
        }
        return value;
    }

    /** {@return a Restart Time: whole seconds, 0..4095 (RFC 4724, 3)} */
    static Duration restartTime(String text) {
        Duration value = wholeSeconds(text);
        if (value.compareTo(GracefulRestart.MAX_RESTART_TIME) > 0) {
            throw new IllegalArgumentException("a restart time is 0..4095s (RFC 4724, 3): '" + text + "'");
        }
        return value;
    }

    /** {@return a Long-Lived Stale Time: whole seconds, 1..16777215 (RFC 9494, 3.1)} */
    static Duration longLivedStaleTime(String text) {
        Duration value = wholeSeconds(text);
        if (value.isZero() || value.toSeconds() > 0xFF_FFFF) {
            throw new IllegalArgumentException(
                    "a long-lived stale time is 1..16777215s (RFC 9494, 3.1): '" + text + "'");
        }
        return value;
    }

    static Function<String, Integer> integer(int min, int max) {
        return text -> (int) number(text, min, max);
    }

    static long number(String text, long min, long max) {
        long value = -1;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("not a number " + min + ".." + max + ": '" + text + "'", e);
        }
        if (value < min || value > max) {
            throw new IllegalArgumentException("out of range " + min + ".." + max + ": " + text);
        }
        return value;
    }

    static Long unsigned32(String text) {
        return number(text, 0, 0xFFFF_FFFFL);
    }

    static Boolean bool(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> true;
            case "false", "no", "off" -> false;
            default -> throw new IllegalArgumentException("not true or false: '" + text + "'");
        };
    }

    static String name(String text) {
        if (!NAME.matcher(text).matches()) {
            throw new IllegalArgumentException("a name has 1..63 letters, digits and . _ : - : '" + text + "'");
        }
        return text;
    }

    static Asn asn(String text) {
        Asn asn = Asn.of(number(text, 1, 0xFFFF_FFFFL));
        if (asn.equals(Asn.AS_TRANS)) {
            throw new IllegalArgumentException("23456 is reserved (RFC 6793)");
        }
        return asn;
    }

    /** {@return AS numbers written as {@code 64512} or {@code 64512-64999}} */
    static AsnRange asnRange(String text) {
        int dash = text.indexOf('-');
        return dash < 0
                ? AsnRange.of(asn(text))
                : new AsnRange(asn(text.substring(0, dash)), asn(text.substring(dash + 1)));
    }

    static RouterId routerId(String text) {
        RouterId id = RouterId.of(text);
        if (!id.isValid()) {
            throw new IllegalArgumentException("0.0.0.0 is no BGP Identifier");
        }
        return id;
    }

    static InetAddress address(String text) {
        return IpAddresses.parse(text);
    }

    /** {@return an address with a port: {@code 127.0.0.1:179}, {@code [::1]:179}; 0 takes a free port} */
    static Function<String, InetSocketAddress> socketAddress(int defaultPort) {
        return text -> {
            boolean bracketed = text.startsWith("[");
            int end =
                    bracketed ? text.indexOf(']') : text.indexOf(':') == text.lastIndexOf(':') ? text.indexOf(':') : -1;
            String host = bracketed ? text.substring(1, Math.max(end, 1)) : end < 0 ? text : text.substring(0, end);
            String rest = bracketed && end >= 0 ? text.substring(end + 1) : end < 0 ? "" : text.substring(end);
            if (bracketed && end < 0 || !rest.isEmpty() && !rest.startsWith(":")) {
                throw new IllegalArgumentException("not an address with a port: '" + text + "'");
            }
            int port = rest.isEmpty() ? defaultPort : (int) number(rest.substring(1), 0, 65535);
            return new InetSocketAddress(IpAddresses.parse(host), port);
        };
    }

    /** {@return the family of {@code ipv4-unicast} or {@code ipv6-unicast}} */
    public static AddressFamily family(String text) {
        return switch (text) {
            case "ipv4-unicast" -> AddressFamily.IPV4_UNICAST;
            case "ipv6-unicast" -> AddressFamily.IPV6_UNICAST;
            default -> throw new IllegalArgumentException("not ipv4-unicast or ipv6-unicast: '" + text + "'");
        };
    }

    /** {@return the constant whose name is the text in kebab-case} */
    static <E extends Enum<E>> Function<String, E> oneOf(Class<E> type) {
        return text -> {
            for (E each : type.getEnumConstants()) {
                if (kebab(each).equals(text)) {
                    return each;
                }
            }
            throw new IllegalArgumentException("not one of "
                    + String.join(
                            ", ",
                            Arrays.stream(type.getEnumConstants())
                                    .map(Values::kebab)
                                    .toList())
                    + ": '" + text + "'");
        };
    }

    /** {@return a constant's name as it stands in files and output: {@code TEAR_DOWN} is {@code tear-down}} */
    public static String kebab(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return the time with the largest unit that leaves no rest: {@code 90s}} */
    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis == 0) {
            return "0";
        }
        if (millis % 1000 != 0) {
            return millis + "ms";
        }
        long seconds = millis / 1000;
        return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
