package net.popbgp.sim.arm;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import net.popbgp.sim.azure.PeerSnapshot;

/**
 * What is to be shown of the routers of a peering at one moment. Only the primary one has a session. Immutable.
 *
 * @param links the virtual networks behind it
 * @param now by the real clock
 * @param start when the gateways' sessions came up
 * @param linked whether frames of the PoP reach the primary router
 */
record RouterView(
        ArmPeering peering, PeerSnapshot snapshot, List<VnetLink> links, Instant now, Instant start, boolean linked) {

    private static final int MINUTE = 60;
    private static final int HOUR = 60 * MINUTE;
    private static final int DAY = 24 * HOUR;
    private static final int WEEK = 7 * DAY;

    RouterView {
        links = List.copyOf(links);
    }

    /** {@return a time as routers write it: {@code 58:09}, {@code 13:58:09}, {@code 2d05h}, {@code 8w4d}} */
    static String upDown(Duration since) {
        long seconds = Math.max(0, since.toSeconds());
        if (seconds < HOUR) {
            return "%02d:%02d".formatted(seconds / MINUTE, seconds % MINUTE);
        }
        if (seconds < DAY) {
            return "%02d:%02d:%02d".formatted(seconds / HOUR, seconds % HOUR / MINUTE, seconds % MINUTE);
        }
        return seconds < WEEK
                ? "%dd%02dh".formatted(seconds / DAY, seconds % DAY / HOUR)
                : "%dw%dd".formatted(seconds / WEEK, seconds % WEEK / DAY);
    }
}
