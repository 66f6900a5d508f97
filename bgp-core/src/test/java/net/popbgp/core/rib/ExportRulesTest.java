package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import net.popbgp.core.attribute.AsPath;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.ExtendedCommunity;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.attribute.RawAttribute;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.BgpRole;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExportRulesTest {

    private static final Prefix PREFIX = Prefix.of("10.0.0.0/8");
    private static final NextHop SELF = NextHop.of(IpAddresses.parse("192.0.2.254"));
    private static final NextHop RECEIVED = NextHop.of(IpAddresses.parse("192.0.2.1"));

    private static RouteSource source(PeerType type) {
        return new RouteSource(
                IpAddresses.parse("192.0.2.1"), type, Asn.of(65001), RouterId.of("192.0.2.1"), 100, "circuit-1");
    }

    private static Route route(RouteSource source, UnaryOperator<PathAttributes.Builder> change) {
        PathAttributes.Builder builder = PathAttributes.builder().asPath(65001).nextHop(RECEIVED);
        return new Route(PREFIX, change.apply(builder).build(), source);
    }

    private static ExportOptions options(
            PeerType type, boolean nextHopSelf, String circuitGroup, boolean client, RoutePolicy policy) {
        return new ExportOptions(
                type,
                Asn.of(65000),
                RouterId.of("10.0.0.1"),
                Optional.of(SELF),
                Optional.empty(),
                false,
                Optional.empty(),
                nextHopSelf,
                circuitGroup,
                PeerRouting.DEFAULT.withReflectorClient(client),
                false,
                policy,
                Set.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST));
    }

    private static ExportRules to(PeerType type) {
        return new ExportRules(options(type, false, "", false, RoutePolicy.ACCEPT_ALL), true);
    }

    @Test
    void external_peers_get_our_as_in_front_ourselves_as_next_hop_and_nothing_internal() {
        Route route = route(
                source(PeerType.EXTERNAL),
                builder -> builder.localPref(200)
                        .multiExitDisc(50)
                        .originatorId(new RouterId(1))
                        .clusterList(List.of(new RouterId(2)))
                        .atomicAggregate(true)
                        .communities(List.of(Community.of(1, 2)))
                        .extendedCommunities(
                                List.of(ExtendedCommunity.of("rt:1:2"), new ExtendedCommunity(0x4300_0000_0000_0001L)))
                        .unrecognized(List.of(new RawAttribute(
                                RawAttribute.OPTIONAL | RawAttribute.TRANSITIVE, 99, new byte[] {1}))));

        assertThat(to(PeerType.EXTERNAL).export(route, false))
                .contains(PathAttributes.builder()
                        .asPath(65000, 65001)
                        .nextHop(SELF)
                        .atomicAggregate(true)
                        .communities(List.of(Community.of(1, 2)))
                        .extendedCommunities(List.of(ExtendedCommunity.of("rt:1:2")))
                        .unrecognized(List.of(new RawAttribute(0xE0, 99, new byte[] {1})))
                        .build());
    }

    @Test
    void of_extended_communities_the_non_transitive_ones_of_all_types_stay_in_our_as() {
        List<ExtendedCommunity> transitive = List.of(
                ExtendedCommunity.of("rt:65001:7"), // two-octet AS
                new ExtendedCommunity(0x0102_C000_0201_0007L), // IPv4 address
                ExtendedCommunity.of("rt:4200000000:7"), // four-octet AS (RFC 5668)
                new ExtendedCommunity(0x0300_0000_0000_0007L)); // opaque
        List<ExtendedCommunity> all = new ArrayList<>(transitive);
        transitive.forEach(each -> all.add(new ExtendedCommunity(each.bits() | 0x4000_0000_0000_0000L)));
        Route route = route(source(PeerType.EXTERNAL), builder -> builder.extendedCommunities(all));

        assertThat(to(PeerType.EXTERNAL).export(route, false).map(PathAttributes::extendedCommunities))
                .contains(transitive);
        assertThat(to(PeerType.INTERNAL).export(route, false).map(PathAttributes::extendedCommunities))
                .contains(all);
    }

    @Test
    void a_blackhole_of_another_as_stays_in_ours_unless_the_peer_is_for_it() {
        Route foreign = route(source(PeerType.EXTERNAL), builder -> builder.communities(List.of(Community.BLACKHOLE)));
        Route ours = new Route(
                PREFIX,
                PathAttributes.builder()
                        .communities(List.of(Community.BLACKHOLE))
                        .build(),
                RouteSource.LOCAL);

        assertThat(to(PeerType.EXTERNAL).export(foreign, false)).isEmpty();
        assertThat(to(PeerType.INTERNAL).export(foreign, false)).isPresent();
        assertThat(to(PeerType.EXTERNAL).export(ours, false)).isPresent();
        ExportOptions options = options(PeerType.EXTERNAL, false, "", false, RoutePolicy.ACCEPT_ALL);
        ExportOptions exporting = new ExportOptions(
                options.peerType(),
                options.localAs(),
                options.clusterId(),
                options.nextHopIpv4(),
                options.nextHopIpv6(),
                options.extendedNextHop(),
                options.role(),
                options.nextHopSelf(),
                options.circuitGroup(),
                PeerRouting.DEFAULT.withExportBlackholes(true),
                options.lastResort(),
                options.policy(),
                options.families());
        assertThat(new ExportRules(exporting, true).export(foreign, false)).isPresent();
    }

    @Test
    void internal_peers_get_path_med_and_next_hop_unchanged_and_a_local_pref() {
        Route route = route(source(PeerType.EXTERNAL), builder -> builder.multiExitDisc(50));

        assertThat(to(PeerType.INTERNAL).export(route, false))
                .contains(route.attributes().toBuilder().localPref(100).build());
        ExportRules nextHopSelf =
                new ExportRules(options(PeerType.INTERNAL, true, "", false, RoutePolicy.ACCEPT_ALL), true);
        assertThat(nextHopSelf.export(route, false).flatMap(PathAttributes::nextHop))
                .contains(SELF);
    }

    @Test
    void a_route_that_comes_in_drained_is_the_last_choice_of_internal_peers() {
        Route route = route(
                source(PeerType.EXTERNAL),
                builder -> builder.communities(List.of(Community.GRACEFUL_SHUTDOWN))
                        .localPref(200));

        assertThat(to(PeerType.INTERNAL).export(route, false))
                .contains(route.attributes().toBuilder().localPref(0).build());
        assertThat(to(PeerType.EXTERNAL).export(route, false).map(PathAttributes::communities))
                .contains(List.of(Community.GRACEFUL_SHUTDOWN));
        ExportRules deaf = new ExportRules(options(PeerType.INTERNAL, false, "", false, RoutePolicy.ACCEPT_ALL), false);
        assertThat(deaf.export(route, false)).contains(route.attributes());
    }

    @Test
    void local_routes_go_out_with_our_address_and_keep_their_med() {
        Route route =
                new Route(PREFIX, PathAttributes.builder().multiExitDisc(7).build(), RouteSource.LOCAL);

        assertThat(to(PeerType.EXTERNAL).export(route, false))
                .contains(PathAttributes.builder()
                        .asPath(65000)
                        .nextHop(SELF)
                        .multiExitDisc(7)
                        .build());
        assertThat(to(PeerType.INTERNAL).export(route, false))
                .contains(PathAttributes.builder()
                        .nextHop(SELF)
                        .multiExitDisc(7)
                        .localPref(100)
                        .build());
    }

    @ParameterizedTest
    @CsvSource({
        "no-export, EXTERNAL, false",
        "no-export, INTERNAL, true",
        "no-export-subconfed, EXTERNAL, false",
        "no-export-subconfed, INTERNAL, true",
        "no-advertise, EXTERNAL, false",
        "no-advertise, INTERNAL, false"
    })
    void well_known_communities_limit_where_a_route_goes(String community, PeerType to, boolean goes) {
        Route route =
                route(source(PeerType.EXTERNAL), builder -> builder.communities(List.of(Community.of(community))));

        assertThat(to(to).export(route, false).isPresent()).isEqualTo(goes);
    }

    @Test
    void routes_of_one_circuit_do_not_go_to_another_of_the_group() {
        Route route = route(source(PeerType.EXTERNAL), builder -> builder);

        assertThat(new ExportRules(options(PeerType.EXTERNAL, false, "circuit-1", false, RoutePolicy.ACCEPT_ALL), true)
                        .export(route, false))
                .isEmpty();
        assertThat(new ExportRules(options(PeerType.EXTERNAL, false, "circuit-2", false, RoutePolicy.ACCEPT_ALL), true)
                        .export(route, false))
                .isPresent();
    }

    @Test
    void internal_routes_are_reflected_only_from_or_to_clients_and_marked() {
        Route route = route(source(PeerType.INTERNAL), builder -> builder.localPref(300));

        assertThat(to(PeerType.INTERNAL).export(route, false)).isEmpty();
        assertThat(to(PeerType.EXTERNAL).export(route, false)).isPresent();
        Optional<PathAttributes> marked = Optional.of(route.attributes().toBuilder()
                .originatorId(RouterId.of("192.0.2.1"))
                .clusterList(List.of(RouterId.of("10.0.0.1")))
                .build());
        assertThat(to(PeerType.INTERNAL).export(route, true)).isEqualTo(marked);
        assertThat(new ExportRules(options(PeerType.INTERNAL, true, "", true, RoutePolicy.ACCEPT_ALL), true)
                        .export(route, false))
                .isEqualTo(marked);
    }

    @Test
    void a_med_that_the_policy_sets_stays_and_its_prepending_is_behind_our_as() {
        RoutePolicy policy = route -> new PolicyVerdict.AcceptModified(route.attributes().toBuilder()
                .multiExitDisc(9)
                .asPath(route.attributes().asPath().prepend(Asn.of(65000), 2))
                .build());
        ExportRules rules = new ExportRules(options(PeerType.EXTERNAL, false, "", false, policy), true);

        PathAttributes result = rules.export(
                        route(source(PeerType.EXTERNAL), builder -> builder.multiExitDisc(1)), false)
                .orElseThrow();

        assertThat(result.multiExitDisc()).hasValue(9);
        assertThat(result.asPath()).isEqualTo(AsPath.of(65000, 65000, 65000, 65001));
    }

    @Test
    void a_route_without_a_next_hop_of_its_family_stays_here() {
        Route ipv6 =
                new Route(Prefix.of("2001:db8::/32"), PathAttributes.builder().build(), source(PeerType.EXTERNAL));

        assertThat(to(PeerType.EXTERNAL).export(ipv6, false)).isEmpty();
        assertThat(to(PeerType.INTERNAL).export(route(source(PeerType.EXTERNAL), b -> b.withoutNextHop()), false))
                .isPresent();
    }

    private static ExportRules roleRules(PeerType type, boolean extendedNextHop, @Nullable BgpRole role) {
        return new ExportRules(
                new ExportOptions(
                        type,
                        Asn.of(65000),
                        RouterId.of("10.0.0.1"),
                        Optional.of(SELF),
                        Optional.empty(),
                        extendedNextHop,
                        Optional.ofNullable(role),
                        false,
                        "",
                        PeerRouting.DEFAULT,
                        false,
                        RoutePolicy.ACCEPT_ALL,
                        Set.of(AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST)),
                true);
    }

    @ParameterizedTest
    @CsvSource({
        // our role, ONLY_TO_CUSTOMER of the route (0 none), and as it is sent (-1 not at all)
        "PROVIDER, 0, 65000",
        "PROVIDER, 65009, 65009",
        "RS, 0, 65000",
        "RS, 65009, 65009",
        "PEER, 0, 65000",
        "PEER, 65009, -1",
        "CUSTOMER, 0, 0",
        "CUSTOMER, 65009, -1",
        "RS_CLIENT, 0, 0",
        "RS_CLIENT, 65009, -1",
        ", 0, 0",
        ", 65009, 65009"
    })
    void only_to_customer_is_set_and_obeyed_as_the_role_says(@Nullable BgpRole role, int marked, int expected) {
        Route route = route(source(PeerType.EXTERNAL), b -> b.onlyToCustomer(marked == 0 ? null : Asn.of(marked)));

        Optional<PathAttributes> sent =
                roleRules(PeerType.EXTERNAL, false, role).export(route, false);

        assertThat(sent.isPresent()).isEqualTo(expected >= 0);
        sent.ifPresent(attributes -> assertThat(attributes.onlyToCustomer())
                .isEqualTo(expected == 0 ? Optional.empty() : Optional.of(Asn.of(expected))));
    }

    @Test
    void an_ipv6_next_hop_of_an_ipv4_route_goes_only_where_it_is_taken() {
        NextHop ipv6 = NextHop.of(IpAddresses.parse("2001:db8::9"));
        Route route = route(source(PeerType.EXTERNAL), b -> b.nextHop(ipv6));

        assertThat(roleRules(PeerType.INTERNAL, false, null).export(route, false))
                .isEmpty();
        assertThat(roleRules(PeerType.INTERNAL, true, null)
                        .export(route, false)
                        .orElseThrow()
                        .nextHop())
                .contains(ipv6);
    }

    @Test
    void a_received_link_local_next_hop_does_not_leave_its_link() {
        NextHop both = new NextHop(IpAddresses.parse("2001:db8::9"), IpAddresses.parse("fe80::9"));
        Route route = new Route(
                Prefix.of("2001:db8::/32"),
                PathAttributes.builder().asPath(65001).nextHop(both).build(),
                source(PeerType.EXTERNAL));

        assertThat(roleRules(PeerType.INTERNAL, false, null)
                        .export(route, false)
                        .orElseThrow()
                        .nextHop())
                .contains(NextHop.of(both.address()));
    }
}
