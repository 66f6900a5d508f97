package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 4724, 4.1: the daemon as the Restarting Speaker, over real restarts of its process. */
@Execution(ExecutionMode.CONCURRENT)
class DaemonRestartTest {

    private static final int RESTART_TIME = 60;

    /** Begins before the API answers, which may take seconds where many daemons start at once. */
    private static final Duration DEFERRAL = Duration.ofSeconds(20);

    private static final String FILE = "restart.state";
    private static final String RESTART = "graceful-restart: {restart-time: " + RESTART_TIME + "s}";
    private static final String FORWARDING =
            "graceful-restart: {restart-time: " + RESTART_TIME + "s, forwarding-preserved: true}";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static DaemonUnderTest daemon(String settings) throws Exception {
        return DaemonUnderTest.with("graceful-restart: {state-file: " + FILE + settings + "}\n");
    }

    private static Path stateFile(Site site) {
        return site.daemon().log().resolveSibling(FILE);
    }

    /** An OPEN with graceful restart for IPv4 unicast, forwarding state preserved. */
    private static Open open(Site site, Who who, boolean restarted) {
        return site.open(who)
                .capability(
                        64,
                        Octets.empty()
                                .u16((restarted ? 0x8000 : 0) | RESTART_TIME)
                                .u16(1)
                                .u8(1)
                                .u8(0x80)
                                .toArray());
    }

    private static TesterPeer up(Site site, Who who) throws Exception {
        return up(site, who, false);
    }

    private static TesterPeer up(Site site, Who who, boolean restarted) throws Exception {
        site.untilState(who, "Active");
        return site.up(who, open(site, who, restarted));
    }

    /** {@return R and F, or a hyphen where the bit is clear, of the OPEN that came} */
    private static String bits(TesterPeer peer) {
        byte[] value = ReceivedOpen.of(peer.messages(Messages.OPEN).get(0))
                .capability(64)
                .orElseThrow()
                .value();
        assertThat((value[0] & 0x0F) << 8 | value[1] & 0xFF).isEqualTo(RESTART_TIME);
        assertThat(value).as("one family").hasSize(6);
        return ((value[0] & 0x80) != 0 ? "R" : "-") + ((value[5] & 0x80) != 0 ? "F" : "-");
    }

    /** Waits until the daemon has noted that these would wait for it. */
    private static void untilNoted(Site site, Who... parts) {
        List<String> names = List.of(parts).stream().map(site::name).toList();
        await("the state file").atMost(TesterPeer.SOON).until(() -> {
            if (!Files.exists(stateFile(site))) {
                return false;
            }
            JsonNode peers = JSON.readTree(stateFile(site).toFile()).path("peers");
            return StreamSupport.stream(peers.spliterator(), false)
                    .filter(peer -> !peer.has("lost-at"))
                    .map(peer -> peer.path("name").asText())
                    .toList()
                    .containsAll(names);
        });
    }

    private static JsonNode awaited(Site site) throws IOException, InterruptedException {
        return site.daemon()
                .get("/status")
                .path("restart")
                .path("deferred")
                .path("ipv4-unicast")
                .path("awaited");
    }

    private static void untilReceived(Site site, Who who, int routes) {
        site.untilStatus(
                who,
                routes + " routes",
                status -> status.path("prefixes")
                                .path("ipv4-unicast")
                                .path("received")
                                .asInt()
                        == routes);
    }

    private static void expectEndOfRib(TesterPeer peer) {
        peer.expect(DaemonRestartTest::isEndOfRib, "End-of-RIB", TesterPeer.SOON);
    }

    private static boolean isEndOfRib(Received message) {
        return message.type() == Messages.UPDATE && message.octets().length == 23;
    }

    @Test
    @Row({"GR-11", "GR-12"})
    void after_a_crash_the_open_says_so_and_nothing_is_selected_before_end_of_rib() throws Exception {
        try (DaemonUnderTest daemon = daemon("");
                Site site = daemon.site()
                        .peer(Who.E, FORWARDING)
                        .peer(Who.E2, RESTART)
                        .peer(Who.O, RESTART)
                        .start()) {
            TesterPeer e = up(site, Who.E);
            TesterPeer o = up(site, Who.O);
            up(site, Who.E2);
            assertThat(bits(e)).as("a first start").isEqualTo("--");
            expectEndOfRib(o);
            untilNoted(site, Who.E, Who.E2, Who.O);

            daemon.kill();
            daemon.start();
            e = up(site, Who.E);
            o = up(site, Who.O);
            assertThat(bits(e)).isEqualTo("RF");
            assertThat(bits(o)).as("forwarding state not kept").isEqualTo("R-");
            up(site, Who.E2, true); // which is not waited for
            e.send(site.attributes(Who.E).announce(site.prefix(1)));
            o.send(Messages.endOfRib());
            untilReceived(site, Who.E, 1);
            await("one peer").until(() -> awaited(site).size() == 1);
            assertThat(awaited(site).get(0).asText()).isEqualTo(site.name(Who.E));
            assertThat(o.messages(Messages.UPDATE)).isEmpty();
            assertThat(e.messages(Messages.UPDATE)).isEmpty();

            e.send(Messages.endOfRib());
            expectEndOfRib(o);
            assertThat(o.updates()).hasSize(2);
            assertThat(o.updates().get(0).announced()).containsExactly(site.prefix(1));
            expectEndOfRib(e);
            assertThat(awaited(site)).isEmpty();
        }
    }

