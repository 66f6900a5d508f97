package net.popbgp.sim.azure;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.sim.wire.SimNetwork;

/**
 * The session of an Azure router with one PoP, and its faults on command. Each command is carried out on the peer's loop; the future tells
 * when. In virtual time that is at once.
 *
 * <p>Thread-safe.
 */
public final class AzurePeer {

    public static final int MAX_FLAPS = 1000;

    private final Msee msee;
    private final EventExecutor loop;

    /**
     * @param loop what the network calls back on
     * @param seed of the jitter
     */
    public AzurePeer(AzureCircuit circuit, EventExecutor loop, SimNetwork network, EventLog events, long seed) {
        this.loop = loop;
        this.msee = new Msee(circuit, loop, network, events, seed);
    }

    public AzureCircuit circuit() {
        return msee.circuit();
    }

    /** {@return the state of the session that has got furthest} */
    public FsmState state() {
        return msee.state();
    }

    /** {@return where it really listens, or will} */
    public InetSocketAddress address() {
        return ask(msee::address);
    }

    public PeerSnapshot snapshot() {
        return ask(msee::snapshot);
    }

    /** Listens and dials; fails if the address cannot be bound. */
    public CompletableFuture<Void> start() {
        return call(msee::start).thenCompose(started -> started);
    }

    /** Cease 6/2 with an optional text (RFC 9003), then refuses connections. */
    public CompletableFuture<Void> adminDown(String text) {
        return run("admin-down", () -> msee.adminDown(text));
    }

    public CompletableFuture<Void> adminUp() {
        return run("admin-up", msee::adminUp);
    }

    /** Cease 6/3, then refuses connections, as when the peering is deleted. */
    public CompletableFuture<Void> unconfigure() {
        return run("peering", "deleted", msee::unconfigure);
    }

    /**
     * Goes on with another peering: Cease 6/6 to the present one. The future fails if the address cannot be bound, and the router is Idle
     * then.
     */
    public CompletableFuture<Void> reconfigure(AzureCircuit next) {
        return call(() -> {
                    msee.log("peering", "configured " + next.peering() + " with AS " + next.peerAs());
                    return msee.reconfigure(next);
                })
                .thenCompose(done -> done);
    }

    /** Connects a virtual network: its address spaces are announced. */
    public CompletableFuture<Void> connect(AzureCircuit.Vnet vnet) {
        return run("vnet", vnet.name() + " connected", () -> {
            msee.vnets().connect(vnet);
            msee.syncVnets(false);
        });
    }

    /** Disconnects a virtual network: its address spaces are withdrawn. */
    public CompletableFuture<Void> disconnect(AzureCircuit.Vnet vnet) {
        return run("vnet", vnet.name() + " disconnected", () -> {
            msee.vnets().disconnect(vnet);
            msee.syncVnets(false);
        });
    }

    /** Resets the TCP connection. */
    public CompletableFuture<Void> tcpReset() {
        return run("tcp-reset", msee::resetConnections);
    }

    /** Closes the TCP connection in order, without a NOTIFICATION. */
    public CompletableFuture<Void> fin() {
        return run("fin", msee::closeConnections);
    }

    /** Sends nothing while on, not even KEEPALIVEs; TCP stays open, everything is read. What was missed is sent at the end. */
    public CompletableFuture<Void> silence(boolean on) {
        return run("silence " + on, () -> msee.setSilent(on));
    }

    /** Neither sends nor reads while on; the HoldTimer stands still. */
    public CompletableFuture<Void> blackhole(boolean on) {
        return run("blackhole " + on, () -> msee.setBlackholed(on));
    }

    /** The link is dead while on: nothing passes in either direction, not even a SYN, and neither side is told. The HoldTimer runs. */
    public CompletableFuture<Void> linkDown(boolean on) {
        return run("link-down " + on, () -> msee.setLinkDown(on));
    }

    /** Reads nothing while on, and goes on sending; the HoldTimer stands still. */
    public CompletableFuture<Void> stopReading(boolean on) {
        return run("stop-reading " + on, () -> msee.setReadingStopped(on));
    }

    /** Sends any NOTIFICATION and closes. */
    public CompletableFuture<Void> notification(NotificationMessage notification) {
        return run("notification " + notification, () -> msee.sendNotification(notification));
    }

