/**
 * Sockets: dialing, listening, TCP MD5, GTSM, framing. The only place that knows Netty's channels and buffers.
 *
 * <p>Confined to the peer's loop but for what says otherwise.
 */
@NullMarked
package net.popbgp.transport;

import org.jspecify.annotations.NullMarked;
