package net.popbgp.daemon.access;

import java.util.Locale;

/** What a caller may do: read, or read and change. */
public enum Role {
    READ_ONLY,
    OPERATOR;

    public boolean includes(Role other) {
        return compareTo(other) >= 0;
    }

    /** {@return as in {@code read-only}} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
