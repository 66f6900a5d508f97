package net.popbgp.daemon.config;

import java.util.List;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.route.Aggregate;

/**
 * What the configuration says about routing of the speaker as a whole; all of it changes live. Immutable.
 *
 * @param nextHops the way to next hops
 * @param aggregates what is originated for more specific routes, each prefix once
 * @param multipath what is used beside the best routes
 */
public record RoutingConfig(NextHopTable nextHops, List<Aggregate> aggregates, Multipath multipath) {

    public static final RoutingConfig DEFAULT = new RoutingConfig(NextHopTable.EMPTY, List.of(), Multipath.OFF);

    public RoutingConfig {
        aggregates = List.copyOf(aggregates);
    }

    /**
     * {@return a table changed as the configuration has changed; entries that were made by command stay}
     *
     * @param before the configuration so far
     */
    public NextHopTable applyTo(NextHopTable table, RoutingConfig before) {
        NextHopTable result = table;
        for (var prefix : before.nextHops.entries().keySet()) {
            if (!nextHops.entries().containsKey(prefix)) {
                result = result.without(prefix);
            }
        }
        for (var entry : nextHops.entries().entrySet()) {
            if (!entry.getValue().equals(before.nextHops.entries().get(entry.getKey()))) {
                result = result.with(entry.getKey(), entry.getValue());
            }
        }
        return result;
    }
}
