package net.popbgp.sim.azure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;
import net.popbgp.sim.fault.MalformedUpdate;
import net.popbgp.sim.wire.SocketNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AzureEdgeIT {

    private static final InetAddress POP = IpAddresses.parse("127.0.20.1");
    private static final InetAddress AZURE = IpAddresses.parse("127.0.20.2");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private AzureEdge edge = edge(passive(Optional.empty()));

    private static AzureCircuit passive(Optional<String> key) {
        return Circuits.circuit("127.0.20.0/30", 179, true, key, Circuits.FAST);
    }

    private static AzureEdge edge(AzureCircuit... circuits) {
        return new AzureEdge(List.of(circuits), 1);
    }

    @BeforeEach
    void start() {
        edge.start().join();
    }

    @AfterEach
    void stop() {
        edge.close();
    }

    private void restart(AzureCircuit circuit) {
        edge.close();
        edge = edge(circuit);
        edge.start().join();
    }

    private AzurePeer azure() {
        return edge.peer("a").orElseThrow();
    }

    private RawPop dial() throws IOException {
        return RawPop.dial(POP, azure().address());
    }

    private void awaitState(FsmState state) {
        await().atMost(PATIENCE).until(() -> azure().state() == state);
    }

    @Test
    void brings_up_with_the_expected_octets() throws Exception {
        try (RawPop pop = dial()) {
            pop.sendOpen(90);
            RawPop.Message open = pop.read();
            assertThat(open.type()).isEqualTo(RawPop.OPEN);
            assertThat(open.hex()).startsWith("042f2c00b47f001402").contains("010400010001", "0200", "410400002f2c");
            assertThat(pop.read().type()).isEqualTo(RawPop.KEEPALIVE);
            pop.sendKeepalive();

            String attributes = "40010100" + "40020602010000" + "2f2c" + "4003047f001402";
            assertThat(List.of(pop.readOther().hex(), pop.readOther().hex()))
                    .containsExactlyInAnyOrder(
                            "00000014" + attributes + "100ac8",
                            "0000001f" + attributes + "c008082f2c4e212f2cc354" + "100ac9");
            assertThat(pop.readOther().hex()).isEqualTo("00000000");
            assertThat(azure().state()).isEqualTo(FsmState.ESTABLISHED);
            assertThat(azure().snapshot().holdTime()).isEqualTo(90);
        }
    }

    @Test
    void dials_the_pop_where_it_listens() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 5, POP)) {
            restart(Circuits.circuit(
                    "127.0.20.0/30", listening.getLocalPort(), false, Optional.empty(), Circuits.FAST));
            try (RawPop pop = new RawPop(listening.accept())) {
                assertThat(pop.socket().getInetAddress()).isEqualTo(AZURE);
                pop.bringUp(90);
                assertThat(azure().state()).isEqualTo(FsmState.ESTABLISHED);
            }
        }
    }

    @Test
    void resets_a_connection_from_another_address() {
        // The reset may come before the kernel has told us that we are connected.
        assertThatThrownBy(() -> {
                    try (RawPop stranger = RawPop.dial(IpAddresses.parse("127.0.20.3"), azure().address())) {
                        stranger.read();
                    }
                })
                .isInstanceOf(SocketException.class);
    }

    @Test
    void takes_4000_prefixes_and_drops_the_session_at_4001_for_the_restart_time() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            pop.announce(POP, 0, 4000);
            await().atMost(PATIENCE).until(() -> azure().snapshot().count(AddressFamily.IPV4_UNICAST) == 4000);
            assertThat(azure().state()).isEqualTo(FsmState.ESTABLISHED);

            pop.announce(POP, 4000, 1);
            RawPop.Message notification = pop.readOther();
            assertThat(notification.type()).isEqualTo(RawPop.NOTIFICATION);
            assertThat(notification.hex()).isEqualTo("0601" + "000101" + "00000fa0");
            assertThatExceptionOfType(EOFException.class).isThrownBy(pop::read);
        }
        awaitState(FsmState.IDLE);
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> dial().close());

        awaitState(FsmState.ACTIVE);
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            pop.announce(POP, 0, 40);
            await().atMost(PATIENCE).until(() -> azure().snapshot().count(AddressFamily.IPV4_UNICAST) == 40);
            assertThat(azure().snapshot().limitDrops()).isEqualTo(1);
        }
    }

    @Test
    void drain_repeats_the_own_as_nine_times() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            azure().drain(true).join();

            assertThat(pop.readOther().hex()).contains("400226" + "0209" + "00002f2c".repeat(9));
        }
    }

    @Test
    void tcp_reset_is_a_reset_and_fin_an_end_of_file() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            azure().tcpReset().join();
            assertThatExceptionOfType(SocketException.class).isThrownBy(pop::readOther);
        }
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            azure().fin().join();
            assertThatExceptionOfType(EOFException.class).isThrownBy(pop::readOther);
        }
    }

    @Test
    void silence_holds_back_keepalives_until_it_ends() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(3);
            azure().silence(true).join();
            pop.socket().setSoTimeout(1500);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> {
                pop.sendKeepalive();
                pop.read();
                pop.read();
            });
            pop.sendKeepalive();
            azure().silence(false).join();
            assertThat(pop.read().type()).isEqualTo(RawPop.KEEPALIVE);
        }
    }

    @Test
    void hold_time_expires_with_4_0() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(3);

            assertThat(pop.readOther().hex()).isEqualTo("0400");
        }
    }

    @Test
    void stopped_reading_closes_the_window_and_resuming_opens_it() throws Exception {
        try (SocketChannel channel = SocketChannel.open()) {
            channel.bind(new InetSocketAddress(POP, 0));
            channel.connect(azure().address());
            RawPop pop = new RawPop(channel.socket());
            pop.bringUp(90);
            azure().stopReading(true).join();
            channel.configureBlocking(false);
            ByteBuffer keepalive = ByteBuffer.wrap(RawPop.frame(RawPop.KEEPALIVE));
            int idle = 0;
            while (idle < 1000) {
                idle = channel.write(keepalive) == 0 ? idle + 1 : 0;
                if (!keepalive.hasRemaining()) {
                    keepalive.rewind();
                }
            }
            assertThat(channel.write(keepalive)).isZero();

            azure().stopReading(false).join();
            await().atMost(PATIENCE).until(() -> channel.write(keepalive) > 0);
            assertThat(azure().state()).isEqualTo(FsmState.ESTABLISHED);
        }
    }

    @Test
    void blackhole_leaves_tcp_open_and_everything_unread() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(3);
            azure().blackhole(true).join();
            pop.announce(POP, 0, 10);
            pop.socket().setSoTimeout(4000);
            assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> {
                pop.read();
                pop.read();
            });
            assertThat(azure().snapshot().received()).isEmpty();

            azure().blackhole(false).join();
            await().atMost(PATIENCE).until(() -> azure().snapshot().received().size() == 10);
        }
    }

    @Test
    void notification_goes_out_with_code_subcode_and_data() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            azure().notification(NotificationMessage.cease(2, "bye")).join();

            assertThat(pop.readOther().hex()).isEqualTo("0602" + "03627965");
        }
    }

    @Test
    void admin_down_ceases_and_refuses_until_admin_up() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            azure().adminDown("").join();
            assertThat(pop.readOther().hex()).isEqualTo("0602");
        }
        assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> dial().close());
        azure().adminUp().join();
        awaitState(FsmState.ACTIVE);
        await().atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
            try (RawPop pop = dial()) {
                pop.bringUp(90);
            }
        });
    }

    @Test
    void malformed_update_reaches_the_wire_as_it_is() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            azure().sendRaw("x", MalformedUpdate.ORIGIN_VALUE.encode(Prefix.of("10.9.0.0/16"), AZURE))
                    .join();

            assertThat(pop.readOther().hex()).contains("40010103").endsWith("100a09");
        }
    }

    @Test
    void vnets_grow_shrink_and_go() throws Exception {
        try (RawPop pop = dial()) {
            pop.bringUp(90);
            azure().vnetGrow(1).join();
            assertThat(pop.readOther().hex()).endsWith("180a0000");
            azure().vnetShrink(1).join();
            assertThat(pop.readOther().hex()).isEqualTo("0004180a0000" + "0000");
            azure().withdrawAll().join();
            assertThat(pop.readOther().hex()).hasSize(20).startsWith("0006").contains("100ac8", "100ac9");
        }
    }

    @Test
    void flap_comes_back_after_each_cease() throws Exception {
        try (ServerSocket listening = new ServerSocket(0, 5, POP)) {
            restart(Circuits.circuit(
                    "127.0.20.0/30", listening.getLocalPort(), false, Optional.empty(), Circuits.FAST));
            for (int i = 0; i < 3; i++) {
                try (RawPop pop = new RawPop(listening.accept())) {
                    pop.bringUp(90);
                    azure().flap(1, Duration.ZERO).join();
                    assertThat(pop.readOther().hex()).isEqualTo("0604");
                }
            }
        }
    }

    @Test
    void port_in_use_fails_the_start() {
        AzureCircuit taken = new AzureCircuit(
                "b",
                Prefix.of("127.0.20.0/30"),
                azure().circuit().peerAs(),
                azure().address().getPort(),
                179,
                true,
                Optional.empty(),
                Sku.STANDARD,
                List.of(),
                Circuits.FAST);
        try (AzureEdge second = edge(taken)) {
            assertThatThrownBy(() -> second.start().join()).hasStackTraceContaining("cannot listen on");
        }
    }

    /** Notes only whether a connection was made and what came over it. */
    private static final class Md5Client implements Dialer.Outcome, Wire.Events {
        final CompletableFuture<BgpMessage> open = new CompletableFuture<>();
        final CompletableFuture<String> end = new CompletableFuture<>();

        @Override
        public Wire.Events connected(Wire wire) {
            return this;
        }

        @Override
        public void failed(String detail) {
            end.complete(detail);
        }

        @Override
        public void onMessage(BgpMessage message) {
            open.complete(message);
        }

        @Override
        public void onMessageError(NotificationException error) {
            end.complete("error");
        }

        @Override
        public void onClosed(String detail) {
            end.complete(detail);
        }

        @Override
        public void onWritable() {}

        @Override
        public void onSendProgress() {}
    }

    private Md5Client dialSigned(EventLoop loop, String key) {
        Md5Client client = new Md5Client();
        loop.execute(() -> new SocketNetwork(loop)
                .dial(
                        new Dialer.Target(
                                azure().address(),
                                Optional.of(POP),
                                Optional.of(key.getBytes(StandardCharsets.UTF_8)),
                                0),
                        client));
        return client;
    }

    @Test
    void only_the_md5_key_in_force_gets_through() throws Exception {
        assumeThat(SocketNetwork.supportsMd5()).isTrue();
        restart(passive(Optional.of("secret")));
        EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, SocketNetwork.ioHandlerFactory());
        try {
            EventLoop loop = loops.next();
            Md5Client right = dialSigned(loop, "secret");
            assertThat(right.open.get(10, TimeUnit.SECONDS)).isNotNull();

            azure().wrongMd5Key("other", true).join();
            assertThat(right.end.get(10, TimeUnit.SECONDS)).isNotNull();
            Md5Client old = dialSigned(loop, "secret");
            Md5Client other = dialSigned(loop, "other");
            assertThat(other.open.get(10, TimeUnit.SECONDS)).isNotNull();
            assertThat(old.end.get(10, TimeUnit.SECONDS)).contains("timed out");
            assertThat(old.open).isNotDone();

            azure().restoreMd5Key(true).join();
            assertThat(dialSigned(loop, "secret").open.get(10, TimeUnit.SECONDS))
                    .isNotNull();
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }
}
