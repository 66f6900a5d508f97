package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.SpeakerConfig;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A table of a million routes, announced by the speaker itself: /28s from 16.0.0.0 on, some of them marked. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BigRoutingTableTest {

    private static final int ROUTES = 1_000_000;
    private static final int MARKED_EACH = 100_000;
    private static final Community MARK = Community.of("65010:7");

    private final BgpSpeaker speaker = BgpSpeaker.create(
            SpeakerConfig.builder(Asn.of(65010), RouterId.of("10.0.0.1")).build());
    private final RoutingTable table =
            new RoutingTable(speaker, new Sites(speaker, List::of, site -> AutoSummarized.NOTHING));

    @BeforeAll
    void fill() {
        List<Prefix> plain = new ArrayList<>();
        List<Prefix> marked = new ArrayList<>();
        for (int i = 0; i < ROUTES; i++) {
            // In a mixed-up order, as prefixes come: the factor has no divisor in common with the count.
            (i % MARKED_EACH == 0 ? marked : plain).add(prefix((int) (i * 700_001L % ROUTES)));
        }
        Answers.await(speaker.announce(plain, PathAttributes.builder().build()));
        Answers.await(speaker.announce(
                marked,
                PathAttributes.builder()
                        .communities(List.of(MARK))
                        .nextHop(NextHop.of(IpAddresses.parse("192.0.2.1")))
                        .build()));
    }

    @AfterAll
    void close() {
        speaker.close();
    }

    private static Prefix prefix(int index) {
        return Prefix.masked(AddressFamily.IPV4_UNICAST, 0, 0x10000000L + 16L * index, 28);
    }

    private static RoutingTableQuery query(RouteFilter filter, RouteOrder.Sort sort, int limit) {
        return new RoutingTableQuery(filter, new RouteOrder(sort, false), "", limit);
    }

    private static List<Prefix> subnets(RoutingTablePage page) {
        return page.rows().stream().map(RoutingTableRow::subnet).toList();
    }

    @Test
    void a_million_routes_are_sorted_page_by_page() {
        RoutingTableQuery query = query(RouteFilter.ALL, RouteOrder.Sort.PREFIX, 3);
        RoutingTablePage first = table.page(query);
        assertThat(subnets(first)).containsExactly(prefix(0), prefix(1), prefix(2));
        assertThat(first.count()).isEqualTo(ROUTES);
        assertThat(first.exact()).isTrue();
        assertThat(subnets(table.page(query.at(first.next().orElseThrow()))))
                .containsExactly(prefix(3), prefix(4), prefix(5));
        RoutingTablePage last =
                table.page(new RoutingTableQuery(RouteFilter.ALL, new RouteOrder(RouteOrder.Sort.PREFIX, true), "", 2));
        assertThat(subnets(last)).containsExactly(prefix(ROUTES - 1), prefix(ROUTES - 2));
    }

    @Test
    void what_few_routes_have_is_found_within_a_bound_of_rows_looked_at_a_page() {
        RouteFilter filter = new RouteFilter(
                Optional.empty(),
                RouteFilter.Match.LONGER,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of("192.0.2.1"),
                Optional.of(MARK));
        RoutingTableQuery query = query(filter, RouteOrder.Sort.NONE, 4);
        List<RoutingTableRow> found = new ArrayList<>();
        int pages = 0;
        for (Optional<String> cursor = Optional.of(""); cursor.isPresent(); pages++) {
            RoutingTablePage page = table.page(query.at(cursor.get()));
            assertThat(page.rows()).hasSizeLessThanOrEqualTo(4);
            found.addAll(page.rows());
            cursor = page.next();
        }
        assertThat(found).hasSize(ROUTES / MARKED_EACH).doesNotHaveDuplicates();
        assertThat(pages).isGreaterThanOrEqualTo(ROUTES / RoutingTable.MAX_LOOKED_AT);
        assertThat(table.page(query(filter, RouteOrder.Sort.PREFIX, 100)).rows())
                .containsExactlyInAnyOrderElementsOf(found);
    }

    @Test
    void a_look_up_reads_no_table() {
        RouteFilter covering = RouteFilter.ALL.withPrefix(Prefix.of("16.0.0.17/32"), RouteFilter.Match.COVERING);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        RoutingTablePage page = table.page(query(covering, RouteOrder.Sort.NONE, 100));
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000_000);
        assertThat(subnets(page)).containsExactly(prefix(1));
        RouteFilter exact = RouteFilter.ALL.withPrefix(Prefix.of("16.0.0.16/28"), RouteFilter.Match.EXACT);
        assertThat(subnets(table.page(query(exact, RouteOrder.Sort.METRIC, 100))))
                .containsExactly(prefix(1));
    }

    @Test
    void a_page_in_no_order_allocates_for_its_own_rows_and_not_for_the_table() {
        RoutingTableQuery query = query(RouteFilter.ALL, RouteOrder.Sort.NONE, 100);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        table.page(query);
        long before = threads.getCurrentThreadAllocatedBytes();
        RoutingTablePage page = table.page(query);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2_000_000);
        assertThat(page.rows()).hasSize(100);
        assertThat(page.next()).isPresent();
        assertThat(page.exact()).isFalse();
    }

    @Test
    void a_cursor_of_the_table_as_it_lies_is_none_of_an_order() {
        String cursor = table.page(query(RouteFilter.ALL, RouteOrder.Sort.NONE, 1))
                .next()
                .orElseThrow();
        assertThatThrownBy(() -> table.page(
                        query(RouteFilter.ALL, RouteOrder.Sort.PREFIX, 1).at(cursor)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not a cursor of this table: '" + cursor + "'");
    }
}
