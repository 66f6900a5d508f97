package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalLong;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.junit.jupiter.api.Test;

/** Several paths of a prefix from one peer (RFC 7911). */
class AddPathReceiveTest {

    private static final AddressFamily V4 = AddressFamily.IPV4_UNICAST;
    private static final Prefix PREFIX = Prefix.of(IpAddresses.parse("10.1.0.0"), 16);

    private final RoutingTables tables =
            new RoutingTables(new RibOptions(Asn.of(65000), RouterId.of("10.0.0.1"), new DecisionOptions(true, 4)));
    private final int peer = tables.addPeer(source("192.0.2.1", 65001, 100), RoutePolicy.ACCEPT_ALL);

    private static RouteSource source(String address, long as, int metric) {
        return new RouteSource(
                IpAddresses.parse(address), PeerType.EXTERNAL, Asn.of(as), RouterId.of(address), metric, "");
    }

    private static PathAttributes via(long... asPath) {
        return PathAttributes.builder()
                .asPath(asPath)
                .nextHop(IpAddresses.parse("192.0.2.9"))
                .build();
    }

    private static PackedPrefixes path(int pathId) {
        return PackedPrefixes.builder(V4, 1)
                .add(PREFIX.high(), PREFIX.low(), PREFIX.length(), pathId)
                .build();
    }

    private List<Long> pathIds() {
        return tables.explain(PREFIX).routes().stream()
                .map(RibPage.Row::pathId)
                .map(OptionalLong::orElseThrow)
                .toList();
    }

    @Test
    void the_same_identifier_replaces_and_another_one_adds() {
        tables.announce(peer, via(65001, 1), path(5));
        tables.announce(peer, via(65001), path(0));
        tables.announce(peer, via(65001, 2, 3), path(5));

        assertThat(tables.received(peer, V4)).isEqualTo(2);
        assertThat(tables.best(PREFIX).map(Route::attributes)).contains(via(65001));
        assertThat(tables.backup(PREFIX).map(Route::attributes)).contains(via(65001, 2, 3));
        assertThat(pathIds()).containsExactly(0L, 5L);
    }

    @Test
    void a_withdrawal_takes_the_named_path_only() {
        tables.announce(peer, via(65001), path(1));
        tables.announce(peer, via(65001, 1), path(2));

        tables.withdraw(peer, path(1));
        tables.withdraw(peer, path(3));

        assertThat(tables.best(PREFIX).map(Route::attributes)).contains(via(65001, 1));
        assertThat(pathIds()).containsExactly(2L);
    }

    @Test
    void of_equal_paths_the_lowest_identifier_wins_in_any_order_and_the_step_says_so() {
        tables.announce(peer, via(65001), path(-1));
        tables.announce(peer, via(65001), path(9));
        tables.announce(peer, via(65001), path(3));

        Explanation explanation = tables.explain(PREFIX);
        assertThat(explanation.step()).contains(DecisionStep.PATH_ID);
        assertThat(explanation.routes())
                .extracting(RibPage.Row::status)
                .containsExactly(RibPage.Status.BEST, RibPage.Status.BACKUP, RibPage.Status.CANDIDATE);
        assertThat(pathIds()).containsExactly(3L, 9L, 0xFFFF_FFFFL);
        assertThat(explanation.routes().get(2).step()).contains(DecisionStep.PATH_ID);
    }

    @Test
    void further_paths_than_sixteen_are_discarded_and_counted() {
        for (int pathId = 0; pathId < 20; pathId++) {
            tables.announce(peer, via(65001, pathId + 1), path(pathId));
        }
        tables.announce(peer, via(65001), path(4));

        assertThat(tables.received(peer, V4)).isEqualTo(PeerTable.MAX_PATHS);
        assertThat(tables.pathsDiscarded(peer, V4)).isEqualTo(4);
        assertThat(tables.best(PREFIX).map(Route::attributes)).contains(via(65001));

        tables.withdraw(peer, path(4));
        tables.announce(peer, via(65001, 7, 7), path(100));
        assertThat(tables.received(peer, V4)).isEqualTo(PeerTable.MAX_PATHS);
        assertThat(pathIds()).contains(100L).doesNotContain(4L);
    }

    @Test
    void a_limit_counts_paths() {
        tables.limitReceived(peer, V4, 2);
        for (int pathId = 0; pathId < 3; pathId++) {
            tables.announce(peer, via(65001, pathId + 1), path(pathId));
        }

        assertThat(tables.received(peer, V4)).isEqualTo(2);
        assertThat(tables.discarded(peer, V4)).isEqualTo(1);
        assertThat(pathIds()).containsExactly(0L, 1L);
    }

    @Test
    void a_refresh_and_a_loss_concern_all_paths() {
        for (int pathId = 0; pathId < 3; pathId++) {
            tables.announce(peer, via(65001, pathId + 1), path(pathId));
        }
        tables.markStale(peer, V4);
        tables.announce(peer, via(65001, 2), path(1));

        assertThat(tables.sweepStale(peer, V4)).isEqualTo(2);
        assertThat(pathIds()).containsExactly(1L);

        tables.announce(peer, via(65001, 3), path(2));
        tables.removePeer(peer);
        assertThat(tables.size(V4)).isZero();
        assertThat(tables.attributeSets()).isZero();
    }

    @Test
    void metric_and_policy_of_the_peer_hold_for_each_path() {
        int other = tables.addPeer(source("192.0.2.2", 65002, 50), RoutePolicy.ACCEPT_ALL);
        tables.announce(peer, via(65001), path(1));
        tables.announce(peer, via(65001, 1), path(2));
        tables.announce(other, via(65002), PackedPrefixes.of(V4, List.of(PREFIX)));
        assertThat(tables.best(other, V4)).isEqualTo(1);

        tables.replaceSource(peer, source("192.0.2.1", 65001, 10));
        assertThat(tables.best(peer, V4)).isEqualTo(1);
        assertThat(tables.backup(PREFIX).map(Route::attributes)).contains(via(65001, 1));

        tables.replaceImportPolicy(peer, RoutePolicy.REJECT_ALL);
        assertThat(tables.accepted(peer, V4)).isZero();
        assertThat(tables.best(other, V4)).isEqualTo(1);
    }

    @Test
    void the_page_of_a_peer_shows_every_path() {
        tables.announce(peer, via(65001), path(1));
        tables.announce(peer, via(65001, 1), path(2));
        tables.withdraw(peer, path(1));
        tables.announce(peer, via(65001, 2), path(3));

        RibPage page = tables.page(RibQuery.all(RibView.adjRibIn(peer), 10));

        assertThat(page.rows()).extracting(row -> row.pathId().orElseThrow()).containsExactly(2L, 3L);
        assertThat(page.rows()).allMatch(row -> row.peer() == peer);
    }
}
