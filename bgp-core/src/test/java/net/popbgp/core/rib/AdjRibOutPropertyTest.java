package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.NextHop;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.decision.DecisionProcess;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerRouting;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Simulated receivers of several groups, fast and slow, limited and not, against what a naive export of the Loc-RIB gives. */
class AdjRibOutPropertyTest {

    private static final AddressFamily V4 = AddressFamily.IPV4_UNICAST;
    private static final AddressFamily V6 = AddressFamily.IPV6_UNICAST;
    private static final int PEERS = 7;

    private final RoutingTables tables =
            new RoutingTables(new RibOptions(Asn.of(65000), RouterId.of("10.0.0.1"), DecisionOptions.DEFAULT));
    private final List<Prefix> prefixes = new ArrayList<>();
    private final List<RouteSource> sources = new ArrayList<>(List.of(RouteSource.LOCAL));
    private final List<Receiver> receivers = new ArrayList<>();
    private final List<ExportOptions> groups = new ArrayList<>();
    private Map<AddressFamily, Integer> paths = Map.of(); // without Path Identifiers

    /** A prefix with its Path Identifier, 0 without one. */
    private record Path(Prefix prefix, int id) {}

    /** A peer as the wire would leave it. */
    private static final class Receiver {
        AdjRibOut.Member member;
        int limit;
        final Map<Path, PathAttributes> routes = new HashMap<>();
        final Map<AddressFamily, Integer> endOfRib = new HashMap<>();
        final Set<AddressFamily> refreshing = new HashSet<>();
        final Set<Path> unrefreshed = new HashSet<>();

        Receiver(AdjRibOut.Member member, int limit) {
            this.member = member;
            this.limit = limit;
        }

        void take(RouteBatch batch) {
            if (batch.has(RouteBatch.Marker.BEGIN_OF_REFRESH)) {
                assertThat(endOfRib).as("no refresh before End-of-RIB").containsKey(batch.family());
                routes.keySet().stream()
                        .filter(path -> path.prefix().family().equals(batch.family()))
                        .forEach(unrefreshed::add);
                refreshing.add(batch.family());
            }
            boolean announced = false;
            for (RouteBatch.Section section : batch.sections()) {
                PathAttributes attributes = section.attributes();
                for (int i = 0; i < section.prefixes().size(); i++) {
                    Path path = new Path(
                            section.prefixes().get(i), section.prefixes().pathId(i));
                    unrefreshed.remove(path);
                    if (attributes == null) {
                        assertThat(announced).isFalse();
                        assertThat(routes.remove(path))
                                .as("withdrawn only if it was sent: " + path)
                                .isNotNull();
                    } else {
                        announced = true;
                        routes.put(path, attributes);
                    }
                }
            }
            batch.endOfRib().forEach(family -> endOfRib.merge(family, 1, Integer::sum));
            if (batch.has(RouteBatch.Marker.END_OF_REFRESH)) {
                assertThat(refreshing.remove(batch.family())).isTrue();
                assertThat(unrefreshed)
                        .as("between the markers everything was sent again")
                        .noneMatch(path -> path.prefix().family().equals(batch.family()));
            }
        }

