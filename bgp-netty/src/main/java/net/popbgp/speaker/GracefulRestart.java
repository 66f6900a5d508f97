package net.popbgp.speaker;

import java.time.Duration;
import java.util.Map;
import net.popbgp.core.net.AddressFamily;

/**
 * How restarts are bridged, the peer's and ours (RFC 4724, RFC 8538). Immutable.
 *
 * @param enabled whether the capability is offered, and routes of a peer that has offered it too outlive a lost session
 * @param restartTime how long we may take to come back, told to the peer: whole seconds, 0..4095
 * @param forwardingPreserved whether the data plane goes on forwarding while we restart: the F bits of the first OPEN after it. We cannot
 *     know; without it the peer drops our routes when we are back
 * @param notifications whether the session may also end with a NOTIFICATION, or for silence, without loss of routes (RFC 8538)
 * @param staleTime how long a peer that is back may take to End-of-RIB before what it has not announced again goes; positive
 * @param longLived families whose routes are kept longer, as a last resort (RFC 9494): how long, whole seconds, 1 s to 194 days; told to the
 *     peer, and the most that its routes are kept. Needs graceful restart; none by default
 */
public record GracefulRestart(
        boolean enabled,
        Duration restartTime,
        boolean forwardingPreserved,
        boolean notifications,
        Duration staleTime,
        Map<AddressFamily, Duration> longLived) {

    /** The longest Restart Time that the capability can say. */
    public static final Duration MAX_RESTART_TIME = Duration.ofSeconds(4095);

    /** The longest Long-Lived Stale Time that its capability can say. */
    public static final Duration MAX_LONG_LIVED_STALE_TIME = Duration.ofSeconds(0xFF_FFFF);

    /** Not offered: the routes of a peer go with its session. */
    public static final GracefulRestart OFF =
            new GracefulRestart(false, Duration.ofSeconds(90), false, true, Duration.ofMinutes(3), Map.of());

    /** Offered, with 90 s to come back. */
    public static final GracefulRestart ON = OFF.withEnabled(true);

    public GracefulRestart {
        if (restartTime.isNegative() || restartTime.compareTo(MAX_RESTART_TIME) > 0) {
            throw new IllegalArgumentException("restart time out of range 0..4095 s: " + restartTime);
        }
        longLived.forEach((family, time) -> {
            if (time.toSeconds() < 1 || time.compareTo(MAX_LONG_LIVED_STALE_TIME) > 0) {
                throw new IllegalArgumentException(
                        "long-lived stale time out of range 1..16777215 s for " + family + ": " + time);
            }
        });
        longLived = Map.copyOf(longLived);
        if (staleTime.isNegative() || staleTime.isZero()) {
            throw new IllegalArgumentException("the stale time after a restart must be positive: " + staleTime);
        }
    }

    public GracefulRestart withEnabled(boolean value) {
        return new GracefulRestart(value, restartTime, forwardingPreserved, notifications, staleTime, longLived);
    }

    public GracefulRestart withRestartTime(Duration value) {
        return new GracefulRestart(enabled, value, forwardingPreserved, notifications, staleTime, longLived);
    }

    public GracefulRestart withForwardingPreserved(boolean value) {
        return new GracefulRestart(enabled, restartTime, value, notifications, staleTime, longLived);
    }

    public GracefulRestart withNotifications(boolean value) {
        return new GracefulRestart(enabled, restartTime, forwardingPreserved, value, staleTime, longLived);
    }

    public GracefulRestart withStaleTime(Duration value) {
        return new GracefulRestart(enabled, restartTime, forwardingPreserved, notifications, value, longLived);
    }

    public GracefulRestart withLongLived(Map<AddressFamily, Duration> value) {
        return new GracefulRestart(enabled, restartTime, forwardingPreserved, notifications, staleTime, value);
    }

    /** {@return whether the OPEN says the same of both} */
    boolean isOfferedLike(GracefulRestart other) {
        return withStaleTime(other.staleTime).equals(other);
    }
}
