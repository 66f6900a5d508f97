/**
 * Who may ask the daemon over HTTP, and the certificate that it shows them. {@link net.popbgp.daemon.access.AccessToken} is what callers bring,
 * {@link net.popbgp.daemon.access.TlsIdentity} what the daemon has; {@link net.popbgp.daemon.access.AccessControl} decides, and is where to
 * start. {@code config} reads both from the file, {@code http} asks before each request, and {@code cli} has the other end of them.
 *
 * <p>All of it is thread-safe.
 */
@NullMarked
package net.popbgp.daemon.access;

import org.jspecify.annotations.NullMarked;
