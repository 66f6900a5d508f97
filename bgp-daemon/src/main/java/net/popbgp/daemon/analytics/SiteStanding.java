package net.popbgp.daemon.analytics;

import java.util.Optional;
import net.popbgp.daemon.site.CircuitRole;

/**
 * How a site stands: connected while a session of it is Established. Immutable.
 *
 * @param circuits how many are to be up, by the configuration
 * @param up how many are Established
 * @param running how many are Established or are to be, by the operator's word too
 * @param active which carries the traffic
 */
public record SiteStanding(int circuits, int up, int running, Optional<CircuitRole> active) {

    /** In a word. */
    public enum Kind {
        /** Every circuit is Established. */
        CONNECTED,
        /** Some are. */
        DEGRADED,
        /** None is. */
        DISCONNECTED,
        /** None is, and none is to be. */
        STOPPED
    }

    public Kind kind() {
        if (up > 0) {
            return up >= circuits ? Kind.CONNECTED : Kind.DEGRADED;
        }
        return running > 0 ? Kind.DISCONNECTED : Kind.STOPPED;
    }

    /** {@return as in {@code one of two circuits up}} */
    public String text() {
        if (circuits == 0) {
            return "no circuit is enabled";
        }
        return circuits == 1
                ? up == 1 ? "the only circuit is up, there is no second one" : "the only circuit is down"
                : switch (Math.min(up, 2)) {
                    case 0 -> "both circuits are down";
                    case 1 -> "one of two circuits up";
                    default -> "both circuits up";
                };
    }
}
