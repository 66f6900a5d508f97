package net.popbgp.bench;

import java.util.List;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.BgpMessage;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.NotificationException;
import net.popbgp.sim.load.Batch;
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
import org.openjdk.jmh.infra.Blackhole;

/** Bytes to messages, with one codec as a session has it. Scores are per NLRI, of the KEEPALIVE per message. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms2g", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DecodeBenchmark {

    private MessageCodec codec;
    private byte[] fullIpv4;
    private byte[] fullIpv6;
    private byte[] keepalive;
    private byte[][] seenBefore;
    private byte[][] notSeenBefore;

    @Setup
    public void encode() {
        codec = new MessageCodec(Loads.SESSION);
        keepalive = codec.encode(KeepaliveMessage.INSTANCE);
        fullIpv4 = messages(List.of(new Batch(Loads.attributes(2, 0), Loads.sideBySide(Loads.IPV4, 24, 900))))[0];
        fullIpv6 = messages(List.of(new Batch(Loads.attributesIpv6(), Loads.sideBySide(Loads.IPV6, 48, 500))))[0];
        seenBefore = messages(Loads.internet(10_000, 2));
        notSeenBefore = messages(Loads.internet(100_000, 2));
    }

    private static byte[][] messages(List<Batch> batches) {
        return Loads.updates(batches).stream().toArray(byte[][]::new);
    }

    @Benchmark
    public BgpMessage keepalive() throws NotificationException {
        return codec.decode(keepalive);
    }

    /** One UPDATE of 900 prefixes, its attributes known. */
    @Benchmark
    @OperationsPerInvocation(900)
    public BgpMessage fullIpv4() throws NotificationException {
        return codec.decode(fullIpv4);
    }

    /** One UPDATE of 500 prefixes in MP_REACH_NLRI, its attributes known. */
    @Benchmark
    @OperationsPerInvocation(500)
    public BgpMessage fullIpv6() throws NotificationException {
        return codec.decode(fullIpv6);
    }

    /** A table whose attribute sets the codec remembers, seven prefixes to an UPDATE. */
    @Benchmark
    @OperationsPerInvocation(10_000)
    public void internetSeenBefore(Blackhole sink) throws NotificationException {
        decode(seenBefore, sink);
    }

    /** A table with more attribute sets than the codec remembers, so that nearly all are parsed. */
    @Benchmark
    @OperationsPerInvocation(100_000)
    public void internetNotSeenBefore(Blackhole sink) throws NotificationException {
        decode(notSeenBefore, sink);
    }

    private void decode(byte[][] messages, Blackhole sink) throws NotificationException {
        for (byte[] message : messages) {
            sink.consume(codec.decode(message));
        }
    }
}
