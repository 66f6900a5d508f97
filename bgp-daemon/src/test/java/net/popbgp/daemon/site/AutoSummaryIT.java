package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.event.Event;
import net.popbgp.sim.azure.PeerSnapshot;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What Azure sees of a site that grows beyond what it takes, over real sockets. */
class AutoSummaryIT {

    private static final String VNETS = "[{name: hub, address-spaces: [10.10.0.0/16]}]";
    private static final int LIMIT = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    /** Looks at what a circuit has received all the time: there must never be too much, nor anything missing. */
    private static final class Watch implements AutoCloseable {
        private final AzureSite site;
        private final List<String> complaints = new CopyOnWriteArrayList<>();
        private final Thread thread = new Thread(this::run, "watch");
        private volatile List<Prefix> wanted = List.of();
        private volatile boolean ended;
        private final AtomicInteger looks = new AtomicInteger();

        Watch(AzureSite site) {
            this.site = site;
            thread.start();
        }

        private void run() {
            while (!ended) {
                for (String circuit : List.of("newyork", "ashburn")) {
                    List<Prefix> due = wanted; // before the look: what is added later may be missing in it
                    Set<Prefix> received =
                            site.circuit(circuit).snapshot().received().keySet();
                    if (received.size() > LIMIT) {
                        complaints.add(circuit + " received " + received.size());
                    }
                    long missing = missing(due, received);
                    if (missing > 0 && due == wanted) {
                        complaints.add(circuit + " misses " + missing + " of " + due.size());
                    }
                    looks.incrementAndGet();
                }
            }
        }

        void expect(List<Prefix> prefixes) {
            wanted = prefixes;
        }

        @Override
        public void close() {
            ended = true;
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static long missing(List<Prefix> due, Set<Prefix> received) {
        return due.stream().filter(prefix -> !isCovered(prefix, received)).count();
    }

    private static boolean isCovered(Prefix prefix, Set<Prefix> received) {
        for (int length = prefix.length(); length > 0; length--) {
            if (received.contains(Prefix.masked(prefix.family(), prefix.high(), prefix.low(), length))) {
                return true;
            }
        }
        return false;
    }

    /** /24s from an address on, so many blocks apart. */
    private static List<Prefix> prefixes(String first, int count, int step) {
        long start = Prefix.of(first).low();
        List<Prefix> prefixes = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            prefixes.add(Prefix.masked(AddressFamily.IPV4_UNICAST, 0, start + i * step * 256, 24));
        }
        return prefixes;
    }

    private static String body(List<Prefix> prefixes) {
        return prefixes.stream()
                .map(each -> "\"" + each + "\"")
                .collect(Collectors.joining(", ", "{\"prefixes\": [", "]}"));
    }

    private static Set<Prefix> received(AzureSite site, String circuit) {
        return site.circuit(circuit).snapshot().received().keySet();
    }

