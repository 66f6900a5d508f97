package net.popbgp.daemon.site;

import java.util.List;
import java.util.Optional;

/**
 * Some rows of the routing table. Immutable.
 *
 * @param next the cursor of the next page, empty after the last
 */
public record RoutingTablePage(List<RoutingTableRow> rows, Optional<String> next) {

    public RoutingTablePage {
        rows = List.copyOf(rows);
    }
}
