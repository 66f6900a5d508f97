/**
 * The owner of the tables: takes commands from the peers' loops through one bounded queue, applies them to
 * {@link net.popbgp.core.rib.RoutingTables}, and hands route batches, credits and events back. It never names a peer's class: what it calls
 * back with came in {@link net.popbgp.engine.RibPeer}.
 *
 * <p>Confined to the RIB thread but for {@link net.popbgp.engine.RibEngine#submit}.
 */
@NullMarked
package net.popbgp.engine;

import org.jspecify.annotations.NullMarked;
