package net.popbgp.core.rib;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One family of one member of a group: a {@link MemberFamily} for each path of a prefix that the member is sent, often one. The markers
 * go out once, around the routes of all of them: End-of-RIB and the end of a refresh with the last that is complete.
 *
 * <p>Confined to the RIB thread.
 */
final class MemberRanks {

    private final MemberFamily[] ranks;
    private int turn;
    private int tablesOpen; // ranks that have not come to End-of-RIB
    private int refreshesOpen; // ranks that have not come to the end of the refresh
    private boolean beginDue; // BEGIN_OF_REFRESH has not gone out
    private boolean refreshDue; // to begin after End-of-RIB
    private boolean held; // nothing goes out before it is released

    MemberRanks(FamilyOut[] outs, int peer, int limit) {
        ranks = new MemberFamily[outs.length];
        tablesOpen = outs.length;
        for (int i = 0; i < outs.length; i++) {
            ranks[i] = new MemberFamily(outs[i], peer, limit, this);
        }
    }

    MemberFamily[] ranks() {
        return ranks;
    }

    void hold(boolean on) {
        held = on;
    }

    boolean hasPending() {
        if (!held) {
            for (MemberFamily rank : ranks) {
                if (rank.hasPending()) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Returns the next batch of about {@code max} prefixes, ranks in turn; null if nothing is to be sent. */
    @Nullable
    RouteBatch next(int max) {
        for (int i = 0; i < ranks.length; i++) {
            MemberFamily rank = ranks[turn];
            turn = (turn + 1) % ranks.length;
            RouteBatch batch = rank.hasPending() ? rank.next(max) : null;
            if (refreshDue && tablesOpen == 0) {
                refreshDue = false;
                refresh(true);
            }
            if (batch != null) {
                return batch;
            }
        }
        return null;
    }

    /** Looks at the whole table again and sends also what was sent before. */
    void refresh(boolean marked) {
        if (marked && tablesOpen > 0) {
            refreshDue = true; // RFC 7313, 4
            return;
        }
        if (marked) {
            beginDue = true;
            refreshesOpen = ranks.length;
        }
        for (MemberFamily rank : ranks) {
            rank.refresh(marked);
        }
    }

    /** Takes over from a member of another group with as many paths: the peer keeps what it has, and is sent what differs. */
    void takeOver(MemberRanks old) {
        if (old.ranks.length != ranks.length) {
            throw new IllegalArgumentException("a peer that is sent " + old.ranks.length + " paths cannot be sent "
                    + ranks.length + " without a new session");
        }
        boolean refreshing = old.refreshesOpen > 0;
        for (int i = 0; i < ranks.length; i++) {
            ranks[i].takeOver(old.ranks[i], refreshing);
        }
        tablesOpen = old.tablesOpen;
        refreshesOpen = refreshing ? ranks.length : 0;
        beginDue = refreshing;
        refreshDue = old.refreshDue;
        held = old.held;
    }

    /**
     * Returns the markers that a rank's next routes go out with.
     *
     * @param endOfTable whether its table is complete with them, for the first time
     * @param endOfRefresh whether its refresh is
     */
    Set<RouteBatch.Marker> takeMarkers(boolean endOfTable, boolean endOfRefresh) {
        Set<RouteBatch.Marker> markers = EnumSet.noneOf(RouteBatch.Marker.class);
        if (beginDue) {
            beginDue = false;
            markers.add(RouteBatch.Marker.BEGIN_OF_REFRESH);
        }
        if (endOfTable && --tablesOpen == 0) {
            markers.add(RouteBatch.Marker.END_OF_RIB);
        }
        if (endOfRefresh && --refreshesOpen == 0) {
            markers.add(RouteBatch.Marker.END_OF_REFRESH);
        }
        return markers;
    }

    void leave() {
        for (MemberFamily rank : ranks) {
            rank.leave();
        }
    }
}
