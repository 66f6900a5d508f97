package net.popbgp.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.codec.UpdatePacker;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.rib.AdjRibOut;
import net.popbgp.core.rib.MemberLimits;
import net.popbgp.core.rib.RouteBatch;
import net.popbgp.core.rib.RoutingTables;
import net.popbgp.core.route.RoutePolicy;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The way of one table of 100,000 prefixes, seven to an attribute set, from a peer whose routes win over those that are there, to a
 * neighbour: each stage by itself on what the stage before it made, and all of them in a row. Without threads and sockets. Scores are per
 * prefix; framing is {@code FrameBenchmark}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms2g", "-Xmx2g", "-XX:+UseSerialGC"})
@Warmup(iterations = 40)
@Measurement(iterations = 40)
public class StageBenchmark {

    private static final int PREFIXES = 100_000;
    private static final int BATCH = 4_096; // as the speaker drains

    private MessageCodec codec;
    private UpdatePacker packer;
    private List<byte[]> octets;
    private List<UpdateMessage> messages;
    private RoutingTables tables;
    private int peer;
    private int refused;
    private AdjRibOut.Member neighbour;

    @Setup
    public void fill() throws NotificationException {
        codec = new MessageCodec(Loads.SESSION);
        packer = new UpdatePacker(Loads.SESSION);
        octets = Loads.updates(Loads.internet(PREFIXES, 2));
        messages = new ArrayList<>();
        for (byte[] each : octets) {
            messages.add((UpdateMessage) codec.decode(each));
        }
        tables = Loads.tables();
        peer = Loads.addPeer(tables, 2, 90);
        Loads.announce(tables, Loads.addPeer(tables, 3, 100), Loads.internet(PREFIXES, 3));
        refused = tables.addPeer(Loads.source(4, 80), RoutePolicy.REJECT_ALL);
        neighbour = tables.adjRibOut(Loads.export()).join(Loads.addPeer(tables, 5, 100), MemberLimits.NONE);
    }

    /** The peer has no routes, the neighbour has those of the other. */
    @State(Scope.Thread)
    public static class Before {
        @Setup(Level.Invocation)
        public void prepare(StageBenchmark stages) {
            stages.reset();
        }
    }

    /** The peer's routes are selected, and due to the neighbour. */
    @State(Scope.Thread)
    public static class Decided {
        @Setup(Level.Invocation)
        public void prepare(StageBenchmark stages) {
            stages.reset();
            stages.announce(stages.peer);
        }
    }

    /** The peer's routes are on their way to the neighbour. */
    @State(Scope.Thread)
    public static class Drained {
        private List<RouteBatch> batches = List.of();

        @Setup(Level.Invocation)
        public void prepare(StageBenchmark stages) {
            stages.reset();
            stages.announce(stages.peer);
            batches = stages.drain();
        }
    }

    private void reset() {
        tables.clear(peer);
        tables.clear(refused);
        drain();
    }

    private void announce(int from) {
        for (UpdateMessage message : messages) {
            apply(from, message);
        }
    }

    private void apply(int from, UpdateMessage message) {
        for (UpdateMessage.Announcement announcement : message.announced()) {
            tables.announce(from, announcement.attributes(), announcement.prefixes());
        }
    }

    private List<RouteBatch> drain() {
        List<RouteBatch> batches = new ArrayList<>();
        for (RouteBatch batch = neighbour.next(BATCH); batch != null; batch = neighbour.next(BATCH)) {
            batches.add(batch);
        }
        return batches;
    }

    private int encode(RouteBatch batch) {
        Loads.pack(batch, packer);
        return packer.take().length;
    }

    /** Octets to messages; the codec remembers fewer attribute sets than there are. */
    @Benchmark
    @OperationsPerInvocation(PREFIXES)
    public void decode(Blackhole sink) throws NotificationException {
        for (byte[] each : octets) {
            sink.consume(codec.decode(each));
        }
    }

    /** Routes that the import policy refuses: stored as received, with nothing to decide. */
    @Benchmark
    @OperationsPerInvocation(PREFIXES)
    public int adjRibIn(Before before) {
        announce(refused);
        return tables.size(Loads.IPV4);
    }

    /** Routes that are stored, and win. */
    @Benchmark
    @OperationsPerInvocation(PREFIXES)
    public int adjRibInAndDecision(Before before) {
        announce(peer);
        return tables.best(peer, Loads.IPV4);
    }

    /** What is due to the neighbour, in batches by attribute set. */
    @Benchmark
    @OperationsPerInvocation(PREFIXES)
    public int adjRibOut(Decided decided) {
        return drain().size();
    }

    /** Batches to octets. */
    @Benchmark
    @OperationsPerInvocation(PREFIXES)
    public long encode(Drained drained) {
        long length = 0;
        for (RouteBatch batch : drained.batches) {
            length += encode(batch);
        }
        return length;
    }

    /** Octets in, octets out. */
    @Benchmark
    @OperationsPerInvocation(PREFIXES)
    public long wholePath(Before before) throws NotificationException {
        for (byte[] each : octets) {
            apply(peer, (UpdateMessage) codec.decode(each));
        }
        long length = 0;
        for (RouteBatch batch = neighbour.next(BATCH); batch != null; batch = neighbour.next(BATCH)) {
            length += encode(batch);
        }
        return length;
    }
}
