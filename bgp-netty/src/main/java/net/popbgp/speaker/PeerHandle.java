package net.popbgp.speaker;

import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.fsm.RestartState;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.Prefix;
import net.popbgp.engine.RibEvents;
import net.popbgp.engine.RibPeer;
import net.popbgp.engine.StaleRoutes;
import net.popbgp.session.Peer;
import net.popbgp.session.PeerSettings;
import net.popbgp.session.SessionCounters;
import net.popbgp.session.Wire;

/**
 * One peer of a speaker, for those who operate it. A stage that is returned completes on a thread of the speaker: work that blocks belongs
 * elsewhere.
 *
 * <p>Thread-safe.
 */
public final class PeerHandle {

    private final BgpSpeaker speaker;
    private final Peer peer;
    private final String dynamicRange;
    private volatile PeerConfig config;
    private volatile String circuitGroup = "";
    private volatile boolean drained;

    PeerHandle(BgpSpeaker speaker, PeerConfig config, Peer peer, String dynamicRange) {
        this.speaker = speaker;
        this.config = config;
        this.peer = peer;
        this.dynamicRange = dynamicRange;
    }

    public PeerConfig config() {
        return config;
    }

    public String name() {
        return config.name();
    }

    public InetAddress remoteAddress() {
        return config.remoteAddress();
    }

    /** {@return the circuit group's name, empty for none} */
    public String circuitGroup() {
        return circuitGroup;
    }

    /** {@return the name of the dynamic peers that it is one of, empty for a configured peer} */
    public String dynamicRange() {
        return dynamicRange;
    }

    Peer peer() {
        return peer;
    }

    void circuitGroup(String group) {
        circuitGroup = group;
        onLoop(() -> {
            peer.reconfigure(settings(config, group), false);
            return done();
        });
    }

    /** {@return the peer's state, a copy} */
    public PeerStatus status() {
        Peer.View view = peer.view();
        Map<AddressFamily, PeerStatus.Prefixes> prefixes = new HashMap<>();
        view.ribPeer()
                .ifPresent(rib -> rib.setup()
                        .families()
                        .forEach(family ->
                                rib.counts(family).ifPresent(counts -> prefixes.put(family, prefixes(counts)))));
        return new PeerStatus(
                config,
                dynamicRange,
                config.remoteAddress(),
                view.enabled(),
                view.state(),
                view.since(),
                view.negotiated(),
                view.localAddress(),
                view.lastDown(),
                view.lastDownAt(),
                diagnosis(view),
                drain(),
                view.established(),
                speaker.engine().staleRoutes(name()).map(PeerHandle::staleRoutes),
                view.connectRetryCounter(),
                counters(peer.counters()),
                Map.copyOf(prefixes));
    }

    private String diagnosis(Peer.View view) {
        if (view.state() == FsmState.ESTABLISHED) {
            return view.withoutCapabilities() ? SessionEvents.NO_CAPABILITIES : "";
        }
        if (!view.enabled()) {
            return "stopped by the operator";
        }
        if (view.heldByLimit()) {
            return "held down: " + view.lastDown();
        }
        return speaker.sessionEvents().diagnose(config, view);
    }

    private static PeerStatus.Prefixes prefixes(RibPeer.Counts counts) {
        return new PeerStatus.Prefixes(
                counts.received(),
                counts.accepted(),
                counts.best(),
                counts.advertised(),
                counts.withheld(),
                counts.inbound() != RibEvents.Level.OK,
                counts.inbound() == RibEvents.Level.EXCEEDED,
                counts.outbound() != RibEvents.Level.OK,
                counts.endOfRib(),
                counts.pathsDiscarded());
    }

    private static PeerStatus.StaleRoutes staleRoutes(StaleRoutes stale) {
        Map<AddressFamily, PeerStatus.StaleFamily> families = new HashMap<>();
        stale.families()
                .forEach((family, each) -> families.put(
                        family, new PeerStatus.StaleFamily(each.routes(), each.longLived(), each.until())));
        return new PeerStatus.StaleRoutes(stale.since(), Map.copyOf(families));
    }

