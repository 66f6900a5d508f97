package net.popbgp.speaker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.OwnNextHops;
import net.popbgp.core.route.RouteActions;
import net.popbgp.core.route.RouteMatch;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.TermPolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Exercises what a full table and a failover go through, before they happen: a JVM runs code slowly until it has seen it run some ten
 * thousand times and has compiled it. A speaker of its own, with two circuits and three other neighbours that connect over 127.0.0.0/8, brings up
 * sessions, takes routes, has them changed, and loses a circuit, again and again. The whole product takes part, from the sockets on, so that
 * what has been compiled is what will run.
 *
 * <p>Runs on a thread of its own beside the real speaker until it has gone over so many routes or the time is over, and gives way: as
 * long as the real speaker's RIB thread had something to do, it waits, and it begins when that has had nothing to do for a moment.
 * Leaves nothing behind but the compiled code.
 */
final class WarmUp implements Runnable {

    /** Announcements and withdrawals to go over. */
    static final int ROUTES = 2_500_000;

    private static final Logger LOG = LoggerFactory.getLogger(WarmUp.class);
    private static final AddressFamily[] FAMILIES = {AddressFamily.IPV4_UNICAST, AddressFamily.IPV6_UNICAST};
    /** Neighbours that only come and go: with them the rounds bring up a thousand sessions. */
    private static final int VISITORS = 24;

    private static final int WRITE = 16 * 1024;
    private static final long PAUSE_NANOS = 50_000_000;
    private static final long QUIET_NANOS = 150_000_000;
    private static final long POLL_NANOS = 200_000;
    private static final long CONNECT_NANOS = 1_000_000_000;

    private final BooleanSupplier closed;
    private final LongSupplier turns;
    private final WarmUpRoutes load = new WarmUpRoutes(new SplittableRandom(1));
    private final CompletableFuture<Long> done = new CompletableFuture<>();
    private final long start = System.nanoTime();
    private final long end;
    private final int wanted;
    private long seenTurns;
    private long routes;

    /**
     * @param limit how long it may take
     * @param closed whether it is to end
     * @param turns how often the real speaker's RIB thread has worked
     * @param wanted how many routes to go over
     */
    WarmUp(Duration limit, BooleanSupplier closed, LongSupplier turns, int wanted) {
        this.end = start + limit.toNanos();
        this.closed = closed;
        this.turns = turns;
        this.wanted = wanted;
    }

    /** Starts the thread. {@return how many routes it went over, or why it could not go on} */
    CompletableFuture<Long> start() {
        Thread thread = new Thread(this, "bgp-warm-up");
        thread.setDaemon(true);
        thread.start();
        return done;
    }

    @Override
    public void run() {
        letSessionsUp();
        SpeakerConfig config = SpeakerConfig.builder(Asn.of(64512), RouterId.of("127.0.0.1"))
                .listen(new InetSocketAddress(IpAddresses.parse("127.0.0.1"), 0))
                .ioThreads(2)
                .build();
        try (BgpSpeaker speaker = BgpSpeaker.create(config)) {
            exercise(speaker);
        } catch (IOException | RuntimeException e) {
            LOG.warn(
                    "event=warm_up_failed reason=\"{}\"", e.toString()); // the first failover takes longer, that is all
            done.completeExceptionally(e);
            return;
        }
        LOG.info("event=warmed_up routes={} ms={}", routes, (System.nanoTime() - start) / 1_000_000);
        done.complete(routes);
    }

    private void exercise(BgpSpeaker speaker) throws IOException {
        RoutePolicy terms = new TermPolicy(
                "terms",
                List.of(new TermPolicy.Term("all", RouteMatch.ANY, RouteActions.NONE, TermPolicy.Outcome.ACCEPT)));
        WarmUpNeighbor primary = neighbor(speaker, 2, 90, RoutePolicy.ACCEPT_ALL, RoutePolicy.REJECT_ALL);
        WarmUpNeighbor secondary = neighbor(speaker, 3, 100, RoutePolicy.ACCEPT_ALL, RoutePolicy.REJECT_ALL);
        WarmUpNeighbor receiver = neighbor(speaker, 4, 100, RoutePolicy.REJECT_ALL, RoutePolicy.ACCEPT_ALL);
        WarmUpNeighbor sender = neighbor(speaker, 5, 95, RoutePolicy.ACCEPT_ALL, RoutePolicy.REJECT_ALL);
        WarmUpNeighbor both = neighbor(speaker, 6, 110, terms, terms);
        speaker.addCircuitGroup("site", primary.handle(), secondary.handle());
        speaker.start().toCompletableFuture().join();
        List<WarmUpNeighbor> all = new ArrayList<>(List.of(primary, secondary, receiver, sender, both));
        for (int i = 0; i < VISITORS; i++) {
            all.add(neighbor(speaker, 7 + i, 100, RoutePolicy.ACCEPT_ALL, RoutePolicy.REJECT_ALL));
        }
        try {
            for (int round = 0; isWanted(); round++) {
                for (WarmUpNeighbor each : all) {
                    giveWay();
                    connect(each, speaker.listenAddresses().get(0));
                }
                play(round, speaker, primary, secondary, sender, both);
                for (WarmUpNeighbor each : all) {
                    each.reset();
                    await(() -> each.handle().status().state() != FsmState.ESTABLISHED);
                }
            }
        } finally {
            for (WarmUpNeighbor each : all) {
                each.close();
            }
        }
    }

