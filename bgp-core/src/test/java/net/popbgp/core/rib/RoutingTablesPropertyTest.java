package net.popbgp.core.rib;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import net.popbgp.core.attribute.Community;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.decision.DecisionProcess;
import net.popbgp.core.decision.DecisionStep;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.decision.NextHopTable;
import net.popbgp.core.decision.Selection;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.PackedPrefixes;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tables against a naive model: maps of routes and the readable Decision Process. */
class RoutingTablesPropertyTest {

    private static final Community[] SOME_OF_LLGR = {Community.LLGR_STALE, Community.NO_LLGR};
    private static final int PEERS = 6;

    private static final int MAX_PEERS = 64;

    private static final int[] PATH_IDS = {0, 1, 7, -1};

    /** A path; peers with odd numbers tell several of a prefix apart, the others have 0 only. */
    private record Path(Prefix prefix, int pathId) {}

    private final List<Map<Path, PathAttributes>> received = new ArrayList<>();
    private final List<Set<Path>> stale = new ArrayList<>();
    private final Map<Integer, RouteSource> sources = new TreeMap<>();
    private final RoutePolicy[] policies = new RoutePolicy[MAX_PEERS];
    private final List<Prefix> prefixes = new ArrayList<>();
    private Multipath multipath = Multipath.OFF;
    private final Map<Prefix, List<Route>> inUse = new HashMap<>(); // as told by the changes
    private RoutingTables tables = new RoutingTables(options(true));
    private NextHopTable nextHops = NextHopTable.EMPTY;
    private DecisionProcess process = new DecisionProcess(DecisionOptions.DEFAULT);

