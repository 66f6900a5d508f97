package net.popbgp.speaker;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.popbgp.core.fsm.RestartState;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.engine.DeferredSelection;
import net.popbgp.engine.RibEngine;

/**
 * The speaker's own restart (RFC 4724, 4.1): begins before the peers are started, and is over when no selection of routes is deferred any
 * more.
 *
 * <p>Thread-safe.
 */
final class OwnRestart {

    private final RibEngine engine;
    private volatile boolean restarted;

    OwnRestart(RibEngine engine) {
        this.engine = engine;
    }

    void begin(SpeakerRestart restart, Collection<PeerHandle> peers) {
        RestartState state = restart.forwardingPreserved() ? RestartState.RESTARTED : RestartState.REBOOTED;
        Map<String, Set<AddressFamily>> awaited = new HashMap<>();
        for (PeerHandle peer : peers) {
            PeerConfig config = peer.config();
            boolean waitsForUs = config.enabled()
                    && config.gracefulRestart().enabled()
                    && restart.peers().contains(peer.name());
            peer.restartState(waitsForUs ? state : RestartState.STARTED_ANEW);
            if (waitsForUs) {
                awaited.put(peer.name(), config.families());
            }
        }
        if (!awaited.isEmpty()) {
            restarted = true;
            engine.ask(tables -> {
                engine.deferSelection(awaited, restart.selectionDeferralTime());
                return true;
            });
        }
    }

    /** {@return how it stands, empty if the speaker has not restarted} */
    Optional<RestartStatus> status() {
        if (!restarted) {
            return Optional.empty();
        }
        DeferredSelection deferred = engine.deferredSelection();
        return Optional.of(new RestartStatus(deferred.until(), deferred.awaited()));
    }
}
