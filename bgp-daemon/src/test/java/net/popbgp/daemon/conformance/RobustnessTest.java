package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Crowds, long attributes and connections that say nothing. */
@Execution(ExecutionMode.CONCURRENT)
class RobustnessTest {

    private static final int CROWD = 200;
    private static final int ROUTES = 1000;
    private static final int SILENT = 500;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    @Row("ROB-03")
    void two_hundred_peers_come_at_once_with_a_thousand_routes_each_and_go() throws Exception {
        StringBuilder peers = new StringBuilder();
        for (int i = 0; i < CROWD; i++) {
            peers.append("  - {name: crowd-").append(i).append(", address: ").append(crowdAddress(i));
            peers.append(", remote-as: ").append(64600 + i).append(", passive: true, hold-time: 30s");
            peers.append(", import-policy: accept-all, export-policy: none}\n");
        }
        try (DaemonUnderTest daemon = DaemonUnderTest.with("", peers.toString())) {
            int threads = threads(daemon);
            int files = files(daemon);
            for (int round = 0; round < 2; round++) {
                List<TesterPeer> crowd = new ArrayList<>();
                for (int i = 0; i < CROWD; i++) {
                    crowd.add(TesterPeer.connect("crowd-" + i, crowdAddress(i), daemon.listensAt(), false));
                }
                for (int i = 0; i < CROWD; i++) {
                    TesterPeer peer = crowd.get(i);
                    peer.establish(Open.of(64600 + i, "10.1.0." + (i + 1)).toArray());
                    peer.send(routes(i));
                }
                await("all routes")
                        .atMost(PATIENCE)
                        .until(() -> daemon.get("/status")
                                        .at("/loc-rib/ipv4-prefixes")
                                        .asInt()
                                == CROWD * ROUTES);
                for (TesterPeer peer : crowd) {
                    peer.reset();
                }
                await("nothing left")
                        .atMost(PATIENCE)
                        .until(() -> daemon.get("/status")
                                        .at("/loc-rib/ipv4-prefixes")
                                        .asInt()
                                == 0);
            }
            await("threads and files as before")
                    .atMost(PATIENCE)
                    .until(() -> threads(daemon) <= threads + 16 && files(daemon) <= files + 16);
        }
    }

    private static String crowdAddress(int i) {
        return "127.99.0." + (1 + i);
    }

    private static byte[] routes(int peer) {
        String[] prefixes = new String[ROUTES];
        for (int i = 0; i < ROUTES; i++) {
            prefixes[i] = "20." + peer + "." + (i >>> 8) + "." + (i & 0xFF) + "/32";
        }
        Octets all = Octets.empty();
        for (int from = 0; from < ROUTES; from += 500) {
            all.add(Attributes.base(crowdAddress(peer), 64600 + peer)
                    .announce(Arrays.copyOfRange(prefixes, from, from + 500)));
        }
        return all.toArray();
    }

    private static int threads(DaemonUnderTest daemon) throws IOException {
        return count(Path.of("/proc", Long.toString(daemon.pid()), "task"));
    }

    private static int files(DaemonUnderTest daemon) throws IOException {
        return count(Path.of("/proc", Long.toString(daemon.pid()), "fd"));
    }

    private static int count(Path folder) throws IOException {
        try (var entries = Files.list(folder)) {
            return (int) entries.count();
        }
    }

    @Test
    @Row("ROB-04")
    void a_path_of_a_thousand_ases_is_passed_on() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            byte[][] segments = new byte[4][];
            StringBuilder text = new StringBuilder("65000");
            for (int i = 0; i < 4; i++) {
                long[] asNumbers = new long[250];
                Arrays.fill(asNumbers, 4_200_000_000L + i);
                asNumbers[0] = i == 0 ? 65001 : asNumbers[0];
                segments[i] = Attributes.segment(2, 4, asNumbers);
                text.append(i == 0 ? " " : " | ");
                text.append(String.join(
                        " ", Arrays.stream(asNumbers).mapToObj(Long::toString).toList()));
            }
            e.send(Attributes.none()
                    .origin(0)
                    .add(Attributes.WELL_KNOWN, 2, segments)
                    .nextHop(site.address(Who.E))
                    .announce(site.prefix(1)));
            assertThat(o.expectRoute(site.prefix(1)).path(4)).isEqualTo(text.toString());
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("ROB-04")
    void nearly_a_thousand_communities_are_passed_on() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            String[] communities = new String[990];
            for (int i = 0; i < communities.length; i++) {
                communities[i] = "65001:" + i;
            }
            e.send(site.attributes(Who.E).communities(communities).announce(site.prefix(1)));
            Update update = o.expectRoute(site.prefix(1));
            assertThat(update.attributes().get(8)).isNotNull();
            assertThat(update.attributes().get(8).value()).hasSize(4 * communities.length);
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("ROB-05")
    void five_hundred_connections_that_say_nothing_harm_nobody() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e2 = site.up(Who.E2);
            int files = files(site.daemon());
            List<TesterPeer> silent = new ArrayList<>();
            long worst = 0;
            for (int i = 0; i < SILENT; i++) {
                silent.add(site.connect(Who.E));
                if (i % 50 == 0) {
                    long from = System.nanoTime();
                    site.proveUp(e2, Who.E2, o);
                    worst = Math.max(worst, System.nanoTime() - from);
                }
            }
            System.out.printf("ROB-05: slowest update and withdrawal %.1f ms%n", worst / 1e6);
            assertThat(worst).isLessThan(TimeUnit.SECONDS.toNanos(2));
            // One peer has two connections at most: all others have been closed.
            await().atMost(TesterPeer.SOON)
                    .until(() ->
                            silent.stream().filter(each -> !each.isClosed()).count() <= 2);
            await().atMost(TesterPeer.SOON).until(() -> files(site.daemon()) <= files + 50);
        }
    }

    private static Site site() throws IOException, InterruptedException {
        return DaemonUnderTest.shared()
                .site()
                .peer(Who.E)
                .peer(Who.E2)
                .peer(Who.O)
                .start();
    }
}
