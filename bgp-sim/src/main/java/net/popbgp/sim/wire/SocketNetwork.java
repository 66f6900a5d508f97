package net.popbgp.sim.wire;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Real TCP on one event loop: epoll where it is available, otherwise NIO, which knows no TCP MD5.
 *
 * <p>Confined to its loop.
 */
public final class SocketNetwork implements SimNetwork {

    private static final int CONNECT_TIMEOUT_MILLIS = 5000;
    private static final boolean EPOLL = Epoll.isAvailable();

    private final EventLoop loop;

    public SocketNetwork(EventLoop loop) {
        this.loop = loop;
    }

    /** {@return what the loops of such networks are made with} */
    public static IoHandlerFactory ioHandlerFactory() {
        return EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }

    public static boolean supportsMd5() {
        return EPOLL;
    }

    @Override
    public Attempt dial(Target target, Outcome outcome) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(EPOLL ? EpollSocketChannel.class : NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_REUSEADDR, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MILLIS)
                .handler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline()
                                .addLast(new SocketWire(channel, wire -> Optional.of(outcome.connected(wire))));
                    }
                });
        target.md5Key()
                .ifPresent(key -> bootstrap.option(
                        EpollChannelOption.TCP_MD5SIG,
                        Map.of(target.remoteAddress().getAddress(), key)));
        target.localAddress().ifPresent(local -> bootstrap.localAddress(new InetSocketAddress(local, 0)));
        ChannelFuture connecting = bootstrap.connect(target.remoteAddress());
        boolean[] cancelled = {false};
        connecting.addListener(done -> {
            if (!done.isSuccess() && !cancelled[0]) {
                outcome.failed(String.valueOf(done.cause().getMessage()));
            }
        });
        return () -> {
            cancelled[0] = true;
            connecting.cancel(false);
        };
    }

    @Override
    public CompletableFuture<Listening> listen(
            InetSocketAddress address, InetAddress peer, Optional<byte[]> md5Key, Acceptor acceptor) {
        ServerBootstrap bootstrap = new ServerBootstrap()
                .group(loop, loop)
                .channel(serverChannel())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        channel.pipeline().addLast(new SocketWire(channel, acceptor::accept));
                    }
                });
        md5Key.ifPresent(key -> bootstrap.option(EpollChannelOption.TCP_MD5SIG, Map.of(peer, key)));
        CompletableFuture<Listening> result = new CompletableFuture<>();
        ChannelFuture binding = bootstrap.bind(address);
        binding.addListener(done -> {
            if (done.isSuccess()) {
                result.complete(new ListeningSocket(binding.channel(), peer));
            } else {
                result.completeExceptionally(new IOException("cannot listen on " + address, done.cause()));
            }
        });
        return result;
    }

    private static Class<? extends ServerChannel> serverChannel() {
        return EPOLL ? EpollServerSocketChannel.class : NioServerSocketChannel.class;
    }

    private record ListeningSocket(Channel channel, InetAddress peer) implements Listening {
        @Override
        public InetSocketAddress address() {
            return (InetSocketAddress) channel.localAddress();
        }

        @Override
        public void setMd5Key(Optional<byte[]> key) {
            channel.config()
                    .setOption(
                            EpollChannelOption.TCP_MD5SIG,
                            key.map(octets -> Map.of(peer, octets)).orElse(Map.of()));
        }

        @Override
        public void close() {
            channel.close();
        }
    }
}
