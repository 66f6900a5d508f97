package net.popbgp.core.decision;

import java.net.InetAddress;
import java.util.BitSet;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.TreeMap;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the way to next hops, in place of the routes of an interior gateway protocol: whether a next hop can be resolved (RFC
 * 4271, 9.1.2.1) and at which interior cost (9.1.2.2 e). The most specific entry that holds the address counts; an address that no entry
 * holds is reachable at cost 0.
 *
 * <p>Immutable.
 */
public final class NextHopTable {

    /** Nothing is known: everything is reachable at cost 0. */
    public static final NextHopTable EMPTY = new NextHopTable(new TreeMap<>());

    /** In place of a cost: the next hop cannot be resolved. Unsigned, it is worse than every cost. */
    public static final int UNREACHABLE = -1;

    /** The most entries. */
    public static final int MAX_ENTRIES = 10_000;

    private final NavigableMap<Prefix, Integer> costs;
    private final BitSet ipv4Lengths = new BitSet();
    private final BitSet ipv6Lengths = new BitSet();

    private NextHopTable(NavigableMap<Prefix, Integer> costs) {
        this.costs = Collections.unmodifiableNavigableMap(costs);
        costs.keySet().forEach(prefix -> lengths(prefix.isIpv4()).set(prefix.length()));
    }

    private BitSet lengths(boolean ipv4) {
        return ipv4 ? ipv4Lengths : ipv6Lengths;
    }

    /**
     * {@return the table with an entry more, or with another cost in it}
     *
     * @param cost 0..2147483647, or {@link #UNREACHABLE}
     * @throws IllegalArgumentException if the cost is negative, or there are too many entries
     */
    public NextHopTable with(Prefix prefix, int cost) {
        if (cost < UNREACHABLE) {
            throw new IllegalArgumentException("interior cost out of range 0..2147483647: " + cost);
        }
        NavigableMap<Prefix, Integer> changed = new TreeMap<>(costs);
        changed.put(prefix, cost);
        if (changed.size() > MAX_ENTRIES) {
            throw new IllegalArgumentException("more than " + MAX_ENTRIES + " entries about next hops");
        }
        return new NextHopTable(changed);
    }

    /** {@return the table without the entry of exactly this prefix} */
    public NextHopTable without(Prefix prefix) {
        NavigableMap<Prefix, Integer> changed = new TreeMap<>(costs);
        changed.remove(prefix);
        return new NextHopTable(changed);
    }

    public boolean isEmpty() {
        return costs.isEmpty();
    }

    /** {@return the entries in order: the cost of each prefix, or {@link #UNREACHABLE}} */
    public NavigableMap<Prefix, Integer> entries() {
        return costs;
    }

    /** {@return the interior cost of an address, or {@link #UNREACHABLE}} */
    public int cost(InetAddress address) {
        BitSet lengths = lengths(address.getAddress().length == 4);
        for (int length = lengths.length() - 1; length >= 0; length = lengths.previousSetBit(length - 1)) {
            Integer cost = costs.get(Prefix.of(address, length));
            if (cost != null) {
                return cost;
            }
        }
        return 0;
    }

    /** {@return the interior cost of a route's next hop, or {@link #UNREACHABLE}; 0 for a route without one, which is our own} */
    public int cost(PathAttributes attributes) {
        return attributes.nextHop().map(NextHop::address).map(this::cost).orElse(0);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NextHopTable table && costs.equals(table.costs);
    }

    @Override
    public int hashCode() {
        return costs.hashCode();
    }

    @Override
    public String toString() {
        return costs.toString();
    }
}
