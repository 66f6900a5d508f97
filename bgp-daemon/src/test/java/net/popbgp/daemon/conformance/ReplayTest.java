package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Routes as the Internet has them, at the speed of the wire; what comes out is compared with a reference that is computed here. */
@Execution(ExecutionMode.CONCURRENT)
class ReplayTest {

    private static final String[] EVERYTHING = {
        "import-policy: accept-all",
        "export-policy: accept-all",
        "enforce-first-as: false",
        "families: [ipv4-unicast, ipv6-unicast]",
        "next-hops: {ipv6: \"2001:db8::ffff\"}"
    };
    private static final Duration LONG = Duration.ofMinutes(2);
    private static final List<Who> PEERS =
            List.of(Who.E, Who.E2, Who.E3, Who.E4, Who.E5, Who.E6, Who.E7, Who.E8, Who.E9, Who.E10);

    private static InputStream resource(String name) throws IOException {
        InputStream stored = Objects.requireNonNull(ReplayTest.class.getResourceAsStream("/replay/" + name), name);
        return new GZIPInputStream(stored);
    }

    private static String[] everything(String more) {
        String[] all = java.util.Arrays.copyOf(EVERYTHING, EVERYTHING.length + 1);
        all[EVERYTHING.length] = more;
        return all;
    }

