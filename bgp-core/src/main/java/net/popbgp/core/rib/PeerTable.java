package net.popbgp.core.rib;

import java.util.Arrays;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;

/** The peers by their small numbers, which are reused. At most 65,535. Confined to the RIB thread. */
final class PeerTable {

    /** The number of no peer. */
    static final int NONE = 0xFFFF;

    private PeerState[] peers = new PeerState[8];
    private int highWater;

    PeerState add(RouteSource source, RoutePolicy importPolicy) {
        int index = 0;
        while (index < highWater && peers[index] != null) {
            index++;
        }
        if (index == NONE) {
            throw new IllegalStateException("more than " + NONE + " peers");
        }
        if (index == peers.length) {
            peers = Arrays.copyOf(peers, index * 2);
        }
        highWater = Math.max(highWater, index + 1);
        PeerState peer = new PeerState(index, source, importPolicy);
        peers[index] = peer;
        return peer;
    }

    /** Returns the peer of a number that is known to be in use. */
    PeerState get(int index) {
        return peers[index];
    }

    /**
     * Returns the peer of a number that a caller gave.
     *
     * @throws IllegalArgumentException if there is none
     */
    PeerState require(int index) {
        if (index < 0 || index >= highWater || peers[index] == null) {
            throw new IllegalArgumentException("no such peer: " + index);
        }
        return peers[index];
    }

    boolean isUsed(int index) {
        return peers[index] != null;
    }

    int highWater() {
        return highWater;
    }

    @SuppressWarnings("NullAway") // a free number
    void remove(int index) {
        peers[index] = null;
    }
}
