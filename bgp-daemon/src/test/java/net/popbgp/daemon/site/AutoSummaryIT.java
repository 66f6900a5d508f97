package net.popbgp.daemon.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;
import net.popbgp.daemon.event.Event;
import net.popbgp.sim.azure.PeerSnapshot;
import net.popbgp.speaker.PeerHandle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What Azure sees of a site that grows beyond what it takes, over real sockets. */
@Execution(ExecutionMode.CONCURRENT)
class AutoSummaryIT {

    private static final String VNETS = "[{name: hub, address-spaces: [10.10.0.0/16]}]";
    private static final int LIMIT = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    /** Looks at what circuits have received all the time: there must never be too much, nor anything missing. */
    private static final class Watch implements AutoCloseable {
        private final AzureSite site;
        private final List<String> circuits;
        private final List<String> complaints = new CopyOnWriteArrayList<>();
        private final Thread thread = new Thread(this::run, "watch");
        private volatile List<Prefix> wanted = List.of();
        private volatile boolean ended;
        private final AtomicInteger looks = new AtomicInteger();

        Watch(AzureSite site, String... circuits) {
            this.site = site;
            this.circuits = List.of(circuits);
            thread.start();
        }

        private void run() {
            while (!ended) {
                for (String circuit : circuits) {
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
        awaitReceived(site, count, "newyork", "ashburn");
    }

    private static void awaitReceived(AzureSite site, int count, String... circuits) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (String circuit : circuits) {
                assertThat(received(site, circuit)).as(circuit).hasSize(count);
            }
        });
    }

    private static String advertise(String autoSummarize) {
        return "    advertise: {default-route: false, all-routes: true" + autoSummarize + "}\n";
    }

