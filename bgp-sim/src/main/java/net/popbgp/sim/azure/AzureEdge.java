package net.popbgp.sim.azure;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Clock;
import java.util.Collections;
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
    private final long seed;
    private volatile Map<String, AzurePeer> peers = Map.of();

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
        this.seed = seed;
        loops = new MultiThreadIoEventLoopGroup(
                Math.max(1, Math.min(LOOPS, circuits.size())),
                new DefaultThreadFactory("azure", true),
                SocketNetwork.ioHandlerFactory());
        try {
            circuits.forEach(this::add);
        } catch (IllegalArgumentException e) {
            close();
            throw e;
        }
    }

    /**
     * Adds a circuit, not started yet.
     *
     * @throws IllegalArgumentException if there is one of this name
     */
    public synchronized AzurePeer add(AzureCircuit circuit) {
        if (peers.containsKey(circuit.name())) {
            throw new IllegalArgumentException("two circuits are named " + circuit.name());
        }
        EventLoop loop = loops.next();
        AzurePeer peer = new AzurePeer(circuit, loop, new SocketNetwork(loop), events, seed + peers.size());
        Map<String, AzurePeer> more = new LinkedHashMap<>(peers);
        more.put(circuit.name(), peer);
        peers = Collections.unmodifiableMap(more);
        return peer;
    }

    /** Removes a circuit for good, after Cease 6/3. */
    public synchronized CompletableFuture<Void> remove(String name) {
        Map<String, AzurePeer> fewer = new LinkedHashMap<>(peers);
        AzurePeer gone = fewer.remove(name);
        peers = Collections.unmodifiableMap(fewer);
        return gone == null ? CompletableFuture.completedFuture(null) : gone.unconfigure();
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
