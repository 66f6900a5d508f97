package net.popbgp.daemon.summary;

import java.util.Arrays;

/**
 * Finds the best merges of few prefixes by dynamic programming: for each node and number, the least that so many prefixes below the node add.
 * Takes time with the square of the leaves. Used by one thread.
 */
final class ExactMerge {

    /** The most leaves for which it is quick enough: some tens of milliseconds. */
    static final int MAX_LEAVES = 4_000;

    private final MergeTree tree;
    private final double[][] least; // by node and number

    ExactMerge(MergeTree tree) {
        this.tree = tree;
        least = new double[tree.size()][];
        for (int node = 0; node < tree.size(); node++) {
            double[] of = new double[tree.count(node) + 1];
            Arrays.fill(of, Double.POSITIVE_INFINITY);
            least[node] = of;
            if (tree.isLeaf(node)) {
                of[1] = 0;
                continue;
            }
            double[] left = least[tree.left(node)];
            double[] right = least[tree.right(node)];
            for (int i = 1; i < left.length; i++) {
                double base = left[i];
                if (base == Double.POSITIVE_INFINITY) {
                    continue;
                }
                for (int j = 1; j < right.length; j++) {
                    double sum = base + right[j];
                    if (sum < of[i + j]) {
                        of[i + j] = sum;
                    }
                }
            }
            if (!tree.isForbidden(node)) {
                of[1] = tree.added(node);
            }
        }
    }

    Merge fewest(double budget) {
        double[] all = least[tree.root()];
        int number = 1;
        while (all[number] > budget) { // with all leaves nothing is added
            number++;
        }
        return choose(number, number);
    }

    Merge atMost(int limit) {
        double[] all = least[tree.root()];
        int number = Math.min(limit, all.length - 1);
        if (all[number] == Double.POSITIVE_INFINITY) { // so few are forbidden
            while (all[number] == Double.POSITIVE_INFINITY) {
                number++;
            }
        }
        return choose(number, all[number]);
    }

    private Merge choose(int number, double bound) {
        boolean[] merged = new boolean[tree.size()];
        mark(tree.root(), number, merged);
        return new Merge(tree.cut(merged), least[tree.root()][number], bound);
    }

    /** As deep as the tree: no deeper than an address has bits. */
    private void mark(int node, int number, boolean[] merged) {
        if (tree.isLeaf(node)) {
            return;
        }
        if (number == 1) {
            merged[node] = true;
            return;
        }
        double[] left = least[tree.left(node)];
        double[] right = least[tree.right(node)];
        int best = 0;
        double bestSum = Double.POSITIVE_INFINITY;
        for (int i = Math.max(1, number - right.length + 1); i < left.length && i < number; i++) {
            double sum = left[i] + right[number - i];
            if (sum < bestSum) {
                bestSum = sum;
                best = i;
            }
        }
        mark(tree.left(node), best, merged);
        mark(tree.right(node), number - best, merged);
    }
}
