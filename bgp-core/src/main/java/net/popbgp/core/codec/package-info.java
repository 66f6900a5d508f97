/**
 * Messages to bytes and back (RFC 4271, 4; RFC 4760; RFC 7606). Start at {@code MessageCodec}. Received bytes can
 * cause nothing but a {@link net.popbgp.core.message.NotificationException} or fault values.
 */
@NullMarked
package net.popbgp.core.codec;

import org.jspecify.annotations.NullMarked;
