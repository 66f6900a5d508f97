package net.popbgp.speaker;

import java.time.Duration;
import java.time.Instant;

/**
 * The active circuit of a group has become another one. Immutable.
 *
 * @param group the circuit group's name
 * @param from the peer that was active, empty if none was
 * @param to the peer that is active now, empty if none is
 * @param trigger why: the down reason of the old peer, End-of-RIB of the new one, a drain
 * @param prefixes how many prefixes changed their next peer
 * @param detectedAt when the cause was noticed on the peer's loop
 * @param detectionToSwitch from the cause noticed to the last prefix switched in the Loc-RIB
 * @param detectionToEvent from the cause noticed to the moment this event was handed to the listeners
 */
public record Failover(
        String group,
        String from,
        String to,
        String trigger,
        int prefixes,
        Instant detectedAt,
        Duration detectionToSwitch,
        Duration detectionToEvent) {}