    private static PeerStatus.Counters counters(SessionCounters counters) {
        return new PeerStatus.Counters(
                counters.totalIn(),
                counters.totalOut(),
                counters.in(MessageType.UPDATE),
                counters.out(MessageType.UPDATE),
                counters.in(MessageType.KEEPALIVE),
                counters.out(MessageType.KEEPALIVE),
                counters.in(MessageType.NOTIFICATION),
                counters.out(MessageType.NOTIFICATION),
                counters.treatAsWithdrawCount(),
                counters.attributeDiscardCount(),
                counters.routeLeakCount());
    }

    /** {@return the peer's connections now: one, or two while they collide} */
    public CompletionStage<List<PeerConnection>> connections() {
        CompletableFuture<List<PeerConnection>> result = new CompletableFuture<>();
        return onLoop(() -> {
                    result.complete(peer.connections().stream()
                            .map(PeerHandle::connection)
                            .toList());
                    return done();
                })
                .thenCompose(done -> result);
    }

    private static PeerConnection connection(Peer.Connection connection) {
        Optional<Wire> wire = Optional.ofNullable(connection.wire());
        return new PeerConnection(
                connection.incoming(), connection.state(), wire.map(Wire::localAddress), wire.map(Wire::remoteAddress));
    }

    void restartState(RestartState state) {
        onLoop(() -> {
            peer.restartState(state);
            return done();
        });
    }

    void restartIsOver() {
        onLoop(() -> {
            peer.restartIsOver();
            return done();
        });
    }

    /** Starts the peer if it is stopped or waits in Idle; ends a wait after a prefix limit. */
    public CompletionStage<Void> start() {
        return onLoop(() -> {
            peer.start();
            return done();
        });
    }

