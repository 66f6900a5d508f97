package net.popbgp.daemon.site;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/** Takes rows in any order and keeps those of one page: the first ones after a cursor, never more than one page and a row. Used by one thread. */
final class RoutePageHeap {

    private record Entry(RouteOrder.Place place, RoutingTableRow row) {}

    private final RouteOrder order;
    private final Comparator<RouteOrder.Place> comparator;
    private final Optional<RouteOrder.Place> after;
    private final int limit;
    private final PriorityQueue<Entry> kept;
    private long offered;

    /** @param cursor empty for the first page */
    RoutePageHeap(RouteOrder order, String cursor, int limit) {
        this.order = order;
        this.limit = limit;
        comparator = order.comparator();
        after = cursor.isEmpty() ? Optional.empty() : Optional.of(order.after(cursor));
        kept = new PriorityQueue<>(
                Comparator.comparing(Entry::place, comparator).reversed());
    }

    void offer(RoutingTableRow row) {
        offered++;
        RouteOrder.Place place = order.place(row);
        if (after.isPresent() && comparator.compare(place, after.get()) <= 0) {
            return;
        }
        if (kept.size() > limit) {
            if (comparator.compare(place, kept.element().place) >= 0) {
                return;
            }
            kept.remove();
        }
        kept.add(new Entry(place, row));
    }

    RoutingTablePage page() {
        boolean more = kept.size() > limit;
        if (more) {
            kept.remove();
        }
        List<Entry> sorted = new ArrayList<>(kept);
        sorted.sort(Comparator.comparing(Entry::place, comparator));
        return new RoutingTablePage(
                sorted.stream().map(Entry::row).toList(),
                more ? Optional.of(order.cursor(sorted.get(sorted.size() - 1).place)) : Optional.empty(),
                offered,
                true);
    }
}