    /**
     * Uses another TCP MD5 key for connections to come.
     *
     * @param reset whether the present connection is reset first; otherwise it goes on with the key it was made with
     */
    public CompletableFuture<Void> wrongMd5Key(String key, boolean reset) {
        return run("wrong-md5-key", () -> msee.setMd5Key(Optional.of(key.getBytes(StandardCharsets.UTF_8)), reset));
    }

    /** Uses the circuit's shared key again. */
    public CompletableFuture<Void> restoreMd5Key(boolean reset) {
        return run(
                "restore-md5-key",
                () -> msee.setMd5Key(circuit().sharedKey().map(key -> key.getBytes(StandardCharsets.UTF_8)), reset));
    }

    /** Puts octets on the wire of the Established session as they are. */
    public CompletableFuture<Void> sendRaw(String what, byte[] octets) {
        return run(what, () -> msee.sendRaw(octets));
    }

    /**
     * Ends the session with Cease 6/4 again and again, the first time at once.
     *
     * @param times 1..1000
     */
    public CompletableFuture<Void> flap(int times, Duration interval) {
        if (times < 1 || times > MAX_FLAPS || interval.isNegative()) {
            throw new IllegalArgumentException(
                    "flaps are 1.." + MAX_FLAPS + " times, not " + times + " every " + interval);
        }
        return run("flap, " + times + " to go", () -> {
            msee.flap();
            if (times > 1) {
                loop.schedule(() -> flap(times - 1, interval), interval.toMillis(), TimeUnit.MILLISECONDS);
            }
        });
    }

    /** Announces all VNet prefixes with a longer AS_PATH while on, as before a maintenance. */
    public CompletableFuture<Void> drain(boolean on) {
        return changeVnets("drain " + on, true, () -> msee.vnets().setDraining(on));
    }

    /** Withdraws everything while on; the session stays up. */
    public CompletableFuture<Void> coreMaintenance(boolean on) {
        return changeVnets("core-maintenance " + on, false, () -> msee.vnets().setCoreMaintenance(on));
    }

    /** Connects so many more VNets of one address space. */
    public CompletableFuture<Void> vnetGrow(int count) {
        requireCount(count);
        return changeVnets("vnet-grow " + count, false, () -> msee.vnets().grow(count));
    }

    /** Disconnects so many address spaces, those connected last. */
    public CompletableFuture<Void> vnetShrink(int count) {
        requireCount(count);
        return changeVnets("vnet-shrink " + count, false, () -> msee.vnets().shrink(count));
    }

    public CompletableFuture<Void> withdrawAll() {
        return changeVnets("withdraw-all", false, () -> msee.vnets().setWithdrawn(true));
    }

    public CompletableFuture<Void> announceAll() {
        return changeVnets("announce-all", true, () -> msee.vnets().setWithdrawn(false));
    }

    /** Takes effect at once: a session with too many prefixes for the new tier is dropped. */
    public CompletableFuture<Void> setSku(Sku sku) {
        return run("set-sku " + sku, () -> msee.setSku(sku));
    }

    private static void requireCount(int count) {
        if (count < 1 || count > 100_000) {
            throw new IllegalArgumentException("count of VNets out of range 1..100000: " + count);
        }
    }

    private CompletableFuture<Void> changeVnets(String what, boolean everything, Runnable change) {
        return run(what, () -> {
            change.run();
            msee.syncVnets(everything);
        });
    }

    private CompletableFuture<Void> run(String what, Runnable command) {
        return run("fault", what, command);
    }

    private CompletableFuture<Void> run(String kind, String what, Runnable command) {
        return call(() -> {
                    msee.log(kind, what);
                    command.run();
                    return true;
                })
                .thenAccept(done -> {});
    }

    private <T> CompletableFuture<T> call(Supplier<T> command) {
        if (loop.inEventLoop()) {
            return CompletableFuture.completedFuture(command.get());
        }
        return CompletableFuture.supplyAsync(command, loop);
    }

    private <T> T ask(Supplier<T> question) {
        try {
            return call(question).get(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while asking " + circuit().name(), e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException(circuit().name() + " does not answer", e);
        }
    }
}
