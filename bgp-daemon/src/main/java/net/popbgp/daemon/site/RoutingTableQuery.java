package net.popbgp.daemon.site;

import net.popbgp.speaker.RouteQuery;

/**
 * Which rows to list, and how. Immutable.
 *
 * @param cursor where to go on: empty for the beginning, or {@link RoutingTablePage#next} of the page before
 * @param limit rows a page, 1..10000
 */
public record RoutingTableQuery(RouteFilter filter, RouteOrder order, String cursor, int limit) {

    public RoutingTableQuery {
        if (limit < 1 || limit > RouteQuery.MAX_LIMIT) {
            throw new IllegalArgumentException("limit out of range 1.." + RouteQuery.MAX_LIMIT + ": " + limit);
        }
    }

    public RoutingTableQuery at(String newCursor) {
        return new RoutingTableQuery(filter, order, newCursor, limit);
    }
}
