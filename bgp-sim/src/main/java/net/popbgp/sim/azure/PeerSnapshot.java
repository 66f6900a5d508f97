package net.popbgp.sim.azure;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;

/**
 * An Azure router's session at one moment. Immutable.
 *
 * @param since when the session came up or was lost last; empty if it never was up
 * @param messageSentAt when the last message went out, but for an OPEN, a NOTIFICATION, or what a fault made up; empty before the first
 * @param octets of BGP over all connections so far
 * @param holdTime negotiated, seconds; 0 while not Established
 * @param received everything the PoP currently announces, refused routes included: what the prefix limit counts
 * @param announced VNet prefixes that the PoP was sent
 * @param behind the address spaces behind the router, whether it announces them or not
 * @param vnetOverLimit whether there are too many of them, so that the gateway has disconnected
 * @param establishedCount how often Established was reached
 * @param lastSent the last NOTIFICATION sent
 * @param lastReceived the last NOTIFICATION received
 * @param faults of those that last, the ones in force; {@code unconfigured} for a router without a neighbour
 */
public record PeerSnapshot(
        String name,
        FsmState state,
        Optional<Instant> since,
        Optional<Instant> messageSentAt,
        Octets octets,
        int holdTime,
        Sku sku,
        SortedMap<Prefix, ReceivedRoute> received,
        List<Prefix> announced,
        List<Prefix> behind,
        boolean vnetOverLimit,
        Map<AddressFamily, Boolean> endOfRibReceived,
        int establishedCount,
        int limitDrops,
        Optional<NotificationMessage> lastSent,
        Optional<NotificationMessage> lastReceived,
        List<String> faults) {

    /** What came from the PoP and what went to it. Immutable. */
    public record Octets(long in, long out) {
        Octets plus(Octets other) {
            return new Octets(in + other.in, out + other.out);
        }
    }

    /**
     * A route as the PoP announced it. Immutable.
     *
     * @param refused why it is not used; empty if it is
     * @param leaked the own AS is in its path: the PoP passes on what Azure told it
     */
    public record ReceivedRoute(PathAttributes attributes, String refused, boolean leaked) {}

    /** {@return the route that the PoP announces for the prefix} */
    public Optional<ReceivedRoute> route(Prefix prefix) {
        return Optional.ofNullable(received.get(prefix));
    }

    /** {@return how many routes of a family are received} */
    public long count(AddressFamily family) {
        return received.keySet().stream().filter(p -> p.family().equals(family)).count();
    }

    /** {@return prefixes with the own AS in their path: there must never be one} */
    public List<Prefix> leaked() {
        return received.entrySet().stream()
                .filter(e -> e.getValue().leaked())
                .map(Map.Entry::getKey)
                .toList();
    }
}
