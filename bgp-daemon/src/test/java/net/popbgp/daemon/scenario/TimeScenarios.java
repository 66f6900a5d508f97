package net.popbgp.daemon.scenario;

import static net.popbgp.daemon.scenario.Stage.PRIMARY;
import static net.popbgp.daemon.scenario.Stage.SECONDARY;
import static net.popbgp.daemon.scenario.Stage.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.daemon.site.SiteState;
import net.popbgp.sim.azure.AzureCircuit;
import net.popbgp.sim.load.RouteGenerator;

/** What takes long: silence, a peer that takes nothing, three days. */
class TimeScenarios {

    private static final AddressFamily IPV4 = AddressFamily.IPV4_UNICAST;
    private static final String ALL = "{default-route: false, all-routes: true}";

    private final long seed = Long.getLong("popbgp.seed", 20261130L);

    private static Prefix prefix(int number) {
        return new Prefix(IPV4, 0, (172L << 24) + (16L << 16) + ((long) number << 8), 24);
    }

    private static PackedPrefixes prefixes(int from, int to) {
        return PackedPrefixes.of(
                IPV4, IntStream.range(from, to).mapToObj(TimeScenarios::prefix).toList());
    }

    private static void announce(VirtualSite site, PathAttributes attributes, PackedPrefixes which) {
        site.ask(tables -> {
            tables.announce(RoutingTables.LOCAL, attributes, which);
            return true;
        });
    }

    private static List<AzureCircuit.Vnet> vnets(int count) {
        return List.of(new AzureCircuit.Vnet("hub", RouteGenerator.vnetPrefixes(count), List.of()));
    }

    @Plays(Scenario.S36)
    void s36_a_peer_that_says_nothing_is_given_up_by_the_hold_timer() throws Exception {
        try (Stage stage = Stage.of(Scenario.S36).site("hold-time: 3s").open().awaitUp()) {
            stage.azure(PRIMARY).silence(true).join();
            stage.awaitActive(SiteState.DEGRADED, SECONDARY);
            eventually(() ->
                    assertThat(stage.told("bgp-session")).contains("Disconnected primary 4 0 Hold Timer Expired"));
            assertThat(stage.noted(PRIMARY, "notification-received")).anyMatch(text -> text.startsWith("4/0"));
            assertThat(stage.atAzure(PRIMARY)).isNotEqualTo("1");
            stage.azure(PRIMARY).silence(false).join();
            stage.awaitUp();
        }
    }

    @Plays(Scenario.S36)
    void s36_a_peer_that_takes_nothing_is_given_up_by_the_send_hold_timer() throws Exception {
        VirtualSite site = new VirtualSite(seed, ALL, vnets(20));
        site.settle(0, 20);
        site.azure(PRIMARY).stopReading(true).join();
        for (int i = 0; i < 3000; i++) { // attributes of their own, so that they fill the window
            announce(
                    site,
                    PathAttributes.builder()
                            .communities(List.of(Community.of(65001, i)))
                            .build(),
                    prefixes(i, i + 1));
        }
        site.time.advance(Duration.ofMinutes(7));
        assertThat(site.losses).isEmpty();
        site.time.advance(Duration.ofMinutes(2));
        assertThat(site.losses).extracting(DownReason::kind).containsExactly(DownReason.Kind.SEND_HOLD_TIMER_EXPIRED);
        assertThat(site.losses.get(0).toString()).contains("Send Hold Timer");
        assertThat(site.azure(SECONDARY).snapshot().received()).hasSize(3000);

        site.azure(PRIMARY).stopReading(false).join();
        site.settle(3000, 20);
    }

    @Plays(Scenario.S45)
    void s45_three_days_of_churn_and_flaps_leave_the_tables_equal_and_no_larger() throws Exception {
        int out = 4000;
        int in = 1000;
        System.out.println("S45 seed " + seed);
        VirtualSite site = new VirtualSite(seed, ALL, vnets(in));
        PathAttributes ours = PathAttributes.builder().build();
        announce(site, ours, prefixes(0, out));
        site.settle(out, in);
        int attributeSets = site.ask(RoutingTables::attributeSets);
        for (int hour = 0; hour < 72; hour++) {
            site.time.advance(Duration.ofHours(1));
            for (int minute = 0; hour % 12 == 0 && minute < 60; minute++) {
                int at = (hour * 60 + minute) * 200 % out;
                PackedPrefixes some = prefixes(at, at + 200);
                AzureCircuit.Vnet network = vnet(at / 4 % in, 50);
                site.ask(tables -> {
                    tables.withdraw(RoutingTables.LOCAL, some);
                    return true;
                });
                for (var role : List.of(PRIMARY, SECONDARY)) {
                    site.azure(role).disconnect(network).join();
                }
                site.time.advance(Duration.ofSeconds(30));
                announce(site, ours, some);
                for (var role : List.of(PRIMARY, SECONDARY)) {
                    site.azure(role).connect(network).join();
                }
                site.time.advance(Duration.ofSeconds(30));
            }
            site.azure(hour % 2 == 0 ? PRIMARY : SECONDARY).tcpReset().join();
            site.settle(out, in);
            assertThat(site.azure(PRIMARY).snapshot().leaked()).isEmpty();
        }
        assertThat(site.ask(RoutingTables::attributeSets)).isLessThanOrEqualTo(attributeSets);
        assertThat(site.losses).hasSize(72);
        assertThat(site.azure(PRIMARY).snapshot().received().keySet())
                .isEqualTo(site.azure(SECONDARY).snapshot().received().keySet());
        assertThat(site.azure(PRIMARY).snapshot().limitDrops()).isZero();
    }

    private static AzureCircuit.Vnet vnet(int from, int count) {
        return new AzureCircuit.Vnet("some", RouteGenerator.vnetPrefixes(from, count), List.of());
    }
}
