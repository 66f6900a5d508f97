package net.popbgp.sim.azure;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import net.popbgp.sim.wire.SocketNetwork;

/**
 * The Azure routers of any number of circuits in one process, over real sockets. Each circuit stays on one of at most two event loops.
 *
 * <p>Thread-safe.
 */
public final class AzureEdge implements AutoCloseable {

    private static final int LOOPS = 2;
    private static final long SHUTDOWN_SECONDS = 5;

    private final EventLoopGroup loops;
    private final EventLog events = new EventLog(Clock.systemUTC());
    private final Map<String, AzurePeer> peers = new LinkedHashMap<>();

    /**
     * Opens nothing yet.
     *
     * @throws IllegalArgumentException if two circuits have one name, or one has a shared key and this system has no TCP MD5
     */
    public AzureEdge(List<AzureCircuit> circuits, long seed) {
        for (AzureCircuit circuit : circuits) {
            if (circuit.sharedKey().isPresent() && !SocketNetwork.supportsMd5()) {
                throw new IllegalArgumentException("circuit " + circuit.name() + ": TCP MD5 needs Linux with epoll");
            }
        }
        loops = new MultiThreadIoEventLoopGroup(
                Math.max(1, Math.min(LOOPS, circuits.size())),
                new DefaultThreadFactory("azure", true),
                SocketNetwork.ioHandlerFactory());
        for (AzureCircuit circuit : circuits) {
            EventLoop loop = loops.next();
            AzurePeer peer = new AzurePeer(circuit, loop, new SocketNetwork(loop), events, seed + peers.size());
            if (peers.put(circuit.name(), peer) != null) {
                close();
                throw new IllegalArgumentException("two circuits are named " + circuit.name());
            }
        }
    }

    /** Starts all circuits; fails if an address cannot be bound. */
    public CompletableFuture<Void> start() {
        return CompletableFuture.allOf(
                peers.values().stream().map(AzurePeer::start).toArray(CompletableFuture<?>[]::new));
    }

    public List<AzurePeer> peers() {
        return List.copyOf(peers.values());
    }

    public Optional<AzurePeer> peer(String circuit) {
        return Optional.ofNullable(peers.get(circuit));
    }

    public EventLog events() {
        return events;
    }

    /** Cease 6/2 to all, then at most five seconds until the threads have gone. */
    @Override
    public void close() {
        CompletableFuture<?>[] goodbyes =
                peers.values().stream().map(peer -> peer.adminDown("")).toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(goodbyes)
                .orTimeout(SHUTDOWN_SECONDS, TimeUnit.SECONDS)
                .handle((done, failure) -> loops.shutdownGracefully(50, 1000, TimeUnit.MILLISECONDS))
                .join()
                .awaitUninterruptibly(SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    }
}