    /**
     * Ends the session with Cease/Administrative Shutdown (RFC 9003) and stays down.
     *
     * @param shutdownCommunication told to the peer, cut to 255 octets of UTF-8; empty for none
     * @return completes when the session is closed and its routes are gone
     */
    public CompletionStage<Void> stop(String shutdownCommunication) {
        return onLoop(() -> peer.stop(
                NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN, shutdownCommunication)));
    }

    /**
     * For a BFD implementation beside us: the peer is gone, so the session ends at once with Cease/BFD Down (RFC 9384) and is tried again as
     * after any failure. Does nothing where there is no session.
     *
     * @return completes when the routes are gone
     */
    public CompletionStage<Void> bfdDown() {
        return onLoop(peer::bfdDown);
    }

    /** Ends the session with Cease/Administrative Reset and opens it again at once; routes go on both sides. */
    public CompletionStage<Void> reset(String shutdownCommunication) {
        return onLoop(() ->
                peer.reset(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_RESET, shutdownCommunication)));
    }

    /**
     * Resets like {@link #reset}, but the routes stay on both sides if both have set the N bit (RFC 8538, 4).
     *
     * @return completes when the session is closed
     */
    public CompletionStage<Void> resetGracefully(String shutdownCommunication) {
        return onLoop(() -> peer.resetGracefully(
                NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_RESET, shutdownCommunication)));
    }

    /**
     * Takes another configuration for the same peer, with the least disturbance.
     *
     * @return what it came to
     * @throws IllegalArgumentException if the name or the address differs
     * @throws IllegalStateException if it asks for what the transport cannot do
     */
    public CompletionStage<ReconfigureImpact> reconfigure(PeerConfig newConfig) {
        PeerConfig before = config;
        if (!newConfig.name().equals(before.name())
                || !newConfig.remoteAddress().equals(before.remoteAddress())) {
            throw new IllegalArgumentException("a peer keeps its name and address: " + before.name() + " "
                    + IpAddresses.text(before.remoteAddress()));
        }
        ReconfigureImpact impact = ReconfigureImpact.between(before, newConfig);
        if (impact == ReconfigureImpact.NONE) {
            return CompletableFuture.completedFuture(impact);
        }
        settings(newConfig, circuitGroup); // refused before anything has changed
        if (dynamicRange.isEmpty()) {
            speaker.prepareTransport(newConfig);
        }
        Drain drainBefore = drain();
        config = newConfig;
        tellDrain(drainBefore);
        return onLoop(() -> {
                    peer.reconfigure(settings(newConfig, circuitGroup), impact == ReconfigureImpact.RESTART);
                    if (before.enabled() != newConfig.enabled()) {
                        if (newConfig.enabled()) {
                            peer.start();
                        } else {
                            return peer.stop(NotificationMessage.cease(NotificationMessage.ADMINISTRATIVE_SHUTDOWN));
                        }
                    }
                    return done();
                })
                .thenApply(done -> impact);
    }

    private PeerSettings settings(PeerConfig wanted, String group) {
        return speaker.settings(drained ? BgpSpeaker.drained(wanted) : wanted, group);
    }

    /** {@return whether the session is being drained, and by whose word} */
    public Drain drain() {
        if (config.routing().gracefulShutdown()) {
            return Drain.CONFIGURED;
        }
        return speaker.isDrained() ? Drain.SPEAKER : drained ? Drain.COMMANDED : Drain.NONE;
    }

    /**
     * Prepares the end of the session (RFC 8326, 4.2): all that is advertised to the peer carries GRACEFUL_SHUTDOWN, and its routes give way to
     * others here. The session stays.
     *
     * @return completes when the routes were evaluated again
     */
    public CompletionStage<Void> startDrain() {
        return changeDrain(() -> drained = true);
    }

    /**
     * Takes {@link #startDrain} back.
     *
     * @throws IllegalStateException if the peer stays drained by its configuration, or with the whole speaker
     */
    public CompletionStage<Void> endDrain() {
        if (drain() == Drain.CONFIGURED) {
            throw new IllegalStateException(name() + " is drained by its configuration (graceful-shutdown)");
        }
        if (drain() == Drain.SPEAKER) {
            throw new IllegalStateException(name() + " is drained with the whole speaker");
        }
        return changeDrain(() -> drained = false);
    }

    private CompletionStage<Void> changeDrain(Runnable change) {
        Drain before = drain();
        change.run();
        return drainChanged(before);
    }

    /** Applies what {@link #drain} says now. */
    CompletionStage<Void> drainChanged(Drain before) {
        tellDrain(before);
        return onLoop(() -> {
            peer.reconfigure(settings(config, circuitGroup), false);
            return speaker.engine().ask(tables -> true).thenApply(done -> null);
        });
    }

    private void tellDrain(Drain before) {
        Drain now = drain();
        if (now != before) {
            speaker.dispatch(listener -> listener.onDrain(name(), now));
        }
    }

    /**
     * Asks the peer for its routes of a family again (RFC 2918).
     *
     * @return fails with IllegalStateException if the session is not up or the peer cannot do it
     */
    public CompletionStage<Void> refreshIn(AddressFamily family) {
        return onLoop(() -> peer.refreshIn(family)
                ? done()
                : CompletableFuture.failedFuture(new IllegalStateException(
                        name() + ": route refresh was not negotiated or the session is not Established")));
    }

    /** Advertises all routes of a family to the peer again. */
    public CompletionStage<Void> refreshOut(AddressFamily family) {
        return onLoop(() -> peer.refreshOut(family));
    }

    /** {@return what the outbound guard keeps back, in order, at most {@code max} prefixes} */
    public CompletionStage<List<Prefix>> withheld(AddressFamily family, int max) {
        Optional<RibPeer> rib = peer.view().ribPeer();
        if (rib.isEmpty()) {
            return CompletableFuture.completedFuture(List.of());
        }
        return speaker.engine().withheld(rib.get(), family, max);
    }

    /** Ends the session with Cease/Peer De-configured and forgets the peer. */
    public CompletionStage<Void> remove() {
        return speaker.remove(this);
    }

    CompletionStage<Void> removeFromLoop(NotificationMessage cease) {
        return onLoop(() -> peer.remove(cease));
    }

    CompletionStage<Void> leaveFromLoop(NotificationMessage cease) {
        return onLoop(() -> peer.leave(cease));
    }

    CompletionStage<Void> onLoop(Supplier<CompletionStage<Void>> work) {
        CompletableFuture<Void> result = new CompletableFuture<>();
        EventExecutor loop = peer.loop();
        try {
            loop.execute(() -> run(work, result));
        } catch (RejectedExecutionException e) {
            result.completeExceptionally(new IllegalStateException("the speaker is closed", e));
        }
        return result;
    }

    private static void run(Supplier<CompletionStage<Void>> work, CompletableFuture<Void> result) {
        try {
            work.get().whenComplete((done, failure) -> {
                if (failure == null) {
                    result.complete(null);
                } else {
                    result.completeExceptionally(failure);
                }
            });
        } catch (RuntimeException e) {
            result.completeExceptionally(e);
        }
    }

    private static CompletionStage<Void> done() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public String toString() {
        return name() + " (" + IpAddresses.text(remoteAddress()) + ")";
    }
}