    @Test
    @Row("GR-11")
    void the_selection_deferral_timer_ends_the_wait_for_a_peer_that_does_not_come_back() throws Exception {
        try (DaemonUnderTest daemon = daemon(", selection-deferral: " + DEFERRAL.toSeconds() + "s");
                Site site =
                        daemon.site().peer(Who.E, RESTART).peer(Who.O, RESTART).start()) {
            up(site, Who.E);
            up(site, Who.O);
            untilNoted(site, Who.E, Who.O);

            daemon.kill();
            daemon.start();
            TesterPeer o = up(site, Who.O);
            assertThat(bits(o)).isEqualTo("R-");
            o.send(Messages.endOfRib());
            o.expect(DaemonRestartTest::isEndOfRib, "End-of-RIB", DEFERRAL.plus(TesterPeer.SOON));
            assertThat(Files.readString(daemon.log()))
                    .contains("event=selection-made family=ipv4-unicast missing=" + site.name(Who.E));
            assertThat(bits(up(site, Who.E))).as("the restart is over").isEqualTo("--");
        }
    }

    @Test
    void a_stop_for_a_restart_leaves_peers_that_wait_without_a_notification() throws Exception {
        try (DaemonUnderTest daemon = daemon(", on-stop: restart");
                Site site = daemon.site()
                        .peer(Who.E, FORWARDING)
                        .peer(Who.O, RESTART)
                        .start()) {
            TesterPeer e = up(site, Who.E);
            TesterPeer o = site.up(Who.O);
            untilNoted(site, Who.E);

            daemon.terminate();
            o.expectNotification(6, 2);
            e.expectClosed(TesterPeer.SOON);
            assertThat(e.messages(Messages.NOTIFICATION)).isEmpty();
            daemon.start();
            assertThat(bits(up(site, Who.E))).isEqualTo("RF");
            assertThat(bits(up(site, Who.O))).as("it did not wait").isEqualTo("--");
        }
    }

    @Test
    void after_a_stop_for_good_nothing_is_claimed() throws Exception {
        try (DaemonUnderTest daemon = daemon("");
                Site site = daemon.site().peer(Who.E, FORWARDING).start()) {
            TesterPeer e = up(site, Who.E);
            untilNoted(site, Who.E);

            daemon.terminate();
            e.expectNotification(6, 2);
            assertThat(stateFile(site)).doesNotExist();
            daemon.start();
            e = up(site, Who.E);
            assertThat(bits(e)).isEqualTo("--");
            expectEndOfRib(e);
        }
    }

    @Test
    void a_graceful_reset_is_a_plain_cease_that_keeps_the_routes_of_a_peer_with_the_n_bit() throws Exception {
        try (Site site =
                DaemonUnderTest.shared().site().peer(Who.E, RESTART).peer(Who.O).start()) {
            TesterPeer o = site.up(Who.O);
            Open withN = site.open(Who.E)
                    .capability(
                            64,
                            Octets.empty()
                                    .u16(0x4000 | RESTART_TIME)
                                    .u16(1)
                                    .u8(1)
                                    .u8(0x80)
                                    .toArray());
            TesterPeer e = site.up(Who.E, withN);
            e.send(site.attributes(Who.E).announce(site.prefix(1)), Messages.endOfRib());
            o.expectRoute(site.prefix(1));

            site.daemon().post("/peers/" + site.name(Who.E) + "/reset", "{\"graceful\": true}");
            e.expectNotification(6, 4);
            e = site.up(Who.E, withN);
            assertThat(bits(e)).as("our state is kept").isEqualTo("-F");
            e.send(Messages.endOfRib());
            o.expectNoRoute(site.prefix(1));
            assertThat(o.history(site.prefix(1))).isEqualTo("+-");
        }
    }

    /** Something done to the state file between two runs. */
    private interface Change {
        void to(Path stateFile) throws IOException;
    }

    @Test
    void what_the_last_run_has_left_counts_for_the_restart_time_and_within_one_boot() throws Exception {
        try (DaemonUnderTest daemon = daemon("");
                Site site = daemon.site().peer(Who.E, FORWARDING).start()) {
            up(site, Who.E);
            untilNoted(site, Who.E);

            Instant longAgo = Instant.now().minus(Duration.ofSeconds(RESTART_TIME + 10L));
            assertThat(bitsAfter(site, file -> Files.setLastModifiedTime(file, FileTime.from(longAgo))))
                    .isEqualTo("--");
            assertThat(bitsAfter(
                            site,
                            file -> Files.writeString(
                                    file,
                                    Files.readString(file)
                                            .replaceFirst("\"boot-id\" : \"[^\"]*\"", "\"boot-id\" : \"another\""))))
                    .as("after a reboot")
                    .isEqualTo("R-");
            assertThat(bitsAfter(site, file -> Files.writeString(file, "{\"format\": \"popbgp-restart")))
                    .isEqualTo("--");
            assertThat(Files.readString(daemon.log()).lines())
                    .filteredOn(line -> line.contains("event=state-file-unusable"))
                    .hasSize(1);
        }
    }

    private static String bitsAfter(Site site, Change change) throws Exception {
        site.daemon().kill();
        change.to(stateFile(site));
        site.daemon().start();
        TesterPeer e = up(site, Who.E);
        e.send(Messages.endOfRib());
        untilNoted(site, Who.E);
        return bits(e);
    }
}
