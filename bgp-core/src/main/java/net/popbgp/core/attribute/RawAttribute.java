package net.popbgp.core.attribute;

import java.util.Arrays;
import java.util.HexFormat;

/**
 * An attribute that we do not act on, kept byte for byte. An optional transitive one is passed on with the Partial bit set
 * (RFC 4271, 5).
 *
 * <p>Immutable.
 */
public final class RawAttribute {

    public static final int OPTIONAL = 0x80;
    public static final int TRANSITIVE = 0x40;
    public static final int PARTIAL = 0x20;

    private final int flags;
    private final int type;
    private final byte[] value;

    /**
     * @param flags the flag octet; only Optional, Transitive and Partial are kept
     * @param type the attribute type code, 0..255
     * @param value copied
     */
    public RawAttribute(int flags, int type, byte[] value) {
        if (type < 0 || type > 255) {
            throw new IllegalArgumentException("attribute type out of range 0..255: " + type);
        }
        this.flags = flags & (OPTIONAL | TRANSITIVE | PARTIAL);
        this.type = type;
        this.value = value.clone();
    }

    public int flags() {
        return flags;
    }

    public int type() {
        return type;
    }

    /** {@return a copy of the value's octets} */
    public byte[] value() {
        return value.clone();
    }

    public boolean isTransitive() {
        return (flags & TRANSITIVE) != 0;
    }

    public boolean isPartial() {
        return (flags & PARTIAL) != 0;
    }

    /** {@return the same attribute with the Partial bit set} */
    public RawAttribute withPartial() {
        return isPartial() ? this : new RawAttribute(flags | PARTIAL, type, value);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RawAttribute that
                && flags == that.flags
                && type == that.type
                && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
        return (type * 31 + flags) * 31 + Arrays.hashCode(value);
    }

    @Override
    public String toString() {
        return "type " + type + " flags " + HexFormat.of().toHexDigits((byte) flags) + " value "
                + HexFormat.of().formatHex(value);
    }
}
