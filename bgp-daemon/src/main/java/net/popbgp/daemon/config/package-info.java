/**
 * The configuration file. A document is read into nodes that know their line, and bound by hand to the speaker's configuration records, so
 * that all its problems are reported at once, each with its path. Start at {@link net.popbgp.daemon.config.ConfigReader}; what is read is a
 * {@link net.popbgp.daemon.config.DaemonConfig}, and the way from one to another is a {@link net.popbgp.daemon.config.ConfigDiff}. All
 * results are immutable; readers are used by one thread.
 */
@NullMarked
package net.popbgp.daemon.config;

import org.jspecify.annotations.NullMarked;
