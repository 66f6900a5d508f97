package net.popbgp.daemon.access;

import java.net.InetAddress;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Finds out who calls, by the tokens that are configured; while there are none, whoever is on this machine is the operator. Thread-safe.
 */
public final class AccessControl {

    private static final String SCHEME = "Bearer ";

    /** A request is not let in. */
    public static final class Denied extends Exception {

        private static final long serialVersionUID = 1L;
        private final Denials.Reason reason;

        Denied(Denials.Reason reason, String message) {
            super(message);
            this.reason = reason;
        }

        public Denials.Reason reason() {
            return reason;
        }

        @Override
        public synchronized Throwable fillInStackTrace() {
            return this; // whoever guesses is not to cost more than needed
        }
    }

    private final Denials denials;
    private final Attempts attempts;
    private volatile List<AccessToken> tokens;

    public AccessControl(List<AccessToken> tokens, Denials denials, InstantSource clock) {
        this.tokens = List.copyOf(tokens);
        this.denials = denials;
        this.attempts = new Attempts(clock);
    }

    /** Goes over to these tokens. */
    public void follow(List<AccessToken> next) {
        tokens = List.copyOf(next);
    }

    /**
     * {@return who calls}
     *
     * @param authorization the header of this name, empty if there is none
     * @param address of the caller
     * @param what the method and the path, for telling of it
     * @throws Denied without a token that is right, or after too many wrong ones from this address
     */
    public Caller caller(String authorization, InetAddress address, String what) throws Denied {
        List<AccessToken> known = tokens;
        if (known.isEmpty()) {
            return Caller.LOCAL;
        }
        if (!authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
            throw refuse(
                    Denials.Reason.NO_TOKEN,
                    address,
                    what,
                    "",
                    "a token is needed (header 'Authorization: Bearer TOKEN')");
        }
        if (!attempts.mayTry(address)) {
            throw refuse(
                    Denials.Reason.TOO_MANY,
                    address,
                    what,
                    "",
                    "too many wrong tokens from this address: try again in a second");
        }
        Optional<Caller> caller = find(
                known,
                AccessToken.digest(authorization.substring(SCHEME.length()).strip()));
        if (caller.isEmpty()) {
            attempts.failed(address);
            throw refuse(Denials.Reason.WRONG_TOKEN, address, what, "", "no such token");
        }
        return caller.get();
    }

    /** Looks at all tokens, so that the time does not tell which of them it was. */
    private static Optional<Caller> find(List<AccessToken> tokens, byte[] digest) {
        Optional<Caller> found = Optional.empty();
        for (AccessToken token : tokens) {
            if (token.has(digest)) {
                found = Optional.of(token.caller());
            }
        }
        return found;
    }

    /** @throws Denied if the caller's role does not suffice */
    public void require(Role role, Caller caller, InetAddress address, String what) throws Denied {
        if (!caller.role().includes(role)) {
            throw refuse(
                    Denials.Reason.ROLE,
                    address,
                    what,
                    caller.name(),
                    "this needs a token with the role " + role + "; " + caller.name() + " has " + caller.role());
        }
    }

    /** Tells of a request that was not let in. {@return what to throw} */
    public Denied refuse(Denials.Reason reason, InetAddress address, String what, String who, String message) {
        denials.denied(reason, address, what, who);
        return new Denied(reason, message);
    }
}
