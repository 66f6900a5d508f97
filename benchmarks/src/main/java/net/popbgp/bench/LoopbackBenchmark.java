package net.popbgp.bench;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.sim.load.Batch;
import net.popbgp.speaker.BgpSpeaker;
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
 * Two whole speakers with a session over 127.0.0.0/8, in one JVM: routes that one announces, until the other has them in its tables; or
 * withdraws, until they are gone there. Scores are per table, to a fifth of a millisecond.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(
        value = 1,
        jvmArgs = {"-Xms3g", "-Xmx3g"})
@Warmup(iterations = 5)
@Measurement(iterations = 10)
public class LoopbackBenchmark {

    private static final Duration LIMIT = Duration.ofMinutes(1);
    private static final int WINDOW = 2_000;

    /** Routes on the way. */
    @Param({"1000", "100000", "500000"})
    public int prefixes;

    private BgpSpeaker sender;
    private BgpSpeaker receiver;
    private PeerHandle fromSender;
    private List<Announcement> routes;

    private record Announcement(PathAttributes attributes, List<Prefix> prefixes) {}

    @Setup
    public void connect() {
        routes = new ArrayList<>();
        for (Batch batch : Loads.internet(prefixes, 2)) {
            PathAttributes own = batch.attributes().toBuilder().withoutNextHop().build();
            routes.add(new Announcement(own, List.copyOf(batch.prefixes().asList())));
        }
        sender = speaker(12076, "127.0.3.1");
        receiver = speaker(65010, "127.0.3.2");
        fromSender = receiver.addPeer(peer(sender, receiver).passive(true).build());
        sender.addPeer(peer(receiver, sender).build());
        await(() -> fromSender.status().isEstablished(), "the session is not up");
    }

    private static BgpSpeaker speaker(long as, String address) {
        BgpSpeaker speaker = BgpSpeaker.create(SpeakerConfig.builder(Asn.of(as), RouterId.of(address))
                .listen(new InetSocketAddress(IpAddresses.parse(address), 0))
                .ioThreads(1)
                .build());
        speaker.start().toCompletableFuture().join();
        return speaker;
    }

    private static PeerConfig.Builder peer(BgpSpeaker remote, BgpSpeaker local) {
        InetSocketAddress there = remote.listenAddresses().get(0);
        InetAddress here = local.listenAddresses().get(0).getAddress();
        return PeerConfig.builder(there.getAddress(), remote.config().localAs())
                .remotePort(there.getPort())
                .localAddress(here)
                .connectRetryTime(Duration.ofMillis(200))
                .importPolicy(RoutePolicy.ACCEPT_ALL)
                .exportPolicy(RoutePolicy.ACCEPT_ALL);
    }

    @TearDown
    public void disconnect() {
        sender.close();
        receiver.close();
    }

    private void announceAll() {
        request(each -> sender.announce(each.prefixes(), each.attributes()));
        await(() -> received() == prefixes, "routes are missing");
    }

    private void withdrawAll() {
        request(each -> sender.withdraw(each.prefixes()));
        await(() -> received() == 0, "routes are left");
    }

    /** Asks for all sets, no more at a time than the speaker lets wait; a refused request fails the run. */
    private void request(Function<Announcement, CompletionStage<Void>> each) {
        List<CompletableFuture<Void>> waiting = new ArrayList<>(WINDOW);
        for (Announcement announcement : routes) {
            waiting.add(each.apply(announcement).toCompletableFuture());
            if (waiting.size() == WINDOW) {
                waiting.forEach(CompletableFuture::join);
                waiting.clear();
            }
        }
        waiting.forEach(CompletableFuture::join);
    }

    private int received() {
        return fromSender.status().prefixes(Loads.IPV4).received();
    }

    private static void await(BooleanSupplier condition, String otherwise) {
        long deadline = System.nanoTime() + LIMIT.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(otherwise);
            }
            LockSupport.parkNanos(200_000);
        }
    }

    /** The sender's tables are empty before. */
    @State(Scope.Thread)
    public static class Empty {
        @Setup(Level.Invocation)
        public void withdraw(LoopbackBenchmark loopback) {
            loopback.withdrawAll();
        }
    }

    /** Both have all routes before. */
    @State(Scope.Thread)
    public static class Full {
        @Setup(Level.Invocation)
        public void announce(LoopbackBenchmark loopback) {
            loopback.announceAll();
        }
    }

    @Benchmark
    public int announce(Empty before) {
        announceAll();
        return received();
    }

    @Benchmark
    public int withdraw(Full before) {
        withdrawAll();
        return received();
    }
}
