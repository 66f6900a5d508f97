package net.popbgp.daemon.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 4271, 6.8, and RFC 6286, 2.3: two connections between the daemon, 10.0.0.1 in AS 65000, and one peer. */
@Execution(ExecutionMode.CONCURRENT)
class CollisionTest {

    private static final int ROUNDS = 20;
    private static final long SEED = Long.getLong("popbgp.seed", 20261123L);

    @ParameterizedTest(name = "{0} in AS {1}: the daemon keeps the connection that {2} made")
    @CsvSource({
        "10.0.1.1, 65001, peer",
        "9.0.0.1, 65001, daemon",
        "9.255.255.255, 65001, daemon",
        "128.0.0.1, 65001, peer",
        "10.0.0.1, 65001, peer",
        "10.0.0.1, 64999, daemon"
    })
    @Row({"COL-01", "COL-02", "COL-03", "COL-06"})
    void the_connection_made_by_the_higher_identifier_or_as_is_kept(String identifier, long as, String kept)
            throws Exception {
        try (Dialed dialed = Dialed.site(as)) {
            byte[] open = Open.of(as, identifier).toArray();
            TesterPeer byDaemon = dialed.accept();
            byDaemon.expect(Messages.OPEN);
            byDaemon.send(open);
            byDaemon.expect(Messages.KEEPALIVE); // OpenConfirm
            TesterPeer byPeer = dialed.site().connect(Who.E);
            byPeer.send(open);
            TesterPeer stays = kept.equals("peer") ? byPeer : byDaemon;
            TesterPeer goes = kept.equals("peer") ? byDaemon : byPeer;
            goes.expectNotification(6, 7);
            stays.expect(Messages.KEEPALIVE);
            stays.send(Messages.keepalive());
            stays.answering(true);
            dialed.site().untilState(Who.E, "Established");
            assertThat(stays.messages(Messages.NOTIFICATION)).isEmpty();
        }
    }

    @Test
    @Row("COL-04")
    void a_second_connection_does_not_disturb_an_established_session() throws Exception {
        try (Site site = DaemonUnderTest.shared().site().peer(Who.E).peer(Who.O).start()) {
            TesterPeer o = site.up(Who.O);
            TesterPeer e = site.up(Who.E);
            TesterPeer second = site.connect(Who.E);
            second.send(site.open(Who.E).toArray());
            second.expectNotification(6, 7);
            site.proveUp(e, Who.E, o);
        }
    }

    @Test
    @Row("COL-05")
    void nothing_is_decided_before_an_open_has_come() throws Exception {
        try (Dialed dialed = Dialed.site(65001)) {
            Site site = dialed.site();
            TesterPeer silent = dialed.accept();
            silent.expect(Messages.OPEN);
            TesterPeer speaking = site.connect(Who.E);
            speaking.expect(Messages.OPEN);
            assertThat(silent.isClosed() || speaking.isClosed()).isFalse();
            // By its Identifier the connection that the daemon made would be kept; but nothing ever comes on that.
            byte[] open = site.open(Who.E).identifier("9.0.0.1").toArray();
            speaking.send(open, Messages.keepalive());
            speaking.answering(true);
            site.untilState(Who.E, "Established");
            assertThat(silent.messages(Messages.NOTIFICATION)).isEmpty();
            silent.send(open);
            silent.expectNotification(6, 7);
            site.proveUp(speaking, Who.E, site.up(Who.O));
        }
    }

    @ParameterizedTest(name = "batch {0}")
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})
    @Row("COL-07")
    void simultaneous_opens_always_end_with_one_session(int batch) throws Exception {
        Random random = new Random(SEED + batch);
        System.out.println("COL-07: batch " + batch + ", seed " + SEED + ", another with -Dpopbgp.seed=N");
        try (Dialed dialed = Dialed.site(65001)) {
            Site site = dialed.site();
            dialed.socket().setSoTimeout(500);
            for (int round = 0; round < ROUNDS; round++) {
                site.operate(Who.E, "stop", "");
                drain(dialed.socket());
                byte[] open = Open.of(65001, random.nextBoolean() ? "9.0.0.1" : "10.0.1.1")
                        .toArray();
                site.operate(Who.E, "start", "");
                pause(random);
                List<TesterPeer> both = new ArrayList<>(List.of(site.connect(Who.E)));
                try {
                    both.add(dialed.accept());
                } catch (SocketTimeoutException e) {
                    // The daemon had a session before it dialed.
                }
                both.forEach(each -> each.answering(true));
                Collections.shuffle(both, random);
                for (TesterPeer each : both) {
                    pause(random);
                    sendIfOpen(each, open);
                }
                int number = round;
                await("one session in round " + number + ": " + both)
                        .atMost(Duration.ofSeconds(10))
                        .pollInterval(Duration.ofMillis(10))
                        .until(() -> site.status(Who.E).path("state").asText().equals("Established")
                                && both.stream()
                                                .filter(each -> !each.isClosed())
                                                .count()
                                        == 1);
            }
        }
    }

    private static void sendIfOpen(TesterPeer peer, byte[] open) {
        try {
            peer.send(open);
        } catch (IOException e) {
            // The collision was settled without it.
        }
    }

    private static void drain(ServerSocket socket) throws IOException {
        int timeout = socket.getSoTimeout();
        socket.setSoTimeout(1);
        try {
            while (true) {
                socket.accept().close();
            }
        } catch (SocketTimeoutException empty) {
            socket.setSoTimeout(timeout);
        }
    }

    private static void pause(Random random) {
        long end = System.nanoTime() + random.nextInt(10_000_000);
        while (System.nanoTime() < end) {
            Thread.onSpinWait();
        }
    }
}
