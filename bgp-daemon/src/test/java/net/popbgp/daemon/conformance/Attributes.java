package net.popbgp.daemon.conformance;

/** Path attributes to be sent, in the order given. Not thread-safe. */
public final class Attributes {

    static final int WELL_KNOWN = 0x40;
    static final int OPTIONAL = 0x80;
    static final int OPTIONAL_TRANSITIVE = 0xC0;

    private final Octets octets = Octets.empty();

    static Attributes none() {
        return new Attributes();
    }

    /** {@return ORIGIN IGP, AS_PATH of one AS_SEQUENCE in four octets each, and NEXT_HOP} */
    public static Attributes base(String nextHop, long... path) {
        return none().origin(0).path(path).nextHop(nextHop);
    }

    /** Adds an attribute, with Extended Length if it needs that. */
    public Attributes add(int flags, int type, byte[]... value) {
        byte[] all = Octets.join(value);
        octets.u8(all.length > 255 ? flags | 0x10 : flags).u8(type);
        if (all.length > 255) {
            octets.u16(all.length);
        } else {
            octets.u8(all.length);
        }
        octets.add(all);
        return this;
    }

    /** Adds octets as they are. */
    Attributes raw(byte[] value) {
        octets.add(value);
        return this;
    }

    Attributes origin(int value) {
        return add(WELL_KNOWN, 1, new byte[] {(byte) value});
    }

    Attributes path(long... asNumbers) {
        return add(WELL_KNOWN, 2, segment(2, 4, asNumbers));
    }

    Attributes nextHop(String address) {
        return add(WELL_KNOWN, 3, Octets.address(address));
    }

    public Attributes med(long value) {
        return add(OPTIONAL, 4, Octets.empty().u32(value).toArray());
    }

    Attributes localPref(long value) {
        return add(WELL_KNOWN, 5, Octets.empty().u32(value).toArray());
    }

    /** Adds COMMUNITIES given as asn:value. */
    Attributes communities(String... values) {
        Octets all = Octets.empty();
        for (String value : values) {
            String[] parts = value.split(":");
            all.u16(Integer.parseInt(parts[0])).u16(Integer.parseInt(parts[1]));
        }
        return add(OPTIONAL_TRANSITIVE, 8, all.toArray());
    }

    /** Adds MP_REACH_NLRI for unicast (RFC 4760, 3). */
    Attributes reach(int afi, byte[] nextHop, String... prefixes) {
        return add(
                OPTIONAL,
                14,
                Octets.empty()
                        .u16(afi)
                        .u8(1)
                        .u8(nextHop.length)
                        .add(nextHop)
                        .u8(0)
                        .add(Messages.nlri(prefixes))
                        .toArray());
    }

    Attributes unreach(int afi, String... prefixes) {
        return add(
                OPTIONAL,
                15,
                Octets.empty().u16(afi).u8(1).add(Messages.nlri(prefixes)).toArray());
    }

    /** {@return one segment of an AS_PATH; an empty path for no AS} */
    static byte[] segment(int type, int width, long... asNumbers) {
        if (asNumbers.length == 0) {
            return new byte[0];
        }
        Octets segment = Octets.empty().u8(type).u8(asNumbers.length);
        for (long as : asNumbers) {
            if (width == 4) {
                segment.u32(as);
            } else {
                segment.u16((int) as);
            }
        }
        return segment.toArray();
    }

    public byte[] toArray() {
        return octets.toArray();
    }

    /** {@return an UPDATE that announces these prefixes with them} */
    public byte[] announce(String... prefixes) {
        return Messages.update(new byte[0], toArray(), Messages.nlri(prefixes));
    }
}
