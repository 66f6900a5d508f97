/**
 * One configured neighbour and its sessions: joins the state machine, the codec's values, the timers and a {@link net.popbgp.session.Wire}.
 * Knows no channel and no socket, so that the same code runs in virtual time.
 *
 * <p>Confined to the peer's loop.
 */
@NullMarked
package net.popbgp.session;

import org.jspecify.annotations.NullMarked;
