package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** RFC 4271, 8.2.2: Idle, Connect, Active, and the wait for the peer's OPEN. */
@Execution(ExecutionMode.CONCURRENT)
class FsmConnectionTest {

    private static Site site(String... settings) throws Exception {
        return DaemonUnderTest.shared().site().peer(Who.E, settings).peer(Who.O).start();
    }

    /** A peer that the daemon dials at that socket; it has to be enabled by the operator. */
    private static void dialed(Site site, ServerSocket socket, String... settings) throws Exception {
        List<String> all = new ArrayList<>(List.of(
                "passive: false",
                "port: " + socket.getLocalPort(),
                "local-address: " + site.daemonAddress(),
                "enabled: false"));
        all.addAll(List.of(settings));
        site.peer(Who.E, all.toArray(String[]::new)).peer(Who.O).start();
    }

    private static double secondsSince(long nanos) {
        return (System.nanoTime() - nanos) / 1e9;
    }

    @Test
    @Row("FSM-01")
    void a_peer_that_is_down_is_closed_without_an_open() throws Exception {
        try (Site site = site("enabled: false")) {
            TesterPeer e = site.connect(Who.E);
            e.expectClosed(TesterPeer.SOON);

            assertThat(e.messages()).isEmpty();
            assertThat(site.status(Who.E).path("state").asText()).isEqualTo("Idle");
        }
    }

    @Test
    @Row("FSM-02")
    void a_started_peer_is_dialed_within_the_connect_retry_time() throws Exception {
        Site site = DaemonUnderTest.shared().site();
        try (site) {
            ServerSocket socket = site.listen(Who.E);
            dialed(site, socket, "connect-retry-time: 5s");
            long start = System.nanoTime();
            site.operate(Who.E, "start", "");

            TesterPeer e = site.accept(Who.E, socket);

            assertThat(secondsSince(start)).isLessThan(5);
            e.expect(Messages.OPEN);
        }
    }

    @Test
    @Row("FSM-03")
    void a_passive_peer_is_never_dialed_but_accepted() throws Exception {
        Site site = DaemonUnderTest.shared().site();
        try (site) {
            ServerSocket socket = site.listen(Who.E);
            socket.setSoTimeout(4000);
            site.peer(Who.E, "port: " + socket.getLocalPort(), "connect-retry-time: 500ms")
                    .peer(Who.O)
                    .start();

            assertThatThrownBy(socket::accept).isInstanceOf(SocketTimeoutException.class);

            TesterPeer o = site.up(Who.O);
            site.proveUp(site.up(Who.E), Who.E, o);
        }
    }

