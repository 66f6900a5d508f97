/**
 * The session state machine (RFC 4271, 8) as a pure function: an event goes in, actions come out, to be run by the session after the
 * transition. There is no clock, timer or socket here; timers are actions too. Start at {@code SessionFsm}.
 *
 * <p>Confined to the peer's loop.
 */
@NullMarked
package net.popbgp.core.fsm;

import org.jspecify.annotations.NullMarked;
