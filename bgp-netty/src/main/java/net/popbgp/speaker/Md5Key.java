package net.popbgp.speaker;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A TCP MD5 key (RFC 2385): 1..80 octets that are never printed. Immutable. */
public final class Md5Key {

    public static final int MAX_LENGTH = 80;

    private final byte[] octets;

    private Md5Key(byte[] octets) {
        if (octets.length == 0 || octets.length > MAX_LENGTH) {
            throw new IllegalArgumentException("an MD5 key has 1..80 octets, not " + octets.length);
        }
        this.octets = octets;
    }

    /** {@return the key whose octets are the text's UTF-8} */
    public static Md5Key of(String text) {
        return new Md5Key(text.getBytes(StandardCharsets.UTF_8));
    }

    public static Md5Key of(byte... octets) {
        return new Md5Key(octets.clone());
    }

    /** {@return a copy of the octets} */
    public byte[] octets() {
        return octets.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Md5Key that && Arrays.equals(octets, that.octets);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(octets);
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
