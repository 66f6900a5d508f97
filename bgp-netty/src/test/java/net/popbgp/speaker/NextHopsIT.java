package net.popbgp.speaker;

import static net.popbgp.speaker.Lab.until;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.OwnNextHops;
import org.junit.jupiter.api.Test;

/** Both families on one session, over either transport (RFC 2545, RFC 4760, RFC 8950). */
class NextHopsIT {

    private static final Prefix IPV4 = Prefix.of("10.1.0.0/16");
    private static final Prefix IPV6 = Prefix.of("2001:db8:1::/48");
    private static final InetAddress GLOBAL = IpAddresses.parse("2001:db8::1");
    private static final InetAddress LINK = IpAddresses.parse("fe80::1");

    private static void announceBoth(BgpSpeaker speaker) throws Exception {
        speaker.announce(List.of(IPV4, IPV6), PathAttributes.builder().build())
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS);
    }

    private static Optional<NextHop> nextHop(BgpSpeaker speaker, Prefix prefix) throws Exception {
        return speaker
                .routes(RouteQuery.locRib().within(prefix))
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .rows()
                .stream()
                .findFirst()
                .flatMap(row -> row.attributes().nextHop());
    }

    private static PeerConfig.Builder bothFamilies(PeerConfig.Builder peer) {
        return peer.families(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST);
    }

    private static boolean hasBoth(PeerHandle peer) {
        return peer.status().prefixes(AddressFamily.IPV4_UNICAST).received() == 1
                && peer.status().prefixes(AddressFamily.IPV6_UNICAST).received() == 1;
    }

    @Test
    void both_families_go_over_one_ipv4_session_with_the_addresses_that_are_configured() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "127.0.73.1");
            BgpSpeaker two = lab.speaker(65002, "127.0.73.2");
            announceBoth(one);
            PeerHandle there =
                    two.addPeer(bothFamilies(Lab.peer(one, two)).passive(true).build());

            PeerHandle peer = one.addPeer(bothFamilies(Lab.peer(two, one))
                    .nextHops(new OwnNextHops(Optional.empty(), Optional.of(GLOBAL), Optional.of(LINK)))
                    .build());

            until(() -> hasBoth(there));
            assertThat(nextHop(two, IPV4)).contains(NextHop.of(IpAddresses.parse("127.0.73.1")));
            assertThat(nextHop(two, IPV6)).contains(new NextHop(GLOBAL, LINK));

            InetAddress other = IpAddresses.parse("2001:db8::2");
            peer.reconfigure(peer.config().toBuilder()
                    .nextHops(new OwnNextHops(Optional.empty(), Optional.of(other), Optional.empty()))
                    .build());
            until(() -> {
                try {
                    return nextHop(two, IPV6).equals(Optional.of(NextHop.of(other)));
                } catch (Exception e) {
                    throw new AssertionError(e);
                }
            });
            assertThat(peer.status().established()).isEqualTo(1);
        }
    }

    @Test
    void without_an_address_of_its_kind_a_family_is_received_and_not_sent() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "127.0.73.1");
            BgpSpeaker two = lab.speaker(65002, "127.0.73.2");
            announceBoth(one);
            PeerHandle there =
                    two.addPeer(bothFamilies(Lab.peer(one, two)).passive(true).build());

            one.addPeer(bothFamilies(Lab.peer(two, one)).build());

            until(() -> there.status().prefixes(AddressFamily.IPV6_UNICAST).endOfRib());
            assertThat(nextHop(two, IPV4)).isPresent();
            assertThat(nextHop(two, IPV6)).isEmpty();
        }
    }

    @Test
    void ipv4_routes_go_over_ipv6_with_an_ipv6_next_hop_where_both_sides_take_that() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker one = lab.speaker(65001, "10.0.0.1", "::1");
            BgpSpeaker two = lab.speaker(65002, "10.0.0.2", "::1");
            announceBoth(one);
            announceBoth(two);
            PeerFeatures features = PeerFeatures.DEFAULT.withExtendedNextHop(true);
            PeerHandle there = two.addPeer(bothFamilies(Lab.peer(one, two))
                    .passive(true)
                    .features(features)
                    .nextHops(new OwnNextHops(
                            Optional.empty(), Optional.of(IpAddresses.parse("2001:db8::2")), Optional.empty()))
                    .build());

            PeerHandle peer = one.addPeer(bothFamilies(Lab.peer(two, one))
                    .features(features)
                    .nextHops(new OwnNextHops(Optional.empty(), Optional.of(GLOBAL), Optional.empty()))
                    .build());

            until(() -> hasBoth(there) && hasBoth(peer));
            assertThat(there.status().negotiated().orElseThrow().extendedNextHop())
                    .containsExactly(AddressFamily.IPV4_UNICAST);
            RoutePage received = two.routes(RouteQuery.adjRibIn(there.name()))
                    .toCompletableFuture()
                    .get(5, TimeUnit.SECONDS);
            assertThat(received.rows())
                    .hasSize(2)
                    .allSatisfy(row -> assertThat(row.attributes().nextHop()).contains(NextHop.of(GLOBAL)));
        }
    }
}
