package net.popbgp.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import net.popbgp.session.Wire;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for peers to connect, on any number of addresses. A wildcard is for its own family alone, so 0.0.0.0 and :: can share a port. What
 * is not a configured peer is closed at once, without a word: the kernel lets a source for which there is no MD5 key connect even if others
 * have keys.
 *
 * <p>Keys and hop limits may be changed while it listens. Thread-safe.
 */
public final class Listener {

    /** Decides about a connection. Called on the accepting loop, must not block. */
    @FunctionalInterface
    public interface Acceptor {

        /**
         * {@return what takes the connection, called on the peer's loop and free to answer null, or null to close it}
         */
        @Nullable
        Function<Wire, Wire.@Nullable Events> accept(InetSocketAddress remote, InetSocketAddress local);
    }

    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    private static final int BACKLOG = 1024;
    private static final long BIND_TIMEOUT_SECONDS = 5;

    private final PeerAffinityGroup loops;
    private final List<InetSocketAddress> addresses;
    private final Acceptor acceptor;
    private final List<Channel> channels = new ArrayList<>();
    private final Map<InetAddress, byte[]> md5Keys = new HashMap<>();
    private final Map<InetAddress, Integer> maxHops = new HashMap<>();
    private final AtomicLong rejected = new AtomicLong();
    private boolean bound;

    public Listener(PeerAffinityGroup loops, List<InetSocketAddress> addresses, Acceptor acceptor) {
        this.loops = loops;
        this.addresses = List.copyOf(addresses);
        this.acceptor = acceptor;
    }

    /**
     * Opens the sockets, with the keys set so far.
     *
     * @throws IOException naming the address, if one cannot be bound; none is left open then
     */
    public synchronized void bind() throws IOException {
        bound = true;
        try {
            for (InetSocketAddress address : addresses) {
                channels.add(open(address));
            }
        } catch (IOException | RuntimeException e) {
            close();
            throw e;
        }
    }

