package net.popbgp.daemon.summary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.popbgp.core.net.Prefix;

/**
 * Which prefixes can be merged into which: a tree over disjoint prefixes of one family. A leaf is one of them; an inner node the longest
 * prefix that covers all leaves below it, which adds the addresses between them. Numbers 0 to n - 1 are the leaves, those above the inner
 * nodes, each after its children. It has at most twice as many nodes as leaves and is no deeper than an address has bits.
 *
 * <p>Addresses are counted in units of the longest prefix there is, as doubles: exactly, as long as no more than 2^53 units are in a node.
 *
 * <p>Immutable.
 */
final class MergeTree {

    static final int NONE = -1;

    private final List<Prefix> leaves;
    private final int unitLength;
    private final int[] length;
    private final int[] first; // leaf
    private final int[] left;
    private final int[] right;
    private final int[] parent;
    private final int[] count;
    private final double[] added;
    private final boolean[] forbidden;
    private int nodes;

    /**
     * Makes the tree.
     *
     * @param leaves disjoint, in order, of one family, one at least
     * @param never prefixes, disjoint and in order, that no node may add addresses of
     */
    MergeTree(List<Prefix> leaves, List<Prefix> never) {
        this.leaves = leaves;
        int most = 2 * leaves.size() - 1;
        unitLength = leaves.stream().mapToInt(Prefix::length).max().orElseThrow();
        length = new int[most];
        first = new int[most];
        left = new int[most];
        right = new int[most];
        parent = new int[most];
        count = new int[most];
        added = new double[most];
        forbidden = new boolean[most];
        Arrays.fill(parent, NONE);
        for (nodes = 0; nodes < leaves.size(); nodes++) {
            length[nodes] = leaves.get(nodes).length();
            first[nodes] = nodes;
            left[nodes] = NONE;
            right[nodes] = NONE;
            count[nodes] = 1;
        }
        List<Prefix> closed = never.stream()
                .filter(each -> AddressSet.covering(leaves, each) < 0)
                .toList();
        join(closed);
    }

    /** Joins neighbours, those with the most bits in common first; the open ones are on a stack. */
    private void join(List<Prefix> closed) {
        int[] stack = new int[leaves.size()];
        int[] common = new int[leaves.size()]; // bits in common with the one below on the stack
        int size = 0;
        for (int leaf = 0; leaf < leaves.size(); leaf++) {
            int bits = leaf == 0 ? NONE : AddressSet.commonLength(leaves.get(leaf - 1), leaves.get(leaf));
            while (size > 1 && common[size - 1] >= bits) {
                stack[size - 2] = inner(stack[size - 2], stack[size - 1], common[size - 1], closed);
                size--;
            }
            stack[size] = leaf;
            common[size++] = bits;
        }
        while (size > 1) {
            stack[size - 2] = inner(stack[size - 2], stack[size - 1], common[size - 1], closed);
            size--;
        }
    }

    private int inner(int leftNode, int rightNode, int bits, List<Prefix> closed) {
        int node = nodes++;
        length[node] = bits;
        first[node] = first[leftNode];
        left[node] = leftNode;
        right[node] = rightNode;
        parent[leftNode] = node;
        parent[rightNode] = node;
        count[node] = count[leftNode] + count[rightNode];
        added[node] = units(bits)
                - (units(length[leftNode]) - added[leftNode])
                - (units(length[rightNode]) - added[rightNode]);
        forbidden[node] = bits == 0
                || forbidden[leftNode]
                || forbidden[rightNode]
                || !closed.isEmpty() && AddressSet.intersects(closed, prefix(node));
        return node;
    }

    private double units(int prefixLength) {
        return Math.scalb(1.0, unitLength - prefixLength);
    }

    /** {@return how many units so many addresses are} */
    double units(double addresses) {
        return addresses / Math.scalb(1.0, leaves.get(0).family().maxPrefixLength() - unitLength);
    }

    /** {@return the units of all leaves} */
    double covered() {
        return leaves.stream().mapToDouble(each -> units(each.length())).sum();
    }

    int size() {
        return nodes;
    }

    int root() {
        return nodes - 1;
    }

    boolean isLeaf(int node) {
        return node < leaves.size();
    }

    int left(int node) {
        return left[node];
    }

    int right(int node) {
        return right[node];
    }

    int parent(int node) {
        return parent[node];
    }

    /** {@return the leaves below a node} */
    int count(int node) {
        return count[node];
    }

    /** {@return the units that a node has and its leaves have not} */
    double added(int node) {
        return added[node];
    }

    /** {@return whether a node would add what must not be added; then all above it would, too} */
    boolean isForbidden(int node) {
        return forbidden[node];
    }

    Prefix prefix(int node) {
        return AddressSet.shortened(leaves.get(first[node]), length[node]);
    }

    List<Prefix> leavesOf(int node) {
        return leaves.subList(first[node], first[node] + count[node]);
    }

    /** {@return the topmost nodes that are merged, and the leaves below none} */
    List<Integer> cut(boolean[] merged) {
        List<Integer> result = new ArrayList<>();
        int[] stack = new int[nodes + 1];
        int size = 0;
        stack[size++] = root();
        while (size > 0) {
            int node = stack[--size];
            if (merged[node] || isLeaf(node)) {
                result.add(node);
            } else {
                stack[size++] = right[node];
                stack[size++] = left[node];
            }
        }
        return result;
    }
}
