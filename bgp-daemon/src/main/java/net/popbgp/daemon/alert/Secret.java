package net.popbgp.daemon.alert;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** A password or key, which no text shows. Immutable. */
public final class Secret {

    private final String value;

    private Secret(String value) {
        this.value = value;
    }

    /** @throws IllegalArgumentException if it is empty or has control characters; the message does not show it */
    public static Secret of(String value) {
        if (value.isEmpty() || value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("a secret is not empty and has no control characters");
        }
        return new Secret(value);
    }

    String reveal() {
        return value;
    }

    byte[] octets() {
        return value.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Secret secret && MessageDigest.isEqual(octets(), secret.octets());
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }

    @Override
    public String toString() {
        return "(secret)";
    }
}
