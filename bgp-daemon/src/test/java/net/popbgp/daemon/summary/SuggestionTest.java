package net.popbgp.daemon.summary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;

/** Against every possible choice, in universes of 32 addresses. */
class SuggestionTest {

    private static final int BITS = 5;
    private static final int ADDRESSES = 1 << BITS;
    private static final double IMPOSSIBLE = Double.POSITIVE_INFINITY;

    /** All blocks of the universe, which is 10.0.0.0/27, or 2001:db8::/27 of blocks. */
    private static Prefix block(boolean ipv4, int length, int number) {
        int shift = BITS - length;
        return ipv4
                ? Prefix.masked(AddressFamily.IPV4_UNICAST, 0, 0x0A000000L + ((long) number << shift), 27 + length)
                : Prefix.masked(
                        AddressFamily.IPV6_UNICAST, 0x20010db8_00000000L + ((long) number << shift), 0, 59 + length);
    }

    private static BitSet addresses(List<Prefix> prefixes) {
        BitSet set = new BitSet();
        for (Prefix prefix : prefixes) {
            int base = prefix.isIpv4() ? (int) (prefix.low() - 0x0A000000L) : (int) (prefix.high() & 0xFFFF);
            int length = prefix.length() - (prefix.isIpv4() ? 27 : 59);
            set.set(base, base + (ADDRESSES >> length));
        }
        return set;
    }

    private static List<Prefix> some(Random random, boolean ipv4, int most) {
        List<Prefix> prefixes = new ArrayList<>();
        int count = 1 + random.nextInt(most);
        for (int i = 0; i < count; i++) {
            int length = BITS - random.nextInt(random.nextInt(4) + 1);
            prefixes.add(block(ipv4, length, random.nextInt(1 << length)));
        }
        return prefixes;
    }

    /** For each number of prefixes the least that is added by any choice of so many disjoint blocks, found by trying all. */
    private static double[] naive(BitSet wanted, BitSet never) {
        return naive(0, 0, wanted, never);
    }

    private static double[] naive(int length, int number, BitSet wanted, BitSet never) {
        int size = ADDRESSES >> length;
        int from = number * size;
        double[] best = new double[size + 1];
        Arrays.fill(best, IMPOSSIBLE);
        BitSet here = wanted.get(from, from + size);
        if (here.isEmpty()) {
            best[0] = 0;
            return best;
        }
        BitSet more = new BitSet();
        more.set(0, size);
        more.andNot(here);
        if (!more.intersects(never.get(from, from + size))) {
            best[1] = more.cardinality();
        }
        if (length < BITS) {
            double[] left = naive(length + 1, 2 * number, wanted, never);
            double[] right = naive(length + 1, 2 * number + 1, wanted, never);
            for (int i = 0; i < left.length; i++) {
                for (int j = 0; j < right.length; j++) {
                    best[i + j] = Math.min(best[i + j], left[i] + right[j]);
                }
            }
        }
        return best;
    }

    private static int fewest(double[] least, double budget) {
        for (int i = 0; i < least.length; i++) {
            if (least[i] <= budget) {
                return i;
            }
        }
        throw new AssertionError("all leaves add nothing");
    }

