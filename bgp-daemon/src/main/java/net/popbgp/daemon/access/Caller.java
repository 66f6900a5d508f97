package net.popbgp.daemon.access;

/**
 * Who makes a request. Immutable.
 *
 * @param name of the token, as events tell it
 */
public record Caller(String name, Role role) {

    /** Whoever is on this machine, while no tokens are configured. */
    public static final Caller LOCAL = new Caller("local", Role.OPERATOR);
}
