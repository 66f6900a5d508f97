/**
 * The five BGP messages (RFC 4271, 4; RFC 2918), capabilities, error codes, and the two forms an error on the wire takes: a
 * {@link net.popbgp.core.message.NotificationException} ends the session, an {@link net.popbgp.core.message.AttributeFault} is survived
 * (RFC 7606). Immutable throughout.
 */
@NullMarked
package net.popbgp.core.message;

import org.jspecify.annotations.NullMarked;
