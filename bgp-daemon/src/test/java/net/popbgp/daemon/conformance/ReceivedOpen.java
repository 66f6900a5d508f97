package net.popbgp.daemon.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The daemon's OPEN. Immutable.
 *
 * @param extended whether the Optional Parameters have the form of RFC 9072
 */
record ReceivedOpen(
        int version,
        int myAs,
        int holdTime,
        String identifier,
        boolean extended,
        List<ReceivedCapability> capabilities) {

    /** One capability. */
    record ReceivedCapability(int code, byte[] value) {

        String hex() {
            return Octets.hex(value);
        }
    }

    static ReceivedOpen of(Received message) {
        byte[] body = message.body();
        OctetReader reader = new OctetReader(body);
        int version = reader.u8();
        int myAs = reader.u16();
        int holdTime = reader.u16();
        String identifier = reader.address();
        int length = reader.u8();
        boolean extended = length == 255 && body.length > 10 && (body[10] & 0xFF) == 255;
        if (extended) {
            reader.u8();
            length = reader.u16();
        }
        OctetReader parameters = reader.part(length);
        if (reader.hasMore()) {
            throw new AssertionError("octets behind the Optional Parameters: " + Octets.hex(body));
        }
        List<ReceivedCapability> capabilities = new ArrayList<>();
        while (parameters.hasMore()) {
            int type = parameters.u8();
            if (type != 2) {
                throw new AssertionError("Optional Parameter of type " + type);
            }
            OctetReader parameter = parameters.part(extended ? parameters.u16() : parameters.u8());
            while (parameter.hasMore()) {
                capabilities.add(new ReceivedCapability(parameter.u8(), parameter.bytes(parameter.u8())));
            }
        }
        return new ReceivedOpen(version, myAs, holdTime, identifier, extended, List.copyOf(capabilities));
    }

    Optional<ReceivedCapability> capability(int code) {
        return capabilities.stream().filter(each -> each.code() == code).findFirst();
    }
}
