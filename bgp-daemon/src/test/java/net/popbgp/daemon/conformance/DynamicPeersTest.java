package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Peers from a range of addresses, as the daemon takes, shows and forgets them. */
@Execution(ExecutionMode.CONCURRENT)
class DynamicPeersTest {

    private static final String SETTINGS = """
            dynamic-peers:
              - name: branches
                prefix: 127.0.91.0/24
                remote-as: [64999, 65001-65010]
                limit: 2
                remove-after: 200ms
                import-policy: accept-all
                export-policy: accept-all
                graceful-restart: {restart-time: 5s}
            """;

    private static TesterPeer connect(DaemonUnderTest daemon, int host) throws IOException {
        String address = "127.0.91." + host;
        return TesterPeer.connect(address, address, daemon.listensAt(), false);
    }

    private static byte[] open(int host) {
        return Open.of(65000 + host, "10.9.9." + host).toArray();
    }

    private static List<String> names(DaemonUnderTest daemon) throws IOException, InterruptedException {
        List<String> names = new ArrayList<>();
        for (JsonNode peer : daemon.get("/peers").path("peers")) {
            assertThat(peer.path("dynamic-peers").asText()).isEqualTo("branches");
            names.add(peer.path("name").asText());
        }
        return names;
    }

    private static void awaitNames(DaemonUnderTest daemon, String... names) {
        await("peers " + List.of(names))
                .atMost(TesterPeer.SOON)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(names(daemon)).containsExactly(names));
    }

    @Test
    void as_many_as_the_limit_are_taken_and_make_room_when_they_have_gone() throws Exception {
        try (DaemonUnderTest daemon = DaemonUnderTest.with(SETTINGS);
                TesterPeer one = connect(daemon, 1).establish(open(1));
                TesterPeer two = connect(daemon, 2).establish(open(2))) {
            one.send(Attributes.base("127.0.91.1", 65001).announce("10.9.1.0/24"));
            two.expectRoute("10.9.1.0/24");
            awaitNames(daemon, "branches-127.0.91.1", "branches-127.0.91.2");

            try (TesterPeer three = connect(daemon, 3)) {
                three.expectClosed(TesterPeer.SOON);
            }
            JsonNode range = daemon.get("/status").at("/dynamic-peers/0");
            assertThat(range.path("peers").asInt()).isEqualTo(2);
            assertThat(range.path("refused").asInt()).isEqualTo(1);

            one.reset();
            two.expectNoRoute("10.9.1.0/24");
            awaitNames(daemon, "branches-127.0.91.2");
            try (TesterPeer three = connect(daemon, 3).establish(open(3))) {
                awaitNames(daemon, "branches-127.0.91.2", "branches-127.0.91.3");
                assertThat(three.isClosed()).isFalse();
            }
        }
    }

    @Test
    void one_of_another_as_is_answered_2_2() throws Exception {
        try (DaemonUnderTest daemon = DaemonUnderTest.with(SETTINGS);
                TesterPeer stranger = connect(daemon, 4)) {
            stranger.send(Open.of(65011, "10.9.9.4").toArray());
            stranger.expectNotification(2, 2);
        }
    }

    @Test
    void one_that_restarts_gracefully_stays_until_its_routes_have_gone() throws Exception {
        try (DaemonUnderTest daemon = DaemonUnderTest.with(SETTINGS);
                TesterPeer observer = connect(daemon, 2).establish(open(2));
                TesterPeer restarting = connect(daemon, 1)) {
            byte[] capability =
                    Octets.empty().u16(2).u16(1).u8(1).u8(0x80).toArray(); // 2 s; IPv4 unicast, forwarding kept
            restarting.establish(
                    Open.of(65001, "10.9.9.1").capability(64, capability).toArray());
            restarting.send(Attributes.base("127.0.91.1", 65001).announce("10.9.1.0/24"));
            observer.expectRoute("10.9.1.0/24");
            long lost = System.nanoTime();
            restarting.reset();

            observer.expectNoRoute("10.9.1.0/24");

            assertThat(Duration.ofNanos(System.nanoTime() - lost)).isGreaterThan(Duration.ofMillis(1500));
            awaitNames(daemon, "branches-127.0.91.2");
        }
    }
}