    @Test
    @Row("FSM-04")
    void a_refused_connection_is_tried_again_after_the_connect_retry_time() throws Exception {
        Site site = DaemonUnderTest.shared().site();
        try (site) {
            ServerSocket probe = site.listen(Who.E);
            int port = probe.getLocalPort();
            dialed(site, probe, "connect-retry-time: 2s");
            probe.close();
            site.operate(Who.E, "start", "");
            site.untilStatus(
                    Who.E,
                    "a refused connection",
                    status -> status.path("diagnosis").asText().contains("refused"));
            site.untilState(Who.E, "Active");

            List<Long> attempts = new ArrayList<>();
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(new InetSocketAddress(InetAddress.getByName(site.address(Who.E)), port));
                socket.setSoTimeout(10_000);
                for (int i = 0; i < 4; i++) {
                    Socket accepted = socket.accept();
                    attempts.add(System.nanoTime());
                    accepted.setSoLinger(true, 0);
                    accepted.close();
                }
            }

            for (int i = 1; i < attempts.size(); i++) {
                // RFC 4271, 10: with a jitter of 0.75 to 1
                assertThat((attempts.get(i) - attempts.get(i - 1)) / 1e9).isBetween(1.4, 2.5);
            }
        }
    }

    @Test
    @Row("FSM-05")
    void an_attempt_without_an_answer_is_given_up_for_a_new_one_and_the_peer_may_connect() throws Exception {
        Site site = DaemonUnderTest.shared().site();
        List<Socket> fillers = new ArrayList<>();
        try (site;
                ServerSocket full = new ServerSocket(0, 1, InetAddress.getByName(site.address(Who.E)))) {
            fill(full, fillers);
            dialed(site, full, "connect-retry-time: 2s");
            site.operate(Who.E, "start", "");
            int first = await("an attempt")
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> attemptTo(full), Optional::isPresent)
                    .orElseThrow();
            long seen = System.nanoTime();
            await("another attempt")
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> attemptTo(full), next -> next.isPresent() && next.get() != first);
            assertThat(secondsSince(seen)).isBetween(1.0, 3.0);

            TesterPeer o = site.up(Who.O);
            site.proveUp(site.up(Who.E), Who.E, o);
        } finally {
            for (Socket each : fillers) {
                each.close();
            }
        }
    }

    /** Connects until the kernel drops SYNs because nobody accepts. */
    private static void fill(ServerSocket server, List<Socket> fillers) throws IOException {
        for (int i = 0; i < 20; i++) {
            Socket socket = new Socket();
            fillers.add(socket);
            try {
                socket.connect(server.getLocalSocketAddress(), 300);
            } catch (SocketTimeoutException e) {
                return;
            }
        }
        throw new IOException("the backlog does not fill");
    }

    /** {@return the local port of a connection to there that waits for its SYN to be answered} */
    private static Optional<Integer> attemptTo(ServerSocket server) throws IOException {
        byte[] address = server.getInetAddress().getAddress();
        String remote = String.format(
                Locale.ROOT,
                "%02X%02X%02X%02X:%04X",
                address[3],
                address[2],
                address[1],
                address[0],
                server.getLocalPort());
        return Files.readAllLines(Path.of("/proc/net/tcp")).stream()
                .map(line -> line.strip().split("\\s+"))
                .filter(columns -> columns[2].equals(remote) && columns[3].equals("02"))
                .filter(columns -> !columns[1].startsWith("0100007F")) // the tester's own
                .map(columns -> Integer.parseInt(columns[1].substring(columns[1].indexOf(':') + 1), 16))
                .findFirst();
    }

    @Test
    @Row("FSM-06")
    void an_unconfigured_source_is_closed_without_an_open_and_disturbs_nobody() throws Exception {
        try (Site site = site()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);

            TesterPeer stranger = site.connectFrom(site.strangerAddress());
            stranger.expectClosed(TesterPeer.SOON);

            assertThat(stranger.messages()).isEmpty();
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("FSM-07")
    void the_open_comes_at_once_without_waiting_for_the_peers() throws Exception {
        try (Site site = site()) {
            long connected = System.nanoTime();
            Received open = site.connect(Who.E).expect(Messages.OPEN);

            assertThat((open.nanos() - connected) / 1e9).isLessThan(1);
        }
    }

    @Test
    @Row("FSM-08")
    void with_delay_open_the_peers_open_is_answered_immediately() throws Exception {
        try (Site site = site("delay-open-time: 8s")) {
            TesterPeer e = site.connect(Who.E);
            e.expectOpenFor(Duration.ofSeconds(1));
            assertThat(e.messages()).isEmpty();
            long sent = System.nanoTime();
            e.send(site.open(Who.E).toArray());

            e.expect(Messages.KEEPALIVE);

            assertThat(e.messages()).extracting(Received::type).containsExactly(Messages.OPEN, Messages.KEEPALIVE);
            assertThat(secondsSince(sent)).isLessThan(4);
        }
    }

    @Test
    @Row("FSM-10")
    void a_peer_that_never_sends_its_open_is_given_up_after_the_open_hold_time() throws Exception {
        try (Site site = site("open-hold-time: 3s")) {
            TesterPeer e = site.connect(Who.E);
            Received open = e.expect(Messages.OPEN);

            Received expired = e.expectNotification(4, 0);

            assertThat((expired.nanos() - open.nanos()) / 1e9).isBetween(2.9, 4.0);
        }
    }

    @Test
    @Row("FSM-10")
    void the_open_hold_time_is_four_minutes_if_not_configured() throws Exception {
        try (Site site = site()) {
            assertThat(site.status(Who.E).at("/config/open-hold-time").asText()).isEqualTo("4m");
        }
    }

    @Test
    @Row("FSM-11")
    void a_connection_that_ends_before_the_open_leads_to_active_and_is_made_again() throws Exception {
        Site site = DaemonUnderTest.shared().site();
        try (site) {
            ServerSocket socket = site.listen(Who.E);
            dialed(site, socket, "connect-retry-time: 3s");
            TesterPeer o = site.up(Who.O);
            site.operate(Who.E, "start", "");
            TesterPeer first = site.accept(Who.E, socket);
            first.expect(Messages.OPEN);
            long lost = System.nanoTime();
            first.close();
            site.untilState(Who.E, "Active");

            TesterPeer second = site.accept(Who.E, socket);
            assertThat(secondsSince(lost)).isBetween(2.0, 4.0);
            second.close();
            site.untilState(Who.E, "Active");

            site.proveUp(site.up(Who.E), Who.E, o);
        }
    }

    @Test
    @Row("FSM-38")
    void a_connection_that_stalls_within_a_header_ends_alone() throws Exception {
        try (Site site = DaemonUnderTest.shared()
                .site()
                .peer(Who.E, "open-hold-time: 4s")
                .peer(Who.E2)
                .peer(Who.O)
                .start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer other = site.up(Who.E2);
            TesterPeer e = site.connect(Who.E);
            e.send(java.util.Arrays.copyOf(Messages.keepalive(), 10));

            site.proveUp(other, Who.E2, o);
            e.expectNotification(4, 0);
            site.proveUp(other, Who.E2, o);
            site.proveUp(site.up(Who.E), Who.E, o);
        }
    }
}
