package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;

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
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.junit.jupiter.api.Test;

/** No peer is sent its own address as the next hop (RFC 4271, 5.1.3). */
class OwnNextHopTest {

    private static final AddressFamily V4 = AddressFamily.IPV4_UNICAST;
    private static final String A = "192.0.2.1";
    private static final String B = "192.0.2.2";
    private static final PackedPrefixes PREFIXES = PackedPrefixes.of(V4, List.of(Prefix.of("10.0.0.0/8")));

    private final RoutingTables tables =
            new RoutingTables(new RibOptions(Asn.of(65000), RouterId.of("10.0.0.1"), DecisionOptions.DEFAULT));
    private final AdjRibOut group = tables.adjRibOut(new ExportOptions(
            PeerType.INTERNAL,
            Asn.of(65000),
            RouterId.of("10.0.0.1"),
            Optional.of(NextHop.of(IpAddresses.parse("192.0.2.254"))),
            Optional.empty(),
            false,
            Optional.empty(),
            false,
            "",
            PeerRouting.DEFAULT,
            false,
            RoutePolicy.ACCEPT_ALL,
            Set.of(V4)));

    private AdjRibOut.Member internal(String address) {
        int peer = tables.addPeer(
                new RouteSource(
                        IpAddresses.parse(address), PeerType.INTERNAL, Asn.of(65000), RouterId.of(address), 100, ""),
                RoutePolicy.ACCEPT_ALL);
        return group.join(peer, MemberLimits.NONE);
    }

    private void announce(String nextHop) {
        tables.announce(
                RoutingTables.LOCAL,
                PathAttributes.builder().nextHop(IpAddresses.parse(nextHop)).build(),
                PREFIXES);
    }

    @Test
    void a_route_goes_to_those_whose_address_is_not_its_next_hop() {
        AdjRibOut.Member a = internal(A);
        AdjRibOut.Member b = internal(B);
        a.next(10); // End-of-RIB
        b.next(10);

        announce(A);
        assertThat(a.next(10)).isNull();
        assertThat(Objects.requireNonNull(b.next(10)).sections()).hasSize(1);

        announce(B);
        assertThat(Objects.requireNonNull(a.next(10)).sections().get(0).attributes())
                .isNotNull();
        assertThat(Objects.requireNonNull(b.next(10)).sections().get(0).attributes())
                .as("withdrawn from the one it now leads to")
                .isNull();
    }
}
