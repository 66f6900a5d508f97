package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RoutePageHeapTest {

    private static final String[] HOPS = {"", "10.0.0.9", "10.0.0.10", "2001:db8::1", "192.0.2.1"};

    /** Each row differs from all others in prefix, peer or Path Identifier, as in the tables. */
    private static List<RoutingTableRow> rows(Random random) {
        List<RoutingTableRow> rows = new ArrayList<>();
        int prefixes = 1 + random.nextInt(12);
        for (int p = 0; p < prefixes; p++) {
            Prefix prefix = random.nextInt(5) == 0
                    ? Prefix.masked(AddressFamily.IPV6_UNICAST, random.nextLong(), 0, 40 + p)
                    : Prefix.masked(AddressFamily.IPV4_UNICAST, 0, random.nextInt() & 0xFFFFFFFFL, 8 + p);
            int peers = random.nextInt(4);
            for (int peer = 0; peer < peers; peer++) {
                int paths = random.nextInt(8) == 0 ? 3 : 1;
                for (int path = 0; path < paths; path++) {
                    rows.add(new RoutingTableRow(
                            prefix,
                            RoutingTableRow.Type.DYNAMIC,
                            peer == 0 ? "" : "site" + (peer % 2),
                            peer == 0 ? Optional.empty() : Optional.of(CircuitRole.values()[random.nextInt(2)]),
                            "peer" + peer,
                            paths == 1 ? OptionalLong.empty() : OptionalLong.of(path),
                            HOPS[random.nextInt(HOPS.length)],
                            "",
                            new int[] {0, 90, 100, 65535}[random.nextInt(4)],
                            RoutingTableRow.State.ACTIVE,
                            true));
                }
            }
        }
        return rows;
    }

    private static List<RoutingTableRow> paged(List<RoutingTableRow> rows, RouteOrder order, int limit) {
        List<RoutingTableRow> all = new ArrayList<>();
        String cursor = "";
        do {
            RoutePageHeap heap = new RoutePageHeap(order, cursor, limit);
            rows.forEach(heap::offer);
            RoutingTablePage page = heap.page();
            assertThat(page.rows().size()).isLessThanOrEqualTo(limit);
            assertThat(page.count()).isEqualTo(rows.size());
            all.addAll(page.rows());
            cursor = page.next().orElse("");
        } while (!cursor.isEmpty());
        return all;
    }

    @ParameterizedTest
    @EnumSource(RouteOrder.Sort.class)
    void pages_put_together_are_all_rows_in_the_order_that_a_plain_sort_gives(RouteOrder.Sort sort) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<RoutingTableRow> rows = rows(random);
            RouteOrder order = new RouteOrder(sort, random.nextBoolean());
            Comparator<RoutingTableRow> naive = naive(order);
            List<RoutingTableRow> expected = new ArrayList<>(rows);
            expected.sort(naive);
            Collections.shuffle(rows, random);
            assertThat(paged(rows, order, 1 + random.nextInt(7)))
                    .as("seed " + seed + ", round " + round)
                    .isEqualTo(expected);
        }
    }

    private static Comparator<RoutingTableRow> naive(RouteOrder order) {
        Comparator<RoutingTableRow> first = switch (order.sort()) {
            case NONE -> Comparator.comparing(Objects::isNull); // all the same
            case PREFIX -> Comparator.comparing(RoutingTableRow::subnet);
            case METRIC -> Comparator.comparingInt(RoutingTableRow::metric);
            case NEXT_HOP ->
                Comparator.comparingInt(row -> List.of("", "10.0.0.9", "10.0.0.10", "192.0.2.1", "2001:db8::1")
                        .indexOf(row.nextHop()));
            case SITE ->
                Comparator.comparing(RoutingTableRow::site)
                        .thenComparing(row -> row.circuit().map(Enum::ordinal).orElse(-1));
        };
        return (order.descending() ? first.reversed() : first)
                .thenComparing(RoutingTableRow::subnet)
                .thenComparing(RoutingTableRow::peer)
                .thenComparing(row -> row.pathId().orElse(-1));
    }

    @Test
    void rows_that_come_and_go_between_pages_neither_repeat_nor_hide_the_others() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 300; round++) {
            List<RoutingTableRow> rows = rows(random);
            List<RoutingTableRow> staying =
                    rows.stream().filter(row -> random.nextBoolean()).toList();
            RouteOrder order = new RouteOrder(RouteOrder.Sort.METRIC, random.nextBoolean());
            List<RoutingTableRow> seen = new ArrayList<>();
            String cursor = "";
            do {
                RoutePageHeap heap = new RoutePageHeap(order, cursor, 2);
                rows.stream()
                        .filter(row -> staying.contains(row) || random.nextBoolean())
                        .forEach(heap::offer);
                RoutingTablePage page = heap.page();
                seen.addAll(page.rows());
                cursor = page.next().orElse("");
            } while (!cursor.isEmpty());
            assertThat(seen).as("seed " + seed).doesNotHaveDuplicates().containsAll(staying);
        }
    }

    @Test
    void a_cursor_of_another_order_or_of_nothing_is_refused() {
        RouteOrder byMetric = new RouteOrder(RouteOrder.Sort.METRIC, false);
        RoutePageHeap heap = new RoutePageHeap(byMetric, "", 1);
        Random random = new Random(1);
        for (int i = 0; i < 10; i++) {
            rows(random).forEach(heap::offer);
        }
        String cursor = heap.page().next().orElseThrow();
        assertThatThrownBy(() -> new RoutePageHeap(new RouteOrder(RouteOrder.Sort.PREFIX, false), cursor, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("of another order");
        assertThatThrownBy(() -> new RoutePageHeap(byMetric, "after/bm9uc2Vuc2U", 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a cursor of this table: 'after/bm9uc2Vuc2U'");
    }
}
