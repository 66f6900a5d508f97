package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import net.popbgp.core.attribute.Aggregator;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.Aggregate;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RouteActions;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Aggregates as RFC 4271, 9.2.2.2 forms them, without AS_SET (RFC 9774). */
class AggregationTest {

    private static final Asn AS = Asn.of(65000);
    private static final RouterId ROUTER_ID = RouterId.of("10.0.0.1");
    private static final Aggregator SELF = new Aggregator(AS, ROUTER_ID);
    private static final Prefix WHOLE = Prefix.of("10.0.0.0/8");
    private static final Prefix PART = Prefix.of("10.1.0.0/16");
    private static final Prefix OTHER_PART = Prefix.of("10.2.0.0/16");
    private static final NextHop SELF_ADDRESS = NextHop.of(IpAddresses.parse("192.0.2.254"));

    private final RoutingTables tables = new RoutingTables(new RibOptions(AS, ROUTER_ID, DecisionOptions.DEFAULT));
    private final int first = tables.addPeer(source("192.0.2.1", 65001), RoutePolicy.ACCEPT_ALL);
    private final int second = tables.addPeer(source("192.0.2.2", 65002), RoutePolicy.ACCEPT_ALL);

    private static RouteSource source(String address, int as) {
        return new RouteSource(
                IpAddresses.parse(address), PeerType.EXTERNAL, Asn.of(as), RouterId.of(address), 100, "");
    }

    private void announce(int peer, Prefix prefix, UnaryOperator<PathAttributes.Builder> change, long... path) {
        PathAttributes.Builder builder = PathAttributes.builder().asPath(path).nextHop(IpAddresses.parse("192.0.2.1"));
        tables.announce(peer, change.apply(builder).build(), PackedPrefixes.of(prefix.family(), List.of(prefix)));
        tables.settleAggregates();
    }

    private void announce(int peer, Prefix prefix, long... path) {
        announce(peer, prefix, builder -> builder, path);
    }

    private void withdraw(int peer, Prefix prefix) {
        tables.withdraw(peer, PackedPrefixes.of(prefix.family(), List.of(prefix)));
        tables.settleAggregates();
    }

    private Optional<PathAttributes> aggregate() {
        return tables.best(WHOLE).map(Route::attributes);
    }

    private AdjRibOut.Member member(int peer, PeerRouting routing) {
        return tables.adjRibOut(new ExportOptions(
                        PeerType.EXTERNAL,
                        AS,
                        ROUTER_ID,
                        Optional.of(SELF_ADDRESS),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false,
                        "",
                        routing,
                        false,
                        RoutePolicy.ACCEPT_ALL,
                        Set.of(AddressFamily.IPV4_UNICAST)))
                .join(peer, MemberLimits.NONE);
    }

    private static Set<Prefix> advertised(AdjRibOut.Member member) {
        Set<Prefix> all = new TreeSet<>();
        AdjRibOut.AdvertisedPage page = member.advertised(AddressFamily.IPV4_UNICAST, 0, 1000);
        page.rows().forEach(row -> all.add(row.prefix()));
        return all;
    }

    private static void drain(AdjRibOut.Member member) {
        RouteBatch batch;
        do {
            batch = member.next(100);
        } while (batch != null);
    }

    @Test
    void an_aggregate_lives_from_the_first_contributor_to_the_last() {
        tables.replaceAggregates(List.of(Aggregate.of(WHOLE)));
        assertThat(aggregate()).isEmpty();

        announce(first, PART, 65001);
        announce(second, OTHER_PART, 65001);
        assertThat(aggregate())
                .contains(
                        PathAttributes.builder().asPath(65001).aggregator(SELF).build());
        assertThat(tables.aggregates().get(0).contributors()).isEqualTo(2);

        withdraw(first, PART);
        assertThat(aggregate()).isPresent();
        tables.clear(second);
        tables.settleAggregates();
        assertThat(aggregate()).isEmpty();
    }

