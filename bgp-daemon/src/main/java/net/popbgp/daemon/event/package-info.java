/**
 * What happened, for operators: recorded from the speaker and the rest of the daemon, stored, and handed out by cursor. An
 * {@link net.popbgp.daemon.event.Event} is given to an {@link net.popbgp.daemon.event.EventSink}, which never blocks and never throws.
 */
@NullMarked
package net.popbgp.daemon.event;

import org.jspecify.annotations.NullMarked;
