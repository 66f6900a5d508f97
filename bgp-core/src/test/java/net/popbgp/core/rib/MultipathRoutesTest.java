package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.decision.NextHopTable;
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

/** Which routes are in use with the best one, and how that is told. */
class MultipathRoutesTest {

    private static final Prefix PREFIX = Prefix.of("203.0.113.0/24");
    private static final Multipath THREE = new Multipath(3, Multipath.AsPathMatch.SAME);

    private final RoutingTables tables =
            new RoutingTables(new RibOptions(Asn.of(65000), RouterId.of("10.0.0.1"), DecisionOptions.DEFAULT));

    MultipathRoutesTest() {
        tables.recordChanges(true);
        for (int peer = 1; peer <= 4; peer++) {
            tables.addPeer(
                    new RouteSource(
                            IpAddresses.ofBits(0x0A00_0000 | peer),
                            PeerType.EXTERNAL,
                            Asn.of(65001),
                            new RouterId(peer),
                            100,
                            ""),
                    RoutePolicy.ACCEPT_ALL);
        }
    }

    private static PathAttributes.Builder path(int peer, long... path) {
        return PathAttributes.builder().asPath(path).nextHop(IpAddresses.ofBits(0x0A00_0000 | peer));
    }

    private void announce(int peer, PathAttributes.Builder attributes) {
        tables.announce(peer, attributes.build(), packed());
    }

    private static PackedPrefixes packed() {
        return PackedPrefixes.of(PREFIX.family(), List.of(PREFIX));
    }

    private List<Integer> inUse() {
        return peers(tables.multipath(PREFIX));
    }

    private static List<Integer> peers(List<Route> routes) {
        return routes.stream().map(route -> route.source().routerId().bits()).toList();
    }

    @Test
    void the_best_route_stands_alone_unless_more_are_asked_for() {
        announce(1, path(1, 65001));
        announce(2, path(2, 65001));
        assertThat(inUse()).isEmpty();

        tables.multipath(THREE);
        assertThat(inUse()).containsExactly(1, 2);
        tables.multipath(Multipath.OFF);
        assertThat(inUse()).isEmpty();
        assertThat(tables.takeChanges())
                .extracting(change -> peers(change.multipath()))
                .containsExactly(List.of(), List.of(1, 2), List.of());
    }

    @Test
    void equal_routes_are_used_in_the_order_of_the_tie_break_up_to_the_number_of_paths() {
        tables.multipath(THREE);
        announce(4, path(4, 65001));
        announce(3, path(3, 65001));
        assertThat(inUse()).containsExactly(3, 4);
        announce(1, path(1, 65001));
        assertThat(inUse()).containsExactly(1, 3, 4);
        announce(2, path(2, 65001));
        assertThat(inUse()).containsExactly(1, 2, 3);
        assertThat(tables.explain(PREFIX).routes())
                .extracting(RibPage.Row::status)
                .containsExactly(
                        RibPage.Status.BEST,
                        RibPage.Status.MULTIPATH,
                        RibPage.Status.MULTIPATH,
                        RibPage.Status.CANDIDATE);

        tables.withdraw(1, packed());
        assertThat(inUse()).containsExactly(2, 3, 4);
        tables.clear(3);
        tables.clear(4);
        assertThat(inUse()).isEmpty();
    }

    @Test
    void a_change_beside_the_best_route_is_told_and_moves_nothing() {
        tables.multipath(THREE);
        announce(1, path(1, 65001));
        announce(2, path(2, 65001));
        tables.takeChanges();

        announce(3, path(3, 65001));
        announce(2, path(4, 65001)); // another next hop
        RibChanges changes = tables.takeChanges();
        assertThat(changes).hasSize(2).allSatisfy(change -> {
            assertThat(change.previous()).isEqualTo(change.current()).isEqualTo(tables.best(PREFIX));
            assertThat(peers(change.multipath())).containsExactly(1, 2, 3);
            assertThat(change.step()).isEqualTo(DecisionStep.ROUTER_ID);
        });
        assertThat(changes.get(1).multipath()).isEqualTo(tables.multipath(PREFIX));
        assertThat(changes.moved()).isZero();

        tables.clear(1);
        changes = tables.takeChanges();
        assertThat(changes.moved()).isEqualTo(1);
        assertThat(peers(changes.get(0).multipath())).containsExactly(2, 3);
    }

    @Test
    void what_an_earlier_step_tells_apart_is_not_used_beside_the_best() {
        tables.multipath(THREE);
        announce(1, path(1, 65001).localPref(200));
        announce(2, path(2, 65001));
        assertThat(inUse()).isEmpty();

        announce(1, path(1, 65001));
        announce(2, path(2, 65001).multiExitDisc(1));
        assertThat(inUse()).isEmpty();
        announce(2, path(2, 65002).multiExitDisc(1)); // not compared, yet not equal
        tables.multipath(new Multipath(3, Multipath.AsPathMatch.LENGTH));
        assertThat(inUse()).isEmpty();
        announce(2, path(2, 65002));
        assertThat(inUse()).containsExactly(1, 2);
        tables.nextHops(NextHopTable.EMPTY.with(Prefix.of("10.0.0.1/32"), 5).with(Prefix.of("10.0.0.2/32"), 6));
        assertThat(inUse()).isEmpty();
    }

    @Test
    void the_as_path_is_the_same_or_only_as_long() {
        tables.multipath(THREE);
        announce(1, path(1, 65001, 65050));
        announce(2, path(2, 65001, 65051));
        announce(3, path(3, 65001, 65050));
        assertThat(inUse()).containsExactly(1, 3);
        tables.multipath(new Multipath(3, Multipath.AsPathMatch.LENGTH));
        assertThat(inUse()).containsExactly(1, 2, 3);
    }

    @Test
    void what_is_kept_of_equal_routes_counts_as_memory_of_the_tables() {
        announce(1, path(1, 65001));
        announce(2, path(2, 65001));
        long without = tables.memoryBytes();
        tables.multipath(THREE);
        assertThat(tables.memoryBytes()).isGreaterThan(without);
    }

    @Test
    void one_to_eight_paths_are_used() {
        assertThatIllegalArgumentException().isThrownBy(() -> new Multipath(0, Multipath.AsPathMatch.SAME));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Multipath(9, Multipath.AsPathMatch.SAME))
                .withMessageContaining("1..8: 9");
        assertThat(new Multipath(8, Multipath.AsPathMatch.SAME).isOn()).isTrue();
        assertThat(Multipath.OFF.isOn()).isFalse();
    }
}
