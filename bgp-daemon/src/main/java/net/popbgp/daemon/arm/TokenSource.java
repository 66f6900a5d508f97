package net.popbgp.daemon.arm;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the bearer token comes from. It is read anew for each request, so that who fetches tokens may replace it. Immutable. */
public sealed interface TokenSource {

    /** The longest token, octets. */
    int MAX_TOKEN = 16 * 1024;

    /**
     * {@return the token}
     *
     * @throws ArmFailure if there is none, or it cannot stand in a header
     */
    String token();

    /** A file that holds nothing but the token. Immutable. */
    record InFile(Path file) implements TokenSource {
        @Override
        public String token() {
            try (InputStream in = Files.newInputStream(file)) {
                byte[] octets = in.readNBytes(MAX_TOKEN + 1);
                return checked(new String(octets, StandardCharsets.UTF_8).strip(), "the token file " + file);
            } catch (IOException e) {
                throw new ArmFailure("the token file cannot be read: " + file + " ("
                        + e.getClass().getSimpleName() + ")");
            }
        }
    }

    /** A token that was given at the start. Immutable. */
    record Given(String token) implements TokenSource {
        public Given {
            checked(token, "the token");
        }

        @Override
        public String toString() {
            return "Given[token=(hidden)]";
        }
    }

    private static String checked(String token, String what) {
        if (token.isEmpty() || token.length() > MAX_TOKEN || !token.matches("[!-~]+")) {
            throw new ArmFailure(what + " is empty, longer than " + MAX_TOKEN + " characters, or has characters that"
                    + " no token has");
        }
        return token;
    }
}
