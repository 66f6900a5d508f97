package net.popbgp.speaker;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.IpAddresses;
import net.popbgp.core.net.RouterId;
import net.popbgp.core.route.RoutePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings up a session over 127.0.0.0/8 and loses it, twice, on a speaker of its own: what the first session of a process would wait for, loading
 * classes above all, is done then. Takes some tens of milliseconds and leaves nothing behind; a {@link WarmUp} is what has code compiled.
 *
 * <p>Confined to one thread.
 */
final class Rehearsal {

    private static final Logger LOG = LoggerFactory.getLogger(Rehearsal.class);
    private static final int SESSIONS = 2;
    private static final long POLL_NANOS = 100_000;

    private final long end;

    /** @param limit how long it may take */
    Rehearsal(Duration limit) {
        end = System.nanoTime() + limit.toNanos();
    }

    /** {@return whether the sessions came up in time} */
    boolean run() {
        BgpSpeaker speaker = BgpSpeaker.create(SpeakerConfig.builder(Asn.of(64512), RouterId.of("127.0.0.1"))
                .listen(new InetSocketAddress(IpAddresses.parse("127.0.0.1"), 0))
                .ioThreads(1)
                .build());
        try {
            WarmUpNeighbor neighbor = new WarmUpNeighbor(speaker.addPeer(PeerConfig.builder("127.0.0.2", 64513)
                    .passive(true)
                    .importPolicy(RoutePolicy.ACCEPT_ALL)
                    .exportPolicy(RoutePolicy.ACCEPT_ALL)
                    .build()));
            speaker.start().toCompletableFuture().join();
            return play(neighbor, speaker.listenAddresses().get(0));
        } catch (IOException | RuntimeException e) {
            LOG.debug(
                    "event=rehearsal_failed reason=\"{}\"",
                    e.toString()); // the first session takes longer, that is all
            return false;
        } finally {
            Thread closing = new Thread(speaker::close, "bgp-rehearsal-end");
            closing.setDaemon(true);
            closing.start();
        }
    }

    private boolean play(WarmUpNeighbor neighbor, InetSocketAddress to) throws IOException {
        boolean inTime = true;
        for (int i = 0; i < SESSIONS && inTime; i++) {
            neighbor.connect(to);
            try {
                inTime = await(() -> isUp(neighbor));
            } finally {
                neighbor.reset();
            }
            inTime = inTime && await(() -> !isUp(neighbor));
        }
        return inTime;
    }

    private static boolean isUp(WarmUpNeighbor neighbor) {
        return neighbor.handle().peer().view().state() == FsmState.ESTABLISHED;
    }

    private boolean await(BooleanSupplier condition) {
        while (System.nanoTime() < end) {
            if (condition.getAsBoolean()) {
                return true;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return false;
    }
}
