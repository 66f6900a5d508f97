package net.popbgp.daemon.site;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * A host that is probed all the time. Immutable.
 *
 * @param name unique at its site; {@link #PRIMARY} for the primary circuit's remote address
 * @param interval between probes, {@link #MIN_INTERVAL}..{@link #MAX_INTERVAL}
 * @param faultThreshold how many probes in a row without answer make it unreachable, 1..100
 * @param schedule when it is probed; empty for always
 */
public record LanRule(
        String name,
        InetAddress address,
        Duration interval,
        int faultThreshold,
        Optional<ActiveTimes> schedule,
        Track track) {

    /** The name of the built-in target. */
    public static final String PRIMARY = "primary-circuit";

    /** The action of the event that says that a host does not answer. */
    public static final String UNREACHABLE = "Host Unreachable";

    /** The action of the event that says that a host answers again. */
    public static final String REACHABLE = "Host Reachable";

    public static final Duration MIN_INTERVAL = Duration.ofSeconds(1);
    public static final Duration MAX_INTERVAL = Duration.ofHours(1);
    public static final int MAX_FAULT_THRESHOLD = 100;

    public LanRule {
        if (interval.compareTo(MIN_INTERVAL) < 0 || interval.compareTo(MAX_INTERVAL) > 0) {
            throw new IllegalArgumentException("an interval is 1s..1h: " + interval);
        }
        if (faultThreshold < 1 || faultThreshold > MAX_FAULT_THRESHOLD) {
            throw new IllegalArgumentException(
                    "a fault threshold is 1.." + MAX_FAULT_THRESHOLD + ": " + faultThreshold);
        }
    }

    /** {@return whether this is the primary circuit's remote address} It is probed over the primary link, also while that is not active. */
    public boolean isPrimary() {
        return name.equals(PRIMARY);
    }
}
