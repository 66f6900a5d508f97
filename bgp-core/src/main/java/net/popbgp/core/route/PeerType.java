package net.popbgp.core.route;

/** Internal: in our AS; external: in another (RFC 4271, 1.1). */
public enum PeerType {
    INTERNAL,
    EXTERNAL
}
