package net.popbgp.transport;

import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The event loops of a speaker. A peer is always on the same one, whoever made the connection, so that all that concerns a peer is
 * single-threaded. Threads start with the first channel.
 *
 * <p>Thread-safe.
 */
public final class PeerAffinityGroup {

    private final MultiThreadIoEventLoopGroup group;
    private final boolean epoll;
    private final boolean tcpMd5;
    private final Map<InetAddress, EventLoop> assigned = new ConcurrentHashMap<>();

    /** @param nativeTransport whether epoll is used if it is available */
    public PeerAffinityGroup(int threads, boolean nativeTransport) {
        epoll = nativeTransport && Epoll.isAvailable();
        IoHandlerFactory factory = epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
        tcpMd5 = epoll && SocketOptions.takesMd5Keys();
        group = new MultiThreadIoEventLoopGroup(threads, new DefaultThreadFactory("bgp-io", true), factory);
    }

    /** {@return whether sockets are epoll's: without it there is neither TCP MD5 nor GTSM} */
    public boolean isEpoll() {
        return epoll;
    }

    /** {@return whether sockets can have TCP MD5 keys (RFC 2385): epoll, on a kernel that was built with them} */
    public boolean hasTcpMd5() {
        return tcpMd5;
    }

    /** {@return the peer's loop: the next in turn when first asked, afterwards the same until released} */
    public EventLoop loopFor(InetAddress remote) {
        return assigned.computeIfAbsent(remote, r -> group.next());
    }

    /** Forgets a peer that was removed. */
    public void release(InetAddress remote) {
        assigned.remove(remote);
    }

    EventLoop next() {
        return group.next();
    }

    /** {@return whether the caller is one of the loops} */
    public boolean inLoop() {
        for (EventExecutor loop : group) {
            if (loop.inEventLoop()) {
                return true;
            }
        }
        return false;
    }

    /** Ends the loops and closes what is still open, waiting at most that long. */
    public void close(Duration timeout) {
        long millis = Math.max(1, timeout.toMillis());
        var end = group.shutdownGracefully(0, millis, TimeUnit.MILLISECONDS);
        if (!inLoop()) {
            end.awaitUninterruptibly(millis);
        }
    }
}
