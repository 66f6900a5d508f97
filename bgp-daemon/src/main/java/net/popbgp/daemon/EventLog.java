package net.popbgp.daemon;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.daemon.config.Values;
import net.popbgp.speaker.BgpListener;
import net.popbgp.speaker.Drain;
import net.popbgp.speaker.Failover;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what an operator would act on to the log, one line per event, the peer first. A line may be written {@link #BEHIND_NANOS} after its event:
 * where there is one processor, a failover would have to wait for its own lines.
 *
 * <p>Confined to the listener's thread.
 */
final class EventLog implements BgpListener {

    private static final long BEHIND_NANOS = 10_000_000;

    private static final Logger LOG = LoggerFactory.getLogger("popbgp");

    private long paused = System.nanoTime() - BEHIND_NANOS;

    private void giveWay() {
        if (System.nanoTime() - paused >= BEHIND_NANOS) {
            LockSupport.parkNanos(BEHIND_NANOS);
            paused = System.nanoTime();
        }
    }

    @Override
    public boolean followsRoutes() {
        return false;
    }

    @Override
    public void onStateChange(String peer, FsmState from, FsmState to, DownReason reason) {
        giveWay();
        String why = reason.kind() == DownReason.Kind.NONE ? "" : reason.toString();
        if (to == FsmState.ESTABLISHED || from == FsmState.ESTABLISHED || !why.isEmpty()) {
            LOG.info(LogLine.of("peer", peer, "event", "state", "from", from, "to", to, "reason", why));
        } else if (LOG.isDebugEnabled()) {
            LOG.debug(LogLine.of("peer", peer, "event", "state", "from", from, "to", to));
        }
    }

    @Override
    public void onNotification(String peer, Direction direction, NotificationMessage message) {
        giveWay();
        LOG.info(LogLine.of(
                "peer",
                peer,
                "event",
                "notification",
                "direction",
                Values.kebab(direction),
                "code",
                message.code() + "/" + message.subcode(),
                "meaning",
                message.describe(),
                "text",
                message.shutdownCommunication().orElse("")));
    }

    @Override
    public void onEndOfRib(String peer, AddressFamily family) {
        giveWay();
        LOG.info(LogLine.of("peer", peer, "event", "end-of-rib", "family", family));
    }

    @Override
    public void onSelectionMade(AddressFamily family, Set<String> missing) {
        String line = LogLine.of("event", "selection-made", "family", family, "missing", String.join(",", missing));
        if (missing.isEmpty()) {
            LOG.info(line);
        } else {
            LOG.warn(line);
        }
    }

    @Override
    public void onStaleRoutes(String peer, AddressFamily family, StaleState state, int routes) {
        LOG.info(LogLine.of(
                "peer", peer,
                "event", "stale-routes",
                "family", family,
                "state", Values.kebab(state),
                "routes", routes));
    }

    @Override
    public void onPrefixLimit(String peer, AddressFamily family, Direction direction, LimitState state, int count) {
        String line = LogLine.of(
                "peer", peer,
                "event", direction == Direction.RECEIVED ? "prefix-limit" : "outbound-guard",
                "family", family,
                "state", Values.kebab(state),
                "count", count);
        if (state == LimitState.OK) {
            LOG.info(line);
        } else {
            LOG.warn(line);
        }
    }

    @Override
    public void onDrain(String peer, Drain drain) {
        LOG.info(LogLine.of("peer", peer, "event", "drain", "drain", Values.kebab(drain)));
    }

    @Override
    public void onFailover(Failover failover) {
        giveWay();
        LOG.warn(LogLine.of(
                "group", failover.group(),
                "event", "failover",
                "from", failover.from(),
                "to", failover.to().isEmpty() ? "none" : failover.to(),
                "trigger", failover.trigger(),
                "prefixes", failover.prefixes(),
                "told-in-ms", failover.detectionToEvent().toNanos() / 1e6));
    }

    @Override
    public void onFailoverCompleted(Failover failover) {
        giveWay();
        LOG.info(LogLine.of(
                "group",
                failover.group(),
                "event",
                "failover-completed",
                "to",
                failover.to().isEmpty() ? "none" : failover.to(),
                "prefixes",
                failover.prefixes(),
                "switched-in-ms",
                failover.detectionToSwitch().map(Duration::toNanos).orElse(0L) / 1e6));
    }

    @Override
    public void onLagged(long missed) {
        LOG.warn(LogLine.of("event", "lagged", "missed", missed));
    }
}
