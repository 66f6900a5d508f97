package net.popbgp.core.message;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import net.popbgp.core.net.Asn;
import net.popbgp.core.net.RouterId;

/**
 * OPEN (RFC 4271, 4.2). Immutable.
 *
 * @param myAs the two-octet My Autonomous System field as it is on the wire; {@link #asn} is the AS that counts
 * @param holdTime seconds, 0..65535
 * @param capabilities in the order of the message (RFC 5492), repeated ones included
 */
public record OpenMessage(int myAs, int holdTime, RouterId routerId, List<Capability> capabilities)
        implements BgpMessage {

    public OpenMessage {
        if (myAs < 0 || myAs > 0xFFFF) {
            throw new IllegalArgumentException("My Autonomous System out of range 0..65535: " + myAs);
        }
        if (holdTime < 0 || holdTime > 0xFFFF) {
            throw new IllegalArgumentException("Hold Time out of range 0..65535: " + holdTime);
        }
        capabilities = List.copyOf(capabilities);
    }

    /** {@return the sender's AS: the four-octet capability's if it is there, otherwise the two-octet field's (RFC 6793, 4.1)} */
    public Asn asn() {
        return first(Capability.FourOctetAs.class)
                .map(Capability.FourOctetAs::asn)
                .orElseGet(() -> Asn.of(myAs));
    }

    /** {@return the first capability of a kind} */
    public <C extends Capability> Optional<C> first(Class<C> kind) {
        return capabilities.stream().filter(kind::isInstance).map(kind::cast).findFirst();
    }

    public boolean has(Predicate<? super Capability> condition) {
        return capabilities.stream().anyMatch(condition);
    }

    @Override
    public MessageType type() {
        return MessageType.OPEN;
    }
}
