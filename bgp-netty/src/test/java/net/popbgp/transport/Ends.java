package net.popbgp.transport;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;

/** Both ends of connections on this host, and what happened to each. */
final class Ends implements AutoCloseable {

    /** One end: what it has received. */
    static final class End implements Wire.Events {
        final List<BgpMessage> messages = new CopyOnWriteArrayList<>();
        final List<NotificationException> errors = new CopyOnWriteArrayList<>();
        final CompletableFuture<String> closed = new CompletableFuture<>();
        final AtomicInteger writable = new AtomicInteger();
        final AtomicInteger progress = new AtomicInteger();
        final CompletableFuture<Wire> wire = new CompletableFuture<>();

        @Override
        public void onMessage(BgpMessage message) {
            messages.add(message);
        }

        @Override
        public void onMessageError(NotificationException error) {
            errors.add(error);
        }

        @Override
        public void onClosed(String detail) {
            closed.complete(detail);
        }

        @Override
        public void onWritable() {
            writable.incrementAndGet();
        }

        @Override
        public void onSendProgress() {
            progress.incrementAndGet();
        }
    }

    /** For attempts that must not get as far as an outcome. */
    static final Dialer.Outcome NO_OUTCOME = new Dialer.Outcome() {
        @Override
        public Wire.Events connected(Wire wire) {
            throw new AssertionError("connected to " + wire.remoteAddress());
        }

        @Override
        public void failed(String detail) {
            throw new AssertionError(detail);
        }
    };

    final PeerAffinityGroup loops;
    final List<End> accepted = new CopyOnWriteArrayList<>();
    final Listener listener;
    volatile boolean accepting = true;
    Duration connectTimeout = Connector.CONNECT_TIMEOUT;

    Ends(boolean nativeTransport, String... addresses) throws java.io.IOException {
        loops = new PeerAffinityGroup(2, nativeTransport);
        listener = new Listener(
                loops,
                java.util.Arrays.stream(addresses)
                        .map(a -> new InetSocketAddress(IpAddresses.parse(a), 0))
                        .toList(),
                (remote, local) -> accepting
                        ? wire -> {
                            End end = new End();
                            end.wire.complete(wire);
                            accepted.add(end);
                            return end;
                        }
                        : null);
        listener.bind();
    }

    int port() {
        return listener.localAddresses().get(0).getPort();
    }

    /** Dials the listener from an address; completes with the end, or fails with the detail. */
    CompletableFuture<End> dial(String from, String to, int port, byte[] key, int hops) {
        InetAddress remote = IpAddresses.parse(to);
        EventLoop loop = loops.loopFor(remote);
        CompletableFuture<End> result = new CompletableFuture<>();
        Dialer.Target target = new Dialer.Target(
                new InetSocketAddress(remote, port),
                Optional.of(IpAddresses.parse(from)),
                key.length == 0 ? Optional.empty() : Optional.of(key),
                hops);
        loop.execute(() -> new Connector(loops, loop, connectTimeout).dial(target, new Dialer.Outcome() {
            @Override
            public Wire.Events connected(Wire wire) {
                End end = new End();
                end.wire.complete(wire);
                result.complete(end);
                return end;
            }

            @Override
            public void failed(String detail) {
                result.completeExceptionally(new IllegalStateException(detail));
            }
        }));
        return result;
    }

    /** Runs on the loop of a wire. */
    void on(End end, java.util.function.Consumer<Wire> work) {
        Wire wire = end.wire.join();
        loops.loopFor(wire.remoteAddress().getAddress()).execute(() -> work.accept(wire));
    }

    @Override
    public void close() {
        listener.close();
        loops.close(Duration.ofSeconds(2));
    }
}
