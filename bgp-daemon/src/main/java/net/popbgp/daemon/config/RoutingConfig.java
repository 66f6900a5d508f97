package net.popbgp.daemon.config;

import net.popbgp.core.decision.NextHopTable;

/**
 * What the configuration says about routing of the speaker as a whole; all of it changes live. Immutable.
 *
 * @param nextHops the way to next hops
 */
public record RoutingConfig(NextHopTable nextHops) {

    public static final RoutingConfig DEFAULT = new RoutingConfig(NextHopTable.EMPTY);

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
