package net.popbgp.core.route;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.Asn;

/** What our AS is to the peer's (RFC 9234, 4), and what follows for ONLY_TO_CUSTOMER in IPv4 and IPv6 unicast (RFC 9234, 5). */
public enum BgpRole {
    /** We are a transit provider of the peer. */
    PROVIDER(0),
    /** We are a route server, the peer is a client of it. */
    RS(1),
    /** We are a client of the peer, which is a route server. */
    RS_CLIENT(2),
    /** We are a transit customer of the peer. */
    CUSTOMER(3),
    /** Lateral peers. */
    PEER(4);

    private final int value;

    BgpRole(int value) {
        this.value = value;
    }

    /** {@return the name in files and output: {@code rs-client}} */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** {@return the value in the capability} */
    public int value() {
        return value;
    }

    /** {@return the role with this value, empty where none is assigned} */
    public static Optional<BgpRole> of(int value) {
        return Arrays.stream(values()).filter(role -> role.value == value).findFirst();
    }

    /** {@return the only role that the peer may have (RFC 9234, table 2)} */
    public BgpRole counterpart() {
        return switch (this) {
            case PROVIDER -> CUSTOMER;
            case CUSTOMER -> PROVIDER;
            case RS -> RS_CLIENT;
            case RS_CLIENT -> RS;
            case PEER -> PEER;
        };
    }

    /** {@return whether a received route was never meant to come from this peer: not eligible} */
    public boolean isLeak(PathAttributes received, Asn remoteAs) {
        Optional<Asn> marked = received.onlyToCustomer();
        return marked.isPresent()
                && switch (this) {
                    case PROVIDER, RS -> true;
                    case PEER -> !marked.get().equals(remoteAs);
                    case CUSTOMER, RS_CLIENT -> false;
                };
    }

    /** {@return whether what the peer sends may go to customers only: it is marked on receipt, and what is marked does not go to the peer} */
    public boolean peerIsNoCustomer() {
        return this == CUSTOMER || this == PEER || this == RS_CLIENT;
    }

    /** {@return whether what the peer is sent may go on to its customers only: it is marked on the way out} */
    public boolean marksSent() {
        return this == PROVIDER || this == PEER || this == RS;
    }
}
