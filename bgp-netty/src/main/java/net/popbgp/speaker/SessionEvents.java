package net.popbgp.speaker;

import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import net.popbgp.core.fsm.DownReason;
import net.popbgp.core.fsm.FsmState;
import net.popbgp.core.message.AttributeFault;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.UpdateMessage;
import net.popbgp.session.Peer;
import net.popbgp.session.PeerEvents;
import net.popbgp.transport.Md5Diagnosis;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What sessions tell: to the listeners, to the log, and to the operator who asks why a peer does not come up.
 *
 * <p>Called on the peers' loops; {@link #diagnose} from any thread.
 */
final class SessionEvents implements PeerEvents {

    static final String NO_CAPABILITIES = "the peer refuses capabilities (2/4), the OPEN goes out without them";

    private static final long READING_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    /** How long the kernel's counters are left alone after a loss: the loop may have others to tell of it first. */
    private static final long AFTER_LOSS_MILLIS = 20;

    private static final Logger LOG = LoggerFactory.getLogger(BgpSpeaker.class);

    private record Reading(Md5Diagnosis.Snapshot snapshot, long nanos) {}

    private final Consumer<Consumer<BgpListener>> dispatcher;
    private final BiConsumer<String, FsmState> onState;

    /** What the kernel had refused when each peer's present attempt began. */
    private final Map<String, Md5Diagnosis.Snapshot> baselines = new ConcurrentHashMap<>();

    /** Peers whose session has just been lost. */
    private final Set<String> lost = ConcurrentHashMap.newKeySet();

    private volatile @Nullable Reading latest;

    /** @param onState is told the name of a peer and its new state */
    SessionEvents(Consumer<Consumer<BgpListener>> dispatcher, BiConsumer<String, FsmState> onState) {
        this.dispatcher = dispatcher;
        this.onState = onState;
    }

    /** {@return what the kernel has refused; read once for peers that begin together} */
    private Md5Diagnosis.Snapshot refusedSoFar() {
        Reading reading = latest;
        long now = System.nanoTime();
        if (reading == null || now - reading.nanos > READING_NANOS) {
            reading = new Reading(Md5Diagnosis.now(), now);
            latest = reading;
        }
        return reading.snapshot;
    }

    private void beginLate(Peer peer) {
        Peer.View view = peer.view();
        lost.remove(peer.settings().name());
        if (view.enabled() && view.state().compareTo(FsmState.ACTIVE) <= 0) {
            baselines.computeIfAbsent(peer.settings().name(), any -> refusedSoFar());
        }
    }

    /** The peer was removed. */
    void forget(String name) {
        baselines.remove(name);
        lost.remove(name);
    }

    /** {@return what keeps a peer from coming up, as far as is known} */
    String diagnose(PeerConfig peerConfig, Peer.View view) {
        StringBuilder text = new StringBuilder();
        if (!view.connectFailure().isEmpty()) {
            text.append(view.connectFailure());
        }
        Md5Diagnosis.Snapshot baseline = baselines.get(peerConfig.name());
        if (baseline != null) {
            String rejected = Md5Diagnosis.describe(
                    baseline, Md5Diagnosis.now(), peerConfig.md5Key().isPresent(), peerConfig.ttlSecurity() > 0);
            text.append(text.isEmpty() || rejected.isEmpty() ? "" : "; ").append(rejected);
        }
        if (view.withoutCapabilities()) {
            text.append(text.isEmpty() ? "" : "; ").append(NO_CAPABILITIES);
        }
        return text.toString();
    }

    @Override
    public void stateChanged(Peer peer, FsmState from, FsmState to, DownReason reason) {
        String name = peer.settings().name();
        boolean connecting = to.compareTo(FsmState.ACTIVE) <= 0;
        // With GTSM the handshake passes, what follows is dropped: the session hangs on its way to Established.
        boolean ttl = peer.settings().target().ttlSecurity() > 0 && to != FsmState.ESTABLISHED;
        if (from == FsmState.ESTABLISHED && lost.add(name)) {
            peer.loop().schedule(() -> beginLate(peer), AFTER_LOSS_MILLIS, TimeUnit.MILLISECONDS);
        } else if (connecting || ttl) {
            if (!lost.contains(name)) {
                baselines.computeIfAbsent(name, any -> refusedSoFar());
            }
        } else {
            baselines.remove(name);
        }
        onState.accept(name, to);
        dispatcher.accept(l -> l.onStateChange(name, from, to, reason));
    }

    @Override
    public void notification(Peer peer, boolean sent, NotificationMessage message) {
        String name = peer.settings().name();
        BgpListener.Direction direction = sent ? BgpListener.Direction.SENT : BgpListener.Direction.RECEIVED;
        dispatcher.accept(l -> l.onNotification(name, direction, message));
    }

    @Override
    public void oversized(Peer peer, int prefixes) {
        LOG.warn(
                "peer={} event=attributes_too_large prefixes={} action=not_advertised",
                peer.settings().name(),
                prefixes);
    }

    @Override
    public void ignored(Peer peer, String what, long untold) {
        LOG.warn(
                "peer={} event=message_ignored message=\"{}\" untold={}",
                peer.settings().name(),
                what,
                untold);
    }

    @Override
    public void faultyUpdate(Peer peer, UpdateMessage update, byte[] octets, long untold) {
        LOG.warn(
                "peer={} event=faulty_update treatment={} faults=\"{}\" announced={} withdrawn={} untold={} message={}",
                peer.settings().name(),
                update.treatment().orElseThrow(),
                update.faults().stream().map(AttributeFault::detail).collect(Collectors.joining("; ")),
                update.announced().stream()
                        .map(UpdateMessage.Announcement::prefixes)
                        .toList(),
                update.withdrawn(),
                untold,
                HexFormat.of().formatHex(octets));
    }

    @Override
    public void failed(Peer peer, Throwable bug) {
        LOG.error(
                "peer={} event=internal_error action=session_reset",
                peer.settings().name(),
                bug);
    }
}
