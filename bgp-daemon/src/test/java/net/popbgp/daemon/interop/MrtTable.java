package net.popbgp.daemon.interop;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Routes as an MRT file: TABLE_DUMP_V2 with IPv4 prefixes of one peer (RFC 6396, 4.3). */
final class MrtTable {

    static final int ORIGIN = 1;
    static final int AS_PATH = 2;
    static final int NEXT_HOP = 3;
    static final int MULTI_EXIT_DISC = 4;
    static final int COMMUNITIES = 8;

    private static final int TABLE_DUMP_V2 = 13;
    private static final int PEER_INDEX_TABLE = 1;
    private static final int RIB_IPV4_UNICAST = 2;
    private static final int PEER_WITH_4_OCTET_AS = 2;
    private static final int WELL_KNOWN = 0x50; // with a length of two octets, as all here
    private static final int OPTIONAL = 0x90;
    private static final int OPTIONAL_TRANSITIVE = 0xD0;
    private static final int AS_SEQUENCE = 2;

    /** An AS_SEQUENCE can have 255; there is room for those who prepend. */
    private static final int SEGMENT = 200;

    private interface Content {
        void write(DataOutputStream out) throws IOException;
    }

    private MrtTable() {}

    /** {@return the records of the file; the next hop of every route is 0.0.0.0} */
    static List<byte[]> of(List<LabRoute> routes) throws IOException {
        List<byte[]> records = new ArrayList<>();
        records.add(record(PEER_INDEX_TABLE, index -> {
            index.writeInt(0); // Collector BGP ID
            index.writeShort(0); // View Name Length
            index.writeShort(1); // Peer Count
            index.writeByte(PEER_WITH_4_OCTET_AS);
            index.write(new byte[12]); // BGP ID, address, AS
        }));
        for (int i = 0; i < routes.size(); i++) {
            int sequence = i;
            records.add(record(RIB_IPV4_UNICAST, out -> entry(out, sequence, routes.get(sequence))));
        }
        return records;
    }

    private static byte[] octets(Content content) throws IOException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        content.write(new DataOutputStream(octets));
        return octets.toByteArray();
    }

    private static byte[] record(int subtype, Content content) throws IOException {
        byte[] octets = octets(content);
        return octets(file -> {
            file.writeInt(0); // Timestamp
            file.writeShort(TABLE_DUMP_V2);
            file.writeShort(subtype);
            file.writeInt(octets.length);
            file.write(octets);
        });
    }

    private static void entry(DataOutputStream out, int sequence, LabRoute route) throws IOException {
        if (route.isIpv6() || !route.large().isEmpty() || !route.extended().isEmpty()) {
            throw new IllegalArgumentException("not written: " + route);
        }
        String[] prefix = route.prefix().split("[./]");
        int length = Integer.parseInt(prefix[4]);
        out.writeInt(sequence);
        out.writeByte(length);
        for (int i = 0; i < (length + 7) / 8; i++) {
            out.writeByte(Integer.parseInt(prefix[i]));
        }
        byte[] attributes = octets(each -> attributes(each, route));
        out.writeShort(1); // Entry Count
        out.writeShort(0); // Peer Index
        out.writeInt(0); // Originated Time
        out.writeShort(attributes.length);
        out.write(attributes);
    }

    private static void attributes(DataOutputStream out, LabRoute route) throws IOException {
        attribute(out, WELL_KNOWN, ORIGIN, value -> value.writeByte(LabRoute.ORIGINS.indexOf(route.origin())));
        attribute(out, WELL_KNOWN, AS_PATH, value -> path(value, numbers(route.asPath())));
        attribute(out, WELL_KNOWN, NEXT_HOP, value -> value.writeInt(0));
        if (!route.med().isEmpty()) {
            attribute(out, OPTIONAL, MULTI_EXIT_DISC, value -> value.writeInt((int) Long.parseLong(route.med())));
        }
        if (!route.communities().isEmpty()) {
            attribute(out, OPTIONAL_TRANSITIVE, COMMUNITIES, value -> {
                for (String community : route.communities()) {
                    for (String half : community.split(":")) {
                        value.writeShort(Integer.parseInt(half));
                    }
                }
            });
        }
    }

    private static List<Long> numbers(String path) {
        return Arrays.stream(path.split(" "))
                .filter(each -> !each.isEmpty())
                .map(Long::valueOf)
                .toList();
    }

    private static void path(DataOutputStream value, List<Long> numbers) throws IOException {
        for (int from = 0; from < numbers.size(); from += SEGMENT) {
            List<Long> segment = numbers.subList(from, Math.min(numbers.size(), from + SEGMENT));
            value.writeByte(AS_SEQUENCE);
            value.writeByte(segment.size());
            for (long number : segment) {
                value.writeInt((int) number);
            }
        }
    }

    private static void attribute(DataOutputStream out, int flags, int type, Content content) throws IOException {
        byte[] value = octets(content);
        out.writeByte(flags);
        out.writeByte(type);
        out.writeShort(value.length);
        out.write(value);
    }
}
