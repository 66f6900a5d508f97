/**
 * The routing tables (RFC 4271, 3.2): Adj-RIBs-In, Loc-RIB and Adj-RIBs-Out of all peers.
 *
 * <p>The one idea: no object per prefix or path. A prefix gets a small dense number from an open-addressed table of primitives; everything
 * else is a column indexed by that number: per peer the number of an interned attribute set, per prefix the best and the backup peer, per
 * group of peers what is exported. Numbers of prefixes and attribute sets are counted and reused, so churn does not grow the tables.
 * {@code Route} and {@code Prefix} objects are made when somebody asks.
 *
 * <p>Start at {@link net.popbgp.core.rib.RoutingTables}, then {@code FamilyRib} (how the best route is kept) and
 * {@link net.popbgp.core.rib.AdjRibOut} (how changes reach the peers). All but the values handed out is confined to the RIB thread.
 */
@NullMarked
package net.popbgp.core.rib;

import org.jspecify.annotations.NullMarked;
