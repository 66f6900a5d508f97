package net.popbgp.daemon.conformance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** MRT files (RFC 6396, RFC 8050), read into messages and written from them; table entries become UPDATEs. */
final class Mrt {

    /** The speaker of routes that the collector has from no peer; they need not have a next hop. */
    static final String COLLECTOR = "the collector";

    private static final int TABLE_DUMP = 12;
    private static final int TABLE_DUMP_V2 = 13;
    private static final int BGP4MP = 16;
    private static final int BGP4MP_ET = 17;
    private static final int NEXT_HOP = 3;
    private static final int MP_REACH = 14;

    private final List<Captured> messages = new ArrayList<>();
    private List<Long> peers = List.of();

    private Mrt() {}

    static List<Captured> read(byte[] file) {
        Mrt mrt = new Mrt();
        OctetReader records = new OctetReader(file);
        while (records.hasMore()) {
            records.bytes(4);
            int type = records.u16();
            int subtype = records.u16();
            mrt.record(type, subtype, records.part((int) records.u32()));
        }
        return mrt.messages;
    }

    /** {@return the messages as BGP4MP_MESSAGE and BGP4MP_MESSAGE_AS4 records} */
    static byte[] write(List<Captured> messages) {
        Octets file = Octets.empty();
        for (Captured each : messages) {
            Octets record = Octets.empty();
            for (long as : new long[] {each.as(), DaemonUnderTest.AS}) {
                if (each.fourOctets()) {
                    record.u32(as);
                } else {
                    record.u16((int) as & 0xFFFF);
                }
            }
            record.u16(0).u16(1).add(Octets.address("192.0.2.1")).add(Octets.address("192.0.2.2"));
            byte[] octets = record.add(each.message()).toArray();
            file.u32(1_000_000_000)
                    .u16(BGP4MP)
                    .u16(each.fourOctets() ? 4 : 1)
                    .u32(octets.length)
                    .add(octets);
        }
        return file.toArray();
    }

    private void record(int type, int subtype, OctetReader fields) {
        switch (type) {
            case TABLE_DUMP -> entry(subtype, fields);
            case TABLE_DUMP_V2 -> table(subtype, fields);
            case BGP4MP -> session(subtype, fields);
            case BGP4MP_ET -> {
                fields.bytes(4); // microseconds
                session(subtype, fields);
            }
            default -> throw new AssertionError("MRT record of type " + type);
        }
    }

    // ---- messages (RFC 6396, 4.4; RFC 8050, 4)

    private void session(int subtype, OctetReader fields) {
        switch (subtype) {
            case 0, 5 -> {} // a change of state
            case 1, 4, 9 -> {
                boolean fourOctets = subtype != 1;
                long as = fourOctets ? fields.u32() : fields.u16();
                fields.bytes(fourOctets ? 4 : 2);
                fields.u16();
                int addressLength = fields.u16() == 1 ? 4 : 16;
                String address = Octets.hex(fields.bytes(addressLength));
                fields.bytes(addressLength);
                messages.add(new Captured(
                        address + " AS " + as + (fourOctets ? "" : ", two octets"),
                        as,
                        fourOctets,
                        subtype == 9,
                        fields.rest()));
            }
            case 2 -> mpEntry(fields);
            default -> throw new AssertionError("BGP4MP record of subtype " + subtype);
        }
    }

    // ---- tables (RFC 6396, 4.2 and 4.3)

    private void entry(int afi, OctetReader fields) {
        fields.bytes(4); // view, sequence
        byte[] address = fields.bytes(afi == 1 ? 4 : 16);
        byte[] nlri = nlri(fields.u8(), address);
        fields.bytes(5); // status, time
        fields.bytes(address.length);
        long as = fields.u16();
        add(as, false, afi, nlri, fields.bytes(fields.u16()));
    }

