package net.popbgp.engine;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Whose End-of-RIB the selection of routes waits for after a restart of ours (RFC 4724, 4.1). All families wait together.
 *
 * <p>Confined to the RIB thread.
 */
final class SelectionDeferral {

    private final Set<String> awaited = new HashSet<>();

    void begin(Set<String> peers) {
        awaited.addAll(peers);
    }

    void end() {
        awaited.clear();
    }

    boolean isOn() {
        return !awaited.isEmpty();
    }

    /** A peer without the capability, or that has restarted itself, is not waited for. */
    void up(RibPeer peer) {
        Optional<RestartTerms> terms = peer.setup().stale().restart();
        if (terms.isEmpty() || terms.get().restarted()) {
            awaited.remove(peer.name());
        }
    }

    void endOfRib(RibPeer peer) {
        if (peer.endOfRib.keySet().containsAll(peer.setup().families())) {
            awaited.remove(peer.name());
        }
    }

    /** The operator has stopped or removed the peer. */
    void forget(String name) {
        awaited.remove(name);
    }
}
