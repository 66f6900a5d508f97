package net.popbgp.core.rib;

import java.util.AbstractList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.RandomAccess;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RouteSource;
import org.jspecify.annotations.Nullable;

/**
 * Changes of the Loc-RIB in their order, each made into an object when asked for. Holds at most {@link #MAX_SIZE}; beyond that changes are
 * only counted.
 *
 * <p>Immutable once taken.
 */
public final class RibChanges extends AbstractList<RibChange> implements RandomAccess {

    public static final int MAX_SIZE = 1_000_000;

    private static final DecisionStep[] STEPS = DecisionStep.values();

    private int size;
    private int total;
    private int withdrawals;
    private int onlyMultipath;
    private long missed;
    private long[] high = new long[64];
    private long[] low = new long[64];
    private byte[] lengths = new byte[64];
    private byte[] steps = new byte[64]; // ordinal, with the uppermost bit for IPv6
    private PathAttributes[] attributes = new PathAttributes[128]; // before and after
    private RouteSource[] sources = new RouteSource[128];
    private Route[][] multipath = new Route[0][]; // as long as the others once there is any

    RibChanges() {}

    /** {@return how many changes there were, those included that are not in the list} */
    public int total() {
        return total;
    }

    /** {@return how many changes came after the list was full} */
    public long missed() {
        return missed;
    }

    public boolean isOverflowed() {
        return missed > 0;
    }

    /** {@return how many of the changes left their prefix without any route} */
    public int withdrawals() {
        return withdrawals;
    }

    /** {@return how many of the changes gave their prefix another best route, or none} */
    public int moved() {
        return total - onlyMultipath;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public RibChange get(int index) {
        Objects.checkIndex(index, size);
        AddressFamily family = steps[index] < 0 ? AddressFamily.IPV6_UNICAST : AddressFamily.IPV4_UNICAST;
        Prefix prefix = new Prefix(family, high[index], low[index], lengths[index] & 0xFF);
        return new RibChange(
                prefix,
                route(prefix, 2 * index),
                route(prefix, 2 * index + 1),
                STEPS[steps[index] & 0x7F],
                index < multipath.length && multipath[index] != null ? List.of(multipath[index]) : List.of());
    }

    private Optional<Route> route(Prefix prefix, int at) {
        return attributes[at] == null ? Optional.empty() : Optional.of(new Route(prefix, attributes[at], sources[at]));
    }

    /** Counts a change; {@code withdrawal} if it leaves the prefix without a route, {@code sameBest} if its best route is the same. */
    void count(boolean withdrawal, boolean sameBest) {
        total++;
        withdrawals += withdrawal ? 1 : 0;
        onlyMultipath += sameBest ? 1 : 0;
    }

    /** Returns whether another change can be held; if not it counts as missed. */
    boolean hasRoom() {
        if (size == MAX_SIZE) {
            missed++;
            return false;
        }
        return true;
    }

    void addPrefix(PrefixTable prefixes, int id, DecisionStep step, boolean ipv6) {
        if (size == high.length) {
            grow();
        }
        high[size] = prefixes.high(id);
        low[size] = prefixes.low(id);
        lengths[size] = (byte) prefixes.length(id);
        steps[size] = (byte) (step.ordinal() | (ipv6 ? 0x80 : 0));
        size++;
    }

    void previous(@Nullable PathAttributes route, @Nullable RouteSource source) {
        set(2 * size - 2, route, source);
    }

    void current(@Nullable PathAttributes route, @Nullable RouteSource source) {
        set(2 * size - 1, route, source);
    }

    void multipath(List<Route> routes) {
        if (!routes.isEmpty()) {
            if (multipath.length < high.length) {
                multipath = Arrays.copyOf(multipath, high.length);
            }
            multipath[size - 1] = routes.toArray(Route[]::new);
        }
    }

    private void set(int at, @Nullable PathAttributes route, @Nullable RouteSource source) {
        if (route != null && source != null) {
            attributes[at] = route;
            sources[at] = source;
        }
    }

    private void grow() {
        int capacity = Math.min(MAX_SIZE, size * 2);
        high = Arrays.copyOf(high, capacity);
        low = Arrays.copyOf(low, capacity);
        lengths = Arrays.copyOf(lengths, capacity);
        steps = Arrays.copyOf(steps, capacity);
        attributes = Arrays.copyOf(attributes, 2 * capacity);
        sources = Arrays.copyOf(sources, 2 * capacity);
    }
}
