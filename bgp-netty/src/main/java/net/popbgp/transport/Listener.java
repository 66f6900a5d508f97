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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.session.Wire;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits for peers to connect, on any number of addresses. A wildcard is for its own family alone, so 0.0.0.0 and :: can share a port. What
 * is not a configured peer is closed at once, without a word: the kernel lets a source for which there is no MD5 key connect even if others
 * have keys.
 *
 * <p>Connections that the acceptor wants are limited to 20 a second from one address, and to 512 that no peer has taken over yet: more are
 * closed. When the system has no room for
 * another connection, none is accepted for a second. Without epoll a socket for :: takes IPv4 too, and cannot share a port with 0.0.0.0.
 *
 * <p>Keys and hop limits may be changed while it listens. Thread-safe; accepting takes no lock, so a change never holds up a loop.
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
    private static final int MAX_PENDING = 512;
    private static final int MAX_PER_SECOND = 20;
    private static final long BIND_TIMEOUT_SECONDS = 5;
    private static final long CLOSE_TIMEOUT_SECONDS = 1;
    private static final long ACCEPT_PAUSE_SECONDS = 1;

    private final PeerAffinityGroup loops;
    private final List<InetSocketAddress> addresses;
    private final Acceptor acceptor;
    private final List<Channel> channels = new ArrayList<>();
    private final Map<Prefix, byte[]> md5Keys = new HashMap<>();
    private volatile boolean ttl255;
    private final Map<InetAddress, Integer> maxHops = new ConcurrentHashMap<>();
    private final AtomicLong rejected = new AtomicLong();
    private final AtomicInteger pending = new AtomicInteger();
    private final AcceptRate rate = new AcceptRate(MAX_PER_SECOND);
    private final int maxPending;

    public Listener(PeerAffinityGroup loops, List<InetSocketAddress> addresses, Acceptor acceptor) {
        this(loops, addresses, acceptor, MAX_PENDING);
    }

    Listener(PeerAffinityGroup loops, List<InetSocketAddress> addresses, Acceptor acceptor, int maxPending) {
        this.loops = loops;
        this.addresses = List.copyOf(addresses);
        this.acceptor = acceptor;
        this.maxPending = maxPending;
    }

    /**
     * Opens the sockets, with the keys set so far.
     *
     * @throws IOException naming the address, if one cannot be bound; none is left open then
     * @throws IllegalStateException if it listens already
     */
    public synchronized void bind() throws IOException {
        if (!channels.isEmpty()) {
            throw new IllegalStateException("listens already on " + localAddresses());
        }
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
                for (Map.Entry<Prefix, byte[]> entry : md5Keys.entrySet()) {
                    applyKey(channel, ipv4, entry.getKey(), entry.getValue());
                }
                if (ttl255) {
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
            throw new IOException(
                    "cannot listen on " + text(address) + ": " + Failures.binding(future.cause(), address.getPort()),
                    future.cause());
        }
    }

    private static String text(InetSocketAddress address) {
        return IpAddresses.text(address.getAddress()) + " port " + address.getPort();
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
    public void setMd5Key(InetAddress peer, byte[] key) {
        setMd5Key(host(peer), key);
    }

    /**
     * Sets or changes the key of all peers in a range; one with a key of its own uses that. The rest is as for one peer.
     *
     * @throws IllegalStateException also if the kernel has no keys for ranges
     */
    public synchronized void setMd5Key(Prefix peers, byte[] key) {
        SocketOptions.checkMd5Key(key);
        if (!loops.hasTcpMd5()) {
            throw new IllegalStateException("peer " + text(peers)
                    + ": TCP MD5 needs the native epoll transport and a kernel with TCP_MD5SIG, which are not available"
                    + " here; the peer is refused rather than left without protection");
        }
        // Sockets of one family have the same keys, so the kernel refuses at the first of them or at none.
        for (Channel channel : channels) {
            applyKey(channel, isIpv4(channel), peers, key);
        }
        md5Keys.put(peers, key.clone());
    }

    /** Removes a peer's key; does nothing if it has none. */
    public void removeMd5Key(InetAddress peer) {
        removeMd5Key(host(peer));
    }

    /** Removes a range's key; does nothing if it has none. */
    public synchronized void removeMd5Key(Prefix peers) {
        if (md5Keys.remove(peers) != null) {
            for (Channel channel : channels) {
                applyKey(channel, isIpv4(channel), peers, new byte[0]);
            }
        }
    }

    private static Prefix host(InetAddress peer) {
        return Prefix.of(peer, peer.getAddress().length * 8);
    }

    private static String text(Prefix peers) {
        return peers.length() == peers.family().maxPrefixLength()
                ? IpAddresses.text(peers.address())
                : peers.toString();
    }

    private void applyKey(Channel channel, boolean ipv4Socket, Prefix peers, byte[] key) {
        if (ipv4Socket != peers.isIpv4()) {
            return; // a key counts for its own family; the kernel refuses it here, or takes it for another address
        }
        try {
            SocketOptions.setMd5Key(channel, peers, key);
        } catch (ChannelException e) {
            throw new IllegalStateException(
                    "peer " + text(peers) + ": the kernel refuses the MD5 key: " + refusal(ipv4Socket, e), e);
        }
    }

    private String refusal(boolean ipv4, ChannelException refused) {
        Throwable cause = refused.getCause();
        String reason = Failures.reason(cause == null ? refused : cause);
        if (!reason.contains("cannot allocate memory")) {
            return reason;
        }
        long keys = md5Keys.keySet().stream()
                .filter(peers -> peers.isIpv4() == ipv4)
                .count();
        return "a listening socket holds " + keys + (ipv4 ? " IPv4" : " IPv6")
                + " keys and has room for no more, raise net.core.optmem_max (" + reason + ")";
    }

    private static boolean isIpv4(Channel channel) {
        return ((InetSocketAddress) channel.localAddress()).getAddress() instanceof Inet4Address;
    }

    /**
     * Takes connections of a peer only from that many hops away (RFC 5082); 0 for any distance. The limit is on the accepted connection, not
     * on the listening socket, which other peers use too: so the handshake of one further away succeeds and nothing it sends arrives.
     *
     * @throws IllegalArgumentException unless hops is in 0..255
     * @throws IllegalStateException if the transport cannot do it (no epoll)
     */
    public synchronized void setTtlSecurity(InetAddress peer, int hops) {
        SocketOptions.checkHops(hops);
        if (hops == 0) {
            maxHops.remove(peer);
            return;
        }
        try {
            requireTtlSecurity(hops);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("peer " + IpAddresses.text(peer) + ": " + e.getMessage(), e);
        }
        maxHops.put(peer, hops);
    }

    /**
     * Makes the listening sockets ready for peers with that limit: their SYN-ACK too has to look like a neighbour's.
     *
     * @throws IllegalStateException if hops is not 0 and the transport cannot do it (no epoll)
     */
    public synchronized void requireTtlSecurity(int hops) {
        if (hops == 0) {
            return;
        }
        if (!loops.isEpoll()) {
            throw new IllegalStateException("GTSM needs the native epoll transport, which is not available here");
        }
        for (Channel channel : channels) {
            SocketOptions.setTtl255(channel, isIpv4(channel));
        }
        ttl255 = true;
    }

    /** Sets the limit of a peer that is connecting just now, after {@link #requireTtlSecurity}. Takes no lock. */
    public void limitAccepted(InetAddress peer, int hops) {
        if (hops > 0) {
            maxHops.put(peer, hops);
        }
    }

    /** {@return the limit that is set for a peer, 0 for none} */
    public int ttlSecurity(InetAddress peer) {
        return maxHops.getOrDefault(peer, 0);
    }

    /** Closes the sockets; connections that were taken stay. Waits for it, at most a second, unless called on a loop. */
    public synchronized void close() {
        boolean mayWait = !loops.inLoop();
        for (Channel channel : channels) {
            var closed = channel.close();
            if (mayWait) {
                closed.awaitUninterruptibly(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
            }
        }
        channels.clear();
    }

    /** On each listening socket. Confined to the loop that accepts. */
    final class Accepting extends ChannelInboundHandlerAdapter {

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            Channel child = (Channel) message;
            child.config().setAutoRead(false);
            InetSocketAddress remote = (InetSocketAddress) child.remoteAddress();
            InetSocketAddress local = (InetSocketAddress) child.localAddress();
            Function<Wire, Wire.@Nullable Events> taker = remote == null || local == null ? null : ask(remote, local);
            if (taker == null || remote == null) {
                reject(context, child, remote, "not_a_peer");
                return;
            }
            if (!rate.takes(remote.getAddress(), System.nanoTime())) {
                reject(context, child, remote, "too_often");
                return;
            }
            if (pending.incrementAndGet() > maxPending) {
                pending.decrementAndGet();
                reject(context, child, remote, "too_many_at_once");
                return;
            }
            EventLoop loop = loops.loopFor(remote.getAddress());
            loop.register(child).addListener(registered -> {
                pending.decrementAndGet();
                if (registered.isSuccess()) {
                    take(child, remote, taker);
                } else {
                    child.unsafe().closeForcibly();
                }
            });
        }

        private @Nullable Function<Wire, Wire.@Nullable Events> ask(InetSocketAddress remote, InetSocketAddress local) {
            try {
                return acceptor.accept(remote, local);
            } catch (RuntimeException e) {
                LOG.error("event=acceptor_failed remote={}", remote, e);
                return null;
            }
        }

        private void reject(
                ChannelHandlerContext context, Channel child, @Nullable InetSocketAddress remote, String reason) {
            long count = rejected.incrementAndGet();
            if (Long.bitCount(count) == 1) { // the 1st, 2nd, 4th, ... so that a flood does not fill the log
                LOG.info("event=connection_rejected remote={} reason={} total={}", remote, reason, count);
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
                int hops = maxHops.getOrDefault(remote.getAddress(), 0);
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
            Wire.Events events;
            try {
                events = taker.apply(wire);
            } catch (RuntimeException e) {
                LOG.error("event=connection_dropped remote={}", remote, e);
                child.close();
                return;
            }
            if (events == null) {
                rejected.incrementAndGet();
                child.close();
            } else {
                wire.open(events);
            }
        }

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            // Out of descriptors or the like. The connection still waits, so trying again at once would only spin.
            LOG.warn("event=accept_failed reason=\"{}\" pause={}s", cause.toString(), ACCEPT_PAUSE_SECONDS);
            Channel server = context.channel();
            server.config().setAutoRead(false);
            server.eventLoop()
                    .schedule(() -> server.config().setAutoRead(true), ACCEPT_PAUSE_SECONDS, TimeUnit.SECONDS);
        }
    }
}
