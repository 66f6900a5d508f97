package net.popbgp.core.rib;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.route.Route;

/**
 * Which routes share the traffic of a prefix: the best one and its equals by {@link Multipath}, in the order of the remaining steps. Kept per prefix, so that a change of the set is noticed also where the best route stays.
 *
 * <p>Confined to the RIB thread.
 */
final class MultipathRoutes {

    private static final long[] NONE = {};

    private final AttributeStore store;
    private final PeerTable peers;
    private Multipath options = Multipath.OFF;
    private int[] lanes = new int[Multipath.OFF.paths()];
    private final long[][][] sets =
            new long[2][0][]; // by family and prefix: lane << 32 | attributes; null for fewer than two

    MultipathRoutes(AttributeStore store, PeerTable peers) {
        this.store = store;
        this.peers = peers;
    }

    Multipath options() {
        return options;
    }

    /** Changes what is wanted; every prefix is to be looked at then. */
    void options(Multipath wanted) {
        options = wanted;
        lanes = new int[wanted.paths()];
    }

    /** Returns whether more than the best route can be in use. */
    boolean isUsed() {
        return options.isOn();
    }

    /** Looks at a prefix whose candidates may have changed. {@return whether other routes share its traffic now} */
    boolean update(FamilyRib rib, int id) {
        int count = rib.isBestOutstanding(id) ? 1 : rib.equalRoutes(id, options.asPath(), lanes);
        long[] set = count < 2 ? NONE : new long[count];
        for (int i = 0; i < set.length; i++) {
            set[i] = (long) lanes[i] << 32 | rib.attributes(id, lanes[i]);
        }
        long[] before = set(rib.index, id);
        if (Arrays.equals(before, set)) {
            return false;
        }
        if (id >= sets[rib.index].length) {
            sets[rib.index] = Arrays.copyOf(sets[rib.index], rib.prefixes.capacity());
        }
        sets[rib.index][id] = set;
        return true;
    }

    private long[] set(int family, int id) {
        long[] set = id < sets[family].length ? sets[family][id] : null;
        return set == null ? NONE : set;
    }

    boolean contains(FamilyRib rib, int id, int lane) {
        for (long each : set(rib.index, id)) {
            if (each >>> 32 == lane) {
                return true;
            }
        }
        return false;
    }

    /** Returns the routes, the best first; none if there is only one. */
    List<Route> routes(FamilyRib rib, int id) {
        List<Route> routes = new ArrayList<>();
        for (long each : set(rib.index, id)) {
            routes.add(new Route(
                    rib.prefixes.prefix(id),
                    store.value((int) each),
                    peers.get((int) (each >>> 32)).source()));
        }
        return routes;
    }

    long memoryBytes() {
        long bytes = 0;
        for (long[][] family : sets) {
            bytes += 4L * family.length;
            for (long[] set : family) {
                bytes += set == null || set.length == 0 ? 0 : 16 + 8L * set.length;
            }
        }
        return bytes;
    }
}
