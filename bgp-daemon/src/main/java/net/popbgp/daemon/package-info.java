/**
 * The daemon around the speaker: it owns no routing state, only the configuration that is in force. Start at
 * {@link net.popbgp.daemon.Daemon}; {@link net.popbgp.daemon.Main} is the program, whose commands are in {@code cli}, the web interface in
 * {@code http} and the file in {@code config}. The speaker may be called from any thread; reloads come one after the other.
 */
@NullMarked
package net.popbgp.daemon;

import org.jspecify.annotations.NullMarked;
