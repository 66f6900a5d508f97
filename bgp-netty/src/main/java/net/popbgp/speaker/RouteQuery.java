package net.popbgp.speaker;

import java.util.Optional;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Prefix;

/**
 * Which routes to list. Immutable.
 *
 * @param table Adj-RIB-In, Loc-RIB or Adj-RIB-Out
 * @param peer the peer's name: needed for the Adj-RIBs, ignored for the Loc-RIB
 * @param family only this family; empty for all
 * @param within only prefixes equal to or more specific than this
 * @param cursor where to go on: 0, or {@link RoutePage#next} of the page before
 * @param limit routes a page, 1..10000
 */
public record RouteQuery(
        Table table,
        Optional<String> peer,
        Optional<AddressFamily> family,
        Optional<Prefix> within,
        long cursor,
        int limit) {

    public static final int MAX_LIMIT = 10_000;

    /** The tables of RFC 4271, 3.2. */
    public enum Table {
        ADJ_RIB_IN,
        LOC_RIB,
        ADJ_RIB_OUT
    }

    public RouteQuery {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("limit out of range 1.." + MAX_LIMIT + ": " + limit);
        }
        if (table != Table.LOC_RIB && peer.isEmpty()) {
            throw new IllegalArgumentException("a query of " + table + " needs a peer");
        }
    }

    /** {@return the query for the Loc-RIB's first 1000 routes} */
    public static RouteQuery locRib() {
        return new RouteQuery(Table.LOC_RIB, Optional.empty(), Optional.empty(), Optional.empty(), 0, 1000);
    }

    public static RouteQuery adjRibIn(String peer) {
        return new RouteQuery(Table.ADJ_RIB_IN, Optional.of(peer), Optional.empty(), Optional.empty(), 0, 1000);
    }

    public static RouteQuery adjRibOut(String peer) {
        return new RouteQuery(Table.ADJ_RIB_OUT, Optional.of(peer), Optional.empty(), Optional.empty(), 0, 1000);
    }

    public RouteQuery family(AddressFamily value) {
        return new RouteQuery(table, peer, Optional.of(value), within, cursor, limit);
    }

    public RouteQuery within(Prefix value) {
        return new RouteQuery(table, peer, family, Optional.of(value), cursor, limit);
    }

    public RouteQuery page(long nextCursor, int pageLimit) {
        return new RouteQuery(table, peer, family, within, nextCursor, pageLimit);
    }
}
