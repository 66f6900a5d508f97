package net.popbgp.core.decision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.AsPath.Segment;
import net.popbgp.core.attribute.AsPath.SegmentType;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RouteSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class DecisionProcessTest {

    private static final Prefix PREFIX = Prefix.of("10.0.0.0/8");

    private final DecisionProcess process = new DecisionProcess(DecisionOptions.DEFAULT);

    private static RouteSource from(String address, PeerType type, String routerId, int metric) {
        return new RouteSource(IpAddresses.parse(address), type, Asn.of(65001), RouterId.of(routerId), metric, "");
    }

    private static RouteSource external(int last) {
        return from("192.0.2." + last, PeerType.EXTERNAL, "192.0.2." + last, 100);
    }

    private static Route route(RouteSource source, UnaryOperator<PathAttributes.Builder> change) {
        PathAttributes.Builder builder = PathAttributes.builder().asPath(65001, 64500);
        return new Route(PREFIX, change.apply(builder).build(), source);
    }

    private static Route plain(RouteSource source) {
        return route(source, builder -> builder);
    }

    /** Better, worse, and the step that tells; all else that comes later speaks for the worse. */
    static Stream<Arguments> differences() {
        AsPath withSet = new AsPath(
                List.of(new Segment(SegmentType.AS_SEQUENCE, 65001), new Segment(SegmentType.AS_SET, 1, 2, 3, 4, 5)));
        AsPath withConfederation = new AsPath(List.of(
                new Segment(SegmentType.AS_CONFED_SEQUENCE, 1, 2, 3), new Segment(SegmentType.AS_SEQUENCE, 65001, 2)));
        return Stream.of(
                row(
                        DecisionStep.LONG_LIVED_STALE,
                        route(
                                from("192.0.2.9", PeerType.EXTERNAL, "192.0.2.9", 100),
                                b -> b.communities(List.of(Community.GRACEFUL_SHUTDOWN))),
                        route(
                                from("192.0.2.1", PeerType.EXTERNAL, "192.0.2.1", 90),
                                b -> b.communities(List.of(Community.LLGR_STALE)))),
                row(
                        DecisionStep.DRAIN,
                        plain(from("192.0.2.9", PeerType.EXTERNAL, "192.0.2.9", 100)),
                        route(
                                from("192.0.2.1", PeerType.EXTERNAL, "192.0.2.1", 90),
                                b -> b.communities(List.of(Community.GRACEFUL_SHUTDOWN)))),
                row(
                        DecisionStep.DRAIN,
                        plain(from("192.0.2.9", PeerType.EXTERNAL, "192.0.2.9", 100)),
                        route(
                                from("192.0.2.1", PeerType.EXTERNAL, "192.0.2.1", 90),
                                b -> b.asPath(65001, 65001, 65001, 65001, 65001, 64500))),
                row(
                        DecisionStep.METRIC,
                        route(from("192.0.2.9", PeerType.EXTERNAL, "192.0.2.9", 90), b -> b.localPref(50)),
                        route(external(1), b -> b.localPref(200))),
                row(
                        DecisionStep.LOCAL_PREF,
                        route(
                                external(9),
                                b -> b.localPref(200).asPath(65001, 2, 3, 4).origin(Origin.INCOMPLETE)),
                        plain(external(1))),
                row(DecisionStep.LOCAL_PREF, plain(external(9)), route(external(1), b -> b.localPref(99))),
                row(
                        DecisionStep.AS_PATH_LENGTH,
                        route(external(9), b -> b.asPath(65001).origin(Origin.INCOMPLETE)),
                        plain(external(1))),
                row(DecisionStep.ROUTER_ID, plain(external(1)), route(external(9), b -> b.asPath(withSet))),
                row(DecisionStep.ROUTER_ID, plain(external(1)), route(external(9), b -> b.asPath(withConfederation))),
                row(
                        DecisionStep.ORIGIN,
                        route(external(9), b -> b.multiExitDisc(5)),
                        route(external(1), b -> b.origin(Origin.EGP))),
                row(
                        DecisionStep.ORIGIN,
                        route(external(9), b -> b.origin(Origin.EGP)),
                        route(external(1), b -> b.origin(Origin.INCOMPLETE))),
                row(
                        DecisionStep.MULTI_EXIT_DISC,
                        route(from("192.0.2.9", PeerType.INTERNAL, "192.0.2.9", 100), b -> b.multiExitDisc(10)),
                        route(external(1), b -> b.multiExitDisc(20))),
                row(DecisionStep.MULTI_EXIT_DISC, plain(external(9)), route(external(1), b -> b.multiExitDisc(1))),
                row(DecisionStep.ROUTER_ID, plain(external(1)), route(external(9), b -> b.multiExitDisc(0))),
                row(
                        DecisionStep.ROUTER_ID,
                        route(external(1), b -> b.multiExitDisc(20)),
                        route(external(9), b -> b.asPath(65002, 1).multiExitDisc(10))),
                row(
                        DecisionStep.PEER_TYPE,
                        plain(external(9)),
                        plain(from("192.0.2.1", PeerType.INTERNAL, "192.0.2.1", 100))),
                row(
                        DecisionStep.ROUTER_ID,
                        plain(from("192.0.2.9", PeerType.EXTERNAL, "10.0.0.9", 100)),
                        plain(from("192.0.2.1", PeerType.EXTERNAL, "10.0.0.10", 100))),
                row(
                        DecisionStep.ROUTER_ID,
                        plain(from("192.0.2.9", PeerType.EXTERNAL, "10.0.0.9", 100)),
                        plain(from("192.0.2.1", PeerType.EXTERNAL, "200.0.0.1", 100))),
                row(
                        DecisionStep.ROUTER_ID,
                        route(
                                external(9),
                                b -> b.originatorId(RouterId.of("1.1.1.1"))
                                        .clusterList(List.of(RouterId.of("1.1.1.1")))),
                        route(external(8), b -> b.originatorId(RouterId.of("1.1.1.2")))),
                row(
                        DecisionStep.CLUSTER_LIST_LENGTH,
                        route(
                                external(9),
                                b -> b.originatorId(RouterId.of("1.1.1.1")).clusterList(ids(1))),
                        route(
                                external(8),
                                b -> b.originatorId(RouterId.of("1.1.1.1")).clusterList(ids(2)))),
                row(
                        DecisionStep.PEER_ADDRESS,
                        plain(from("192.0.2.2", PeerType.EXTERNAL, "10.0.0.9", 100)),
                        plain(from("192.0.2.200", PeerType.EXTERNAL, "10.0.0.9", 100))));
    }

    private static Arguments row(DecisionStep step, Route better, Route worse) {
        return Arguments.of(step, better, worse);
    }

    private static List<RouterId> ids(int count) {
        return Collections.nCopies(count, new RouterId(7));
    }

    @ParameterizedTest
    @MethodSource("differences")
    void the_better_route_wins_in_either_order_and_the_step_is_named(DecisionStep step, Route better, Route worse) {
        for (List<Route> candidates : List.of(List.of(better, worse), List.of(worse, better))) {
            Selection selection = process.select(candidates);

            assertThat(selection).isEqualTo(new Selection(Optional.of(better), Optional.of(worse), step, 2));
            assertThat(process.eliminations(candidates)).containsExactlyInAnyOrder(Optional.empty(), Optional.of(step));
        }
    }

    @Test
    void med_groups_give_the_same_winner_in_all_six_orders_of_arrival() {
        Route a = route(external(1), builder -> builder.multiExitDisc(20));
        Route b = route(external(2), builder -> builder.asPath(65002, 64500));
        Route c = route(external(3), builder -> builder.multiExitDisc(10));
        for (List<Route> order : List.of(
                List.of(a, b, c),
                List.of(a, c, b),
                List.of(b, a, c),
                List.of(b, c, a),
                List.of(c, a, b),
                List.of(c, b, a))) {
            Selection selection = process.select(order);

            assertThat(selection.best()).contains(b);
            assertThat(selection.backup()).contains(c);
            assertThat(selection.step()).isEqualTo(DecisionStep.ROUTER_ID);
        }
    }

    @Test
    void drained_routes_are_used_where_there_is_no_other() {
        Route one = route(external(1), b -> b.communities(List.of(Community.GRACEFUL_SHUTDOWN)));
        Route two = route(external(2), b -> b.communities(List.of(Community.GRACEFUL_SHUTDOWN)));

        assertThat(process.select(List.of(two, one)).best()).contains(one);
        assertThat(process.select(List.of(two)).best()).contains(two);
    }

    @Test
    void three_more_repetitions_are_no_drain_and_a_switched_off_drain_is_none() {
        Route preferred =
                route(from("192.0.2.1", PeerType.EXTERNAL, "192.0.2.1", 90), b -> b.asPath(65001, 65001, 65001, 65001));
        Route drained = route(
                from("192.0.2.1", PeerType.EXTERNAL, "192.0.2.1", 90),
                b -> b.communities(List.of(Community.GRACEFUL_SHUTDOWN)));
        Route other = route(external(2), b -> b.asPath(65001));

        assertThat(process.select(List.of(other, preferred)).best()).contains(preferred);
        DecisionProcess deaf = new DecisionProcess(new DecisionOptions(false, 4));
        assertThat(deaf.select(List.of(other, drained)).best()).contains(drained);
    }

    @Test
    void without_candidates_there_is_neither_best_nor_backup() {
        Selection selection = process.select(new ArrayList<>());

        assertThat(selection.best()).isEmpty();
        assertThat(selection.backup()).isEmpty();
        assertThat(selection.candidates()).isZero();
        assertThat(process.eliminations(List.of())).isEmpty();
    }
}