    private void connect(WarmUpNeighbor neighbor, InetSocketAddress to) throws IOException {
        while (isWanted() && neighbor.handle().status().state() != FsmState.ESTABLISHED) {
            neighbor.handle().start().toCompletableFuture().join(); // whatever waits there may be after losses
            neighbor.connect(to);
            long patience =
                    System.nanoTime() + CONNECT_NANOS; // a connection may be refused: so many are taken in a second
            await(() -> neighbor.handle().status().state() == FsmState.ESTABLISHED || System.nanoTime() > patience);
        }
    }

    private void play(
            int round,
            BgpSpeaker speaker,
            WarmUpNeighbor primary,
            WarmUpNeighbor secondary,
            WarmUpNeighbor sender,
            WarmUpNeighbor both)
            throws IOException {
        load.round(round);
        WarmUpRoutes.Stream table = load.table(primary.as());
        send(primary, table);
        send(secondary, load.table(secondary.as()));
        send(primary, load.changes(primary.as()));
        send(primary, table);
        if (round % 2 == 0) {
            primary.notifyCease();
            primary.close();
        } else {
            primary.reset();
        }
        await(() -> primary.handle().status().state() != FsmState.ESTABLISHED);
        settle(speaker);
        send(secondary, load.withdrawals());
        send(sender, load.table(sender.as()));
        send(sender, load.changes(sender.as()));
        if (round % 2 == 0) {
            send(both, load.table(both.as()));
        }
        send(sender, load.withdrawals());
        settle(speaker);
    }

    private static WarmUpNeighbor neighbor(
            BgpSpeaker speaker, int number, int metric, RoutePolicy importPolicy, RoutePolicy exportPolicy) {
        PeerConfig config = PeerConfig.builder("127.0.0." + number, 65000L + number)
                .passive(true)
                .metric(metric)
                .families(FAMILIES)
                .nextHops(new OwnNextHops(
                        Optional.empty(), Optional.of(IpAddresses.parse("2001:db8::1")), Optional.empty()))
                .importPolicy(importPolicy)
                .exportPolicy(exportPolicy)
                .build();
        return new WarmUpNeighbor(speaker.addPeer(config));
    }

    private void send(WarmUpNeighbor neighbor, WarmUpRoutes.Stream stream) throws IOException {
        long before = neighbor.handle().status().counters().updatesIn();
        byte[] octets = stream.octets();
        for (int from = 0; from < octets.length; from += WRITE) {
            giveWay();
            if (!isWanted()) {
                return;
            }
            neighbor.write(octets, from, Math.min(WRITE, octets.length - from));
        }
        await(() -> neighbor.handle().status().counters().updatesIn() - before >= stream.messages());
        routes += stream.routes();
    }

    /** Waits until the tables have taken what was received. */
    private void settle(BgpSpeaker speaker) {
        await(speaker.nextHops().toCompletableFuture()::isDone);
    }

    private void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean() && isWanted()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean isWanted() {
        return !closed.getAsBoolean() && routes < wanted && System.nanoTime() < end;
    }

    /** The sessions of a start come first. */
    private void letSessionsUp() {
        do {
            seenTurns = turns.getAsLong();
            LockSupport.parkNanos(Math.min(QUIET_NANOS, end - System.nanoTime()));
        } while (turns.getAsLong() != seenTurns && isWanted());
    }

    private void giveWay() {
        long now = turns.getAsLong();
        while (now != seenTurns && isWanted()) {
            seenTurns = now;
            LockSupport.parkNanos(PAUSE_NANOS);
            now = turns.getAsLong();
        }
    }
}
