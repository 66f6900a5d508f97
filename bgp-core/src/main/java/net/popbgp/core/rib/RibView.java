package net.popbgp.core.rib;

/**
 * Which table a page is of. Immutable.
 *
 * @param peer the number of the peer for {@link Table#ADJ_RIB_IN}, unused otherwise
 */
public record RibView(Table table, int peer) {

    /** The tables that {@link RoutingTables} shows; for Adj-RIB-Out ask the member of an {@link AdjRibOut}. */
    public enum Table {
        ADJ_RIB_IN,
        LOC_RIB
    }

    /** What is selected, and all that is. */
    public static final RibView LOC_RIB = new RibView(Table.LOC_RIB, PeerTable.NONE);

    /** {@return the view of all that a peer has sent} */
    public static RibView adjRibIn(int peer) {
        return new RibView(Table.ADJ_RIB_IN, peer);
    }
}
