package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.junit.jupiter.api.Test;

/** What the tables cost, and that churn and loss do not make them grow. */
class RibMemoryTest {

    private static final AddressFamily V4 = AddressFamily.IPV4_UNICAST;

    private final RoutingTables tables =
            new RoutingTables(new RibOptions(Asn.of(65000), RouterId.of("10.0.0.1"), DecisionOptions.DEFAULT));

    private int peer(int number) {
        return tables.addPeer(
                new RouteSource(
                        IpAddresses.ofBits(0x0A00_0000 | number),
                        PeerType.EXTERNAL,
                        Asn.of(65001),
                        new RouterId(number),
                        100,
                        ""),
                RoutePolicy.ACCEPT_ALL);
    }

    private static PathAttributes attributes(int tag) {
        return PathAttributes.builder()
                .asPath(65001, tag)
                .nextHop(IpAddresses.ofBits(1))
                .build();
    }

    private static PackedPrefixes prefixes(int from, int count) {
        PackedPrefixes.Builder builder = PackedPrefixes.builder(V4, count);
        for (int i = from; i < from + count; i++) {
            builder.add(0, (i & 0xFF_FFFFL) << 8, 24);
        }
        return builder.build();
    }

    private AdjRibOut.Member member(int peer) {
        return tables.adjRibOut(new ExportOptions(
                        PeerType.EXTERNAL,
                        Asn.of(65000),
                        RouterId.of("10.0.0.1"),
                        Optional.of(NextHop.of(IpAddresses.ofBits(2))),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false,
                        "",
                        PeerRouting.DEFAULT,
                        false,
                        RoutePolicy.ACCEPT_ALL,
                        Set.of(V4)))
                .join(peer, MemberLimits.NONE);
    }

    private static int drain(AdjRibOut.Member member) {
        int prefixes = 0;
        for (RouteBatch batch = member.next(1_000); batch != null; batch = member.next(1_000)) {
            for (RouteBatch.Section section : batch.sections()) {
                prefixes += section.prefixes().size();
            }
        }
        return prefixes;
    }

    @Test
    void a_path_of_four_full_peers_costs_at_most_twelve_bytes() {
        for (int number = 1; number <= 4; number++) {
            int peer = peer(number);
            for (int from = 0; from < 200_000; from += 500) {
                tables.announce(peer, attributes(from / 500), prefixes(from, 500));
            }
        }

        assertThat(tables.size(V4)).isEqualTo(200_000);
        assertThat(tables.memoryBytes() / 800_000.0).isLessThan(12);
    }

    @Test
    void a_thousand_peers_with_ten_prefixes_each_stay_small() {
        int full = peer(5_000);
        tables.announce(full, attributes(1), prefixes(0, 100_000));
        long before = tables.memoryBytes();
        for (int number = 1; number <= 1_000; number++) {
            tables.announce(peer(number), attributes(2), prefixes(number * 50, 10));
        }

        assertThat(tables.memoryBytes() - before).isLessThan(400_000);
    }

    @Test
    void churn_does_not_make_tables_or_logs_grow() {
        int[] peers = {peer(1), peer(2), peer(3)};
        AdjRibOut.Member fast = member(peers[0]);
        AdjRibOut.Member slow = member(peers[1]);
        List<Long> bytes = new ArrayList<>();
        for (int round = 0; round < 50; round++) {
            for (int peer : peers) {
                tables.announce(peer, attributes(round * 10 + peer), prefixes(round * 5_000, 10_000));
            }
            drain(fast);
            if (round % 10 == 9) {
                drain(slow);
            }
            for (int peer : peers) {
                tables.clear(peer);
            }
            drain(fast);
            if (round % 10 == 9) {
                drain(slow);
                bytes.add(tables.memoryBytes());
            }
        }

        assertThat(bytes.get(4)).isLessThanOrEqualTo((long) (bytes.get(1) * 1.1));
        assertThat(tables.attributeSets()).isZero();
        assertThat(tables.size(V4)).isZero();
    }

    @Test
    void a_member_that_never_reads_costs_one_log_entry_per_prefix() {
        int source = peer(1);
        member(peer(2));
        tables.announce(source, attributes(1), prefixes(0, 10_000));
        long before = tables.memoryBytes();
        for (int round = 0; round < 100; round++) {
            tables.announce(source, attributes(round), prefixes(0, 10_000));
        }

        assertThat(tables.memoryBytes() - before).isLessThan(200_000);
    }

    @Test
    void members_at_the_same_position_share_batches_and_repetitions_are_not_sent() {
        int source = peer(1);
        AdjRibOut.Member one = member(peer(2));
        AdjRibOut.Member two = member(peer(3));
        tables.announce(source, attributes(1), prefixes(0, 100));

        assertThat(one.next(1_000)).isNotNull().isSameAs(two.next(1_000));
        tables.announce(source, attributes(1), prefixes(0, 100));
        assertThat(one.hasPending()).isFalse();
        tables.announce(source, attributes(2), prefixes(0, 50));
        tables.withdraw(source, prefixes(50, 50));
        RouteBatch batch = Objects.requireNonNull(one.next(1_000));
        assertThat(batch).isSameAs(two.next(1_000));
        assertThat(batch.sections()).hasSize(2);
        assertThat(batch.sections().get(0).isWithdraw()).isTrue();
    }

    @Test
    void a_better_route_with_the_same_export_is_news_only_to_its_sources() {
        int first = peer(9);
        int better = peer(1);
        AdjRibOut.Member toFirst = member(first);
        AdjRibOut.Member toBetter = member(better);
        AdjRibOut.Member other = member(peer(5));
        tables.announce(first, attributes(1), prefixes(0, 10));
        assertThat(List.of(drain(toFirst), drain(toBetter), drain(other))).containsExactly(0, 10, 10);

        tables.announce(better, attributes(1), prefixes(0, 10));

        assertThat(List.of(drain(toFirst), drain(toBetter), drain(other))).containsExactly(10, 10, 0);
        assertThat(toBetter.advertised(V4)).isZero();
    }

    @Test
    void an_empty_table_is_completed_by_end_of_rib() {
        AdjRibOut.Member member = member(peer(1));

        RouteBatch batch = Objects.requireNonNull(member.next(1));

        assertThat(batch.endOfRib()).containsExactly(V4);
        assertThat(member.hasPending()).isFalse();
    }

    @Test
    void a_lowered_guard_withdraws_the_highest_and_returning_room_lets_in_the_lowest() {
        int source = peer(1);
        AdjRibOut.Member member = member(peer(2));
        tables.announce(source, attributes(1), prefixes(0, 100));
        drain(member);

        member.setLimit(V4, 90);
        assertThat(drain(member)).isEqualTo(10);
        assertThat(member.withheldPrefixes(V4, 1))
                .containsExactly(prefixes(90, 1).get(0));
        tables.withdraw(source, prefixes(0, 1));
        assertThat(drain(member)).isEqualTo(2);

        assertThat(member.withheld(V4)).isEqualTo(9);
        assertThat(member.withheldPrefixes(V4, 1))
                .containsExactly(prefixes(91, 1).get(0));
        assertThat(member.isNearLimit(V4)).isTrue();
    }
}