    /** BGP4MP_ENTRY, which RFC 6396 has left out: as OpenBGPD writes it, the next hop apart from the attributes. */
    private void mpEntry(OctetReader fields) {
        long as = fields.u16();
        fields.bytes(4); // local AS, interface
        int addresses = fields.u16() == 1 ? 8 : 32;
        fields.bytes(addresses);
        fields.bytes(8); // view, status, time
        int afi = fields.u16();
        fields.u8();
        byte[] nextHop = fields.bytes(fields.u8());
        int length = fields.u8();
        byte[] nlri = Octets.join(new byte[] {(byte) length}, fields.bytes((length + 7) / 8));
        byte[] attributes = fields.bytes(fields.u16());
        byte[] hop = afi == 1
                ? Octets.empty().u8(0x40).u8(NEXT_HOP).u8(4).add(nextHop).toArray()
                : Octets.empty()
                        .u8(0x80)
                        .u8(MP_REACH)
                        .u8(1 + nextHop.length)
                        .u8(nextHop.length)
                        .add(nextHop)
                        .toArray();
        add(as, false, afi, nlri, Octets.join(hop, attributes));
    }

    private void table(int subtype, OctetReader fields) {
        switch (subtype) {
            case 1 -> peerIndex(fields);
            case 2, 4 -> entries(subtype == 2 ? 1 : 2, fields, false);
            case 8, 10 -> entries(subtype == 8 ? 1 : 2, fields, true);
            case 6 -> {} // RIB_GENERIC: not unicast
            default -> throw new AssertionError("TABLE_DUMP_V2 record of subtype " + subtype);
        }
    }

    private void peerIndex(OctetReader fields) {
        fields.bytes(4);
        fields.bytes(fields.u16());
        List<Long> index = new ArrayList<>();
        for (int left = fields.u16(); left > 0; left--) {
            int type = fields.u8();
            fields.bytes(4 + ((type & 1) == 0 ? 4 : 16));
            index.add((type & 2) == 0 ? fields.u16() : fields.u32());
        }
        peers = index;
    }

    private void entries(int afi, OctetReader fields, boolean pathIdentifiers) {
        fields.bytes(4);
        int length = fields.u8();
        byte[] nlri = Octets.join(new byte[] {(byte) length}, fields.bytes((length + 7) / 8));
        for (int left = fields.u16(); left > 0; left--) {
            int peer = fields.u16();
            fields.bytes(4);
            byte[] identifier = pathIdentifiers ? fields.bytes(4) : new byte[0];
            byte[] attributes = fields.bytes(fields.u16());
            int before = messages.size();
            add(peers.get(peer), true, afi, Octets.join(identifier, nlri), attributes);
            if (pathIdentifiers) {
                messages.set(before, messages.get(before).withPathIdentifiers());
            }
        }
    }

    private void add(long as, boolean fourOctets, int afi, byte[] nlri, byte[] attributes) {
        byte[] message = afi == 1
                ? Messages.update(new byte[0], attributes, nlri)
                : Messages.update(new byte[0], reach(attributes, nlri), new byte[0]);
        messages.add(new Captured(as == 0 ? COLLECTOR : "table of AS " + as, as, fourOctets, false, message));
    }

    private static byte[] nlri(int length, byte[] address) {
        return Octets.join(new byte[] {(byte) length}, Arrays.copyOf(address, (length + 7) / 8));
    }

    /** {@return the attributes, IPv6 unicast prefixes put into their MP_REACH_NLRI} */
    private static byte[] reach(byte[] attributes, byte[] nlri) {
        Octets all = Octets.empty();
        OctetReader fields = new OctetReader(attributes);
        while (fields.hasMore()) {
            int flags = fields.u8();
            int type = fields.u8();
            byte[] value = fields.bytes((flags & 0x10) != 0 ? fields.u16() : fields.u8());
            if (type == MP_REACH) {
                boolean shortened = value[0] != 0; // else the whole attribute, as some programs write it
                byte[] nextHop = shortened
                        ? Arrays.copyOfRange(value, 1, value.length)
                        : Arrays.copyOfRange(value, 4, 4 + value[3]);
                value = Octets.empty()
                        .u16(2)
                        .u8(1)
                        .u8(nextHop.length)
                        .add(nextHop)
                        .u8(0)
                        .add(nlri)
                        .toArray();
            }
            if (type != NEXT_HOP) {
                all.u8(flags | 0x10).u8(type).u16(value.length).add(value);
            }
        }
        return all.toArray();
    }
}
