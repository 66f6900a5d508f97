package net.popbgp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.session.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(LeakCheck.class)
class TransportIT {

    private static final byte[] NONE = {};

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void messages_arrive_one_octet_at_a_time(boolean nativeTransport) throws Exception {
        try (Ends ends = new Ends(nativeTransport, "127.0.0.1");
                Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), ends.port())) {
            socket.setTcpNoDelay(true);
            byte[] two = new byte[38];
            java.util.Arrays.fill(two, (byte) 0xFF);
            two[16] = 0;
            two[17] = 19;
            two[18] = 4;
            System.arraycopy(two, 0, two, 19, 19);
            for (byte octet : two) {
                socket.getOutputStream().write(octet);
                socket.getOutputStream().flush();
            }

            await().until(() ->
                    !ends.accepted.isEmpty() && ends.accepted.get(0).messages.size() == 2);
        }
    }

    @Test
    void wrong_header_is_reported_without_waiting_for_the_body_and_nothing_after_it_counts() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1");
                Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), ends.port())) {
            byte[] header = new byte[19];
            java.util.Arrays.fill(header, (byte) 0xFF);
            header[18] = 2;
            socket.getOutputStream().write(header);

            await().until(() ->
                    !ends.accepted.isEmpty() && !ends.accepted.get(0).errors.isEmpty());
            assertThat(ends.accepted.get(0).errors.get(0).notification())
                    .isEqualTo(new NotificationMessage(1, 2, (byte) 0xFF, (byte) 0xFF));
            assertThat(ends.accepted.get(0).messages).isEmpty();
        }
    }

    @Test
    void notification_reaches_a_peer_whose_input_was_not_read() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1");
                Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), ends.port())) {
            await().until(() -> !ends.accepted.isEmpty());
            Ends.End end = ends.accepted.get(0);
            ends.on(end, wire -> wire.setReading(false));
            socket.getOutputStream().write(new byte[100_000]);

            ends.on(end, wire -> {
                wire.send(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN));
                wire.close();
            });

            byte[] received = socket.getInputStream().readNBytes(21);
            assertThat(received).hasSize(21);
            assertThat(received[18]).isEqualTo((byte) 3);
            assertThat(socket.getInputStream().read()).isEqualTo(-1);
        }
    }

    @Test
    void reset_and_end_of_stream_are_told_apart() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            Socket fin = new Socket(InetAddress.getByName("127.0.0.1"), ends.port());
            await().until(() -> ends.accepted.size() == 1);
            fin.close();
            assertThat(ends.accepted.get(0).closed.get(5, TimeUnit.SECONDS)).isEqualTo("closed by the peer");
            try (Socket reset = new Socket(InetAddress.getByName("127.0.0.1"), ends.port())) {
                reset.setSoLinger(true, 0);
                await().until(() -> ends.accepted.size() == 2);
            }
            assertThat(ends.accepted.get(1).closed.get(5, TimeUnit.SECONDS)).isEqualTo("connection reset by the peer");
        }
    }

    @Test
    void refused_connection_says_so() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            int port = ends.port();
            ends.listener.close();

            assertThatThrownBy(() ->
                            ends.dial("127.0.0.2", "127.0.0.1", port, NONE, 0).get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("refused");
        }
    }

    @Test
    void address_in_use_is_named() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            Listener second = new Listener(
                    ends.loops,
                    List.of(new InetSocketAddress(IpAddresses.parse("127.0.0.1"), ends.port())),
                    (remote, local) -> null);

            assertThatThrownBy(second::bind)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1 port " + ends.port());
        }
    }

    @Test
    void wildcard_addresses_of_both_families_share_a_port() throws Exception {
        Needs.epoll();
        Needs.loopback("::1");
        try (Ends ends = new Ends(true, "0.0.0.0")) {
            Listener second = new Listener(
                    ends.loops,
                    List.of(new InetSocketAddress(IpAddresses.parse("::"), ends.port())),
                    (remote, local) -> null);
            second.bind();

            assertThat(ends.dial("127.0.0.2", "127.0.0.1", ends.port(), NONE, 0).get(5, TimeUnit.SECONDS))
                    .isNotNull();
            assertThat(ends.listener.localAddresses().get(0).getAddress().getHostAddress())
                    .isEqualTo("0.0.0.0");
            second.close();
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "::1, ::1"})
    void gtsm_drops_what_comes_with_a_lower_ttl(String to, String from) throws Exception {
        Needs.epoll();
        Needs.loopback(to);
        try (Ends ends = new Ends(true, to)) {
            ends.listener.setTtlSecurity(IpAddresses.parse(from), 1);
            Md5Diagnosis.Snapshot before = Md5Diagnosis.now();

            Ends.End near = ends.dial(from, to, ends.port(), NONE, 1).get(5, TimeUnit.SECONDS);
            ends.on(near, wire -> wire.send(KeepaliveMessage.INSTANCE));
            await().until(() -> ends.accepted.stream().anyMatch(e -> e.messages.size() == 1));

            Ends.End far = ends.dial(from, to, ends.port(), NONE, 0).get(5, TimeUnit.SECONDS);
            await().until(() -> ends.accepted.size() == 2);
            ends.on(far, wire -> wire.send(KeepaliveMessage.INSTANCE));
            ends.on(near, wire -> wire.send(KeepaliveMessage.INSTANCE));
            await().until(() -> ends.accepted.stream().anyMatch(e -> e.messages.size() == 2));
            assertThat(ends.accepted.stream().filter(e -> e.messages.isEmpty())).hasSize(1);
            assertThat(Md5Diagnosis.describe(before, Md5Diagnosis.now(), false, true))
                    .contains("with a TTL too low for GTSM");
        }
    }

    @ParameterizedTest
    @CsvSource({"127.0.0.1, 127.0.0.2", "::1, ::1"})
    void dialer_with_gtsm_hears_nothing_of_a_listener_until_that_sends_with_ttl_255(String to, String from)
            throws Exception {
        Needs.epoll();
        Needs.loopback(to);
        try (Ends ends = new Ends(true, to)) {
            ends.connectTimeout = Duration.ofMillis(400);
            assertThatThrownBy(() -> ends.dial(from, to, ends.port(), NONE, 1).get(5, TimeUnit.SECONDS))
                    .hasMessageContaining("connect timed out");

            ends.listener.setTtlSecurity(IpAddresses.parse("192.0.2.1"), 1);
            ends.connectTimeout = Duration.ofSeconds(5);

            assertThat(ends.dial(from, to, ends.port(), NONE, 1).get(5, TimeUnit.SECONDS))
                    .isNotNull();
        }
    }

    @Test
    void without_epoll_gtsm_is_refused_on_both_sides() throws Exception {
        try (Ends ends = new Ends(false, "127.0.0.1")) {
            assertThatThrownBy(() -> ends.listener.setTtlSecurity(IpAddresses.parse("127.0.0.2"), 1))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("127.0.0.2");
            assertThatThrownBy(() -> ends.dial("127.0.0.2", "127.0.0.1", ends.port(), NONE, 1)
                            .get(5, TimeUnit.SECONDS))
                    .hasMessageContaining("GTSM");
            assertThat(ends.accepted).isEmpty();
        }
    }

    @Test
    void hops_out_of_range_are_refused() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            assertThatThrownBy(() -> ends.listener.setTtlSecurity(IpAddresses.parse("127.0.0.2"), 256))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("256");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void what_was_sent_before_the_end_arrives_although_reading_was_paused(boolean nativeTransport) throws Exception {
        try (Ends ends = new Ends(nativeTransport, "127.0.0.1");
                Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), ends.port())) {
            await().until(() -> ends.accepted.size() == 1);
            Ends.End end = ends.accepted.get(0);
            CompletableFuture<Void> paused = new CompletableFuture<>();
            ends.on(end, wire -> {
                wire.setReading(false);
                paused.complete(null);
            });
            paused.get(5, TimeUnit.SECONDS);
            byte[] many = new byte[19 * 10_000];
            java.util.Arrays.fill(many, (byte) 0xFF);
            for (int at = 0; at < many.length; at += 19) {
                many[at + 16] = 0;
                many[at + 17] = 19;
                many[at + 18] = 4;
            }
            socket.getOutputStream().write(many);
            socket.shutdownOutput();

            ends.on(end, wire -> wire.setReading(true));

            assertThat(end.closed.get(5, TimeUnit.SECONDS)).isEqualTo("closed by the peer");
            assertThat(end.messages).hasSize(10_000);
        }
    }

    @Test
    void peer_that_does_not_read_makes_the_wire_unwritable_and_nothing_else() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1");
                Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), ends.port())) {
            assertThat(socket.isConnected()).isTrue();
            await().until(() -> !ends.accepted.isEmpty());
            Wire wire = ends.accepted.get(0).wire.join();

            ends.on(ends.accepted.get(0), w -> {
                for (int i = 0; i < 300; i++) {
                    w.sendEncoded(new byte[64 * 1024], 1);
                }
            });

            await().until(() -> !wire.isWritable());
            assertThat(wire.isDrained()).isFalse();
            assertThat(ends.accepted.get(0).writable).hasValue(0);

            assertThat(socket.getInputStream().readNBytes(300 * 64 * 1024)).hasSize(300 * 64 * 1024);

            await().until(wire::isDrained);
            assertThat(wire.isWritable()).isTrue();
            assertThat(ends.accepted.get(0).progress).hasValue(300);
            assertThat(ends.accepted.get(0).writable.get()).isPositive();
        }
    }

    @Test
    void high_water_is_256_kib_and_no_event_comes_from_inside_the_call() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1");
                Socket socket = new Socket(InetAddress.getByName("127.0.0.1"), ends.port())) {
            assertThat(socket.isConnected()).isTrue();
            await().until(() -> !ends.accepted.isEmpty());
            Ends.End end = ends.accepted.get(0);
            CompletableFuture<String> seen = new CompletableFuture<>();

            ends.on(end, wire -> {
                wire.sendEncoded(new byte[200 * 1024], 1);
                boolean below = wire.isWritable();
                wire.sendEncoded(new byte[100 * 1024], 1);
                seen.complete(below + " " + wire.isWritable() + " " + end.progress + " " + end.writable);
            });

            assertThat(seen.get(5, TimeUnit.SECONDS)).isEqualTo("true false 0 0");
            assertThat(socket.getInputStream().readNBytes(300 * 1024)).hasSize(300 * 1024);
            await().until(() -> end.progress.get() == 2 && end.writable.get() == 1);
        }
    }
}