    @Test
    @Row("ROB-01")
    void a_table_of_an_internet_is_taken_and_passed_on_whole() throws Exception {
        Map<String, List<String>> byOrigin = new LinkedHashMap<>();
        Map<String, String> expected = new HashMap<>();
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(resource("prefix-origin.tsv.gz"), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                String[] columns = line.split("\t");
                byOrigin.computeIfAbsent(columns[1], origin -> new ArrayList<>())
                        .add(columns[0]);
                expected.put(columns[0], "65000 64999 " + columns[1]);
            }
        }
        try (DaemonUnderTest daemon = DaemonUnderTest.with("");
                Site site = daemon.site()
                        .peer(Who.I, EVERYTHING)
                        .peer(Who.O, EVERYTHING)
                        .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer i = site.up(Who.I);

            for (Map.Entry<String, List<String>> origin : byOrigin.entrySet()) {
                byte[] attributes = Attributes.base("10.77.0.1", 64999, Long.parseLong(origin.getKey()))
                        .localPref(100)
                        .toArray();
                for (int from = 0; from < origin.getValue().size(); from += 700) {
                    List<String> some = origin.getValue()
                            .subList(
                                    from, Math.min(from + 700, origin.getValue().size()));
                    i.send(Messages.update(new byte[0], attributes, Messages.nlri(some.toArray(String[]::new))));
                }
            }

            o.await(() -> o.routeCount() == expected.size(), expected.size() + " routes", LONG);
            assertThat(daemon.get("/status").at("/loc-rib/ipv4-prefixes").asInt())
                    .isEqualTo(expected.size());
            assertThat(paths(o)).isEqualTo(expected);
            assertThat(i.isClosed()).isFalse();
            i.reset();
            o.await(() -> o.routeCount() == 0, "withdrawal of all", LONG);
        }
    }

    @Test
    @Row("ROB-02")
    void captured_updates_of_ten_peers_lead_to_the_table_of_the_reference() throws Exception {
        Map<Long, List<byte[]>> captured = captured();
        assertThat(captured).hasSize(PEERS.size());
        try (DaemonUnderTest daemon = DaemonUnderTest.with("honour-drain: false\n");
                Site site = daemon.site().peer(Who.O, EVERYTHING)) {
            Map<Long, Who> parts = new LinkedHashMap<>();
            for (long asn : captured.keySet()) {
                Who who = PEERS.get(parts.size());
                parts.put(asn, who);
                site.peer(who, everything("remote-as: " + asn));
            }
            site.start();
            TesterPeer o = site.up(Who.O, site.open(Who.O).family(2, 1));
            Map<Long, TesterPeer> sessions = new LinkedHashMap<>();
            for (Map.Entry<Long, Who> part : parts.entrySet()) {
                Who who = part.getValue();
                Open open = Open.of(part.getKey(), who.identifier()).family(2, 1);
                sessions.put(part.getKey(), site.up(who, open));
            }
            List<Candidate> reference = new ArrayList<>();
            for (Map.Entry<Long, List<byte[]>> each : captured.entrySet()) {
                sessions.get(each.getKey()).send(each.getValue().toArray(byte[][]::new));
                reference.addAll(
                        routesOf(each.getValue(), parts.get(each.getKey()).host()));
            }
            Map<String, Candidate> best = best(reference);
            Map<String, String> expected = new TreeMap<>();
            best.forEach((prefix, route) -> {
                if (route.goesOut()) {
                    expected.put(prefix, ("65000 " + route.update().path(4)).strip());
                }
            });
            assertThat(expected).hasSizeGreaterThan(1000);

            await("the table of the reference")
                    .atMost(LONG)
                    .pollInterval(Duration.ofMillis(250))
                    .untilAsserted(() -> assertThat(paths(o)).isEqualTo(expected));
            var locRib = daemon.get("/status").path("loc-rib");
            assertThat(locRib.path("ipv4-prefixes").asInt()
                            + locRib.path("ipv6-prefixes").asInt())
                    .isEqualTo(best.size());
            assertThat(sessions.values()).noneMatch(TesterPeer::isClosed);
        }
    }

    private static Map<String, String> paths(TesterPeer peer) {
        return peer.routes().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, each -> each.getValue().path(4)));
    }

    /** {@return the UPDATEs of the speakers that sent most, by their AS} */
    private static Map<Long, List<byte[]>> captured() throws IOException {
        Map<Long, List<byte[]>> updates = new TreeMap<>();
        for (String file : List.of("ris-rrc06-2015", "routeviews-jinx-2015", "routeviews-2016", "ris-2010-1610")) {
            for (Captured each : CapturesTest.mrt(file)) {
                if (each.isUpdate() && each.fourOctets()) {
                    updates.computeIfAbsent(each.as(), any -> new ArrayList<>()).add(each.message());
                }
            }
        }
        return updates.entrySet().stream()
                .sorted(Comparator.comparing(each -> -each.getValue().size()))
                .limit(PEERS.size())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, other) -> one, TreeMap::new));
    }

    // ---- the reference

    /** A route of one peer. */
    private record Candidate(String prefix, Update update, int peer) {

        /** RFC 1997: no well-known community keeps it from an external peer. */
        boolean goesOut() {
            Update.Attribute communities = update.attributes().get(8);
            return communities == null || !communities.hex().contains("ffffff0");
        }

        /** RFC 4271, 9.1.2.2 (a): a set counts as one. */
        int pathLength() {
            byte[] path = update.attributes().get(2).value();
            int length = 0;
            for (int at = 0; at < path.length; at += 2 + 4 * (path[at + 1] & 0xFF)) {
                length += path[at] == 1 ? 1 : path[at + 1] & 0xFF;
            }
            return length;
        }

        int origin() {
            return update.attributes().get(1).value()[0];
        }

        String neighbour() {
            return update.path(4).split(" ")[0];
        }

        long med() {
            Update.Attribute med = update.attributes().get(4);
            return med == null ? 0 : Long.parseLong(med.hex(), 16);
        }

        boolean loops() {
            return List.of(update.path(4).split("[ {},|]+")).contains(Long.toString(DaemonUnderTest.AS));
        }
    }

    /** {@return what is left of a peer's routes after its last UPDATE} */
    private static List<Candidate> routesOf(List<byte[]> updates, int peer) {
        Map<String, Candidate> routes = new HashMap<>();
        for (byte[] octets : updates) {
            Update update = Update.parse(new Received(0, Messages.UPDATE, octets), false);
            update.withdrawn().forEach(routes::remove);
            update.announced().forEach(prefix -> routes.put(prefix, new Candidate(prefix, update, peer)));
        }
        return routes.values().stream().filter(route -> !route.loops()).toList();
    }

    private static Map<String, Candidate> best(List<Candidate> routes) {
        Map<String, List<Candidate>> byPrefix = routes.stream().collect(Collectors.groupingBy(Candidate::prefix));
        Map<String, Candidate> best = new TreeMap<>();
        byPrefix.forEach((prefix, candidates) -> best.put(prefix, best(prefix, candidates)));
        return best;
    }

    /** RFC 4271, 9.1.2.2: (a) to (c), then (f), as all peers are external and all costs equal. */
    private static Candidate best(String prefix, List<Candidate> candidates) {
        int shortest = candidates.stream().mapToInt(Candidate::pathLength).min().orElseThrow();
        List<Candidate> left = candidates.stream()
                .filter(each -> each.pathLength() == shortest)
                .toList();
        int origin = left.stream().mapToInt(Candidate::origin).min().orElseThrow();
        List<Candidate> equal =
                left.stream().filter(each -> each.origin() == origin).toList();
        return equal.stream()
                .filter(each -> equal.stream()
                        .noneMatch(other -> other.neighbour().equals(each.neighbour()) && other.med() < each.med()))
                .min(Comparator.comparingInt(Candidate::peer))
                .orElseThrow(() -> new AssertionError("no best route to " + prefix));
    }
}
