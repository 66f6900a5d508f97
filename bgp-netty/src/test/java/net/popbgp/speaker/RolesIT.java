package net.popbgp.speaker;

import static net.popbgp.speaker.Lab.prefixes;
import static net.popbgp.speaker.Lab.received;
import static net.popbgp.speaker.Lab.until;
import static net.popbgp.speaker.Lab.untilUp;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.route.BgpRole;
import org.junit.jupiter.api.Test;

/** BGP Roles and ONLY_TO_CUSTOMER (RFC 9234) between speakers. */
class RolesIT {

    private static PeerFeatures role(BgpRole role) {
        return PeerFeatures.DEFAULT.withRole(role, false);
    }

    private static List<RoutePage.Row> routes(BgpSpeaker speaker, RouteQuery query) throws Exception {
        return speaker.routes(query)
                .toCompletableFuture()
                .get(5, TimeUnit.SECONDS)
                .rows();
    }

    @Test
    void a_route_from_a_provider_is_marked_and_goes_on_to_customers_only() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker provider = lab.speaker(65001, "127.0.72.1");
            BgpSpeaker us = lab.speaker(65002, "127.0.72.2");
            BgpSpeaker customer = lab.speaker(65003, "127.0.72.3");
            BgpSpeaker lateral = lab.speaker(65004, "127.0.72.4");
            Lab.announce(provider, prefixes(3));
            Lab.announce(us, List.of(Prefix.of("172.16.0.0/16")));
            provider.addPeer(Lab.peer(us, provider).passive(true).build()); // knows nothing of roles
            customer.addPeer(Lab.peer(us, customer)
                    .passive(true)
                    .features(role(BgpRole.CUSTOMER))
                    .build());
            lateral.addPeer(Lab.peer(us, lateral)
                    .passive(true)
                    .features(role(BgpRole.PEER))
                    .build());

            us.addPeer(Lab.peer(provider, us).features(role(BgpRole.CUSTOMER)).build());
            us.addPeer(Lab.peer(customer, us).features(role(BgpRole.PROVIDER)).build());
            us.addPeer(Lab.peer(lateral, us).features(role(BgpRole.PEER)).build());

            PeerHandle atCustomer = customer.peerHandles().get(0);
            PeerHandle atLateral = lateral.peerHandles().get(0);
            until(() -> received(atCustomer) == 4 && received(atLateral) == 1);
            assertThat(routes(customer, RouteQuery.locRib().within(Prefix.of("10.0.0.0/8"))))
                    .hasSize(3)
                    .allSatisfy(
                            row -> assertThat(row.attributes().onlyToCustomer()).contains(Asn.of(65001)));
            assertThat(routes(lateral, RouteQuery.locRib()).get(0).attributes().onlyToCustomer())
                    .contains(Asn.of(65002));
        }
    }

    @Test
    void a_marked_route_from_a_customer_is_a_leak_that_is_counted_shown_and_not_used() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker us = lab.speaker(65001, "127.0.72.1");
            BgpSpeaker customer = lab.speaker(65002, "127.0.72.2");
            PathAttributes marked =
                    PathAttributes.builder().onlyToCustomer(Asn.of(65009)).build();
            customer.announce(prefixes(2), marked).toCompletableFuture().get(5, TimeUnit.SECONDS);
            customer.addPeer(Lab.peer(us, customer).passive(true).build());

            PeerHandle peer = us.addPeer(
                    Lab.peer(customer, us).features(role(BgpRole.PROVIDER)).build());

            until(() -> received(peer) == 2);
            assertThat(peer.status().prefixes(Lab.IPV4).accepted()).isZero();
            assertThat(peer.status().counters().routeLeaks()).isEqualTo(2);
            assertThat(routes(us, RouteQuery.locRib())).isEmpty();
            RouteExplanation explanation =
                    us.explain(prefixes(1).get(0)).toCompletableFuture().get(5, TimeUnit.SECONDS);
            assertThat(explanation.toString()).contains("route leak");
        }
    }

    @Test
    void roles_that_do_not_match_and_strict_mode_without_one_end_in_role_mismatch() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker us = lab.speaker(65001, "127.0.72.1");
            BgpSpeaker other = lab.speaker(65002, "127.0.72.2");
            other.addPeer(Lab.peer(us, other)
                    .passive(true)
                    .features(role(BgpRole.PROVIDER))
                    .build());
            PeerHandle there = other.peer(IpAddresses.parse("127.0.72.1")).orElseThrow();

            PeerHandle peer = us.addPeer(
                    Lab.peer(other, us).features(role(BgpRole.PROVIDER)).build());
            until(() -> peer.status().lastDown().toString().contains("Role Mismatch"));

            there.reconfigure(
                    there.config().toBuilder().features(PeerFeatures.DEFAULT).build());
            untilUp(peer);
            peer.reconfigure(peer.config().toBuilder()
                    .features(PeerFeatures.DEFAULT.withRole(BgpRole.PROVIDER, true))
                    .build());
            until(() -> peer.status().lastDown().toString().contains("strict mode"));
        }
    }

    @Test
    void an_internal_peer_has_no_role() throws Exception {
        try (Lab lab = new Lab()) {
            BgpSpeaker us = lab.speaker(65001, "127.0.72.1");
            PeerConfig internal = PeerConfig.builder("127.0.72.2", 65001)
                    .features(role(BgpRole.PEER))
                    .build();

            assertThatThrownBy(() -> us.addPeer(internal))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("external peers");
            assertThat(us.peers()).isEmpty();
        }
    }
}
