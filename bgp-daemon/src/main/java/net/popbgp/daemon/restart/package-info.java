/**
 * What the daemon knows of its own restarts (RFC 4724, 4.1). While it runs, {@link net.popbgp.daemon.restart.StateRecorder} keeps a small
 * file that says which peers would wait for us; the next run reads it and decides by {@link net.popbgp.daemon.restart.RunState} whose OPEN
 * gets the R bit.
 *
 * <p>The file is written on a thread of its own, the latest state only, and never in the way of a session.
 */
@NullMarked
package net.popbgp.daemon.restart;

import org.jspecify.annotations.NullMarked;