    @Test
    void the_path_is_what_all_paths_begin_with_and_what_is_lost_is_said() {
        tables.replaceAggregates(List.of(Aggregate.of(WHOLE)));
        announce(first, PART, 65001, 65010, 65011);
        announce(first, OTHER_PART, builder -> builder.origin(Origin.INCOMPLETE), 65001, 65010, 65012, 65013);
        assertThat(aggregate())
                .contains(PathAttributes.builder()
                        .asPath(65001, 65010)
                        .origin(Origin.INCOMPLETE)
                        .atomicAggregate(true)
                        .aggregator(SELF)
                        .build());

        announce(second, Prefix.of("10.3.0.0/16"), 65002);
        assertThat(aggregate().map(each -> each.asPath().isEmpty())).contains(true);

        withdraw(second, Prefix.of("10.3.0.0/16"));
        withdraw(first, OTHER_PART);
        assertThat(aggregate())
                .contains(PathAttributes.builder()
                        .asPath(65001, 65010, 65011)
                        .aggregator(SELF)
                        .build());
    }

    @Test
    void an_atomic_aggregate_among_them_makes_the_aggregate_one() {
        tables.replaceAggregates(List.of(Aggregate.of(WHOLE)));
        announce(first, PART, builder -> builder.atomicAggregate(true), 65001);
        assertThat(aggregate().map(PathAttributes::atomicAggregate)).contains(true);
    }

    @Test
    void routes_of_different_med_are_not_aggregated_unless_it_is_ignored() {
        AdjRibOut.Member member = member(second, PeerRouting.DEFAULT);
        tables.replaceAggregates(List.of(Aggregate.of(WHOLE).withSummaryOnly(true)));
        announce(first, PART, builder -> builder.multiExitDisc(5), 65001);
        assertThat(aggregate().map(each -> each.multiExitDisc().isPresent())).contains(false);
        drain(member);
        assertThat(advertised(member)).containsExactly(WHOLE);

        announce(first, OTHER_PART, builder -> builder.multiExitDisc(6), 65001);
        assertThat(aggregate()).isEmpty();
        assertThat(tables.aggregates().get(0).hindrance()).isEqualTo("routes of different MULTI_EXIT_DISC");
        drain(member);
        assertThat(advertised(member)).as("nothing stands for them").containsExactly(PART, OTHER_PART);

        tables.replaceAggregates(
                List.of(Aggregate.of(WHOLE).withSummaryOnly(true).withIgnoreMed(true)));
        drain(member);
        assertThat(advertised(member)).containsExactly(WHOLE);
    }

    @Test
    void communities_are_united_but_what_not_all_say_of_themselves_is_left_out() {
        Community own = Community.of(65001, 7);
        tables.replaceAggregates(List.of(Aggregate.of(WHOLE)
                .withSet(RouteActions.builder()
                        .addCommunities(List.of(Community.of(65000, 1)))
                        .build())));
        announce(first, PART, builder -> builder.communities(List.of(Community.BLACKHOLE, own)), 65001);
        announce(first, OTHER_PART, builder -> builder.communities(List.of(Community.NO_EXPORT)), 65001);

        assertThat(aggregate().orElseThrow().communities())
                .containsExactlyInAnyOrder(own, Community.NO_EXPORT, Community.of(65000, 1));
    }

    @Test
    void summary_only_keeps_the_contributors_from_peers_but_not_from_those_that_ask_for_them() {
        announce(first, PART, 65001);
        AdjRibOut.Member plain = member(second, PeerRouting.DEFAULT);
        AdjRibOut.Member curious = member(second, PeerRouting.DEFAULT.withMoreSpecifics(true));
        drain(plain);
        drain(curious);
        assertThat(advertised(plain)).containsExactly(PART);

        tables.replaceAggregates(List.of(Aggregate.of(WHOLE).withSummaryOnly(true)));
        drain(plain);
        drain(curious);
        assertThat(advertised(plain)).containsExactly(WHOLE);
        assertThat(advertised(curious)).containsExactly(WHOLE, PART);
        assertThat(tables.best(PART)).as("still in the Loc-RIB").isPresent();

        tables.replaceAggregates(List.of());
        drain(plain);
        assertThat(advertised(plain)).containsExactly(PART);
        assertThat(aggregate()).isEmpty();
    }

