package net.popbgp.sim.virtual;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.rib.AdjRibOut;
import net.popbgp.core.rib.RibPage;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.PeerType;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.engine.RibPeer;
import org.junit.jupiter.api.Test;

/**
 * Whatever happened: once it is over, every speaker's Loc-RIB is what a naive Decision Process makes of what its neighbours advertise, both
 * ends of each session agree on that, there is one connection per session, and stopped peers leave no timer behind.
 */
class SpeakerPropertyTest {

    private static final int SEEDS = Integer.getInteger("popbgp.seeds", 1000);
    private static final long FIRST = 20261123L;
    private static final int STEPS = 40;
    private static final Duration LONGEST_TIMER = Duration.ofMinutes(10);

    @Test
    void after_any_history_the_tables_are_what_the_neighbours_advertise() {
        Long one = Long.getLong("popbgp.seed");
        List<Long> seeds = new ArrayList<>();
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            seeds.add(seed);
        }
        for (long seed : one == null ? seeds : List.of(one)) {
            PropertyWorld world = new PropertyWorld(seed);
            try {
                check(world);
            } catch (AssertionError | RuntimeException e) {
                throw new AssertionError(
                        "seed " + seed + ", again with: mvn -pl bgp-sim -am test -Dtest=SpeakerPropertyTest "
                                + "-Dsurefire.failIfNoSpecifiedTests=false -Dpopbgp.seed=" + seed + "\n"
                                + world.trace(),
                        e);
            }
        }
        System.out.println(
                "SpeakerPropertyTest: " + (one == null ? SEEDS : 1) + " seeds from " + (one == null ? FIRST : one));
    }

    private static void check(PropertyWorld world) {
        world.play(STEPS);
        assertThat(world.quiesce()).as("all sessions up").isTrue();
        for (VirtualSpeaker speaker : world.speakers) {
            assertThat(speaker.bugs).as("bugs of %s", speaker).isEmpty();
            for (Prefix prefix : PropertyWorld.PREFIXES) {
                checkDecision(speaker, prefix);
            }
            for (VirtualSpeaker peer : speaker.peersAmong(world.speakers)) {
                assertThat(speaker.engine.staleRoutes(peer.address.getHostAddress()))
                        .as("stale routes of %s at %s", peer, speaker)
                        .isEmpty();
            }
        }
        for (PropertyWorld.Edge edge : world.edges) {
            assertThat(world.network.openEnds(edge.a().address, edge.b().address))
                    .as("open ends of %s", edge)
                    .isEqualTo(2);
            checkAdvertised(edge.a(), edge.b());
            checkAdvertised(edge.b(), edge.a());
        }
        checkEnd(world);
    }

    private static void checkDecision(VirtualSpeaker speaker, Prefix prefix) {
        List<RibPage.Row> rows = speaker.ask(tables -> tables.explain(prefix).routes());
        List<Route> candidates =
                rows.stream().flatMap(row -> row.accepted().stream()).toList();
        assertThat(candidates)
                .as("metrics of %s at %s, also of circuits that have come back", prefix, speaker)
                .allMatch(route -> route.source().isLocal() || route.source().metric() == 100);
        assertThat(speaker.best(prefix))
                .as("%s's route to %s of %s", speaker, prefix, rows)
                .isEqualTo(NaiveModel.best(candidates));
        Multipath options = speaker.ask(RoutingTables::multipath);
        List<Route> expected = NaiveModel.multipath(candidates, options);
        List<Route> used = speaker.ask(tables -> tables.multipath(prefix));
        assertThat(used)
                .as("%s's routes in use to %s of %s", speaker, prefix, rows)
                .isEqualTo(expected);
        assertThat(speaker.inUse.getOrDefault(prefix, List.of()))
                .as("what %s was told of %s", speaker, prefix)
                .extracting(Route::attributes)
                .isEqualTo(expected.stream().map(Route::attributes).toList());
    }

    /** A path that one sends the other; the identifier is 0 where none is sent. */
    private record Sent(Prefix prefix, long id) {}

    /** What one advertises is what the other holds, and is what it should advertise. */
    private static void checkAdvertised(VirtualSpeaker from, VirtualSpeaker to) {
        Map<Sent, String> advertised = new HashMap<>();
        Map<Sent, String> usable = new HashMap<>();
        for (AdjRibOut.AdvertisedPage.Row row : adjRibOut(from, to)) {
            Sent path = new Sent(row.prefix(), row.pathId());
            advertised.put(path, NaiveModel.agreed(row.attributes()));
            if (row.attributes().asPath().count(Asn.of(to.as)) == 0) { // RFC 4271, 9.1.2
                usable.put(path, NaiveModel.agreed(row.attributes()));
            }
        }
        Map<Sent, String> held = new HashMap<>();
        Set<Sent> wanted = new HashSet<>();
        for (Prefix prefix : PropertyWorld.PREFIXES) {
            to.ask(tables -> tables.explain(prefix).routes()).stream()
                    .filter(row -> row.route().source().peer().equals(from.address))
                    .forEach(row -> held.put(
                            new Sent(prefix, row.pathId().orElse(0)),
                            NaiveModel.agreed(row.route().attributes())));
            wanted.addAll(wanted(from, to, prefix));
        }
        assertThat(held).as("what %s holds of %s", to, from).isEqualTo(usable);
        assertThat(advertised.keySet()).as("what %s advertises to %s", from, to).isEqualTo(wanted);
    }

    /** {@return the paths that the one should send: its best ones without those that the other may not have} */
    private static Set<Sent> wanted(VirtualSpeaker from, VirtualSpeaker to, Prefix prefix) {
        boolean identifiers = from.paths > 0 && to.paths > 0;
        List<Route> left =
                new ArrayList<>(from.ask(tables -> tables.explain(prefix).routes()).stream()
                        .flatMap(row -> row.accepted().stream())
                        .toList());
        Set<Sent> wanted = new HashSet<>();
        for (int rank = 1; rank <= (identifiers ? from.paths : 1) && !left.isEmpty(); rank++) {
            Route next = NaiveModel.best(left).orElseThrow();
            left.remove(next);
            if (mayHave(from, to, next)) {
                wanted.add(new Sent(prefix, identifiers ? rank : 0));
            }
        }
        return wanted;
    }

    private static List<AdjRibOut.AdvertisedPage.Row> adjRibOut(VirtualSpeaker from, VirtualSpeaker to) {
        return from.ask(tables -> from.engine
                .peer(to.address.getHostAddress())
                .flatMap(RibPeer::member)
                .map(member ->
                        member.advertised(AddressFamily.IPV4_UNICAST, 0, 1000).rows())
                .orElse(List.of()));
    }

    private static boolean mayHave(VirtualSpeaker from, VirtualSpeaker to, Route route) {
        boolean learnedInside = !route.source().isLocal() && route.source().type() == PeerType.INTERNAL;
        return !route.source().peer().equals(to.address)
                && !(learnedInside && from.as == to.as)
                && !from.isSameCircuit(route.source().peer(), to.address)
                && !(from.peer(to).settings().exportPolicy().evaluate(route) instanceof PolicyVerdict.Reject);
    }

    /** Stopped peers have nothing left: no connection, no route, no timer. */
    private static void checkEnd(PropertyWorld world) {
        NotificationMessage cease = NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN);
        for (PropertyWorld.Edge edge : world.edges) {
            edge.a().peer(edge.b()).stop(cease);
            edge.b().peer(edge.a()).stop(cease);
        }
        world.time.advance(Duration.ofMinutes(1));
        for (PropertyWorld.Edge edge : world.edges) {
            assertThat(world.network.openEnds(edge.a().address, edge.b().address))
                    .isZero();
            assertThat(adjRibOut(edge.a(), edge.b())).isEmpty();
        }
        for (VirtualSpeaker speaker : world.speakers) {
            for (Prefix prefix : PropertyWorld.PREFIXES) {
                assertThat(speaker.best(prefix).map(Route::source))
                        .as("%s's route to %s", speaker, prefix)
                        .matches(source -> source.isEmpty() || source.get().isLocal());
            }
            assertThat(speaker.bugs).isEmpty();
        }
        // A timer that was stopped stays scheduled until its old deadline; one that is still there after all of these
        // runs for ever.
        world.time.advance(LONGEST_TIMER);
        assertThat(world.time.hasTimers()).as("timers of stopped peers").isFalse();
    }
}
