package net.popbgp.core.message;

import java.util.List;
import java.util.Optional;
import net.popbgp.core.attribute.PathAttributes;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.PackedPrefixes;

/**
 * UPDATE (RFC 4271, 4.3; RFC 4760), with the errors that the session survives as values beside what was announced (RFC 7606). The fields
 * hold what remains <em>after</em> the faults were applied: with treat-as-withdraw, {@code announced} is empty and its prefixes are in
 * {@code withdrawn}.
 *
 * <p>Immutable.
 *
 * @param announced one entry per next hop: IPv4 NLRI of the message body, and MP_REACH_NLRI; none is empty
 * @param withdrawn withdrawn routes of the message body and of MP_UNREACH_NLRI; none is empty
 * @param endOfRib the family whose End-of-RIB marker this is (RFC 4724, 2)
 * @param faults what was wrong, in the order found
 */
public record UpdateMessage(
        List<Announcement> announced,
        List<PackedPrefixes> withdrawn,
        Optional<AddressFamily> endOfRib,
        List<AttributeFault> faults)
        implements BgpMessage {

    /** Prefixes of one family with the attributes they share. Immutable. */
    public record Announcement(PathAttributes attributes, PackedPrefixes prefixes) {}

    public UpdateMessage {
        announced = List.copyOf(announced);
        withdrawn = List.copyOf(withdrawn);
        faults = List.copyOf(faults);
    }

    public static UpdateMessage announce(PathAttributes attributes, PackedPrefixes prefixes) {
        return new UpdateMessage(
                List.of(new Announcement(attributes, prefixes)), List.of(), Optional.empty(), List.of());
    }

    public static UpdateMessage withdraw(PackedPrefixes prefixes) {
        return new UpdateMessage(List.of(), List.of(prefixes), Optional.empty(), List.of());
    }

    public static UpdateMessage endOfRib(AddressFamily family) {
        return new UpdateMessage(List.of(), List.of(), Optional.of(family), List.of());
    }

    /** {@return the worst treatment among the faults; it decides (RFC 7606, 3 h)} */
    public Optional<Treatment> treatment() {
        return faults.stream().map(AttributeFault::treatment).max(Treatment::compareTo);
    }

    @Override
    public MessageType type() {
        return MessageType.UPDATE;
    }
}
