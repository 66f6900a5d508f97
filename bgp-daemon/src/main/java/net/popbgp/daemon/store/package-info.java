/**
 * The file that the daemon keeps things in, an SQLite database: {@link net.popbgp.daemon.store.Database} opens it, brings its tables up to
 * date and moves it aside when it is damaged. What stands in it belongs to the packages that use it.
 */
@NullMarked
package net.popbgp.daemon.store;

import org.jspecify.annotations.NullMarked;
