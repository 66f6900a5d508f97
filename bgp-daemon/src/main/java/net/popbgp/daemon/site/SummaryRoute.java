package net.popbgp.daemon.site;

import java.util.List;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.net.Prefix;

/**
 * A summary that is advertised while a more specific route of it is in the table. Immutable.
 *
 * @param communities put on the summary
 */
public record SummaryRoute(Prefix subnet, List<Community> communities) {

    public SummaryRoute {
        communities = List.copyOf(communities);
    }
}
