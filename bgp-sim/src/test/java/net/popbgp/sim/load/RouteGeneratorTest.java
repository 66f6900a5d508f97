package net.popbgp.sim.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;

class RouteGeneratorTest {

    private static final int COUNT = 60_000;

    private final long seed = System.nanoTime();

    private List<Batch> generate(AddressFamily family, int count) {
        System.out.println("RouteGeneratorTest seed " + seed);
        return new RouteGenerator(seed, family, IpAddresses.parse("10.1.0.1"), Asn.of(64500)).generate(count);
    }

    private static double share(List<Batch> batches, ToDoubleFunction<Batch> weight) {
        double total = batches.stream().mapToDouble(b -> b.prefixes().size()).sum();
        return batches.stream().mapToDouble(weight).sum() / total;
    }

    @Test
    void exactly_as_many_distinct_prefixes_as_asked_for() {
        for (AddressFamily family : List.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST)) {
            Set<Prefix> distinct = new HashSet<>();
            generate(family, COUNT).forEach(b -> distinct.addAll(b.prefixes().asList()));

            assertThat(distinct).hasSize(COUNT);
        }
        assertThat(generate(AddressFamily.IPV4_UNICAST, 0)).isEmpty();
    }

    @Test
    void same_seed_gives_the_same_routes() {
        assertThat(generate(AddressFamily.IPV4_UNICAST, 5000)).isEqualTo(generate(AddressFamily.IPV4_UNICAST, 5000));
        assertThat(new RouteGenerator(
                                seed + 1, AddressFamily.IPV4_UNICAST, IpAddresses.parse("10.1.0.1"), Asn.of(64500))
                        .generate(5000))
                .isNotEqualTo(generate(AddressFamily.IPV4_UNICAST, 5000));
    }

    @Test
    void lengths_are_those_of_the_global_table() {
        List<Batch> batches = generate(AddressFamily.IPV4_UNICAST, COUNT);

        assertThat(lengthShare(batches, 24)).isCloseTo(0.60, within(0.02));
        assertThat(lengthShare(batches, 22)).isCloseTo(0.11, within(0.01));
        assertThat(lengthShare(batches, 23)).isCloseTo(0.10, within(0.01));
        assertThat(batches)
                .allSatisfy(b -> assertThat(b.prefixes().asList()).allMatch(p -> p.length() >= 12 && p.length() <= 24));
    }

    private static double lengthShare(List<Batch> batches, int length) {
        return share(
                batches,
                b -> b.prefixes().asList().stream()
                        .filter(p -> p.length() == length)
                        .count());
    }

    @Test
    void no_prefix_touches_reserved_space() {
        List<Prefix> reserved = List.of(
                Prefix.of("0.0.0.0/8"),
                Prefix.of("10.0.0.0/8"),
                Prefix.of("100.64.0.0/10"),
                Prefix.of("127.0.0.0/8"),
                Prefix.of("169.254.0.0/16"),
                Prefix.of("172.16.0.0/12"),
                Prefix.of("192.0.2.0/24"),
                Prefix.of("192.168.0.0/16"),
                Prefix.of("198.18.0.0/15"),
                Prefix.of("224.0.0.0/3"));

        for (Batch batch : generate(AddressFamily.IPV4_UNICAST, COUNT)) {
            for (Prefix prefix : batch.prefixes().asList()) {
                assertThat(reserved).noneMatch(r -> r.covers(prefix) || prefix.covers(r));
            }
        }
    }

    @Test
    void attributes_have_the_asked_proportions() {
        List<Batch> batches = generate(AddressFamily.IPV4_UNICAST, COUNT);
        double sets = batches.size();

        assertThat(COUNT / sets).isCloseTo(7, within(0.5));
        assertThat(count(batches, b -> !b.attributes().communities().isEmpty()) / sets)
                .isCloseTo(0.60, within(0.03));
        assertThat(count(batches, b -> !b.attributes().largeCommunities().isEmpty()) / sets)
                .isCloseTo(0.12, within(0.03));
        assertThat(count(batches, b -> b.attributes().multiExitDisc().isPresent()) / sets)
                .isCloseTo(0.40, within(0.03));
    }

    private static double count(List<Batch> batches, Predicate<Batch> condition) {
        return batches.stream().filter(condition).count();
    }

    @Test
    void paths_have_two_to_seven_numbers_and_a_fifth_of_four_octets() {
        List<AsPath> paths = generate(AddressFamily.IPV4_UNICAST, COUNT).stream()
                .map(b -> b.attributes().asPath())
                .toList();
        double numbers = paths.stream().mapToInt(p -> p.length() - 1).sum();
        double large = paths.stream()
                .flatMap(p -> p.segments().stream())
                .mapToLong(s -> IntStream.range(0, s.size())
                        .filter(i -> !s.asn(i).fitsTwoOctets())
                        .count())
                .sum();

        assertThat(paths).allMatch(p -> p.length() >= 2 && p.length() <= 7);
        assertThat(paths).allMatch(p -> p.neighborAs().equals(Optional.of(Asn.of(64500))));
        assertThat(paths).anyMatch(p -> p.originAs().map(p::count).orElse(0) > 1);
        assertThat(large / numbers).isCloseTo(0.20, within(0.03));
    }

    @Test
    void vnet_address_spaces_are_disjoint_and_private() {
        List<Prefix> spaces = RouteGenerator.vnetPrefixes(33_000);

        assertThat(spaces).doesNotHaveDuplicates().allMatch(Prefix.of("10.0.0.0/8")::covers);
        List<Prefix> sorted = spaces.stream().sorted().toList();
        for (int i = 1; i < sorted.size(); i++) {
            assertThat(sorted.get(i - 1).covers(sorted.get(i))).isFalse();
        }
        assertThat(RouteGenerator.vnetPrefixes(RouteGenerator.MAX_VNETS - 1, 1))
                .containsExactly(Prefix.of("10.255.255.192/26"));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RouteGenerator.vnetPrefixes(RouteGenerator.MAX_VNETS + 1))
                .withMessageContaining("163841");
    }
}
