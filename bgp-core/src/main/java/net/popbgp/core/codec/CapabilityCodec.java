package net.popbgp.core.codec;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.popbgp.core.message.Capability;
import net.popbgp.core.net.AddressFamily;
import net.popbgp.core.net.Asn;

/** The values of capabilities (RFC 5492, 4). One whose value cannot be read is kept as {@link Capability.Unknown}: only OPEN itself can be wrong. */
final class CapabilityCodec {

    private CapabilityCodec() {}

    static Capability decode(int code, byte[] octets, int from, int end) {
        int length = end - from;
        return switch (code) {
            case Capability.MULTIPROTOCOL ->
                length == 4 ? new Capability.Multiprotocol(family(octets, from, 3)) : unknown(code, octets, from, end);
            case Capability.ROUTE_REFRESH ->
                length == 0 ? new Capability.RouteRefresh() : unknown(code, octets, from, end);
            case Capability.ENHANCED_ROUTE_REFRESH ->
                length == 0 ? new Capability.EnhancedRouteRefresh() : unknown(code, octets, from, end);
            case Capability.EXTENDED_MESSAGE ->
                length == 0 ? new Capability.ExtendedMessage() : unknown(code, octets, from, end);
            case Capability.FOUR_OCTET_AS ->
                length == 4
                        ? new Capability.FourOctetAs(Asn.ofBits(Octets.i32(octets, from)))
                        : unknown(code, octets, from, end);
            case Capability.ROLE ->
                length == 1 ? new Capability.Role(Octets.u8(octets, from)) : unknown(code, octets, from, end);
            case Capability.GRACEFUL_RESTART ->
                length >= 2 && length % 4 == 2 ? gracefulRestart(octets, from, end) : unknown(code, octets, from, end);
            case Capability.LONG_LIVED_GRACEFUL_RESTART ->
                length % 7 == 0 ? longLived(octets, from, end) : unknown(code, octets, from, end);
            case Capability.ADD_PATH -> addPath(octets, from, end);
            case Capability.EXTENDED_NEXT_HOP -> extendedNextHop(octets, from, end);
            default -> unknown(code, octets, from, end);
        };
    }

    private static Capability unknown(int code, byte[] octets, int from, int end) {
        return new Capability.Unknown(code, Arrays.copyOfRange(octets, from, end));
    }

    private static AddressFamily family(byte[] octets, int at, int safiOffset) {
        return AddressFamily.of(Octets.u16(octets, at), Octets.u8(octets, at + safiOffset));
    }

    private static Capability gracefulRestart(byte[] octets, int from, int end) {
        int flagsAndTime = Octets.u16(octets, from);
        List<Capability.GracefulRestart.Family> families = new ArrayList<>();
        for (int at = from + 2; at < end; at += 4) {
            families.add(new Capability.GracefulRestart.Family(family(octets, at, 2), octets[at + 3] < 0));
        }
        return new Capability.GracefulRestart(
                (flagsAndTime & 0x8000) != 0, (flagsAndTime & 0x4000) != 0, flagsAndTime & 0xFFF, families);
    }

    private static Capability longLived(byte[] octets, int from, int end) {
        List<Capability.LongLivedGracefulRestart.Family> families = new ArrayList<>();
        for (int at = from; at < end; at += 7) {
            int staleTime = Octets.u8(octets, at + 4) << 16 | Octets.u16(octets, at + 5);
            families.add(new Capability.LongLivedGracefulRestart.Family(
                    family(octets, at, 2), octets[at + 3] < 0, staleTime));
        }
        return new Capability.LongLivedGracefulRestart(families);
    }

    /** A Send/Receive value other than 1 to 3 makes the capability one that is not understood (RFC 7911, 4). */
    private static Capability addPath(byte[] octets, int from, int end) {
        List<Capability.AddPath.Family> families = new ArrayList<>();
        boolean understood = (end - from) % 4 == 0;
        for (int at = from; understood && at < end; at += 4) {
            int direction = Octets.u8(octets, at + 3);
            understood = direction >= 1 && direction <= 3;
            families.add(
                    new Capability.AddPath.Family(family(octets, at, 2), (direction & 1) != 0, (direction & 2) != 0));
        }
        return understood ? new Capability.AddPath(families) : unknown(Capability.ADD_PATH, octets, from, end);
    }

    private static Capability extendedNextHop(byte[] octets, int from, int end) {
        List<Capability.ExtendedNextHop.Entry> entries = new ArrayList<>();
        boolean understood = (end - from) % 6 == 0;
        for (int at = from; understood && at < end; at += 6) {
            understood = octets[at + 2] == 0; // the SAFI takes two octets here
            entries.add(new Capability.ExtendedNextHop.Entry(family(octets, at, 3), Octets.u16(octets, at + 4)));
        }
        return understood
                ? new Capability.ExtendedNextHop(entries)
                : unknown(Capability.EXTENDED_NEXT_HOP, octets, from, end);
    }

    /** Writes the value alone. */
    static void encode(WireBuffer out, Capability capability) {
        if (capability instanceof Capability.Multiprotocol multiprotocol) {
            out.u16(multiprotocol.family().afi())
                    .u8(0)
                    .u8(multiprotocol.family().safi());
        } else if (capability instanceof Capability.FourOctetAs fourOctetAs) {
            out.u32(fourOctetAs.asn().bits());
        } else if (capability instanceof Capability.Role role) {
            out.u8(role.role());
        } else if (capability instanceof Capability.GracefulRestart restart) {
            encodeGracefulRestart(out, restart);
        } else if (capability instanceof Capability.LongLivedGracefulRestart longLived) {
            for (Capability.LongLivedGracefulRestart.Family each : longLived.families()) {
                family(out, each.family())
                        .u8(each.forwardingPreserved() ? 0x80 : 0)
                        .u8(each.staleTime() >> 16)
                        .u16(each.staleTime());
            }
        } else if (capability instanceof Capability.AddPath addPath) {
            encodeAddPath(out, addPath);
        } else if (capability instanceof Capability.ExtendedNextHop extendedNextHop) {
            for (Capability.ExtendedNextHop.Entry each : extendedNextHop.entries()) {
                out.u16(each.family().afi()).u16(each.family().safi()).u16(each.nextHopAfi());
            }
        } else if (capability instanceof Capability.Unknown unknown) {
            out.bytes(unknown.value());
        }
    }

    private static void encodeGracefulRestart(WireBuffer out, Capability.GracefulRestart restart) {
        out.u16((restart.restarted() ? 0x8000 : 0) | (restart.notification() ? 0x4000 : 0) | restart.restartTime());
        for (Capability.GracefulRestart.Family each : restart.families()) {
            family(out, each.family()).u8(each.forwardingPreserved() ? 0x80 : 0);
        }
    }

    private static void encodeAddPath(WireBuffer out, Capability.AddPath addPath) {
        for (Capability.AddPath.Family each : addPath.families()) {
            if (!each.receive() && !each.send()) {
                throw new IllegalArgumentException("ADD-PATH neither receives nor sends: " + each.family());
            }
            family(out, each.family()).u8((each.receive() ? 1 : 0) | (each.send() ? 2 : 0));
        }
    }

    private static WireBuffer family(WireBuffer out, AddressFamily family) {
        return out.u16(family.afi()).u8(family.safi());
    }
}
