package net.popbgp.core.codec;

import java.util.ArrayList;
import java.util.List;
import net.popbgp.core.message.Capability;
import net.popbgp.core.message.MessageType;
import net.popbgp.core.message.NotificationException;
import net.popbgp.core.message.NotificationMessage;
import net.popbgp.core.message.OpenMessage;
import net.popbgp.core.net.RouterId;

/**
 * OPEN (RFC 4271, 4.2 and 6.2) with its capabilities (RFC 5492), in the short form or the extended one of RFC 9072. Checks what is needed
 * to read it; whether the values are acceptable is for the OPEN negotiation to say.
 */
final class OpenCodec {

    private static final int VERSION = 4;
    private static final int PARAMETERS = 29;
    private static final int CAPABILITIES = 2;
    private static final int EXTENDED = 255;

    private OpenCodec() {}

    static OpenMessage decode(byte[] octets, int end) throws NotificationException {
        int version = Octets.u8(octets, 19);
        if (version != VERSION) {
            throw Notifications.open(
                    NotificationMessage.UNSUPPORTED_VERSION_NUMBER, "version " + version, (byte) 0, (byte) VERSION);
        }
        int myAs = Octets.u16(octets, 20);
        int holdTime = Octets.u16(octets, 22);
        RouterId routerId = new RouterId(Octets.i32(octets, 24));
        return new OpenMessage(myAs, holdTime, routerId, parameters(octets, end));
    }

    private static List<Capability> parameters(byte[] octets, int end) throws NotificationException {
        int length = Octets.u8(octets, PARAMETERS - 1);
        boolean extended = length != 0 && end > PARAMETERS && Octets.u8(octets, PARAMETERS) == EXTENDED;
        int at = PARAMETERS;
        if (extended) {
            if (end - at < 3) {
                throw malformed("the extended length of the optional parameters is cut off");
            }
            length = Octets.u16(octets, at + 1);
            at += 3;
        }
        if (length != end - at) {
            throw malformed("Optional Parameters Length is " + length + " where " + (end - at) + " octets follow");
        }
        List<Capability> capabilities = new ArrayList<>();
        int header = extended ? 3 : 2;
        while (at < end) {
            if (end - at < header) {
                throw malformed("an optional parameter is cut off");
            }
            int type = Octets.u8(octets, at);
            int valueEnd = at + header + (extended ? Octets.u16(octets, at + 1) : Octets.u8(octets, at + 1));
            if (type != CAPABILITIES) {
                throw Notifications.open(
                        NotificationMessage.UNSUPPORTED_OPTIONAL_PARAMETER, "optional parameter of type " + type);
            }
            if (valueEnd > end) {
                throw malformed("an optional parameter overruns the message");
            }
            capabilities(octets, at + header, valueEnd, capabilities);
            at = valueEnd;
        }
        return capabilities;
    }

    private static void capabilities(byte[] octets, int from, int end, List<Capability> into)
            throws NotificationException {
        int at = from;
        while (at < end) {
            int valueEnd = end - at < 2 ? end + 1 : at + 2 + Octets.u8(octets, at + 1);
            if (valueEnd > end) {
                throw malformed("a capability overruns its parameter");
            }
            into.add(CapabilityCodec.decode(Octets.u8(octets, at), octets, at + 2, valueEnd));
            at = valueEnd;
        }
    }

    private static NotificationException malformed(String detail) {
        return Notifications.open(0, detail);
    }

    /** Writes one parameter per capability; the extended form only where the parameters take more than 255 octets. */
    static void encode(WireBuffer out, OpenMessage open) {
        int start = out.beginMessage(MessageType.OPEN);
        out.u8(VERSION)
                .u16(open.myAs())
                .u16(open.holdTime())
                .u32(open.routerId().bits());
        int mark = out.size();
        out.u8(0);
        parameters(out, open.capabilities(), false);
        int length = out.size() - mark - 1;
        if (length <= 255) {
            out.setU8(mark, length);
        } else {
            out.truncate(mark);
            out.u8(EXTENDED).u8(EXTENDED).u16(0);
            parameters(out, open.capabilities(), true);
            out.setU16(mark + 2, out.size() - mark - 4);
        }
        if (out.size() - start > CodecOptions.STANDARD_LENGTH) {
            throw new IllegalArgumentException(
                    "OPEN of " + (out.size() - start) + " octets is longer than " + CodecOptions.STANDARD_LENGTH);
        }
        out.endMessage(start);
    }

    private static void parameters(WireBuffer out, List<Capability> capabilities, boolean extended) {
        for (Capability capability : capabilities) {
            out.u8(CAPABILITIES);
            int lengthAt = out.size();
            if (extended) {
                out.u16(0);
            } else {
                out.u8(0);
            }
            int value = out.size();
            out.u8(capability.code()).u8(0);
            CapabilityCodec.encode(out, capability);
            int length = out.size() - value;
            if (length - 2 > 255) {
                throw new IllegalArgumentException(
                        "capability " + capability.code() + " has " + (length - 2) + " octets, more than 255");
            }
            out.setU8(value + 1, length - 2);
            if (extended) {
                out.setU16(lengthAt, length);
            } else {
                out.setU8(lengthAt, length);
            }
        }
    }
}
