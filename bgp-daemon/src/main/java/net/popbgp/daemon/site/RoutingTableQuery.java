package net.popbgp.daemon.site;

import java.util.Optional;
import net.popbgp.core.net.Prefix;
import net.popbgp.speaker.RouteQuery;

/**
 * Which rows to list. Immutable.
 *
 * @param site only routes of this site; empty for all
 * @param within only this prefix and its more specifics; empty for all
 * @param cursor where to go on: empty for the beginning, or {@link RoutingTablePage#next} of the page before
 * @param limit rows a page, 1..10000
 */
public record RoutingTableQuery(Optional<String> site, Optional<Prefix> within, String cursor, int limit) {

    public RoutingTableQuery {
        if (limit < 1 || limit > RouteQuery.MAX_LIMIT) {
            throw new IllegalArgumentException("limit out of range 1.." + RouteQuery.MAX_LIMIT + ": " + limit);
        }
    }
}
