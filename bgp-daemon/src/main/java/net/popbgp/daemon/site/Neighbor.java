package net.popbgp.daemon.site;

import java.time.Duration;
import java.util.Optional;
import net.popbgp.core.net.Asn;
import net.popbgp.speaker.Md5Key;

/**
 * The BGP neighbour of a circuit: the cloud's router at its other end. Immutable.
 *
 * @param peerAs the AS that it must have; the provider's profile fixes it
 * @param md5Key the TCP MD5 key (RFC 2385); empty only where the cloud does not want one
 * @param metric preference among circuits, 0..65535, lower wins
 * @param holdTime what is offered, 0 or 3 s..65535 s
 * @param keepaliveTime at most a third of the hold time
 * @param prepend how many times our AS is prepended to what is advertised, besides the once that the protocol wants, 0..10
 * @param port where it listens, 1..65535
 * @param prefixLimit the most routes taken from it; more are discarded and told, the session stays
 */
public record Neighbor(
        Asn peerAs,
        Optional<Md5Key> md5Key,
        int metric,
        Duration holdTime,
        Duration keepaliveTime,
        int prepend,
        int port,
        int prefixLimit,
        Advertise advertise,
        Accept accept,
        Track track) {}
