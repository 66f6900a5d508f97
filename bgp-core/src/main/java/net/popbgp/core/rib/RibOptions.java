package net.popbgp.core.rib;

import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;

/**
 * What the tables must know about their speaker. Immutable.
 *
 * @param localAs our AS
 * @param routerId our BGP Identifier, also our CLUSTER_ID (RFC 4456, 7)
 * @param multipath how many equal routes of a prefix are in use, 1..{@link #MAX_MULTIPATH}
 */
public record RibOptions(Asn localAs, RouterId routerId, DecisionOptions decision, int multipath) {

    public static final int MAX_MULTIPATH = 8;

    public RibOptions {
        if (multipath < 1 || multipath > MAX_MULTIPATH) {
            throw new IllegalArgumentException("multipath out of range 1.." + MAX_MULTIPATH + ": " + multipath);
        }
    }

    /** With the best route alone in use. */
    public RibOptions(Asn localAs, RouterId routerId, DecisionOptions decision) {
        this(localAs, routerId, decision, 1);
    }
}
