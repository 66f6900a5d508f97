package net.popbgp.daemon.conformance;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An UPDATE of the daemon, taken apart: unicast prefixes as text, with {@code #id} behind where paths have identifiers (RFC 7911, 3).
 *
 * @param attributes by type, without MP_REACH_NLRI and MP_UNREACH_NLRI
 */
record Update(List<String> withdrawn, List<String> announced, Map<Integer, Attribute> attributes) {

    /** One attribute; the next hop of MP_REACH_NLRI appears as number {@link #MP_NEXT_HOP}. */
    record Attribute(int flags, byte[] value) {
        String hex() {
            return Octets.hex(value);
        }
    }

    /** Above all attribute types. */
    static final int MP_NEXT_HOP = 256;

    private static final int MP_REACH = 14;
    private static final int MP_UNREACH = 15;

    /** Takes a message apart; throws if any length in it is wrong. */
    static Update parse(Received message, boolean pathIdentifiers) {
        byte[] octets = message.octets();
        int withdrawnEnd = 21 + message.u16(19);
        int attributesEnd = withdrawnEnd + 2 + message.u16(withdrawnEnd);
        List<String> withdrawn = new ArrayList<>(prefixes(octets, 21, withdrawnEnd, 4, pathIdentifiers));
        List<String> announced = new ArrayList<>(prefixes(octets, attributesEnd, octets.length, 4, pathIdentifiers));
        Map<Integer, Attribute> attributes = new LinkedHashMap<>();
        int at = withdrawnEnd + 2;
        while (at < attributesEnd) {
            int flags = message.u8(at);
            int type = message.u8(at + 1);
            boolean extended = (flags & 0x10) != 0;
            int length = extended ? message.u16(at + 2) : message.u8(at + 2);
            int start = at + (extended ? 4 : 3);
            at = start + length;
            if (at > attributesEnd) {
                throw new IllegalStateException("attribute " + type + " overruns: " + message);
            }
            if (type == MP_REACH) {
                int hopLength = message.u8(start + 3);
                byte[] hop = Arrays.copyOfRange(octets, start + 4, start + 4 + hopLength);
                if (message.u8(start + 4 + hopLength) != 0) {
                    throw new IllegalStateException("reserved octet of MP_REACH_NLRI is not 0: " + message);
                }
                int addressLength = message.u16(start) == 1 ? 4 : 16;
                announced.addAll(prefixes(octets, start + 5 + hopLength, at, addressLength, pathIdentifiers));
                attributes.put(MP_NEXT_HOP, new Attribute(flags, hop));
            } else if (type == MP_UNREACH) {
                withdrawn.addAll(prefixes(octets, start + 3, at, message.u16(start) == 1 ? 4 : 16, pathIdentifiers));
            } else if (attributes.put(type, new Attribute(flags, Arrays.copyOfRange(octets, start, at))) != null) {
                throw new IllegalStateException("attribute " + type + " twice: " + message);
            }
        }
        if (at != attributesEnd) {
            throw new IllegalStateException("attributes and their length disagree: " + message);
        }
        return new Update(withdrawn, announced, attributes);
    }

    private static List<String> prefixes(byte[] octets, int from, int to, int addressLength, boolean pathIdentifiers) {
        List<String> prefixes = new ArrayList<>();
        int at = from;
        while (at < to) {
            String identifier = "";
            if (pathIdentifiers) {
                long id = 0;
                for (int i = 0; i < 4; i++) {
                    id = id << 8 | octets[at++] & 0xFF;
                }
                identifier = "#" + id;
            }
            int length = octets[at++] & 0xFF;
            int size = (length + 7) / 8;
            if (at + size > to || size > addressLength) {
                throw new IllegalStateException("NLRI overruns: " + Octets.hex(octets));
            }
            byte[] address = Arrays.copyOf(Arrays.copyOfRange(octets, at, at + size), addressLength);
            at += size;
            prefixes.add(text(address) + "/" + length + identifier);
        }
        return prefixes;
    }

    private static String text(byte[] address) {
        try {
            return InetAddress.getByAddress(address).getHostAddress();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    /** {@return the value of an attribute in hexadecimal digits, or {@code absent}} */
    String hex(int type) {
        Attribute attribute = attributes.get(type);
        return attribute == null ? "absent" : attribute.hex();
    }

    /** {@return the AS_PATH as text: {@code 65000 65001 {1,2}}} */
    String path(int width) {
        Attribute path = attributes.get(2);
        return path == null ? "absent" : path(path.value(), width);
    }

    /** {@return an AS_PATH or AS4_PATH as text; sets in braces, further segments of a sequence behind a bar} */
    static String path(byte[] value, int width) {
        StringBuilder text = new StringBuilder();
        int at = 0;
        while (at < value.length) {
            int type = value[at];
            int count = value[at + 1] & 0xFF;
            at += 2;
            List<String> numbers = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                long as = 0;
                for (int j = 0; j < width; j++) {
                    as = as << 8 | value[at++] & 0xFF;
                }
                numbers.add(Long.toString(as));
            }
            text.append(text.length() > 0 ? type == 2 ? " | " : " " : "");
            text.append(type == 1 ? "{" + String.join(",", numbers) + "}" : String.join(" ", numbers));
        }
        return text.toString();
    }
}
