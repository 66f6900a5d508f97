package net.popbgp.core.message;

/** KEEPALIVE (RFC 4271, 4.4): a header and nothing else. Immutable. */
public record KeepaliveMessage() implements BgpMessage {

    public static final KeepaliveMessage INSTANCE = new KeepaliveMessage();

    @Override
    public MessageType type() {
        return MessageType.KEEPALIVE;
    }
}
