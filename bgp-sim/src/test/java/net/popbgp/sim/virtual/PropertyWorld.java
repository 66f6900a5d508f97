package net.popbgp.sim.virtual;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.popbgp.core.attribute.Origin;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.decision.Multipath;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.PolicyVerdict;
import net.popbgp.core.route.Route;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.session.RestartSettings;

/**
 * Two to five speakers, connected at random, to which a seed lets things happen: routes come and go, operators stop, start and reset peers
 * and change policies, connections are lost at any octet, links fail, delays change the order of events, and the machine pauses. By the
 * seed they send several paths, bridge restarts, share traffic among equal routes, and have circuit groups.
 *
 * <p>Confined to the thread that made it.
 */
final class PropertyWorld {

    static final List<Prefix> PREFIXES = List.of(
            Prefix.of("10.0.0.0/8"),
            Prefix.of("10.1.0.0/16"),
            Prefix.of("172.16.0.0/12"),
            Prefix.of("192.0.2.0/24"),
            Prefix.of("198.51.100.128/25"),
            Prefix.of("0.0.0.0/0"));

    private static final int[] AS_NUMBERS = {64501, 64502, 64503, 64504};
    private static final int TRACE = 60;
    private static final RestartSettings BRIDGED = new RestartSettings(true, Duration.ofMinutes(3), Map.of());

    /** Longer than a connection waits for an OPEN, 4 minutes (RFC 4271, 8.2.2). */
    private static final Duration OPEN_WAIT = Duration.ofMinutes(5);

    /** Two speakers that are peers. */
    record Edge(VirtualSpeaker a, VirtualSpeaker b) {
        @Override
        public String toString() {
            return a + "-" + b;
        }
    }

    /** Takes all but one prefix. */
    record AllBut(Prefix prefix) implements RoutePolicy {
        @Override
        public PolicyVerdict evaluate(Route route) {
            return route.prefix().equals(prefix) ? PolicyVerdict.reject("not " + prefix) : ACCEPT_ALL.evaluate(route);
        }
    }

    final VirtualTime time = new VirtualTime();
    final VirtualNetwork network;
    final List<VirtualSpeaker> speakers = new ArrayList<>();
    final List<Edge> edges = new ArrayList<>();

    private final Random random;
    private final Deque<String> trace = new ArrayDeque<>();

    PropertyWorld(long seed) {
        random = new Random(seed);
        network = new VirtualNetwork(time, seed);
        int count = 2 + random.nextInt(4);
        for (int i = 0; i < count; i++) {
            String address = "192.0.2." + (1 + i);
            VirtualSpeaker speaker = new VirtualSpeaker(
                    network,
                    address,
                    AS_NUMBERS[random.nextInt(AS_NUMBERS.length)],
                    RouterId.of(address),
                    (int) ((seed + i) % 4),
                    seed % 3 == 0 ? BRIDGED : RestartSettings.OFF);
            Multipath multipath = new Multipath(1 + i, Multipath.AsPathMatch.values()[(int) seed & 1]);
            speaker.ask(tables -> {
                tables.multipath(multipath);
                return true;
            });
            speakers.add(speaker);
        }
        for (int i = 1; i < count; i++) {
            int neighbour = random.nextInt(i);
            for (int j = 0; j < i; j++) {
                if (j == neighbour || random.nextInt(3) == 0) {
                    VirtualSpeaker.connect(speakers.get(i), speakers.get(j));
                    edges.add(new Edge(speakers.get(i), speakers.get(j)));
                }
            }
        }
        if (seed % 5 < 2) {
            speakers.stream()
                    .filter(each -> each.peersAmong(speakers).size() > 1)
                    .findFirst()
                    .ifPresent(each -> {
                        List<VirtualSpeaker> circuits = each.peersAmong(speakers);
                        each.group("circuits", circuits.get(0), circuits.get(1));
                        note(each + " has circuits " + circuits.subList(0, 2));
                    });
        }
        note(speakers.stream()
                        .map(each -> each + " AS " + each.as + " paths " + each.paths)
                        .toList() + " " + edges);
    }

