package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 4271, 9.1: thousands of route sets against a sorter that looks at all routes at once. */
@Execution(ExecutionMode.CONCURRENT)
class RandomDecisionTest {

    private static final int SETS = 10_000;
    private static final long SEED = Long.getLong("popbgp.seed", 20261123L);
    private static final List<Who> PARTS = List.of(Who.E, Who.E2, Who.E3, Who.I, Who.I2);

    private record Path(Who who, long as, int localPref, int length, int origin, int med) {

        boolean isExternal() {
            return as != DaemonUnderTest.AS;
        }

        /** The AS in front: an internal route's comes from the neighbour of whoever sent it. */
        long neighbour() {
            return isExternal() ? as : 65001;
        }

        byte[] announce(Site site, String prefix) {
            long[] asNumbers = new long[length];
            java.util.Arrays.fill(asNumbers, 65050);
            asNumbers[0] = neighbour();
            Attributes attributes = Attributes.none()
                    .origin(origin)
                    .path(asNumbers)
                    .nextHop(site.address(who))
                    .med(med);
            if (!isExternal()) {
                attributes.localPref(localPref);
            }
            return attributes.communities("1:" + who.host()).announce(prefix);
        }
    }

    @Test
    @Row("DEC-19")
    void ten_thousand_random_route_sets_have_the_reference_s_winner() throws Exception {
        System.out.println("DEC-19: seed " + SEED + ", another with -Dpopbgp.seed=N");
        Random random = new Random(SEED);
        Site site = DaemonUnderTest.shared().site().peer(Who.O);
        Map<Who, Long> numbers = new EnumMap<>(Map.of(
                Who.E, 65001L, Who.E2, 65001L, Who.E3, 65003L, Who.I, DaemonUnderTest.AS, Who.I2, DaemonUnderTest.AS));
        numbers.forEach((who, as) -> site.peer(who, "remote-as: " + as));
        try (site) {
            site.start();
            TesterPeer o = site.up(Who.O);
            Map<Who, TesterPeer> peers = new EnumMap<>(Who.class);
            for (Map.Entry<Who, Long> each : numbers.entrySet()) {
                peers.put(
                        each.getKey(),
                        site.up(
                                each.getKey(),
                                Open.of(each.getValue(), each.getKey().identifier())));
            }
            Map<String, Map<Who, Path>> model = new LinkedHashMap<>();
            for (int set = 0; set < SETS; set++) {
                String prefix = site.prefix(0).replace("0.0/24", (set >>> 8) + "." + (set & 0xFF) + "/32");
                Map<Who, Path> paths = new EnumMap<>(Who.class);
                for (int change = 0; change < 8; change++) {
                    Who who = PARTS.get(random.nextInt(PARTS.size()));
                    TesterPeer peer = java.util.Objects.requireNonNull(peers.get(who));
                    if (random.nextInt(4) == 0 && paths.remove(who) != null) {
                        peer.send(Messages.withdraw(prefix));
                    } else {
                        Path path = path(who, java.util.Objects.requireNonNull(numbers.get(who)), random);
                        paths.put(who, path);
                        peer.send(path.announce(site, prefix));
                    }
                }
                model.put(prefix, paths);
            }
            String last = site.prefix(200);
            for (Who who : PARTS) {
                TesterPeer peer = java.util.Objects.requireNonNull(peers.get(who));
                peer.send(path(who, java.util.Objects.requireNonNull(numbers.get(who)), random)
                        .announce(site, last));
                peer.send(Messages.withdraw(last));
                site.untilStatus(
                        who,
                        "all of " + who + " taken",
                        status -> status.at("/prefixes/ipv4-unicast/received").asInt() == count(model, who));
            }
            Awaitility.await("table like the reference's, seed " + SEED)
                    .atMost(TesterPeer.SOON)
                    .pollInterval(Duration.ofMillis(200))
                    .untilAsserted(
                            () -> assertThat(differences(model, o.routes())).isEmpty());
        }
    }

    private static Path path(Who who, long as, Random random) {
        return new Path(who, as, 100 + random.nextInt(2), 1 + random.nextInt(2), random.nextInt(2), random.nextInt(3));
    }

    private static int count(Map<String, Map<Who, Path>> model, Who who) {
        return (int)
                model.values().stream().filter(paths -> paths.containsKey(who)).count();
    }

    private static List<String> differences(Map<String, Map<Who, Path>> model, Map<String, Update> seen) {
        List<String> differences = new ArrayList<>();
        model.forEach((prefix, paths) -> {
            String expected = paths.isEmpty()
                    ? "none"
                    : "00010" + String.format("%03x", winner(paths).host());
            Update update = seen.get(prefix);
            String actual = update == null
                    ? "none"
                    : java.util.Objects.requireNonNull(update.attributes().get(8))
                            .hex();
            if (!expected.equals(actual)) {
                differences.add(prefix + ": expected " + expected + ", is " + actual + " of " + new TreeMap<>(paths));
            }
        });
        return differences;
    }

    /** The reference: RFC 4271, 9.1.2.2, on all routes at once. */
    private static Who winner(Map<Who, Path> paths) {
        List<Path> left = new ArrayList<>(paths.values());
        keepBest(left, Comparator.comparingInt(path -> path.isExternal() ? -100 : -path.localPref()));
        keepBest(left, Comparator.comparingInt(Path::length));
        keepBest(left, Comparator.comparingInt(Path::origin));
        List<Path> all = List.copyOf(left);
        left.removeIf(path ->
                all.stream().anyMatch(other -> other.neighbour() == path.neighbour() && other.med() < path.med()));
        keepBest(left, Comparator.comparing(path -> !path.isExternal()));
        keepBest(left, Comparator.comparingInt(path -> path.who().host()));
        return left.get(0).who();
    }

    private static void keepBest(List<Path> paths, Comparator<Path> order) {
        Path best = java.util.Collections.min(paths, order);
        paths.removeIf(path -> order.compare(path, best) > 0);
    }
}
