package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.junit.jupiter.api.Test;

/** When a peer was advertised what it has. */
class SentTimesTest {

    private static final Prefix PREFIX = Prefix.of("10.0.0.0/8");

    private final RoutingTables tables =
            new RoutingTables(new RibOptions(Asn.of(65000), RouterId.of("10.0.0.1"), DecisionOptions.DEFAULT));
    private final int peer = tables.addPeer(
            new RouteSource(
                    IpAddresses.parse("192.0.2.1"),
                    PeerType.EXTERNAL,
                    Asn.of(65001),
                    RouterId.of("192.0.2.1"),
                    100,
                    ""),
            RoutePolicy.ACCEPT_ALL);
    private long now = 1000;

    private AdjRibOut group(PeerRouting routing) {
        return tables.adjRibOut(new ExportOptions(
                PeerType.EXTERNAL,
                Asn.of(65000),
                RouterId.of("10.0.0.1"),
                Optional.of(NextHop.of(IpAddresses.parse("192.0.2.254"))),
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                "",
                routing,
                false,
                RoutePolicy.ACCEPT_ALL,
                Set.of(AddressFamily.IPV4_UNICAST)));
    }

    private void announce(long med) {
        tables.announce(
                RoutingTables.LOCAL,
                PathAttributes.builder().multiExitDisc(med).build(),
                PackedPrefixes.of(AddressFamily.IPV4_UNICAST, List.of(PREFIX)));
    }

    private void withdraw() {
        tables.withdraw(RoutingTables.LOCAL, PackedPrefixes.of(AddressFamily.IPV4_UNICAST, List.of(PREFIX)));
    }

    private static List<Long> times(AdjRibOut.Member member) {
        while (member.next(100) != null) {}
        AdjRibOut.AdvertisedPage page = member.advertised(AddressFamily.IPV4_UNICAST, 0, 10);
        return page.rows().isEmpty()
                ? List.of()
                : List.of(page.rows().get(0).addedMillis(), page.rows().get(0).updatedMillis());
    }

    @Test
    void a_route_has_the_times_of_its_first_and_its_latest_advertisement() {
        AdjRibOut.Member member =
                group(PeerRouting.DEFAULT.withAdvertisedTimes(true)).join(peer, MemberLimits.NONE);
        member.recordTimes(() -> now);
        announce(1);
        assertThat(times(member)).containsExactly(1000L, 1000L);

        now = 2000;
        announce(2);
        assertThat(times(member)).containsExactly(1000L, 2000L);

        withdraw();
        assertThat(times(member)).isEmpty();
        now = 3000;
        announce(2);
        assertThat(times(member)).containsExactly(3000L, 3000L);
    }

    @Test
    void they_outlive_a_change_of_the_export_rules_as_the_routes_do() {
        PeerRouting routing = PeerRouting.DEFAULT.withAdvertisedTimes(true);
        AdjRibOut.Member member = group(routing).join(peer, MemberLimits.NONE);
        member.recordTimes(() -> now);
        announce(1);
        times(member);

        now = 2000;
        AdjRibOut.Member moved = member.moveTo(group(routing.withMoreSpecifics(true)), MemberLimits.NONE);
        moved.recordTimes(() -> now);
        assertThat(times(moved)).containsExactly(1000L, 1000L);

        AdjRibOut.Member without = moved.moveTo(group(PeerRouting.DEFAULT), MemberLimits.NONE);
        assertThat(times(without)).containsExactly(0L, 0L);
    }

    @Test
    void nobody_remembers_them_unasked() {
        AdjRibOut.Member member = group(PeerRouting.DEFAULT).join(peer, MemberLimits.NONE);
        announce(1);

        assertThat(times(member)).containsExactly(0L, 0L);
    }
}
