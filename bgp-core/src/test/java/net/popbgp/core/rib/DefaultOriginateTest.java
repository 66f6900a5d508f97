package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import net.popbgp.core.attribute.AsPath;
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

/** A default route that some peers are advertised whatever the table has. */
class DefaultOriginateTest {

    private static final Asn AS = Asn.of(65000);
    private static final RouterId ROUTER_ID = RouterId.of("10.0.0.1");
    private static final Prefix DEFAULT = Prefix.of("0.0.0.0/0");
    private static final Prefix OTHER = Prefix.of("10.0.0.0/8");
    private static final PeerRouting ORIGINATE = PeerRouting.DEFAULT.withDefaultOriginate(true);

    private final RoutingTables tables = new RoutingTables(new RibOptions(AS, ROUTER_ID, DecisionOptions.DEFAULT));
    private final int source = addPeer("192.0.2.1");
    private final int wanting = addPeer("192.0.2.2");
    private final int other = addPeer("192.0.2.3");

    private int addPeer(String address) {
        return tables.addPeer(
                new RouteSource(
                        IpAddresses.parse(address), PeerType.EXTERNAL, Asn.of(65001), RouterId.of(address), 100, ""),
                RoutePolicy.ACCEPT_ALL);
    }

    private AdjRibOut.Member member(int peer, PeerRouting routing, RoutePolicy policy) {
        return tables.adjRibOut(new ExportOptions(
                        PeerType.EXTERNAL,
                        AS,
                        ROUTER_ID,
                        Optional.of(NextHop.of(IpAddresses.parse("192.0.2.254"))),
                        Optional.empty(),
                        false,
                        Optional.empty(),
                        false,
                        "",
                        routing,
                        false,
                        policy,
                        Set.of(AddressFamily.IPV4_UNICAST)))
                .join(peer, MemberLimits.NONE);
    }

    private void announce(Prefix prefix) {
        tables.announce(
                source,
                PathAttributes.builder()
                        .asPath(65001)
                        .nextHop(IpAddresses.parse("192.0.2.1"))
                        .build(),
                PackedPrefixes.of(prefix.family(), List.of(prefix)));
    }

    private void withdraw(Prefix prefix) {
        tables.withdraw(source, PackedPrefixes.of(prefix.family(), List.of(prefix)));
    }

    /** What the peer has been sent in the end. */
    private static Map<Prefix, AsPath> sent(AdjRibOut.Member member) {
        while (member.next(100) != null) {}
        Map<Prefix, AsPath> all = new TreeMap<>();
        member.advertised(AddressFamily.IPV4_UNICAST, 0, 1000)
                .rows()
                .forEach(row -> all.put(row.prefix(), row.attributes().asPath()));
        return all;
    }

    @Test
    void a_peer_that_asks_gets_one_from_an_empty_table_and_nobody_else_does() {
        AdjRibOut.Member asking = member(wanting, ORIGINATE, RoutePolicy.ACCEPT_ALL);
        AdjRibOut.Member plain = member(other, PeerRouting.DEFAULT, RoutePolicy.ACCEPT_ALL);

        assertThat(sent(asking)).isEqualTo(Map.of(DEFAULT, AsPath.of(65000)));
        assertThat(sent(plain)).isEmpty();
        assertThat(tables.best(DEFAULT)).isEmpty();
    }

    @Test
    void a_default_route_of_the_table_goes_to_the_others_only() {
        AdjRibOut.Member asking = member(wanting, ORIGINATE, RoutePolicy.ACCEPT_ALL);
        AdjRibOut.Member plain = member(other, PeerRouting.DEFAULT, RoutePolicy.ACCEPT_ALL);
        announce(DEFAULT);
        announce(OTHER);

        assertThat(sent(asking)).isEqualTo(Map.of(DEFAULT, AsPath.of(65000), OTHER, AsPath.of(65000, 65001)));
        assertThat(sent(plain).get(DEFAULT)).isEqualTo(AsPath.of(65000, 65001));

        withdraw(DEFAULT);
        assertThat(sent(asking)).containsKey(DEFAULT);
        assertThat(sent(plain)).containsOnlyKeys(OTHER);
    }

    @Test
    void one_that_was_there_before_the_peer_is_not_what_it_gets() {
        announce(DEFAULT);

        assertThat(sent(member(wanting, ORIGINATE, RoutePolicy.ACCEPT_ALL)).get(DEFAULT))
                .isEqualTo(AsPath.of(65000));
    }

    @Test
    void the_export_policy_decides_on_it() {
        assertThat(sent(member(wanting, ORIGINATE, RoutePolicy.REJECT_ALL))).isEmpty();
    }

    @Test
    void a_peer_that_no_longer_asks_is_sent_what_the_table_has() {
        AdjRibOut.Member asking = member(wanting, ORIGINATE, RoutePolicy.ACCEPT_ALL);
        sent(asking);
        AdjRibOut plain = tables.adjRibOut(new ExportOptions(
                PeerType.EXTERNAL,
                AS,
                ROUTER_ID,
                asking.group().options().nextHopIpv4(),
                Optional.empty(),
                false,
                Optional.empty(),
                false,
                "",
                PeerRouting.DEFAULT,
                false,
                RoutePolicy.ACCEPT_ALL,
                Set.of(AddressFamily.IPV4_UNICAST)));

        AdjRibOut.Member moved = asking.moveTo(plain, MemberLimits.NONE);

        assertThat(sent(moved)).isEmpty();
        announce(DEFAULT);
        assertThat(sent(moved)).containsOnlyKeys(DEFAULT);
        moved.leave();
        withdraw(DEFAULT);
    }
}