        long held(AddressFamily family) {
            return routes.keySet().stream()
                    .filter(path -> path.prefix().family().equals(family))
                    .count();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void receivers_end_up_with_the_export_of_the_loc_rib(int variant) {
        play(4271_0000L + variant);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void receivers_of_several_paths_end_up_with_the_export_of_the_best_ones(int variant) {
        paths = Map.of(V4, 1 + variant, V6, 3);
        play(7911_0000L + variant);
    }

    private void play(long seed) {
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        setUp(random);

        for (int step = 0; step < 3_000; step++) {
            operate(random);
            if (random.nextInt(150) == 0) {
                receivers.forEach(receiver -> drain(receiver, random));
                receivers.forEach(this::check);
            }
        }
        receivers.forEach(receiver -> drain(receiver, random));
        receivers.forEach(this::check);

        for (int peer = 0; peer <= PEERS; peer++) {
            tables.clear(peer);
        }
        receivers.forEach(receiver -> drain(receiver, random));
        receivers.forEach(receiver -> assertThat(receiver.routes).isEmpty());
        assertThat(tables.attributeSets()).isZero();
    }

    private void setUp(Random random) {
        for (int i = 0; i < 40; i++) {
            prefixes.add(Prefix.of(IpAddresses.ofBits(0x0A00_0000 | (i * 37 & 63) << 16), 16));
            prefixes.add(Prefix.masked(V6, 0x2001_0DB8_0000_0000L | (i * 37L & 63) << 8, 0, 56));
        }
        for (int peer = 1; peer <= PEERS; peer++) {
            RouteSource source = new RouteSource(
                    IpAddresses.ofBits(0xC0A8_0000 | peer),
                    peer % 3 == 0 ? PeerType.INTERNAL : PeerType.EXTERNAL,
                    Asn.of(peer % 3 == 0 ? 65000 : 65000 + peer),
                    new RouterId(peer),
                    100,
                    peer < 3 ? "circuit" : "");
            sources.add(source);
            assertThat(tables.addPeer(source, RoutePolicy.ACCEPT_ALL)).isEqualTo(peer);
        }
        for (PeerType type : PeerType.values()) {
            for (RoutePolicy policy : List.of(RoutePolicy.ACCEPT_ALL, policy(false), policy(true))) {
                groups.add(options(type, policy));
            }
        }
        for (int i = 0; i < 6; i++) {
            join(random);
        }
    }

    private ExportOptions options(PeerType type, RoutePolicy policy) {
        return new ExportOptions(
                type,
                Asn.of(65000),
                RouterId.of("10.0.0.1"),
                Optional.of(NextHop.of(IpAddresses.parse("10.255.0.1"))),
                Optional.of(NextHop.of(IpAddresses.parse("2001:db8:ffff::1"))),
                false,
                Optional.empty(),
                false,
                type == PeerType.EXTERNAL ? "circuit" : "",
                PeerRouting.DEFAULT,
                false,
                policy,
                Set.of(V4, V6),
                paths);
    }

    private static RoutePolicy policy(boolean dependsOnPrefix) {
        return new RoutePolicy() {
            @Override
            public PolicyVerdict evaluate(Route route) {
                if (dependsOnPrefix && (route.prefix().low() >> 16 & 1) == 1
                        || route.attributes().asPath().length() > 2) {
                    return PolicyVerdict.reject("not for you");
                }
                return new PolicyVerdict.AcceptModified(route.attributes().toBuilder()
                        .communities(List.of(
                                Community.of(65000, route.source().routerId().bits())))
                        .build());
            }

            @Override
            public boolean dependsOnPrefix() {
                return dependsOnPrefix;
            }
        };
    }

    private void join(Random random) {
        int peer = 1 + random.nextInt(PEERS);
        int limit = paths.isEmpty() && random.nextInt(3) == 0 ? 5 + random.nextInt(20) : 0;
        MemberLimits limits = new MemberLimits(Map.of(V4, limit, V6, limit), 80);
        AdjRibOut group = tables.adjRibOut(groups.get(random.nextInt(groups.size())));
        receivers.add(new Receiver(group.join(peer, limits), limit));
    }

    private void operate(Random random) {
        AddressFamily family = random.nextBoolean() ? V4 : V6;
        int peer = random.nextInt(PEERS + 1);
        Receiver receiver = receivers.get(random.nextInt(receivers.size()));
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4, 5 -> tables.announce(peer, attributes(random, family, peer), some(random, family));
            case 6, 7, 8 -> tables.withdraw(peer, some(random, family));
            case 9, 10, 11, 12 -> takeOne(receiver, random);
            case 13 -> rarely(random);
            case 14 -> {
                if (random.nextInt(4) == 0) {
                    receiver.member.refresh(family, random.nextBoolean());
                }
            }
            default -> {
                if (paths.isEmpty() && random.nextInt(10) == 0) {
                    receiver.limit = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(30);
                    receiver.member.setLimit(V4, receiver.limit);
                    receiver.member.setLimit(V6, receiver.limit);
                }
            }
        }
    }

    private void rarely(Random random) {
        Receiver receiver = receivers.get(random.nextInt(receivers.size()));
        switch (random.nextInt(12)) {
            case 0 -> tables.clear(random.nextInt(PEERS + 1));
            case 1 -> {
                if (receivers.size() < 12) {
                    join(random);
                }
            }
            case 2 -> {
                if (receivers.size() > 2) {
                    receiver.member.leave();
                    assertThat(receiver.member.hasPending()).isFalse();
                    receivers.remove(receiver);
                }
            }
            case 3, 4 -> {
                AdjRibOut other = tables.adjRibOut(groups.get(random.nextInt(groups.size())));
                receiver.member = receiver.member.moveTo(
                        other, new MemberLimits(Map.of(V4, receiver.limit, V6, receiver.limit), 80));
            }
            case 5 -> {
                int peer = 1 + random.nextInt(PEERS);
                RouteSource old = sources.get(peer);
                RouteSource changed = new RouteSource(
                        old.peer(),
                        old.type(),
                        old.remoteAs(),
                        old.routerId(),
                        90 + random.nextInt(20),
                        old.circuitGroup());
                tables.replaceSource(peer, changed);
                sources.set(peer, changed);
            }
            default -> {}
        }
    }

    private static PathAttributes attributes(Random random, AddressFamily family, int peer) {
        PathAttributes.Builder builder = PathAttributes.builder();
        boolean shared = random.nextInt(3) == 0; // so that routes of two peers can look the same
        if (peer != RoutingTables.LOCAL) {
            builder.asPath(shared ? 65009 : 65000 + peer, 65010 + random.nextInt(2));
            builder.nextHop(IpAddresses.parse(family.equals(V4) ? "10.9.0.1" : "2001:db8:9::1"));
        }
        if (random.nextInt(12) == 0) {
            builder.communities(List.of(random.nextBoolean() ? Community.NO_EXPORT : Community.NO_ADVERTISE));
        }
        return builder.build();
    }

    private PackedPrefixes some(Random random, AddressFamily family) {
        List<Prefix> chosen = new ArrayList<>();
        int share = 1 + random.nextInt(20);
        for (Prefix prefix : prefixes) {
            if (prefix.family().equals(family) && random.nextInt(share) == 0) {
                chosen.add(prefix);
            }
        }
        return PackedPrefixes.of(family, chosen);
    }

    private static void takeOne(Receiver receiver, Random random) {
        RouteBatch batch = receiver.member.next(1 + random.nextInt(20));
        if (batch != null) {
            receiver.take(batch);
        }
    }

    private static void drain(Receiver receiver, Random random) {
        for (int i = 0; receiver.member.hasPending(); i++) {
            assertThat(i).as("batches until nothing is pending").isLessThan(2_000);
            takeOne(receiver, random);
        }
    }

    private void check(Receiver receiver) {
        ExportOptions options = receiver.member.group().options();
        ExportRules rules = new ExportRules(options, true);
        Map<Path, PathAttributes> expected = new HashMap<>();
        for (Prefix prefix : prefixes) {
            List<Route> best = best(prefix, paths.getOrDefault(prefix.family(), 1));
            for (int rank = 0; rank < best.size(); rank++) {
                Path path = new Path(prefix, paths.isEmpty() ? 0 : rank + 1);
                Optional.of(best.get(rank))
                        .filter(route -> !route.source().equals(sources.get(receiver.member.peer())))
                        .flatMap(route -> rules.export(route, false))
                        .ifPresent(attributes -> expected.put(path, attributes));
            }
        }
        for (AddressFamily family : List.of(V4, V6)) {
            long wanted = expected.keySet().stream()
                    .filter(path -> path.prefix().family().equals(family))
                    .count();
            long fits = receiver.limit == 0 ? wanted : Math.min(wanted, receiver.limit);
            assertThat(receiver.held(family)).isEqualTo(fits);
            assertThat(receiver.member.advertised(family)).isEqualTo((int) fits);
            assertThat(receiver.member.withheld(family)).isEqualTo((int) (wanted - fits));
            assertThat(receiver.member.withheldPrefixes(family, 1_000))
                    .isSorted()
                    .allMatch(prefix -> expected.containsKey(new Path(prefix, 0))
                            && !receiver.routes.containsKey(new Path(prefix, 0)))
                    .hasSize((int) (wanted - fits));
            assertThat(receiver.endOfRib.get(family)).isEqualTo(1);
            assertThat(receiver.refreshing).isEmpty();
            assertThat(receiver.member.advertised(family, 0, 1_000).rows()).hasSize((int) fits);
        }
        receiver.routes.forEach((path, attributes) -> assertThat(attributes).isEqualTo(expected.get(path)));
    }

    /** {@return the best routes of a prefix, as the Decision Process would choose them one after the other} */
    private List<Route> best(Prefix prefix, int count) {
        List<Route> left = new ArrayList<>(tables.explain(prefix).routes().stream()
                .flatMap(row -> row.accepted().stream())
                .toList());
        List<Route> best = new ArrayList<>();
        while (best.size() < count && !left.isEmpty()) {
            Route next = new DecisionProcess(DecisionOptions.DEFAULT)
                    .select(left)
                    .best()
                    .orElseThrow();
            best.add(next);
            left.remove(next);
        }
        return best;
    }
}
