package net.popbgp.core.message;

/** What is done about an erroneous attribute that the session survives, mildest first (RFC 7606, 2). */
public enum Treatment {
    /** The attribute is dropped, the routes are used without it. */
    ATTRIBUTE_DISCARD,
    /** The routes are handled as if they were withdrawn. */
    TREAT_AS_WITHDRAW,
    /** The family is ignored for the rest of the session and its routes are removed. */
    AFI_SAFI_DISABLE
}