    @Test
    void an_aggregate_does_not_hold_up_another() {
        tables.replaceAggregates(
                List.of(Aggregate.of(WHOLE), Aggregate.of(PART), Aggregate.of(Prefix.of("0.0.0.0/0"))));
        announce(first, Prefix.of("10.1.2.0/24"), 65001);
        assertThat(tables.best(PART)).isPresent();
        assertThat(tables.best(Prefix.of("0.0.0.0/0"))).isPresent();
        assertThat(tables.aggregates()).allMatch(each -> each.contributors() == 1);

        withdraw(first, Prefix.of("10.1.2.0/24"));
        assertThat(tables.size(AddressFamily.IPV4_UNICAST)).isZero();
    }

    @Test
    void a_learned_route_of_the_same_prefix_gives_way_to_the_aggregate() {
        tables.replaceAggregates(List.of(Aggregate.of(WHOLE)));
        announce(first, WHOLE, 65001);
        assertThat(aggregate().orElseThrow().aggregator()).isEmpty();
        announce(first, PART, 65001);
        assertThat(aggregate().orElseThrow().aggregator()).contains(SELF);
    }

    @Test
    void a_prefix_is_aggregated_once() {
        assertThatThrownBy(() -> tables.replaceAggregates(List.of(Aggregate.of(WHOLE), Aggregate.of(WHOLE))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("10.0.0.0/8");
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {20261123, 20261124, 20261125})
    void what_is_counted_equals_what_is_selected(long seed) {
        Random random = new Random(seed);
        List<Prefix> prefixes = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            prefixes.add(Prefix.of(IpAddresses.ofBits(0x0A00_0000 | i << 14), 14 + i % 5));
            prefixes.add(
                    Prefix.masked(AddressFamily.IPV6_UNICAST, 0x2001_0DB8_0000_0000L | (long) i << 8, 0, 60 + i % 64));
        }
        List<Prefix> aggregated = List.of(
                WHOLE,
                Prefix.of("10.0.0.0/12"),
                Prefix.of("0.0.0.0/0"),
                Prefix.of("2001:db8::/32"),
                Prefix.of("2001:db8::/58"),
                Prefix.of("2001:db8::/100"));
        tables.replaceAggregates(aggregated.stream().map(Aggregate::of).toList());
        for (int step = 0; step < 600; step++) {
            Prefix prefix = prefixes.get(random.nextInt(prefixes.size()));
            int peer = random.nextBoolean() ? first : second;
            if (random.nextInt(3) == 0) {
                withdraw(peer, prefix);
            } else {
                announce(peer, prefix, 65001 + random.nextInt(3));
            }
            for (AggregateStatus status : tables.aggregates()) {
                Prefix whole = status.aggregate().prefix();
                long selected = prefixes.stream()
                        .distinct()
                        .filter(each -> whole.covers(each) && !whole.equals(each))
                        .filter(each -> tables.best(each)
                                .filter(route -> !route.source().isLocal())
                                .isPresent())
                        .count();
                assertThat((long) status.contributors())
                        .as("seed %d step %d %s", seed, step, whole)
                        .isEqualTo(selected);
                assertThat(status.attributes().isPresent()).isEqualTo(selected > 0);
            }
        }
    }

    @Test
    void routes_of_an_excluded_as_do_not_hold_an_aggregate_up_whatever_their_paths_have_in_common() {
        Aggregate aggregate = Aggregate.of(WHOLE).withExcluding(Set.of(Asn.of(65001), Asn.of(65002)));
        tables.replaceAggregates(List.of(aggregate));
        announce(first, PART, builder -> builder, 65001);
        announce(second, OTHER_PART, builder -> builder, 65002, 65003);
        assertThat(tables.best(WHOLE)).isEmpty();
        assertThat(tables.aggregates()).containsExactly(new AggregateStatus(aggregate, 0, Optional.empty(), ""));

        Prefix third = Prefix.of("10.3.0.0/16");
        announce(RoutingTables.LOCAL, third, builder -> builder);
        assertThat(tables.best(WHOLE)).isPresent();
        assertThat(tables.best(WHOLE).get().attributes().atomicAggregate())
                .as("nothing of the excluded paths was left out")
                .isFalse();
        assertThat(tables.aggregates().get(0).contributors()).isEqualTo(1);

        tables.withdraw(RoutingTables.LOCAL, PackedPrefixes.of(third.family(), List.of(third)));
        tables.settleAggregates();
        assertThat(tables.best(WHOLE)).isEmpty();
    }
}
