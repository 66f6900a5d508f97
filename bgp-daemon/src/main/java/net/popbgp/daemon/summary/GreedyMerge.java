package net.popbgp.daemon.summary;

import java.util.PriorityQueue;

/**
 * Finds good merges of many prefixes: always merges the node next that adds the least per prefix saved. After each such step what is merged
 * is the best for its number of prefixes (pruning as in CART and G-BFOS); between the steps the price of the next one gives the bound.
 * Merging a node never makes one above it cheaper, so prices in the queue are looked at again only when it is their turn.
 *
 * <p>Takes time with the leaves and the bits of an address. Used by one thread.
 */
final class GreedyMerge {

    private record Offer(double price, int node) {}

    private final MergeTree tree;
    private final int[] number; // prefixes below, as merged so far
    private final double[] added; // by these
    private final boolean[] merged;
    private final PriorityQueue<Offer> offers = new PriorityQueue<>((a, b) -> {
        int byPrice = Double.compare(a.price, b.price);
        return byPrice != 0 ? byPrice : Integer.compare(a.node, b.node);
    });

    GreedyMerge(MergeTree tree) {
        this.tree = tree;
        number = new int[tree.size()];
        added = new double[tree.size()];
        merged = new boolean[tree.size()];
        for (int node = 0; node < tree.size(); node++) {
            number[node] = tree.count(node);
            if (!tree.isLeaf(node) && !tree.isForbidden(node)) {
                offers.add(new Offer(price(node), node));
            }
        }
    }

    private double price(int node) {
        return (tree.added(node) - added[node]) / (number[node] - 1);
    }

    /** Returns the node to be merged next, {@link MergeTree#NONE} if there is none. */
    private int next() {
        while (!offers.isEmpty()) {
            Offer offer = offers.remove();
            if (number[offer.node] < 2) {
                continue;
            }
            double price = price(offer.node);
            if (price <= offer.price) {
                return offer.node;
            }
            offers.add(new Offer(price, offer.node));
        }
        return MergeTree.NONE;
    }

    private void merge(int node) {
        merged[node] = true;
        int saved = number[node] - 1;
        double more = tree.added(node) - added[node];
        for (int each = node; each != MergeTree.NONE; each = tree.parent(each)) {
            number[each] -= saved;
            added[each] += more;
        }
        close(node);
    }

    /** What is below a merged node is not merged any more. */
    private void close(int node) {
        if (!tree.isLeaf(node)) {
            for (int child : new int[] {tree.left(node), tree.right(node)}) {
                if (number[child] > 1) {
                    number[child] = 1;
                    close(child);
                }
            }
        }
    }

    Merge fewest(double budget) {
        int root = tree.root();
        double bound = 1;
        boolean bounded = false;
        for (int node = next(); node != MergeTree.NONE; node = next()) {
            if (added[root] + tree.added(node) - added[node] <= budget) {
                merge(node);
            } else if (!bounded) {
                bounded = true;
                bound = Math.ceil(number[root] - (budget - added[root]) / price(node) - 1e-9);
            }
        }
        return new Merge(tree.cut(merged), added[root], bounded ? Math.max(1, bound) : number[root]);
    }

    Merge atMost(int limit) {
        int root = tree.root();
        double bound = 0;
        while (number[root] > limit) {
            int node = next();
            if (node == MergeTree.NONE) {
                break;
            }
            int missing = number[root] - limit;
            if (number[node] - 1 > missing) { // more than is needed: the last step may be a smaller one
                bound = added[root] + price(node) * missing;
                merge(cheapest(missing, node));
            } else {
                merge(node);
                bound = added[root];
            }
        }
        return new Merge(tree.cut(merged), added[root], bound);
    }

    /** Returns the node that saves so many prefixes at once and adds the least. */
    private int cheapest(int missing, int otherwise) {
        int best = otherwise;
        for (int node = 0; node < tree.size(); node++) {
            if (number[node] - 1 >= missing
                    && !tree.isForbidden(node)
                    && tree.added(node) - added[node] < tree.added(best) - added[best]) {
                best = node;
            }
        }
        return best;
    }
}
