package net.popbgp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.netty.channel.ChannelOption;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class ListenerIT {

    private static final byte[] NONE = {};

    private static Socket connect(String from, int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(IpAddresses.parse(from), 0));
        socket.connect(new InetSocketAddress(IpAddresses.parse("127.0.0.1"), port), 5000);
        socket.setSoTimeout(5000);
        return socket;
    }

    /** Whether the other side has closed, without having sent anything. */
    private static boolean endsSilently(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() == -1;
        } catch (java.net.SocketException reset) {
            return true;
        }
    }

    private static Listener listen(PeerAffinityGroup loops, Listener.Acceptor acceptor, int maxPending)
            throws IOException {
        Listener listener = new Listener(
                loops, List.of(new InetSocketAddress(IpAddresses.parse("127.0.0.1"), 0)), acceptor, maxPending);
        listener.bind();
        return listener;
    }

    @Test
    void accepted_and_dialed_connections_of_a_peer_are_on_its_loop() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            for (int i = 2; i < 8; i++) {
                String peer = "127.0.0." + i;
                CompletableFuture<Boolean> inLoop = new CompletableFuture<>();
                CompletableFuture<String> thread = new CompletableFuture<>();
                Listener listener = listen(
                        ends.loops,
                        (remote, local) -> wire -> {
                            inLoop.complete(
                                    ends.loops.loopFor(remote.getAddress()).inEventLoop());
                            thread.complete(Thread.currentThread().getName());
                            return null;
                        },
                        10);

                try (Socket socket =
                        connect(peer, listener.localAddresses().get(0).getPort())) {
                    assertThat(inLoop.get(5, TimeUnit.SECONDS)).isTrue();
                    assertThat(thread.get()).startsWith("bgp-io-");
                    assertThat(endsSilently(socket)).isTrue();
                }
                listener.close();
            }
        }
    }

    @Test
    void connections_are_taken_while_a_thread_is_busy_changing_the_listener() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            int port = ends.port();
            synchronized (ends.listener) {
                try (Socket socket = connect("127.0.0.2", port)) {
                    await().until(() -> ends.accepted.size() == 1);
                    assertThat(socket.isConnected()).isTrue();
                }
            }
        }
    }

    @Test
    void flood_beyond_what_a_busy_loop_can_take_over_is_closed() throws Exception {
        try (Ends ends = new Ends(true)) {
            AtomicInteger taken = new AtomicInteger();
            Listener listener = listen(
                    ends.loops,
                    (remote, local) -> wire -> {
                        taken.incrementAndGet();
                        return null;
                    },
                    3);
            int port = listener.localAddresses().get(0).getPort();
            CountDownLatch busy = new CountDownLatch(1);
            // The listening socket has the first loop, the first peer the second.
            ends.loops.loopFor(IpAddresses.parse("127.0.0.2")).execute(() -> {
                try {
                    busy.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            Socket[] flood = new Socket[8];
            for (int i = 0; i < flood.length; i++) {
                flood[i] = connect("127.0.0.2", port);
            }

            await().until(() -> listener.rejectedConnections() == 5);
            assertThat(taken).hasValue(0);
            busy.countDown();
            await().until(() -> taken.get() == 3);
            try (Socket next = connect("127.0.0.2", port)) {
                await().until(() -> taken.get() == 4);
                assertThat(endsSilently(next)).isTrue();
            }
            for (Socket socket : flood) {
                assertThat(endsSilently(socket)).isTrue();
                socket.close();
            }
            listener.close();
        }
    }

    @Test
    void failing_acceptor_costs_its_connection_and_no_other() throws Exception {
        try (Ends ends = new Ends(true)) {
            Listener listener = listen(
                    ends.loops,
                    (remote, local) -> {
                        if (remote.getAddress().equals(IpAddresses.parse("127.0.0.2"))) {
                            throw new IllegalStateException("acceptor");
                        }
                        return wire -> {
                            throw new IllegalStateException("taker");
                        };
                    },
                    10);
            int port = listener.localAddresses().get(0).getPort();

            for (String from : List.of("127.0.0.2", "127.0.0.3", "127.0.0.2")) {
                try (Socket socket = connect(from, port)) {
                    assertThat(endsSilently(socket)).isTrue();
                }
            }
            listener.close();
        }
    }

    @Test
    void accepting_pauses_when_the_system_has_no_room_for_another_connection() {
        PeerAffinityGroup loops = new PeerAffinityGroup(1, true);
        Listener listener = new Listener(loops, List.of(), (remote, local) -> null);
        EmbeddedChannel server = new EmbeddedChannel(listener.new Accepting());
        server.freezeTime();

        server.pipeline().fireExceptionCaught(new IOException("accept(..) failed: Too many open files"));
        assertThat(server.config().isAutoRead()).isFalse();
        server.advanceTimeBy(1, TimeUnit.SECONDS);
        server.runScheduledPendingTasks();

        assertThat(server.config().isAutoRead()).isTrue();
        server.finishAndReleaseAll();
        loops.close(java.time.Duration.ofSeconds(1));
    }

    @Test
    void binding_twice_is_refused_and_leaves_the_first_in_place() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            assertThatThrownBy(ends.listener::bind)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("listens already");
            connect("127.0.0.2", ends.port()).close();
        }
    }

    @Test
    void address_in_use_closes_those_that_were_opened() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            InetSocketAddress free = new InetSocketAddress(IpAddresses.parse("127.0.0.7"), ends.port());
            InetSocketAddress taken = new InetSocketAddress(IpAddresses.parse("127.0.0.1"), ends.port());
            Listener second = new Listener(ends.loops, List.of(free, taken), (remote, local) -> null);

            assertThatThrownBy(second::bind)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1 port " + ends.port() + ": address already in use");
            assertThat(second.localAddresses()).isEmpty();
            Listener third = new Listener(ends.loops, List.of(free), (remote, local) -> null);
            third.bind();
            third.close();
        }
    }

    @Test
    void address_of_another_host_is_named() {
        PeerAffinityGroup loops = new PeerAffinityGroup(1, true);
        Listener listener = new Listener(
                loops, List.of(new InetSocketAddress(IpAddresses.parse("192.0.2.1"), 0)), (remote, local) -> null);

        assertThatThrownBy(listener::bind)
                .isInstanceOf(IOException.class)
                .hasMessageContaining("192.0.2.1")
                .hasMessageContaining("not one of this host");
        loops.close(java.time.Duration.ofSeconds(1));
    }

    @Test
    void wildcard_of_one_family_does_not_take_the_other() throws Exception {
        Needs.epoll();
        Needs.loopback("::1");
        try (Ends v4 = new Ends(true, "0.0.0.0");
                Ends v6 = new Ends(true, "::")) {
            assertThatThrownBy(() -> v4.dial("::1", "::1", v4.port(), NONE, 0).get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("connection refused");
            assertThatThrownBy(() -> v6.dial("127.0.0.2", "127.0.0.1", v6.port(), NONE, 0)
                            .get(5, TimeUnit.SECONDS))
                    .isInstanceOf(ExecutionException.class)
                    .hasMessageContaining("connection refused");
        }
    }

    @Test
    void ipv4_wildcard_without_epoll_is_for_ipv4_alone() throws Exception {
        Needs.loopback("::1");
        try (Ends v4 = new Ends(false, "0.0.0.0")) {
            assertThatThrownBy(() -> v4.dial("::1", "::1", v4.port(), NONE, 0).get(5, TimeUnit.SECONDS))
                    .hasMessageContaining("connection refused");
        }
    }

    @Test
    void segments_are_sent_at_once_and_marked_as_network_control() {
        Needs.epoll();
        for (SocketProtocolFamily family : List.of(SocketProtocolFamily.INET, SocketProtocolFamily.INET6)) {
            EpollSocketChannel channel = new EpollSocketChannel(family);
            SocketOptions.setCommon(channel);

            assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isTrue();
            assertThat(channel.config().getOption(ChannelOption.IP_TOS)).isEqualTo(0xC0);
            if (family == SocketProtocolFamily.INET6) {
                assertThat(channel.config().getOption(new IntegerUnixChannelOption("IPV6_TCLASS", 41, 67)))
                        .isEqualTo(0xC0);
            }
            channel.unsafe().closeForcibly();
        }
    }

    @Test
    void local_address_of_another_host_is_told() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            assertThatThrownBy(() -> ends.dial("192.0.2.1", "127.0.0.1", ends.port(), NONE, 0)
                            .get(5, TimeUnit.SECONDS))
                    .hasMessageContaining("the local address is not one of this host");
        }
    }

    @Test
    void connection_comes_from_the_local_address_asked_for() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            Ends.End end =
                    ends.dial("127.0.0.6", "127.0.0.1", ends.port(), NONE, 0).get(5, TimeUnit.SECONDS);
            await().until(() -> ends.accepted.size() == 1);

            assertThat(end.wire.get().localAddress().getAddress()).isEqualTo(IpAddresses.parse("127.0.0.6"));
            assertThat(ends.accepted.get(0).wire.get().remoteAddress())
                    .isEqualTo(end.wire.get().localAddress());
        }
    }

    @Test
    void cancelled_attempt_has_no_outcome_and_leaves_no_connection() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            var loop = ends.loops.next();
            Dialer.Target target = new Dialer.Target(
                    new InetSocketAddress(IpAddresses.parse("127.0.0.1"), ends.port()),
                    Optional.empty(),
                    Optional.empty(),
                    0);
            AtomicInteger outcomes = new AtomicInteger();
            Dialer.Outcome counting = new Dialer.Outcome() {
                @Override
                public Wire.Events connected(Wire wire) {
                    outcomes.incrementAndGet();
                    return new Ends.End();
                }

                @Override
                public void failed(String detail) {
                    outcomes.incrementAndGet();
                }
            };

            loop.submit(() -> new Connector(ends.loops, loop)
                            .dial(target, counting)
                            .cancel())
                    .get(5, TimeUnit.SECONDS);
            ends.dial("127.0.0.2", "127.0.0.1", ends.port(), NONE, 0).get(5, TimeUnit.SECONDS);
            await().until(() -> ends.accepted.size() == 1);
            loop.submit(() -> {}).get(5, TimeUnit.SECONDS);

            assertThat(outcomes).hasValue(0);
        }
    }

    @Test
    void cancelling_after_the_connection_is_made_leaves_it_alone() throws Exception {
        try (Ends ends = new Ends(true, "127.0.0.1")) {
            var loop = ends.loops.loopFor(IpAddresses.parse("127.0.0.1"));
            CompletableFuture<Wire> connected = new CompletableFuture<>();
            Dialer.Attempt attempt = new Connector(ends.loops, loop)
                    .dial(
                            new Dialer.Target(
                                    new InetSocketAddress(IpAddresses.parse("127.0.0.1"), ends.port()),
                                    Optional.of(IpAddresses.parse("127.0.0.2")),
                                    Optional.empty(),
                                    0),
                            new Dialer.Outcome() {
                                @Override
                                public Wire.Events connected(Wire wire) {
                                    connected.complete(wire);
                                    return new Ends.End();
                                }

                                @Override
                                public void failed(String detail) {
                                    connected.completeExceptionally(new IllegalStateException(detail));
                                }
                            });
            Wire wire = connected.get(5, TimeUnit.SECONDS);

            loop.submit(attempt::cancel).get(5, TimeUnit.SECONDS);
            loop.submit(() -> wire.send(KeepaliveMessage.INSTANCE)).get(5, TimeUnit.SECONDS);

            await().until(() ->
                    ends.accepted.size() == 1 && ends.accepted.get(0).messages.size() == 1);
        }
    }
}
