package net.popbgp.core.message;

/** A BGP message (RFC 4271, 4). Immutable. */
public sealed interface BgpMessage
        permits OpenMessage, UpdateMessage, NotificationMessage, KeepaliveMessage, RouteRefreshMessage {

    /** {@return the tag to switch on} */
    MessageType type();
}
