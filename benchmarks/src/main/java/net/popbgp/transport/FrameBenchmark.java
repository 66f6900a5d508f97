package net.popbgp.transport;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import net.popbgp.bench.Loads;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.session.Wire;
import org.jspecify.annotations.NullUnmarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Reads of a socket to messages, as a connection of the product does it. In the product's package, whose classes are not public. Scores are
 * per message ({@code keepalives}) and per prefix ({@code internet}, decoding included: subtract {@code StageBenchmark.decode}). JMH sets the
 * fields before it uses them.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms2g", "-Xmx2g", "-XX:+UseSerialGC"})
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@NullUnmarked
public class FrameBenchmark {

    private static final int KEEPALIVES = 10_000;
    private static final int PREFIXES = 100_000;
    private static final int READ = 64 * 1024;

    private EmbeddedChannel channel;
    private long messages;
    private byte[] keepalives;
    private byte[] internet;

    /** Counts the messages. */
    private final class Counting implements Wire.Events {
        @Override
        public void onMessage(BgpMessage message) {
            messages++;
        }

        @Override
        public void onMessageError(NotificationException error) {
            throw new IllegalStateException(error.toString());
        }

        @Override
        public void onClosed(String detail) {}

        @Override
        public void onWritable() {}

        @Override
        public void onSendProgress() {}
    }

    @Setup
    public void connect() {
        channel = new EmbeddedChannel();
        InetSocketAddress here = new InetSocketAddress(IpAddresses.parse("127.0.3.1"), 179);
        InetSocketAddress there = new InetSocketAddress(IpAddresses.parse("127.0.3.2"), 179);
        ChannelWire wire = new ChannelWire(channel, here, there);
        wire.setOptions(Loads.SESSION);
        wire.open(new Counting());
        byte[] keepalive = new MessageCodec(Loads.SESSION).encode(KeepaliveMessage.INSTANCE);
        keepalives = new byte[KEEPALIVES * keepalive.length];
        for (int i = 0; i < KEEPALIVES; i++) {
            System.arraycopy(keepalive, 0, keepalives, i * keepalive.length, keepalive.length);
        }
        internet = Loads.stream(Loads.internet(PREFIXES, 2));
    }

    /** Messages without a body, each cut out and told. */
    @Benchmark
    @OperationsPerInvocation(KEEPALIVES)
    public long keepalives() {
        return read(keepalives);
    }

    /** A table, seven prefixes to an UPDATE. */
    @Benchmark
    @OperationsPerInvocation(PREFIXES)
    public long internet() {
        return read(internet);
    }

    private long read(byte[] octets) {
        for (int at = 0; at < octets.length; at += READ) {
            ByteBuf buffer = Unpooled.wrappedBuffer(octets, at, Math.min(READ, octets.length - at));
            channel.pipeline().fireChannelRead(buffer);
        }
        return messages;
    }
}