    @Test
    void the_lossless_set_has_the_same_addresses_and_no_set_of_them_is_smaller() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            List<Prefix> given = some(random, round % 2 == 0, 30);
            Suggestion suggestion = suggest(given, OptionalInt.empty(), "0", List.of());
            BitSet wanted = addresses(given);
            assertThat(addresses(suggestion.lossless().prefixes()))
                    .as("seed " + seed)
                    .isEqualTo(wanted);
            assertThat(suggestion.lossless().prefixes())
                    .as("seed " + seed)
                    .hasSize(fewest(naive(wanted, new BitSet()), 0))
                    .isSorted();
            assertThat(suggestion.lossy()).isEmpty();
            assertThat(suggestion.prefixes())
                    .isEqualTo((int) given.stream().distinct().count());
        }
    }

    private static Suggestion suggest(List<Prefix> given, OptionalInt limit, String most, List<Prefix> never) {
        List<Suggestion> all = Suggestion.of(given, new Suggestion.Wish(limit, OverCoverage.of(most), never));
        assertThat(all).hasSize(1);
        return all.get(0);
    }

    @Test
    void a_lossy_set_within_a_budget_is_the_smallest_that_there_is() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            boolean ipv4 = round % 2 == 0;
            List<Prefix> given = some(random, ipv4, 12);
            List<Prefix> never = random.nextBoolean() ? List.of() : some(random, ipv4, 3);
            BitSet wanted = addresses(given);
            double[] least = naive(wanted, addresses(never));
            int percent = random.nextInt(200);
            double budget = wanted.cardinality() * percent / 100.0;
            Suggestion suggestion = suggest(given, OptionalInt.empty(), percent + "%", never);
            Suggestion.Summary found = suggestion.lossy().orElse(suggestion.lossless());
            String place = "seed " + seed + ", round " + round + ": " + given + " never " + never;
            assertThat(found.prefixes()).as(place).hasSize(fewest(least, budget));
            assertThat(found.best()).as(place).isTrue();
            check(place, found, given, never);
            assertThat(added(found).cardinality()).as(place).isLessThanOrEqualTo((int) budget);
        }
    }

    @Test
    void a_set_for_a_limit_adds_the_least_that_any_set_of_so_many_does() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            boolean ipv4 = round % 2 == 0;
            List<Prefix> given = some(random, ipv4, 12);
            List<Prefix> never = random.nextInt(3) == 0 ? some(random, ipv4, 3) : List.of();
            double[] least = naive(addresses(given), addresses(never));
            int limit = 1 + random.nextInt(6);
            double best = IMPOSSIBLE;
            for (int i = 0; i <= limit && i < least.length; i++) {
                best = Math.min(best, least[i]);
            }
            Suggestion suggestion = suggest(given, OptionalInt.of(limit), "10000%", never);
            String place = "seed " + seed + ", round " + round + ": " + given + " never " + never;
            assertThat(suggestion.fits()).as(place).isEqualTo(best < IMPOSSIBLE);
            Suggestion.Summary found = suggestion.lossy().orElse(suggestion.lossless());
            check(place, found, given, never);
            if (best < IMPOSSIBLE) {
                assertThat((double) added(found).cardinality()).as(place).isEqualTo(best);
            }
        }
    }

    private static BitSet added(Suggestion.Summary summary) {
        BitSet set = new BitSet();
        for (AddressRange range : summary.added()) {
            boolean ipv4 = range.family().equals(AddressFamily.IPV4_UNICAST);
            BigInteger unit = BigInteger.ONE.shiftLeft(ipv4 ? 0 : 64);
            BigInteger base = ipv4 ? BigInteger.valueOf(0x0A000000L) : BigInteger.valueOf(0x20010db8_00000000L);
            set.set(
                    range.first().divide(unit).subtract(base).intValueExact(),
                    range.last().divide(unit).subtract(base).intValueExact() + 1);
        }
        return set;
    }

    /** What is told of a set is what it is. */
    private static void check(String place, Suggestion.Summary found, List<Prefix> given, List<Prefix> never) {
        BitSet more = addresses(found.prefixes());
        assertThat(more.cardinality())
                .as(place)
                .isEqualTo(found.prefixes().stream()
                        .mapToInt(each -> addresses(List.of(each)).cardinality())
                        .sum());
        BitSet missing = addresses(given);
        missing.andNot(more);
        assertThat(missing).as(place).isEqualTo(new BitSet());
        more.andNot(addresses(given));
        assertThat(added(found)).as(place).isEqualTo(more);
        assertThat(more.intersects(addresses(never))).as(place).isFalse();
        for (Suggestion.Part part : found.summaries()) {
            assertThat(given.stream()
                            .distinct()
                            .filter(each -> part.prefix().covers(each) && !each.equals(part.prefix()))
                            .count())
                    .as(place)
                    .isEqualTo(part.replaced());
        }
    }

    /** The way for many prefixes, tried on few, where all is known. */
    @Test
    void what_is_found_without_trying_everything_keeps_to_its_own_bound_and_that_to_the_truth() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int best = 0;
        int rounds = 2_000;
        for (int round = 0; round < rounds; round++) {
            List<Prefix> given = some(random, true, 14);
            List<Prefix> never = random.nextInt(3) == 0 ? some(random, true, 3) : List.of();
            MergeTree tree = new MergeTree(AddressSet.of(given), AddressSet.of(never));
            ExactMerge exact = new ExactMerge(tree);
            double budget = tree.covered() * random.nextInt(200) / 100;
            String place = "seed " + seed + ", round " + round + ": " + given + " never " + never;

            Merge few = new GreedyMerge(tree).fewest(budget);
            assertThat(few.added()).as(place).isLessThanOrEqualTo(budget);
            int truth = exact.fewest(budget).nodes().size();
            assertThat((double) truth).as(place).isBetween(few.bound(), (double)
                    few.nodes().size());

            int limit = 1 + random.nextInt(6);
            Merge small = new GreedyMerge(tree).atMost(limit);
            Merge smallest = exact.atMost(limit);
            if (smallest.nodes().size() <= limit) {
                assertThat(small.nodes().size()).as(place).isLessThanOrEqualTo(limit);
                assertThat(smallest.added()).as(place).isBetween(small.bound() - 1e-9, small.added() + 1e-9);
            }
            best += few.nodes().size() == truth ? 1 : 0;
        }
        assertThat(best).as("seed " + seed).isGreaterThan(rounds * 9 / 10);
    }

    @Test
    void default_routes_stay_and_stand_for_nothing() {
        List<Prefix> given = List.of(Prefix.of("0.0.0.0/0"), Prefix.of("10.0.0.0/25"), Prefix.of("10.0.0.128/25"));
        Suggestion suggestion = suggest(given, OptionalInt.of(2), "0", List.of());
        assertThat(suggestion.lossless().prefixes()).containsExactly(Prefix.of("0.0.0.0/0"), Prefix.of("10.0.0.0/24"));
        assertThat(suggestion.lossless().summaries()).containsExactly(new Suggestion.Part(Prefix.of("10.0.0.0/24"), 2));
        assertThat(suggestion.fits()).isTrue();
    }

    @Test
    void a_hundred_thousand_prefixes_fit_with_what_had_to_be_added_and_its_bound() {
        Random random = new Random(7);
        List<Prefix> given = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            given.add(Prefix.masked(
                    AddressFamily.IPV4_UNICAST, 0, 0x0A000000L + random.nextInt(1 << 24), 22 + random.nextInt(7)));
        }
        Collections.shuffle(given, random);
        Suggestion suggestion = suggest(given, OptionalInt.of(4_000), "100%", List.of());
        assertThat(suggestion.lossless().fits(suggestion.limit())).isFalse();
        Suggestion.Summary lossy = suggestion.lossy().orElseThrow();
        assertThat(lossy.prefixes()).hasSizeLessThanOrEqualTo(4_000);
        assertThat(lossy.bound()).isLessThanOrEqualTo(lossy.addedCount().doubleValue());
        assertThat(lossy.addedCount().doubleValue()).isLessThanOrEqualTo(lossy.bound() * 1.001);
    }

    @Test
    void an_over_coverage_is_percent_or_a_number_of_addresses() {
        assertThat(OverCoverage.of("2.5%").toString()).isEqualTo("2.5%");
        assertThat(OverCoverage.of("65536").percent()).isFalse();
        for (String wrong : List.of("", "%", "-1", "1.5", "5 %", "x")) {
            assertThatThrownBy(() -> OverCoverage.of(wrong))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("'" + wrong + "'");
        }
    }
}