    /** Lets so many things happen. */
    void play(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            time.advance(Duration.ofMillis(random.nextInt(4) == 0 ? random.nextInt(15_000) : random.nextInt(50)));
        }
    }

    private void step() {
        VirtualSpeaker speaker = speakers.get(random.nextInt(speakers.size()));
        Prefix prefix = PREFIXES.get(random.nextInt(PREFIXES.size()));
        Edge edge = edges.get(random.nextInt(edges.size()));
        VirtualSpeaker a = random.nextBoolean() ? edge.a() : edge.b();
        VirtualSpeaker b = a == edge.a() ? edge.b() : edge.a();
        switch (random.nextInt(16)) {
            case 0, 1, 2, 3, 4 -> {
                note(speaker + " announces " + prefix);
                speaker.announce(prefix, this::attributes);
            }
            case 5, 6 -> {
                note(speaker + " withdraws " + prefix);
                speaker.withdraw(prefix);
            }
            case 7 -> {
                note("connections of " + edge + " are lost");
                network.resetConnections(a.address, b.address);
            }
            case 8 -> {
                boolean up = random.nextBoolean();
                note("link " + edge + (up ? " up" : " down"));
                network.setLink(a.address, b.address, up);
            }
            case 9 -> {
                note(a + " stops " + b);
                a.peer(b).stop(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN));
            }
            case 10 -> {
                note(a + " starts " + b);
                time.execute(a.peer(b)::start);
            }
            case 11 -> {
                note(a + " resets " + b);
                a.peer(b).reset(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_RESET));
            }
            case 12 -> {
                double probability = random.nextInt(3) * 0.02;
                note("a segment in a hundred is a reset: " + 100 * probability);
                network.setResetProbability(probability);
            }
            case 13 -> {
                int most = 1 + random.nextInt(400);
                note("delay up to " + most + " ms");
                network.setDelay(Duration.ofMillis(1), Duration.ofMillis(most));
            }
            case 14 -> {
                RoutePolicy in = random.nextBoolean() ? RoutePolicy.ACCEPT_ALL : new AllBut(prefix);
                RoutePolicy out = random.nextBoolean() ? RoutePolicy.ACCEPT_ALL : new AllBut(prefix);
                note(a + " has policies " + in + ", " + out + " for " + b);
                a.reconfigure(b, in, out);
            }
            default -> {
                Duration pause = Duration.ofMillis(random.nextInt(30_000));
                note("the machine pauses for " + pause);
                time.leap(pause);
            }
        }
    }

    private PathAttributes.Builder attributes(PathAttributes.Builder builder) {
        builder.origin(Origin.values()[random.nextInt(3)]);
        if (random.nextBoolean()) {
            builder.multiExitDisc(random.nextInt(3));
        }
        return switch (random.nextInt(3)) {
            case 0 -> builder.asPath(64900);
            case 1 -> builder.asPath(64900, 64901);
            default -> builder;
        };
    }

    /** Ends all faults, and lets everything come to rest. {@return whether every session is up within ten minutes} */
    boolean quiesce() {
        network.setResetProbability(0);
        network.setDelay(Duration.ofMillis(1), Duration.ofMillis(5));
        for (Edge edge : edges) {
            network.setLink(edge.a().address, edge.b().address, true);
            time.execute(edge.a().peer(edge.b())::start);
            time.execute(edge.b().peer(edge.a())::start);
        }
        note("all faults end");
        boolean up = time.advanceUntil(() -> speakers.stream().allMatch(VirtualSpeaker::isUp), Duration.ofMinutes(10));
        time.advance(OPEN_WAIT); // a second connection on which nothing comes waits that long
        return up;
    }

    private void note(String what) {
        trace.addLast(time.elapsed().toMillis() + " ms: " + what);
        if (trace.size() > TRACE) {
            trace.removeFirst();
        }
    }

    /** {@return the last of what happened} */
    String trace() {
        return String.join("\n", trace);
    }
}
