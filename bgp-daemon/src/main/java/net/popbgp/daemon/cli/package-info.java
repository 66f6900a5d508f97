/**
 * The command line. {@code run} and {@code check} work on a configuration file; all other commands ask a running daemon over its web
 * interface and print tables, or its answer as it is with {@code --json}. Start at {@link net.popbgp.daemon.cli.PopbgpCommand}. Used by one
 * thread.
 */
@NullMarked
package net.popbgp.daemon.cli;

import org.jspecify.annotations.NullMarked;
