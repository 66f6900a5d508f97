package net.popbgp.daemon.summary;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;

/**
 * How the prefixes of one family could be fewer. A default route stays as it is and stands for nothing. Immutable.
 *
 * @param prefixes how many there are
 * @param limit how many there should be at most, empty if nobody said
 * @param lossless the fewest with exactly the same addresses
 * @param lossy fewer that add addresses, if some may be added and it helps
 */
public record Suggestion(
        AddressFamily family, int prefixes, OptionalInt limit, Summary lossless, Optional<Summary> lossy) {

    /** The most prefixes that are taken in. */
    public static final int MAX_PREFIXES = 200_000;

    /**
     * What is asked for. Immutable.
     *
     * @param limit how many prefixes there should be at most, 1 or more; empty for as few as there can be
     * @param maxOverCoverage how much may be added; with a limit no more is added than is needed for it
     * @param never prefixes no addresses of which may be added
     */
    public record Wish(OptionalInt limit, OverCoverage maxOverCoverage, List<Prefix> never) {

        public Wish {
            never = List.copyOf(never);
            if (limit.isPresent() && limit.getAsInt() < 1) {
                throw new IllegalArgumentException("a limit is 1 or more: " + limit.getAsInt());
            }
        }
    }

    /**
     * Prefixes to have instead of others. Immutable.
     *
     * @param prefixes in order
     * @param summaries those of them that stand for more than themselves, with how many each stands for
     * @param added addresses that are covered besides
     * @param addedCount how many they are
     * @param addedPercent the same in percent of the addresses that there are prefixes for
     * @param best whether no others are better; otherwise {@code bound} says how much better others could be at best
     * @param bound with a limit the fewest addresses that have to be added, without one the fewest prefixes that there can be
     */
    public record Summary(
            List<Prefix> prefixes,
            List<Part> summaries,
            List<AddressRange> added,
            BigInteger addedCount,
            double addedPercent,
            boolean best,
            double bound) {

        public Summary {
            prefixes = List.copyOf(prefixes);
            summaries = List.copyOf(summaries);
            added = List.copyOf(added);
        }

        public boolean fits(OptionalInt limit) {
            return limit.isEmpty() || prefixes.size() <= limit.getAsInt();
        }
    }

    /**
     * A prefix that stands for others. Immutable.
     *
     * @param replaced how many prefixes within it, itself not counted, need not be there any more
     */
    public record Part(Prefix prefix, int replaced) {}

    /** {@return whether one of the two does with the limit} */
    public boolean fits() {
        return lossless.fits(limit) || lossy.filter(each -> each.fits(limit)).isPresent();
    }

    /**
     * Makes a suggestion for each family that there are prefixes of.
     *
     * @param prefixes in any order; one that is there twice counts once
     * @throws IllegalArgumentException if there are more than {@link #MAX_PREFIXES}
     */
    public static List<Suggestion> of(Collection<Prefix> prefixes, Wish wish) {
        if (prefixes.size() > MAX_PREFIXES) {
            throw new IllegalArgumentException(
                    prefixes.size() + " prefixes are more than " + MAX_PREFIXES + ", the most that are summarized");
        }
        List<Suggestion> suggestions = new ArrayList<>();
        for (AddressFamily family : List.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST)) {
            List<Prefix> ofFamily = prefixes.stream()
                    .filter(each -> each.family().equals(family))
                    .distinct()
                    .sorted()
                    .toList();
            if (!ofFamily.isEmpty()) {
                suggestions.add(of(family, ofFamily, wish));
            }
        }
        return suggestions;
    }

    private static Suggestion of(AddressFamily family, List<Prefix> given, Wish wish) {
        List<Prefix> defaults =
                given.stream().filter(each -> each.length() == 0).toList();
        List<Prefix> sorted = given.subList(defaults.size(), given.size());
        List<Prefix> exact = AddressSet.of(sorted);
        Summary lossless = summary(defaults, sorted, exact, exact, true, 0);
        Optional<Summary> lossy = Optional.empty();
        boolean needed = wish.limit.isEmpty() || !lossless.fits(wish.limit);
        if (needed && !wish.maxOverCoverage.isLossless() && exact.size() > 1) {
            lossy = Optional.of(lossy(family, defaults, sorted, exact, wish))
                    .filter(each -> each.prefixes.size() < lossless.prefixes.size());
        }
        return new Suggestion(family, given.size(), wish.limit, lossless, lossy);
    }

    private static Summary lossy(
            AddressFamily family, List<Prefix> defaults, List<Prefix> sorted, List<Prefix> exact, Wish wish) {
        List<Prefix> never = AddressSet.of(
                wish.never.stream().filter(each -> each.family().equals(family)).toList());
        MergeTree tree = new MergeTree(exact, never);
        double covered = tree.covered();
        double budget = wish.maxOverCoverage.of(covered, tree);
        boolean few = exact.size() <= ExactMerge.MAX_LEAVES;
        if (wish.limit.isPresent()) {
            int room = Math.max(1, wish.limit.getAsInt() - defaults.size());
            Merge least = few ? new ExactMerge(tree).atMost(room) : new GreedyMerge(tree).atMost(room);
            if (least.added() <= budget) {
                boolean best = least.added() <= least.bound() * (1 + 1e-12);
                return summary(defaults, sorted, exact, prefixes(tree, least), best, least.bound() / tree.units(1));
            }
        }
        Merge fewest = few ? new ExactMerge(tree).fewest(budget) : new GreedyMerge(tree).fewest(budget);
        return summary(
                defaults,
                sorted,
                exact,
                prefixes(tree, fewest),
                fewest.nodes().size() <= fewest.bound(),
                fewest.bound() + defaults.size());
    }

    private static List<Prefix> prefixes(MergeTree tree, Merge merge) {
        return merge.nodes().stream().map(tree::prefix).toList();
    }

    private static Summary summary(
            List<Prefix> defaults,
            List<Prefix> sorted,
            List<Prefix> exact,
            List<Prefix> chosen,
            boolean best,
            double bound) {
        List<Prefix> all = new ArrayList<>(defaults);
        all.addAll(chosen);
        List<Part> parts = new ArrayList<>();
        List<AddressRange> added = new ArrayList<>();
        int at = 0;
        int leaf = 0;
        for (Prefix prefix : chosen) {
            int from = at;
            boolean itself = false;
            while (at < sorted.size() && prefix.covers(sorted.get(at))) {
                itself |= sorted.get(at++).equals(prefix);
            }
            int replaced = at - from - (itself ? 1 : 0);
            if (replaced > 0) {
                parts.add(new Part(prefix, replaced));
            }
            int firstLeaf = leaf;
            while (leaf < exact.size() && prefix.covers(exact.get(leaf))) {
                leaf++;
            }
            if (leaf - firstLeaf > 1) {
                added.addAll(AddressRange.without(prefix, exact.subList(firstLeaf, leaf)));
            }
        }
        BigInteger count = added.stream().map(AddressRange::size).reduce(BigInteger.ZERO, BigInteger::add);
        BigInteger covered = exact.stream().map(AddressRange::size).reduce(BigInteger.ZERO, BigInteger::add);
        double percent = covered.signum() == 0 ? 0 : 100 * count.doubleValue() / covered.doubleValue();
        return new Summary(all, parts, added, count, percent, best, bound);
    }
}
