package net.popbgp.speaker;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The active circuit of a group becomes another one. Immutable.
 *
 * @param group the circuit group's name
 * @param from the peer that was active, empty if none was
 * @param to the peer that is active now, empty if none is
 * @param trigger why: the down reason of the old peer, End-of-RIB of the new one, a drain
 * @param prefixes how many prefixes change their best route; when a session is lost, as counted before the first of them has moved
 * @param detectedAt when the cause was noticed on the peer's loop
 * @param detectionToEvent from the cause noticed to {@link BgpListener#onFailover} handed to the listeners
 * @param detectionToSwitch from the cause noticed to the last prefix switched in the Loc-RIB; empty until then, or if another failover of the group came first
 */
public record Failover(
        String group,
        String from,
        String to,
        String trigger,
        int prefixes,
        Instant detectedAt,
        Duration detectionToEvent,
        Optional<Duration> detectionToSwitch) {

    Failover switchedAfter(Duration detectionToLastPrefix) {
        return new Failover(
                group, from, to, trigger, prefixes, detectedAt, detectionToEvent, Optional.of(detectionToLastPrefix));
    }
}
