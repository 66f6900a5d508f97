package net.popbgp.core.fsm;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;

/**
 * What a session's state machine has to know (RFC 4271, 8.1.1): immutable, validated.
 *
 * @param remoteAs the AS that the peer must have; empty takes any but 0 (dynamic peers)
 * @param holdTime seconds: 0, or 3..65535
 * @param keepaliveTime seconds: how often KEEPALIVE is sent at most; the negotiated value is the smaller of this and a third of the
 *     negotiated hold time; 0 for a third
 * @param minHoldTime seconds: a peer that offers less is answered 2/6; 0 and 3 mean the RFC's minimum
 * @param passive wait for the peer to connect, never dial (PassiveTcpEstablishment)
 * @param connectRetryTime between attempts to connect; 120 s in the RFC
 * @param delayOpenTime how long to wait with the OPEN on a new connection; zero for not at all
 * @param openHoldTime how long the peer's OPEN may take; the RFC suggests 4 minutes (RFC 4271, 8.2.2)
 * @param idleHoldTime the first wait in Idle after a flap; doubles with every further one (DampPeerOscillations)
 * @param maxIdleHoldTime where doubling ends
 * @param stableTime how long Established must have lasted for the wait to start over
 * @param sendHoldTime how long a peer may take nothing from us (RFC 9687): zero for off, otherwise longer than the hold time
 * @param capabilities what the OPEN offers, families included; the four-octet AS capability is added by itself
 * @param required without what the peer's OPEN is refused
 */
public record FsmConfig(
        Asn localAs,
        Optional<Asn> remoteAs,
        RouterId routerId,
        int holdTime,
        int keepaliveTime,
        int minHoldTime,
        boolean passive,
        Duration connectRetryTime,
        Duration delayOpenTime,
        Duration openHoldTime,
        Duration idleHoldTime,
        Duration maxIdleHoldTime,
        Duration stableTime,
        Duration sendHoldTime,
        List<Capability> capabilities,
        OpenRequirements required) {

    public FsmConfig {
        if (localAs.value() == 0) {
            throw new IllegalArgumentException("the local AS must not be 0 (RFC 7607)");
        }
        if (!routerId.isValid()) {
            throw new IllegalArgumentException("the BGP Identifier must not be 0.0.0.0 (RFC 6286)");
        }
        if (holdTime < 0 || holdTime == 1 || holdTime == 2 || holdTime > 65535) {
            throw new IllegalArgumentException("hold time must be 0 or 3..65535 s: " + holdTime);
        }
        if (openHoldTime.isNegative() || openHoldTime.isZero()) {
            throw new IllegalArgumentException("open hold time must be positive: " + openHoldTime);
        }
        if (!sendHoldTime.isZero() && sendHoldTime.toSeconds() <= holdTime) {
            throw new IllegalArgumentException("send hold time must be longer than the hold time of " + holdTime
                    + " s (RFC 9687, 4.4): " + sendHoldTime.toSeconds() + " s");
        }
        capabilities = List.copyOf(capabilities);
    }
}