    private Channel open(InetSocketAddress address) throws IOException {
        boolean ipv4 = address.getAddress() instanceof Inet4Address;
        Channel channel = newServerChannel(ipv4);
        channel.pipeline().addLast(new Accepting());
        channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
        channel.config().setOption(ChannelOption.SO_BACKLOG, BACKLOG);
        try {
            await(loops.next().register(channel), address);
            if (loops.isEpoll()) {
                if (!ipv4) {
                    SocketOptions.setIpv6Only(channel);
                }
                for (Map.Entry<InetAddress, byte[]> entry : md5Keys.entrySet()) {
                    applyKey(channel, ipv4, entry.getKey(), entry.getValue());
                }
                if (!maxHops.isEmpty()) {
                    SocketOptions.setTtl255(channel, ipv4);
                }
            }
            await(channel.bind(address), address);
            return channel;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private Channel newServerChannel(boolean ipv4) {
        SocketProtocolFamily family = ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
        return loops.isEpoll()
                ? new EpollServerSocketChannel(family)
                : new NioServerSocketChannel(SelectorProvider.provider(), family);
    }

    private static void await(io.netty.util.concurrent.Future<?> future, InetSocketAddress address) throws IOException {
        if (!future.awaitUninterruptibly(BIND_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            throw new IOException("cannot listen on " + text(address) + ": no answer from the event loop");
        }
        if (!future.isSuccess()) {
            Throwable cause = future.cause();
            throw new IOException(
                    "cannot listen on " + text(address) + ": " + (cause == null ? "cancelled" : cause.getMessage()),
                    cause);
        }
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + " port " + address.getPort();
    }

    /** {@return the addresses really bound, with their ports} */
    public synchronized List<InetSocketAddress> localAddresses() {
        return channels.stream()
                .map(Channel::localAddress)
                .filter(InetSocketAddress.class::isInstance)
                .map(InetSocketAddress.class::cast)
                .toList();
    }

    /** {@return connections closed because their source is no configured peer, or is not to be taken now} */
    public long rejectedConnections() {
        return rejected.get();
    }

    /**
     * Sets or changes a peer's key on all sockets of its family: the next connection needs it, established ones keep theirs.
     *
     * @throws IllegalArgumentException unless the key has 1..80 octets
     * @throws IllegalStateException if the transport has no TCP MD5 (no epoll), or the kernel has no room for another key
     */
    public synchronized void setMd5Key(InetAddress peer, byte[] key) {
        if (key.length < 1 || key.length > 80) {
            throw new IllegalArgumentException("an MD5 key has 1..80 octets, not " + key.length);
        }
        if (!loops.isEpoll()) {
            throw new IllegalStateException("peer " + peer.getHostAddress()
                    + ": TCP MD5 needs the native epoll transport, which is not available here; the peer is refused"
                    + " rather than left without protection");
        }
        for (Channel channel : channels) {
            applyKey(channel, isIpv4(channel), peer, key);
        }
        md5Keys.put(peer, key.clone());
    }

    /** Removes a peer's key; does nothing if it has none. */
    public synchronized void removeMd5Key(InetAddress peer) {
        if (md5Keys.remove(peer) != null) {
            for (Channel channel : channels) {
                applyKey(channel, isIpv4(channel), peer, new byte[0]);
            }
        }
    }

    private void applyKey(Channel channel, boolean ipv4Socket, InetAddress peer, byte[] key) {
        if (ipv4Socket != peer instanceof Inet4Address) {
            return; // the kernel would take it and store a wrong address
        }
        try {
            SocketOptions.setMd5Key(channel, peer, key);
        } catch (ChannelException e) {
            throw new IllegalStateException(
                    "peer " + peer.getHostAddress() + ": the kernel takes no further MD5 key (" + e.getMessage()
                            + "); the listener holds " + md5Keys.size()
                            + ", the room for them is net.core.optmem_max",
                    e);
        }
    }

    private static boolean isIpv4(Channel channel) {
        return ((InetSocketAddress) channel.localAddress()).getAddress() instanceof Inet4Address;
    }

    /**
     * Takes connections of a peer only from that many hops away (RFC 5082); 0 for any distance.
     *
     * @throws IllegalStateException if the transport cannot do it (no epoll)
     */
    public synchronized void setTtlSecurity(InetAddress peer, int hops) {
        if (hops == 0) {
            maxHops.remove(peer);
            return;
        }
        if (!loops.isEpoll()) {
            throw new IllegalStateException("peer " + peer.getHostAddress()
                    + ": GTSM needs the native epoll transport, which is not available here");
        }
        maxHops.put(peer, hops);
        for (Channel channel : channels) {
            SocketOptions.setTtl255(channel, isIpv4(channel));
        }
    }

    private synchronized int maxHops(InetAddress peer) {
        return maxHops.getOrDefault(peer, 0);
    }

    /** Closes the sockets; connections that were taken stay. */
    public synchronized void close() {
        channels.forEach(Channel::close);
        channels.clear();
    }

    /** {@return whether bind was called} */
    public synchronized boolean isBound() {
        return bound;
    }

    private final class Accepting extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel child = (Channel) message;
            child.config().setAutoRead(false);
            InetSocketAddress remote = (InetSocketAddress) child.remoteAddress();
            InetSocketAddress local = (InetSocketAddress) child.localAddress();
            Function<Wire, Wire.@Nullable Events> taker =
                    remote == null || local == null ? null : acceptor.accept(remote, local);
            if (taker == null || remote == null) {
                reject(context, child, remote);
                return;
            }
            EventLoop loop = loops.loopFor(remote.getAddress());
            loop.register(child).addListener(registered -> {
                if (registered.isSuccess()) {
                    take(child, remote, taker);
                } else {
                    child.unsafe().closeForcibly();
                }
            });
        }

        private void reject(ChannelHandlerContext context, Channel child, @Nullable InetSocketAddress remote) {
            long count = rejected.incrementAndGet();
            if (Long.bitCount(count) == 1) { // the 1st, 2nd, 4th, ... so that a flood does not fill the log
                LOG.info("event=connection_rejected remote={} reason=not_a_peer total={}", remote, count);
            }
            // Registered only to be closed: an unregistered channel has no loop to close it on.
            context.channel()
                    .eventLoop()
                    .register(child)
                    .addListener(registered -> child.unsafe().closeForcibly());
        }

        private void take(Channel child, InetSocketAddress remote, Function<Wire, Wire.@Nullable Events> taker) {
            try {
                SocketOptions.setCommon(child);
                int hops = maxHops(remote.getAddress());
                if (hops > 0) {
                    boolean ipv4 = remote.getAddress() instanceof Inet4Address;
                    SocketOptions.setTtl255(child, ipv4);
                    SocketOptions.setMaxHops(child, ipv4, hops);
                }
            } catch (ChannelException | IllegalStateException e) {
                LOG.warn("event=connection_dropped remote={} reason=\"{}\"", remote, e.toString());
                child.close();
                return;
            }
            ChannelWire wire = new ChannelWire(child);
            Wire.Events events = taker.apply(wire);
            if (events == null) {
                rejected.incrementAndGet();
                child.close();
            } else {
                wire.open(events);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // Out of descriptors or the like: the next connection may succeed.
            LOG.warn("event=accept_failed reason=\"{}\"", cause.toString());
        }
    }
}
