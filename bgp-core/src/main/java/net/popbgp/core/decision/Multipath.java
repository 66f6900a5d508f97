package net.popbgp.core.decision;

import java.util.Locale;

/**
 * How many routes of a prefix are in use at once, and which: the best one and those that no step of the Decision Process down to the
 * interior cost tells from it; MULTI_EXIT_DISC must be the same between neighbouring ASes, too. What is advertised is the best one alone.
 *
 * <p>Immutable.
 *
 * @param paths how many with the best one, 1..{@link #MAX_PATHS}; 1 for the best one alone
 */
public record Multipath(int paths, AsPathMatch asPath) {

    public static final int MAX_PATHS = 8;

    /** The best route alone. */
    public static final Multipath OFF = new Multipath(1, AsPathMatch.SAME);

    /** What is asked of the AS_PATH of a route that is in use with the best one. */
    public enum AsPathMatch {
        /** The very same AS_PATH. */
        SAME,
        /** An AS_PATH of the same length. */
        LENGTH
    }

    public Multipath {
        if (paths < 1 || paths > MAX_PATHS) {
            throw new IllegalArgumentException("paths out of range 1.." + MAX_PATHS + ": " + paths);
        }
    }

    public boolean isOn() {
        return paths > 1;
    }

    @Override
    public String toString() {
        return paths + ", as-path " + asPath.name().toLowerCase(Locale.ROOT);
    }
}
