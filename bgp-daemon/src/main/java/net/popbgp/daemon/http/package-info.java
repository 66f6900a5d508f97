/**
 * The web interface: REST under {@code /api/v1} and metrics under {@code /metrics}. Every request calls the same methods as an embedding
 * program and waits for them on the web server's threads. Start at {@link net.popbgp.daemon.http.ApiServer}. Thread-safe.
 */
@NullMarked
package net.popbgp.daemon.http;

import org.jspecify.annotations.NullMarked;
