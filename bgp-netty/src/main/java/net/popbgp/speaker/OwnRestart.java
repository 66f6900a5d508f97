package net.popbgp.speaker;

import java.util.Collection;
import java.util.Optional;
import net.popbgp.core.fsm.RestartState;
import net.popbgp.engine.DeferredSelection;
import net.popbgp.engine.RibEngine;
import org.jspecify.annotations.Nullable;

/**
 * The speaker's own restart (RFC 4724, 4.1): begins before the peers are started, and is over when no selection of routes is deferred any
 * more.
 *
 * <p>Thread-safe.
 */
final class OwnRestart {

    private final RibEngine engine;
    private volatile @Nullable SpeakerRestart begun;
    private volatile boolean over;

    OwnRestart(RibEngine engine) {
        this.engine = engine;
    }

    /** Says what is known to the peers that there are, and defers the selection of routes. */
    void begin(SpeakerRestart restart, Collection<PeerHandle> peers) {
        begun = restart;
        peers.forEach(peer -> peer.restartState(stateFor(peer.config())));
        if (restart.peers().isEmpty()) {
            over = true;
        } else {
            engine.ask(tables -> {
                engine.deferSelection(restart.peers(), restart.selectionDeferralTime());
                return true;
            });
        }
    }

    /** {@return what the first OPEN to a peer says} */
    RestartState stateFor(PeerConfig peer) {
        SpeakerRestart restart = begun;
        if (restart == null) {
            return RestartState.STARTED;
        }
        boolean waits = peer.gracefulRestart().enabled() && restart.peers().containsKey(peer.name());
        if (over || !waits) {
            return RestartState.STARTED_ANEW;
        }
        return restart.forwardingPreserved() ? RestartState.RESTARTED : RestartState.REBOOTED;
    }

    void end() {
        over = true;
    }

    /** {@return how it stands, empty if the speaker has not restarted} */
    Optional<RestartStatus> status() {
        SpeakerRestart restart = begun;
        if (restart == null || restart.peers().isEmpty()) {
            return Optional.empty();
        }
        DeferredSelection deferred = engine.deferredSelection();
        return Optional.of(new RestartStatus(over, deferred.until(), deferred.awaited()));
    }
}