    private static RibOptions options(boolean honourDrain) {
        return new RibOptions(Asn.of(65000), RouterId.of("10.0.0.1"), new DecisionOptions(honourDrain, 4));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})
    void tables_agree_with_the_naive_model_after_every_operation(int variant) {
        long seed = 20261123L + variant;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        if (variant % 4 == 3) {
            tables = new RoutingTables(options(false));
            process = new DecisionProcess(new DecisionOptions(false, 4));
        }
        for (int i = 0; i < 12; i++) {
            prefixes.add(Prefix.of(IpAddresses.ofBits(0x0A00_0000 | i << 16), 16 + i % 3));
            prefixes.add(Prefix.masked(AddressFamily.IPV6_UNICAST, 0x2001_0DB8_0000_0000L | (long) i << 8, 0, 56 + i));
        }
        for (int peer = 0; peer < MAX_PEERS; peer++) {
            received.add(new HashMap<>());
            stale.add(new HashSet<>());
        }
        sources.put(RoutingTables.LOCAL, RouteSource.LOCAL);
        policies[RoutingTables.LOCAL] = RoutePolicy.ACCEPT_ALL;
        tables.recordChanges(true);
        Map<Prefix, Route> followed = new HashMap<>();

        for (int step = 0; step < 1_500; step++) {
            operate(random, variant);
            for (RibChange change : tables.takeChanges()) {
                assertThat(Optional.ofNullable(followed.get(change.prefix())).map(Route::attributes))
                        .isEqualTo(change.previous().map(Route::attributes));
                inUse.put(change.prefix(), change.multipath());
                change.current()
                        .ifPresentOrElse(
                                route -> followed.put(change.prefix(), route), () -> followed.remove(change.prefix()));
            }
            if (step % 4 == 0) {
                check(followed);
            }
        }
        for (int peer : List.copyOf(sources.keySet())) {
            tables.clear(peer);
        }
        assertThat(tables.attributeSets()).isZero();
        assertThat(tables.size(AddressFamily.IPV4_UNICAST)).isZero();
    }

    private void operate(Random random, int variant) {
        int what = random.nextInt(100);
        if (sources.size() <= PEERS && what < 20 || sources.size() < 3) {
            addPeer(random);
            return;
        }
        List<Integer> all = List.copyOf(sources.keySet());
        int peer = all.get(random.nextInt(all.size()));
        List<Path> some = new ArrayList<>();
        AddressFamily family = random.nextBoolean() ? AddressFamily.IPV4_UNICAST : AddressFamily.IPV6_UNICAST;
        for (Prefix prefix : prefixes) {
            while (prefix.family().equals(family) && random.nextInt(4) == 0) {
                some.add(new Path(prefix, hasPathIds(peer) ? PATH_IDS[random.nextInt(PATH_IDS.length)] : 0));
            }
        }
        if (what < 64) {
            PathAttributes attributes = attributes(random, variant);
            tables.announce(peer, attributes, packed(peer, family, some));
            some.forEach(path -> received.get(peer).put(path, attributes));
            some.forEach(stale.get(peer)::remove);
        } else if (what < 65) {
            keepAsLastResort(peer, family);
        } else if (what < 67) {
            tables.markStale(peer, family);
            received.get(peer).keySet().stream()
                    .filter(path -> path.prefix().family().equals(family))
                    .forEach(stale.get(peer)::add);
        } else if (what < 70) {
            List<Path> left = stale.get(peer).stream()
                    .filter(path -> path.prefix().family().equals(family))
                    .toList();
            assertThat(tables.sweepStale(peer, family)).isEqualTo(left.size());
            left.forEach(received.get(peer)::remove);
            left.forEach(stale.get(peer)::remove);
        } else if (what < 88) {
            tables.withdraw(peer, packed(peer, family, some));
            some.forEach(received.get(peer)::remove);
            some.forEach(stale.get(peer)::remove);
        } else if (what == 89) {
            multipath = new Multipath(1 + random.nextInt(5), Multipath.AsPathMatch.values()[random.nextInt(2)]);
            tables.multipath(multipath);
        } else if (what == 90) {
            nextHops = nextHops(random);
            tables.nextHops(nextHops);
            process = new DecisionProcess(tables.options().decision(), nextHops);
        } else if (what < 91) {
            tables.clear(peer, family);
            received.get(peer).keySet().removeIf(path -> path.prefix().family().equals(family));
            stale.get(peer).removeIf(path -> path.prefix().family().equals(family));
        } else if (peer == RoutingTables.LOCAL) {
            return;
        } else if (what < 94) {
            RouteSource source = source(random, peer);
            tables.replaceSource(peer, source);
            sources.put(peer, source);
        } else if (what < 97) {
            RoutePolicy policy = policy(random);
            tables.replaceImportPolicy(peer, policy);
            policies[peer] = policy;
        } else {
            tables.removePeer(peer);
            received.get(peer).clear();
            stale.get(peer).clear();
            sources.remove(peer);
        }
    }

    private static NextHopTable nextHops(Random random) {
        NextHopTable table = NextHopTable.EMPTY;
        for (int address = 1; address <= 2; address++) {
            if (random.nextInt(3) > 0) {
                table = table.with(Prefix.of(IpAddresses.ofBits(address), 32), random.nextInt(4) - 1);
            }
        }
        return table;
    }

    private void keepAsLastResort(int peer, AddressFamily family) {
        tables.keepAsLastResort(peer, family);
        for (Path path : List.copyOf(stale.get(peer))) {
            if (path.prefix().family().equals(family)) {
                PathAttributes attributes =
                        Optional.ofNullable(received.get(peer).get(path)).orElseThrow();
                if (attributes.hasCommunity(Community.NO_LLGR)) {
                    received.get(peer).remove(path);
                    stale.get(peer).remove(path);
                } else {
                    received.get(peer).put(path, attributes.withCommunity(Community.LLGR_STALE));
                }
            }
        }
    }

    private static boolean hasPathIds(int peer) {
        return peer % 2 == 1;
    }

    private static PackedPrefixes packed(int peer, AddressFamily family, List<Path> paths) {
        PackedPrefixes.Builder builder = PackedPrefixes.builder(family, paths.size());
        for (Path path : paths) {
            Prefix prefix = path.prefix();
            if (hasPathIds(peer)) {
                builder.add(prefix.high(), prefix.low(), prefix.length(), path.pathId());
            } else {
                builder.add(prefix);
            }
        }
        return builder.build();
    }

    private List<PathAttributes> ofPrefix(int peer, Prefix prefix) {
        return Arrays.stream(PATH_IDS)
                .mapToObj(pathId -> received.get(peer).get(new Path(prefix, pathId)))
                .filter(Objects::nonNull)
                .toList();
    }

    private void addPeer(Random random) {
        RoutePolicy policy = policy(random);
        RouteSource source = source(random, PEERS * 2 + random.nextInt(1000));
        int peer = tables.addPeer(source, policy);
        source = source(random, peer);
        tables.replaceSource(peer, source);
        sources.put(peer, source);
        policies[peer] = policy;
    }

    private static RouteSource source(Random random, int peer) {
        boolean external = random.nextInt(3) > 0;
        return new RouteSource(
                IpAddresses.ofBits(0xC0A8_0000 | peer * 37 % 251 << 8 | peer),
                external ? PeerType.EXTERNAL : PeerType.INTERNAL,
                Asn.of(external ? 65001 + random.nextInt(2) : 65000),
                new RouterId(1 + random.nextInt(3)),
                90 + 10 * random.nextInt(2),
                "");
    }

    private static PathAttributes attributes(Random random, int variant) {
        long[] path = new long[random.nextInt(4)];
        for (int i = 0; i < path.length; i++) {
            path[i] = 65001L + random.nextInt(2);
        }
        if (variant % 3 > 0 && random.nextInt(10) == 0) {
            path = new long[] {65001, 65001, 65001, 65001, 65001, 65001};
        }
        PathAttributes.Builder builder = PathAttributes.builder()
                .asPath(path)
                .origin(Origin.values()[random.nextInt(2)])
                .nextHop(IpAddresses.ofBits(random.nextInt(2) + 1));
        if (variant % 2 == 0 && random.nextInt(3) == 0) {
            builder.multiExitDisc(random.nextInt(3));
        }
        if (random.nextInt(4) == 0) {
            builder.localPref(random.nextBoolean() ? 200 : 0xFFFF_FFFFL);
        }
        if (variant % 3 > 0 && random.nextInt(8) == 0) {
            builder.communities(
                    List.of(random.nextBoolean() ? Community.GRACEFUL_SHUTDOWN : SOME_OF_LLGR[random.nextInt(2)]));
        }
        if (random.nextInt(5) == 0) {
            builder.originatorId(new RouterId(random.nextInt(4)));
            builder.clusterList(random.nextBoolean() ? List.of() : List.of(new RouterId(7)));
        }
        return builder.build();
    }

    private static RoutePolicy policy(Random random) {
        boolean dependsOnPrefix = random.nextBoolean();
        long refused = random.nextInt(4);
        return switch (random.nextInt(3)) {
            case 0 -> RoutePolicy.ACCEPT_ALL;
            case 1 -> RoutePolicy.REJECT_ALL;
            default ->
                new RoutePolicy() {
                    @Override
                    public PolicyVerdict evaluate(Route route) {
                        if (route.attributes().asPath().length() == refused
                                || dependsOnPrefix && route.prefix().length() % 2 == 0) {
                            return PolicyVerdict.reject("odd");
                        }
                        return route.attributes().origin() == Origin.EGP
                                ? new PolicyVerdict.AcceptModified(route.attributes().toBuilder()
                                        .localPref(150)
                                        .build())
                                : PolicyVerdict.ACCEPT;
                    }

                    @Override
                    public boolean dependsOnPrefix() {
                        return dependsOnPrefix;
                    }
                };
        };
    }

    private void check(Map<Prefix, Route> followed) {
        Map<Integer, Integer> best = new HashMap<>();
        Map<Integer, Integer> accepted = new HashMap<>();
        Map<List<Integer>, Integer> backedUp = new HashMap<>();
        for (Prefix prefix : prefixes) {
            List<Route> candidates = new ArrayList<>();
            List<Integer> from = new ArrayList<>();
            sources.forEach((peer, source) -> {
                for (PathAttributes attributes : ofPrefix(peer, prefix)) {
                    PathAttributes taken = PeerState.accepted(
                            policies[peer].evaluate(new Route(prefix, attributes, source)), attributes);
                    if (taken != null && nextHops.cost(taken) != NextHopTable.UNREACHABLE) {
                        candidates.add(new Route(prefix, taken, source));
                        from.add(peer);
                        accepted.merge(peer, 1, Integer::sum);
                    }
                }
            });
            Selection expected = process.select(candidates);
            assertThat(tables.best(prefix)).isEqualTo(expected.best());
            assertThat(tables.backup(prefix)).isEqualTo(expected.backup());
            assertThat(Optional.ofNullable(followed.get(prefix)).map(Route::attributes))
                    .isEqualTo(expected.best().map(Route::attributes));
            expected.best().ifPresent(route -> {
                int winner = from.get(candidates.indexOf(route));
                best.merge(winner, 1, Integer::sum);
                expected.backup()
                        .ifPresent(backup ->
                                backedUp.merge(List.of(winner, from.get(candidates.indexOf(backup))), 1, Integer::sum));
                // Paths of one peer that only their identifiers tell apart look the same to the model.
                DecisionStep step = tables.explain(prefix).step().orElseThrow();
                if (step == DecisionStep.PATH_ID) {
                    assertThat(Collections.frequency(from, winner)).isGreaterThan(1);
                } else {
                    assertThat(step).isEqualTo(expected.step());
                }
                shown(prefix, candidates, route);
            });
            List<Route> equal = equalRoutes(candidates);
            assertThat(tables.multipath(prefix)).isEqualTo(equal);
            assertThat(inUse.getOrDefault(prefix, List.of()).stream().map(Route::attributes))
                    .isEqualTo(equal.stream().map(Route::attributes).toList());
            assertThat(tables.explain(prefix).routes())
                    .hasSize(sources.keySet().stream()
                            .mapToInt(peer -> ofPrefix(peer, prefix).size())
                            .sum());
        }
        sources.keySet().forEach(peer -> {
            assertThat(count(peer, tables::best)).isEqualTo(best.getOrDefault(peer, 0));
            assertThat(count(peer, tables::accepted)).isEqualTo(accepted.getOrDefault(peer, 0));
            assertThat(count(peer, tables::received))
                    .isEqualTo(received.get(peer).size());
            assertThat(count(peer, tables::stale)).isEqualTo(stale.get(peer).size());
            for (int by : sources.keySet()) {
                assertThat(tables.backedUp(peer, by)).isEqualTo(backedUp.getOrDefault(List.of(peer, by), 0));
            }
        });
    }

    /** {@return the best route and those that only the steps after the interior cost tell from it, in the order of these; none if alone} */
    private List<Route> equalRoutes(List<Route> candidates) {
        List<Route> left = new ArrayList<>();
        List<Optional<DecisionStep>> eliminations = process.eliminations(candidates);
        for (int i = 0; i < candidates.size(); i++) {
            if (eliminations.get(i).isEmpty() || eliminations.get(i).get().compareTo(DecisionStep.INTERIOR_COST) > 0) {
                left.add(candidates.get(i));
            }
        }
        List<Route> ordered = new ArrayList<>();
        while (ordered.size() < multipath.paths() && !left.isEmpty()) {
            Route next = process.select(left).best().orElseThrow();
            left.remove(next);
            if (ordered.isEmpty() || isLike(ordered.get(0).attributes(), next.attributes())) {
                ordered.add(next);
            }
        }
        return ordered.size() < 2 ? List.of() : ordered;
    }

    private boolean isLike(PathAttributes best, PathAttributes other) {
        return best.multiExitDisc().orElse(0) == other.multiExitDisc().orElse(0)
                && (multipath.asPath() == Multipath.AsPathMatch.LENGTH
                        || best.asPath().equals(other.asPath()));
    }

    private void shown(Prefix prefix, List<Route> candidates, Route best) {
        List<RibPage.Row> rows = tables.explain(prefix).routes();
        assertThat(rows.stream().flatMap(row -> row.accepted().stream())).isEqualTo(candidates);
        assertThat(rows.stream()
                        .filter(row -> row.status() == RibPage.Status.BEST)
                        .flatMap(row -> row.accepted().stream()))
                .containsExactly(best);
        for (RibPage.Row row : rows) {
            assertThat(row.pathId().isPresent()).isEqualTo(hasPathIds(row.peer()));
        }
    }

    private static int count(int peer, java.util.function.ToIntBiFunction<Integer, AddressFamily> counter) {
        return counter.applyAsInt(peer, AddressFamily.IPV4_UNICAST)
                + counter.applyAsInt(peer, AddressFamily.IPV6_UNICAST);
    }

    @Test
    void an_unknown_peer_is_refused_by_its_number() {
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> tables.clear(17)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("17");
    }
}
