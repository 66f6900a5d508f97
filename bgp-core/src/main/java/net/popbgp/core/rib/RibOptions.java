package net.popbgp.core.rib;

import net.popbgp.core.decision.DecisionOptions;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;

/**
 * What the tables must know about their speaker. Immutable.
 *
 * @param localAs our AS
 * @param routerId our BGP Identifier, also our CLUSTER_ID (RFC 4456, 7)
 */
public record RibOptions(Asn localAs, RouterId routerId, DecisionOptions decision) {}
