package net.popbgp.daemon.summary;

import java.util.List;

/**
 * A choice of nodes of a {@link MergeTree} that covers all leaves. Immutable.
 *
 * @param nodes in order of their prefixes
 * @param added the units that they have and the leaves have not
 * @param bound of a search for the fewest nodes: there cannot be fewer than so many; of one for the least added: no less can be added. What was
 *     found is the best if it is no more
 */
record Merge(List<Integer> nodes, double added, double bound) {

    Merge {
        nodes = List.copyOf(nodes);
    }
}
