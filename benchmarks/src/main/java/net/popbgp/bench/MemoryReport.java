package net.popbgp.bench;

import java.lang.ref.Reference;
import java.util.List;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.sim.load.Batch;

/**
 * Says how many bytes a path takes: so many senders with the same prefixes, and paths that differ by their next hop. Arguments: senders,
 * prefixes. Two figures: what the tables' arrays take by their own account, and what the heap has grown by after a collection, attribute
 * objects included.
 */
public final class MemoryReport {

    private MemoryReport() {}

    @SuppressWarnings("SystemOut") // the report is the purpose
    public static void main(String[] args) {
        int senders = args.length > 0 ? Integer.parseInt(args[0]) : 10;
        int prefixes = args.length > 1 ? Integer.parseInt(args[1]) : 100_000;
        long before = usedHeap();
        RoutingTables tables = fill(senders, prefixes);
        long heap = usedHeap() - before;
        long paths = (long) senders * prefixes;
        System.out.printf(
                "%d senders x %,d prefixes = %,d paths, %,d attribute sets%n",
                senders, prefixes, paths, tables.attributeSets());
        System.out.printf(
                "tables %,d bytes, %.1f per path; heap %,d bytes, %.1f per path%n",
                tables.memoryBytes(), (double) tables.memoryBytes() / paths, heap, (double) heap / paths);
    }

    /** {@return how much the heap has grown by tables with the routes of so many senders, in bytes} */
    static long heapOf(int senders, int prefixes) {
        long before = usedHeap();
        RoutingTables tables = fill(senders, prefixes);
        try {
            return usedHeap() - before;
        } finally {
            Reference.reachabilityFence(tables);
        }
    }

    /** {@return tables with the routes of so many senders} */
    static RoutingTables fill(int senders, int prefixes) {
        RoutingTables tables = Loads.tables();
        for (int sender = 0; sender < senders; sender++) {
            List<Batch> routes = Loads.internet(prefixes, sender + 2);
            Loads.announce(tables, Loads.addPeer(tables, sender + 2, 100), routes);
        }
        return tables;
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        for (int i = 0; i < 3; i++) {
            runtime.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
