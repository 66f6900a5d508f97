package net.popbgp.core.rib;

import java.util.Arrays;
import net.popbgp.core.route.RoutePolicy;
import net.popbgp.core.route.RouteSource;
import org.jspecify.annotations.Nullable;

/** The peers, and their further lanes, by their small numbers, which are reused. At most 65,535. Confined to the RIB thread. */
final class PeerTable {

    /** The number of no peer. */
    static final int NONE = 0xFFFF;

    /** Paths of one prefix that are kept of one peer. */
    static final int MAX_PATHS = 16;

    private static final int MAX_WITH_LANES = 0x8000; // the rest is for peers

    private PeerState[] peers = new PeerState[8];
    private int highWater;

    PeerState add(RouteSource source, RoutePolicy importPolicy) {
        PeerState peer = new PeerState(freeNumber(), source, importPolicy);
        peers[peer.index] = peer;
        return peer;
    }

    /** Returns a lane that has no path of the prefix, made if need be; null if the peer has as many as it may have. */
    @Nullable
    PeerState freeLane(PeerState peer, int family, int id) {
        for (PeerState lane : peer.lanes) {
            if (lane.received[family].get(id) == 0) {
                return lane;
            }
        }
        return addLane(peer);
    }

    private @Nullable PeerState addLane(PeerState peer) {
        int count = peer.lanes.length;
        if (count == MAX_PATHS || highWater >= MAX_WITH_LANES) {
            return null;
        }
        PeerState lane = new PeerState(freeNumber(), peer);
        peers[lane.index] = lane;
        peer.lanes = Arrays.copyOf(peer.lanes, count + 1);
        peer.lanes[count] = lane;
        return lane;
    }

    private int freeNumber() {
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
        return index;
    }

    /** Returns the number of the peer that a lane belongs to. */
    int owner(int lane) {
        return lane == NONE ? NONE : peers[lane].owner.index;
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
        if (index < 0 || index >= highWater || peers[index] == null || peers[index].owner.index != index) {
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

    /** Frees the numbers of a peer and its lanes. */
    @SuppressWarnings("NullAway") // free numbers
    void remove(int index) {
        for (PeerState lane : peers[index].lanes) {
            peers[lane.index] = null;
        }
    }
}
