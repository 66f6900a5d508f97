package net.popbgp.core.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The ingress procedure of RFC 9234, 5. */
class RolePolicyTest {

    private static final InetAddress REMOTE = IpAddresses.parse("192.0.2.2");
    private static final Asn REMOTE_AS = Asn.of(65002);

    private static Route received(int marked) {
        PathAttributes attributes = PathAttributes.builder()
                .asPath(65002)
                .onlyToCustomer(marked == 0 ? null : Asn.of(marked))
                .build();
        RouteSource source = new RouteSource(
                REMOTE, PeerType.EXTERNAL, REMOTE_AS, RouterId.of("192.0.2.2"), RouteSource.DEFAULT_METRIC, "");
        return new Route(Prefix.of("10.0.0.0/8"), attributes, source);
    }

    @ParameterizedTest
    @CsvSource({
        // our role, ONLY_TO_CUSTOMER received (0 none), and after it (-1 a leak)
        "PROVIDER, 0, 0",
        "PROVIDER, 65002, -1",
        "RS, 0, 0",
        "RS, 65009, -1",
        "PEER, 0, 65002",
        "PEER, 65002, 65002",
        "PEER, 65009, -1",
        "CUSTOMER, 0, 65002",
        "CUSTOMER, 65009, 65009",
        "RS_CLIENT, 0, 65002",
        "RS_CLIENT, 65009, 65009"
    })
    void received_routes_are_marked_or_found_to_be_leaks(BgpRole role, int marked, int expected) {
        Route route = received(marked);

        PolicyVerdict verdict = new RolePolicy(role, REMOTE_AS, RoutePolicy.ACCEPT_ALL).evaluate(route);

        if (expected < 0) {
            assertThat(verdict).isInstanceOf(PolicyVerdict.Reject.class);
            assertThat(verdict.toString()).contains("route leak");
        } else if (expected == marked) {
            assertThat(verdict).isEqualTo(PolicyVerdict.ACCEPT);
        } else {
            assertThat(verdict)
                    .isEqualTo(new PolicyVerdict.AcceptModified(route.attributes().toBuilder()
                            .onlyToCustomer(Asn.of(expected))
                            .build()));
        }
    }

    @Test
    void the_operators_policy_sees_the_marked_route_and_decides_about_the_rest() {
        RoutePolicy operator = route -> new PolicyVerdict.AcceptModified(
                route.attributes().toBuilder().localPref(200).build());

        assertThat(new RolePolicy(BgpRole.CUSTOMER, REMOTE_AS, operator).evaluate(received(0)))
                .isEqualTo(new PolicyVerdict.AcceptModified(
                        received(65002).attributes().toBuilder().localPref(200).build()));
        assertThat(new RolePolicy(BgpRole.CUSTOMER, REMOTE_AS, RoutePolicy.REJECT_ALL).evaluate(received(0)))
                .isInstanceOf(PolicyVerdict.Reject.class);
    }
}