    private static void awaitReceived(AzureSite site, int count) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(received(site, "newyork")).hasSize(count);
            assertThat(received(site, "ashburn")).hasSize(count);
        });
    }

    private static List<String> actions(AzureSite site) {
        return site.events.stream()
                .map(Event::action)
                .filter(action -> action.contains("ummar"))
                .toList();
    }

    @Test
    void a_site_that_outgrows_azure_is_summarized_without_loss_and_undone_when_there_is_room() throws Exception {
        List<Prefix> scattered = prefixes("20.0.0.0/24", 3_300, 2);
        List<Prefix> together = prefixes("30.0.0.0/24", 600, 1);
        List<Prefix> growth = prefixes("30.2.88.0/24", 600, 1);
        List<Prefix> before = new ArrayList<>(scattered);
        before.addAll(together);
        try (AzureSite site = new AzureSite(
                        directory,
                        "    advertise: {default-route: false, all-routes: true, auto-summarize: {undo-after: 1s}}\n",
                        "",
                        VNETS);
                Watch watch = new Watch(site)) {
            site.awaitState(SiteState.CONNECTED);
            site.send("POST", "/announce", body(before), 200);
            awaitReceived(site, 3_900);
            assertThat(actions(site)).isEmpty();
            int sessions = site.circuit("newyork").snapshot().establishedCount(); // two if both dialed at once
            watch.expect(before);

            site.send("POST", "/announce", body(growth), 200);
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(missing(growth, received(site, "newyork"))).isZero();
                assertThat(missing(growth, received(site, "ashburn"))).isZero();
                assertThat(actions(site)).containsExactly("Summarized automatically");
            });
            assertThat(received(site, "newyork"))
                    .isEqualTo(received(site, "ashburn"))
                    .contains(Prefix.of("30.0.0.0/14"))
                    .hasSize(3_300 + 1 + 176);
            JsonNode json = site.get("/sites/" + AzureSite.NAME);
            assertThat(json.path("auto-summarized").path("summaries").toString())
                    .isEqualTo("[\"30.0.0.0/14\"]");
            assertThat(json.path("auto-summarized").path("prefixes-saved").asInt())
                    .isEqualTo(1_023);
            assertThat(site.get("/sites/" + AzureSite.NAME + "/what-if?down=primary")
                            .path("notes")
                            .toString())
                    .contains("advertises the same 1 summaries");
            assertThat(site.daemon.scrape()).contains("popbgp_auto_summaries_saved 1023.0");
            assertThat(site.cli("summarize", "suggest", "--site", AzureSite.NAME))
                    .contains("4500", "30.0.0.0/14", "1024");

            site.daemon.reload("test");
            assertThat(received(site, "newyork")).hasSize(3_477);

            site.send("POST", "/withdraw", body(growth), 200);
            awaitReceived(site, 3_900);
            await().atMost(PATIENCE)
                    .untilAsserted(() ->
                            assertThat(actions(site)).containsExactly("Summarized automatically", "Summaries undone"));
            assertThat(Set.copyOf(before)).isEqualTo(received(site, "newyork"));
            assertThat(site.get("/aggregates").path("aggregates")).isEmpty();
            PeerSnapshot azure = site.circuit("newyork").snapshot();
            assertThat(azure.limitDrops()).isZero();
            assertThat(azure.establishedCount()).isEqualTo(sessions);
            assertThat(watch.looks.get()).isGreaterThan(20);
            assertThat(watch.complaints).isEmpty();
        }
    }

    @Test
    void prefixes_are_read_from_a_file_and_the_answer_can_be_pasted() throws Exception {
        Path file = directory.resolve("prefixes");
        Files.writeString(file, "10.0.0.0/25\n10.0.0.128/25  # both\n\n10.0.2.0/24\n");
        try (AzureSite site = new AzureSite(directory, "", "", VNETS)) {
            assertThat(site.cli("summarize", "suggest", file.toString()))
                    .contains("lossless", "2 prefixes", "10.0.0.0/24", "2");
            assertThat(site.cli("summarize", "suggest", file.toString(), "--max-over-coverage=200%", "--yaml"))
                    .isEqualTo("summary-only: true\nsummary-routes:\n  - 10.0.0.0/22\n");
            JsonNode answer = site.send(
                    "POST",
                    "/summaries/suggest",
                    "{\"prefixes\": [\"10.0.0.0/24\", \"10.0.2.0/24\"], \"limit\": 1, \"max-over-coverage\": \"100%\"}",
                    200);
            JsonNode lossy = answer.path("suggestions").path(0).path("lossy");
            assertThat(lossy.path("added").toString()).isEqualTo("[\"10.0.1.0-10.0.1.255\",\"10.0.3.0-10.0.3.255\"]");
            assertThat(lossy.path("added-addresses").asInt()).isEqualTo(512);
            assertThat(site.send("POST", "/summaries/suggest", "{\"prefixes\": [\"10.0.0.1/24\"]}", 400)
                            .path("error")
                            .asText())
                    .contains("10.0.0.1/24");
        }
    }
}
