package net.popbgp.core.attribute;

import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;

/**
 * AGGREGATOR (RFC 4271, 5.1.7): who formed the aggregate. Immutable.
 *
 * @param routerId an IPv4 address of the aggregating speaker, usually its BGP Identifier
 */
public record Aggregator(Asn asn, RouterId routerId) {

    @Override
    public String toString() {
        return asn + " " + routerId;
    }
}
