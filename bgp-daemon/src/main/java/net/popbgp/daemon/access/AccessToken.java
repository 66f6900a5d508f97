package net.popbgp.daemon.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.regex.Pattern;

/** A secret that says who calls (RFC 6750). No text shows it. Immutable. */
public final class AccessToken {

    /** The fewest and the most characters. */
    public static final int MIN_LENGTH = 16;

    public static final int MAX_LENGTH = 512;

    /** RFC 6750, 2.1: b64token. */
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private final Caller caller;
    private final String text;
    private final byte[] digest;

    /**
     * Makes one.
     *
     * @throws IllegalArgumentException if the text is too short, too long or has other characters than those of RFC 6750, 2.1; the message does
     *     not show it
     */
    public AccessToken(String name, Role role, String text) {
        if (text.length() < MIN_LENGTH || text.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("a token has " + MIN_LENGTH + ".." + MAX_LENGTH
                    + " characters, this one has " + text.length() + "; 'openssl rand -hex 32' makes a good one");
        }
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException(
                    "a token has letters, digits and - . _ ~ + / only, with = at its end (RFC 6750, 2.1)");
        }
        this.caller = new Caller(name, role);
        this.text = text;
        this.digest = digest(text);
    }

    /** {@return what is compared: of the same length whatever the text is} */
    static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) { // every JDK has it
            throw new IllegalStateException(e);
        }
    }

    /** Compares in a time that does not depend on where the two differ. */
    boolean has(byte[] otherDigest) {
        return MessageDigest.isEqual(digest, otherDigest);
    }

    /** {@return whether the secret is the same, whoever it is for} */
    public boolean isSameSecret(AccessToken other) {
        return has(other.digest);
    }

    public Caller caller() {
        return caller;
    }

    /** {@return the value of the header {@code Authorization} that brings it} Never to be shown. */
    public String authorization() {
        return "Bearer " + text;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AccessToken token && caller.equals(token.caller) && has(token.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    /** {@return whose it is, without the secret} */
    @Override
    public String toString() {
        return "token of " + caller.name();
    }
}
