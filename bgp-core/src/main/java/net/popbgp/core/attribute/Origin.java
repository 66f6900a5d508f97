package net.popbgp.core.attribute;

/** ORIGIN (RFC 4271, 5.1.1), best first. The ordinal is the value on the wire. */
public enum Origin {
    IGP,
    EGP,
    INCOMPLETE;

    /** {@return the letter of routers' route tables: i, e or ?} */
    public char letter() {
        return switch (this) {
            case IGP -> 'i';
            case EGP -> 'e';
            case INCOMPLETE -> '?';
        };
    }
}
