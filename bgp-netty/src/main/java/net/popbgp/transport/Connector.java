package net.popbgp.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.spi.SelectorProvider;
import java.time.Duration;
import net.popbgp.session.Dialer;
import net.popbgp.session.Wire;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Dials from one loop. Options that protect the session are set on the registered channel before it connects, where a refusal can be caught;
 * a session that asks for protection and cannot have it does not come about.
 *
 * <p>Confined to the peer's loop.
 */
public final class Connector implements Dialer {

    /** How long one attempt may take; the ConnectRetryTimer usually ends it sooner. */
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);

    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);

    private final PeerAffinityGroup loops;
    private final EventLoop loop;
    private final int timeoutMillis;

    public Connector(PeerAffinityGroup loops, EventLoop loop) {
        this(loops, loop, CONNECT_TIMEOUT);
    }

    /** @param timeout how long one attempt may take */
    public Connector(PeerAffinityGroup loops, EventLoop loop, Duration timeout) {
        this.loops = loops;
        this.loop = loop;
        this.timeoutMillis = Math.toIntExact(timeout.toMillis());
    }

    /**
     * {@inheritDoc}
     *
     * <p>Protection that the transport or the kernel cannot give fails the attempt before anything is sent.
     *
     * @throws IllegalArgumentException if the key does not have 1..80 octets or the hops are not in 0..255
     */
    @Override
    public Attempt dial(Target target, Outcome outcome) {
        target.md5Key().ifPresent(SocketOptions::checkMd5Key);
        SocketOptions.checkHops(target.ttlSecurity());
        DialAttempt attempt = new DialAttempt(outcome);
        loop.execute(() -> attempt.start(target));
        return attempt;
    }

    private Channel newChannel(SocketProtocolFamily family) {
        return loops.isEpoll()
                ? new EpollSocketChannel(family)
                : new NioSocketChannel(SelectorProvider.provider(), family);
    }

    private final class DialAttempt implements Attempt {
        private final Outcome outcome;
        private boolean over;
        private @Nullable Channel channel;

        DialAttempt(Outcome outcome) {
            this.outcome = outcome;
        }

        void start(Target target) {
            if (over) {
                return;
            }
            boolean ipv4 = target.remoteAddress().getAddress() instanceof Inet4Address;
            Channel dialing;
            try {
                dialing = newChannel(ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6);
            } catch (ChannelException e) {
                fail("no socket: " + Failures.reason(e.getCause() == null ? e : e.getCause()));
                return;
            }
            channel = dialing;
            dialing.config().setAutoRead(false);
            dialing.config().setOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis);
            loop.register(dialing).addListener(registered -> {
                if (registered.isSuccess()) {
                    connect(dialing, target, ipv4);
                } else {
                    fail(Failures.connecting(registered.cause()));
                }
            });
        }

        private void connect(Channel dialing, Target target, boolean ipv4) {
            try {
                SocketOptions.setCommon(dialing);
                if (target.md5Key().isPresent()) {
                    SocketOptions.setMd5Key(
                            dialing,
                            target.remoteAddress().getAddress(),
                            target.md5Key().get());
                }
                if (target.ttlSecurity() > 0) {
                    SocketOptions.setTtl255(dialing, ipv4);
                    SocketOptions.setMaxHops(dialing, ipv4, target.ttlSecurity());
                }
            } catch (ChannelException | IllegalStateException e) {
                dialing.close();
                fail("protection refused: " + e.getMessage());
                return;
            }
            InetAddress from = target.localAddress().orElse(null);
            ChannelFuture connecting = from == null
                    ? dialing.connect(target.remoteAddress())
                    : dialing.connect(target.remoteAddress(), new InetSocketAddress(from, 0));
            connecting.addListener(connected -> {
                if (connected.isSuccess()) {
                    succeed(dialing);
                } else {
                    dialing.close();
                    fail(Failures.connecting(connected.cause()));
                }
            });
        }

        private void succeed(Channel dialing) {
            if (over) {
                dialing.close();
                return;
            }
            over = true;
            ChannelWire wire = new ChannelWire(dialing);
            Wire.Events events;
            try {
                events = outcome.connected(wire);
            } catch (RuntimeException e) {
                LOG.error("event=connection_dropped remote={}", wire.remoteAddress(), e);
                dialing.close();
                return;
            }
            wire.open(events);
        }

        private void fail(String detail) {
            if (!over) {
                over = true;
                outcome.failed(detail);
            }
        }

        @Override
        public void cancel() {
            if (over) {
                return; // what has become a connection belongs to its session
            }
            over = true;
            if (channel != null) {
                channel.close();
            }
        }
    }
}
