package net.popbgp.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import net.popbgp.core.codec.CodecOptions;
import net.popbgp.core.codec.MessageCodec;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.KeepaliveMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.speaker.BgpListener;
import net.popbgp.speaker.BgpSpeaker;
import net.popbgp.speaker.Failover;
import net.popbgp.speaker.PeerConfig;
import net.popbgp.speaker.PeerHandle;
import net.popbgp.speaker.SpeakerConfig;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The active circuit of a group is reset over 127.0.0.0/8, with so many prefixes on both circuits: until a listener has the {@link Failover},
 * which must not depend on the prefixes, or until it is told that the last of them has moved. Scores are per failover, detection included.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms3g", "-Xmx3g", "-XX:+UseSerialGC"})
@Warmup(iterations = 20)
@Measurement(iterations = 30)
public class SignalBenchmark {

    private static final long LIMIT_NANOS = TimeUnit.MINUTES.toNanos(1);
    private static final long TRY_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final Asn AZURE = Asn.of(12076);

    /** Prefixes of each circuit. */
    @Param({"1000", "100000", "1000000"})
    public int prefixes;

    private BgpSpeaker speaker;
    private PeerHandle primary;
    private Socket primaryConnection;
    private Socket secondaryConnection;
    private byte[] primaryRoutes;
    private volatile String told = "";
    private volatile String completed = "";

    /** Has no interest in routes, so that nothing is before the failover in its queue. */
    private final class Signals implements BgpListener {
        @Override
        public boolean followsRoutes() {
            return false;
        }

        @Override
        public void onFailover(Failover failover) {
            told = failover.to();
        }

        @Override
        public void onFailoverCompleted(Failover failover) {
            completed = failover.to();
        }
    }

    @Setup
    public void fill() throws Exception {
        speaker = BgpSpeaker.create(
                SpeakerConfig.builder(Asn.of(65010), RouterId.of("127.0.4.1"))
                        .listen(new InetSocketAddress(IpAddresses.parse("127.0.4.1"), 0))
                        .ioThreads(1)
                        .build(),
                new Signals());
        speaker.start().toCompletableFuture().join();
        primary = speaker.addPeer(peer("primary", 2, 90));
        PeerHandle secondary = speaker.addPeer(peer("secondary", 3, 100));
        speaker.addCircuitGroup("azure", primary, secondary);
        primaryRoutes = stream(2);
        secondaryConnection = connect(secondary);
        secondaryConnection.getOutputStream().write(stream(3));
        await(() -> told.equals("secondary"), "the secondary is not active");
    }

    private static PeerConfig peer(String name, int address, int metric) {
        return PeerConfig.builder("127.0.4." + address, AZURE.value())
                .name(name)
                .passive(true)
                .metric(metric)
                .importPolicy(RoutePolicy.ACCEPT_ALL)
                .exportPolicy(RoutePolicy.REJECT_ALL)
                .build();
    }

    private byte[] stream(int peer) throws Exception {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] update : Loads.updates(Loads.internet(prefixes, peer))) {
            all.write(update);
        }
        all.write(new MessageCodec(Loads.SESSION).encode(UpdateMessage.endOfRib(Loads.IPV4)));
        return all.toByteArray();
    }

    /** Opens a session; the speaker takes so many connections in a second, then refuses for a while. */
    private Socket connect(PeerHandle peer) throws IOException {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (true) {
            Socket socket = tryToConnect(peer);
            long patience = System.nanoTime() + TRY_NANOS;
            while (!peer.status().isEstablished() && System.nanoTime() < patience) {
                LockSupport.parkNanos(100_000);
            }
            if (peer.status().isEstablished()) {
                return socket;
            }
            socket.close();
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException("the session is not up");
            }
        }
    }

    private Socket tryToConnect(PeerHandle peer) throws IOException {
        peer.start().toCompletableFuture().join(); // whatever waits there may be after a loss
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(peer.remoteAddress(), 0));
        socket.connect(speaker.listenAddresses().get(0));
        MessageCodec codec = new MessageCodec(CodecOptions.INITIAL);
        RouterId routerId = RouterId.of(IpAddresses.text(peer.remoteAddress()));
        List<Capability> capabilities =
                List.of(new Capability.Multiprotocol(Loads.IPV4), new Capability.FourOctetAs(AZURE));
        try {
            OutputStream out = socket.getOutputStream();
            out.write(codec.encode(new OpenMessage(Math.toIntExact(AZURE.value()), 0, routerId, capabilities)));
            out.write(codec.encode(KeepaliveMessage.INSTANCE));
        } catch (IOException e) {
            return socket; // refused, the next may be taken
        }
        Thread reader = new Thread(() -> discard(socket), "reader");
        reader.setDaemon(true);
        reader.start();
        return socket;
    }

    private static void discard(Socket socket) {
        try (InputStream in = socket.getInputStream()) {
            in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            // reset, by us
        }
    }

    @Setup(Level.Invocation)
    public void returnToPrimary() throws Exception {
        primaryConnection = connect(primary);
        primaryConnection.getOutputStream().write(primaryRoutes);
        await(() -> completed.equals("primary"), "the primary is not active");
        System.gc(); // not the garbage of a million announcements
    }

    private void reset() {
        try {
            primaryConnection.setSoLinger(true, 0);
            primaryConnection.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Until the listener has been told who is active. */
    @Benchmark
    public String toEvent() {
        reset();
        await(() -> told.equals("secondary"), "no failover");
        return told;
    }

    /** Until the listener has been told that the last prefix has moved in the Loc-RIB. */
    @Benchmark
    public String toLastPrefix() {
        reset();
        await(() -> completed.equals("secondary"), "no failover");
        return completed;
    }

    @TearDown(Level.Invocation)
    public void settle() {
        await(() -> completed.equals("secondary"), "routes do not move");
    }

    @TearDown
    public void close() throws IOException {
        primaryConnection.close();
        secondaryConnection.close();
        speaker.close();
    }

    private static void await(BooleanSupplier condition, String otherwise) {
        long deadline = System.nanoTime() + LIMIT_NANOS;
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(otherwise);
            }
            LockSupport.parkNanos(10_000);
        }
    }
}
