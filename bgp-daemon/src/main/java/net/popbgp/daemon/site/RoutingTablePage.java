package net.popbgp.daemon.site;

import java.util.List;
import java.util.Optional;

/**
 * Some rows of the routing table. There can be fewer than asked for, even none, and more all the same. Immutable.
 *
 * @param next the cursor of the next page, empty after the last
 * @param count how many rows there are on all pages
 * @param exact whether it is so many, and not only at least so many
 */
public record RoutingTablePage(List<RoutingTableRow> rows, Optional<String> next, long count, boolean exact) {

    public RoutingTablePage {
        rows = List.copyOf(rows);
    }
}