    /** Waits until summaries are on their way out, but not all that they stand for has been withdrawn. */
    private static void awaitStep(AzureSite site) {
        PeerHandle peer =
                site.daemon.speaker().peer(AzureSite.NAME + "-secondary").orElseThrow();
        await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> peer.config().exportPolicy().orElseThrow() instanceof SummarizedPolicy policy
                        && policy.summaries().only().isPresent());
    }

    private static void awaitSummarized(AzureSite site, List<Prefix> growth) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(missing(growth, received(site, "newyork"))).isZero();
            assertThat(missing(growth, received(site, "ashburn"))).isZero();
            assertThat(actions(site)).containsExactly("Summarized automatically");
        });
    }

    private static double addresses(Collection<Prefix> prefixes) {
        return prefixes.stream()
                .mapToDouble(prefix -> Math.pow(2, 32 - prefix.length()))
                .sum();
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
        try (AzureSite site = new AzureSite(directory, advertise(", auto-summarize: {undo-after: 1s}"), "", VNETS);
                Watch watch = new Watch(site, "newyork", "ashburn")) {
            site.awaitState(SiteState.CONNECTED);
            site.send("POST", "/announce", body(before), 200);
            awaitReceived(site, 3_900);
            assertThat(actions(site)).isEmpty();
            int sessions = site.circuit("newyork").snapshot().establishedCount(); // two if both dialed at once
            watch.expect(before);

            site.send("POST", "/announce", body(growth), 200);
            awaitSummarized(site, growth);
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
    void as_many_addresses_more_are_covered_as_may_be_where_nothing_else_helps() throws Exception {
        List<Prefix> before = prefixes("20.0.0.0/24", 3_900, 2);
        List<Prefix> growth = prefixes("40.0.0.0/24", 600, 2);
        List<Prefix> all = new ArrayList<>(before);
        all.addAll(growth);
        try (AzureSite site = new AzureSite(
                        directory,
                        advertise(", auto-summarize: {undo-after: 1s, max-over-coverage: 30%}"),
                        "",
                        "[{name: hub, address-spaces: [20.0.1.0/24]}]");
                Watch watch = new Watch(site, "newyork", "ashburn")) {
            site.awaitState(SiteState.CONNECTED);
            site.send("POST", "/announce", body(before), 200);
            awaitReceived(site, 3_900);
            watch.expect(before);

            site.send("POST", "/announce", body(growth), 200);
            awaitSummarized(site, growth);
            Set<Prefix> received = received(site, "newyork");
            assertThat(received)
                    .isEqualTo(received(site, "ashburn"))
                    .hasSizeLessThanOrEqualTo(AutoSummarize.guard(LIMIT));
            assertThat(addresses(received)).isBetween(addresses(all) + 1, 1.3 * addresses(all));
            assertThat(isCovered(Prefix.of("20.0.1.0/24"), received))
                    .as("what the cloud has is not among it")
                    .isFalse();

            site.send("POST", "/withdraw", body(growth), 200);
            awaitReceived(site, 3_900);
            assertThat(received(site, "newyork")).isEqualTo(Set.copyOf(before));
            assertThat(watch.complaints).isEmpty();
        }
    }

    @Test
    void sites_are_summarized_each_by_its_own_limit_and_until_it_is_turned_off() throws Exception {
        List<Prefix> scattered = prefixes("20.0.0.0/24", 3_300, 2);
        List<Prefix> together = prefixes("30.0.0.0/24", 1_200, 1);
        String on = advertise(", auto-summarize: {undo-after: 1s}");
        try (AzureSite site = new AzureSite(directory, on, "", VNETS, Optional.of("    sku: premium\n" + on))) {
            site.awaitState(SiteState.CONNECTED);
            await().atMost(PATIENCE)
                    .until(() -> site.daemon
                                    .sites()
                                    .site(AzureSite.OTHER)
                                    .orElseThrow()
                                    .state()
                            == SiteState.CONNECTED);
            site.send("POST", "/announce", body(scattered), 200);
            awaitReceived(site, 3_300, "newyork", "ashburn", "chicago", "dallas");

            site.send("POST", "/announce", body(together), 200);
            awaitReceived(site, 3_477);
            awaitReceived(site, 4_500, "chicago", "dallas");
            Prefix summary = Prefix.of("30.0.0.0/14");
            assertThat(received(site, "newyork")).contains(summary);
            assertThat(received(site, "chicago")).doesNotContain(summary);

            site.write(advertise(""), "");
            site.daemon.reload("test");
            awaitReceived(site, LIMIT);
            assertThat(received(site, "newyork")).as("the guard withholds").doesNotContain(summary);
            assertThat(site.get("/aggregates").path("aggregates")).isEmpty();
            assertThat(site.get("/sites/" + AzureSite.NAME).has("auto-summarized"))
                    .isFalse();
            assertThat(received(site, "chicago")).hasSize(4_500);

            site.write(on, "");
            site.daemon.reload("test");
            awaitReceived(site, 3_477);
            for (String circuit : List.of("newyork", "ashburn", "chicago", "dallas")) {
                assertThat(site.circuit(circuit).snapshot().limitDrops()).isZero();
            }
        }
    }

    @Test
    void turned_off_between_two_steps_nothing_of_it_stays() throws Exception {
        List<Prefix> prefixes = prefixes("30.0.0.0/24", 4_500, 1);
        try (AzureSite site = new AzureSite(directory, advertise(", auto-summarize: {}"), "", VNETS)) {
            site.awaitState(SiteState.CONNECTED);
            site.send("POST", "/announce", body(prefixes), 200);
            awaitStep(site);
            site.write(advertise(""), "");
            site.daemon.reload("test");

            awaitReceived(site, LIMIT);
            await().during(Duration.ofMillis(500)) // so long after its steps nobody may take another one
                    .atMost(PATIENCE)
                    .untilAsserted(() -> {
                        assertThat(site.get("/aggregates").path("aggregates")).isEmpty();
                        assertThat(Set.copyOf(prefixes)).containsAll(received(site, "newyork"));
                        assertThat(site.get("/sites/" + AzureSite.NAME).has("auto-summarized"))
                                .isFalse();
                    });
        }
    }

    @Test
    void a_session_lost_between_two_steps_gets_what_the_other_has() throws Exception {
        List<Prefix> before = prefixes("30.0.0.0/24", 3_900, 1);
        List<Prefix> growth = prefixes("40.0.0.0/24", 600, 2);
        try (AzureSite site = new AzureSite(directory, advertise(", auto-summarize: {undo-after: 1s}"), "", VNETS);
                Watch watch = new Watch(site, "newyork")) {
            site.awaitState(SiteState.CONNECTED);
            site.send("POST", "/announce", body(before), 200);
            awaitReceived(site, 3_900);
            int sessions = site.circuit("ashburn").snapshot().establishedCount();
            watch.expect(before);

            site.send("POST", "/announce", body(growth), 200);
            awaitStep(site);
            site.circuit("ashburn").tcpReset().join();
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(site.circuit("ashburn").snapshot().establishedCount())
                        .isEqualTo(sessions + 1);
                assertThat(missing(growth, received(site, "newyork"))).isZero();
                assertThat(received(site, "ashburn")).isEqualTo(received(site, "newyork"));
                assertThat(actions(site)).containsExactly("Summarized automatically");
            });

            site.send("POST", "/withdraw", body(growth), 200);
            awaitReceived(site, 3_900);
            assertThat(site.circuit("newyork").snapshot().limitDrops()).isZero();
            assertThat(site.circuit("ashburn").snapshot().limitDrops()).isZero();
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
