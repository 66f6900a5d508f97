package net.popbgp.daemon.site;

import java.util.Locale;

/** Which circuit of a pair it is: the primary is preferred where metrics are equal. */
public enum CircuitRole {
    PRIMARY,
    SECONDARY;

    /** {@return {@code primary} or {@code secondary}} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
